import type { Language, Tree } from "web-tree-sitter";
import type { Span } from "../foundation/span.ts";

/** One node of the parser's tree, copied out of its memory. Tokens without a name of their own (`(`, `if` …) are not `named`. */
export interface RawNode extends Span {
  readonly type: string;
  readonly named: boolean;
  readonly field: string | undefined;
  readonly children: RawNode[];
}

export interface RawTree {
  readonly root: RawNode;
  /** Top-level nodes that nest deeper than `maxDepth`; their children are incomplete. */
  readonly tooDeep: ReadonlySet<RawNode>;
}

/** Deeper trees become opaque statements, so that every walk over the IR may recurse. */
export const maxDepth = 600;

/** Nodes whose children nobody needs: not descended into. */
const leaves: ReadonlySet<string> = new Set(
  "identifier integer float true false none ellipsis string_start string_content string_end type_conversion pass_statement break_statement continue_statement import_prefix wildcard_import".split(
    " ",
  ),
);
const skipped: ReadonlySet<string> = new Set(["line_continuation", "comment"]);

interface Grammar {
  readonly types: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}
const grammars = new WeakMap<Language, Grammar>();

function grammarOf(language: Language): Grammar {
  const known = grammars.get(language);
  if (known) return known;
  const grammar = {
    types: language.types,
    named: language.types.map((_, id) => language.nodeTypeIsNamed(id)),
    fields: language.fields,
  };
  grammars.set(language, grammar);
  return grammar;
}

function isFlat(parent: RawNode | undefined, node: RawNode): boolean {
  return (node.type === "assignment" || node.type === "boolean_operator") && parent?.type === node.type;
}

/**
 * Copies a tree in one pass of a cursor. `base` is the offset in the whole text of the parsed piece's first character.
 * Calls into the parser's memory are what costs, so positions are read for named nodes and for minus signs only.
 */
export function readTree(tree: Tree, base: number): RawTree {
  const { types, named, fields } = grammarOf(tree.language);
  const cursor = tree.walk();
  const tooDeep = new Set<RawNode>();
  const read = (): RawNode | undefined => {
    const id = cursor.nodeTypeId;
    const isNamed = named[id] ?? true;
    const type = types[id] ?? "ERROR";
    if (skipped.has(type)) return undefined;
    if (!isNamed && type !== "-") return { type, named: false, field: undefined, start: -1, end: -1, children: [] };
    return {
      type,
      named: isNamed,
      field: fields[cursor.currentFieldId] ?? undefined,
      start: cursor.startIndex + base,
      end: cursor.endIndex + base,
      children: [],
    };
  };
  const root = read() ?? { type: "module", named: true, field: undefined, start: base, end: base, children: [] };
  const stack: RawNode[] = [root];
  let descend = true;
  // How many nodes of the stack are nested here and flat in the IR: they cost no depth.
  let flat = 0;
  const pop = (): void => {
    const last = stack.pop();
    if (last && isFlat(stack[stack.length - 1], last)) flat--;
  };
  try {
    while (stack.length > 0) {
      if (descend ? !cursor.gotoFirstChild() : !cursor.gotoNextSibling()) {
        if (!descend) {
          pop();
          if (stack.length > 0) cursor.gotoParent();
        } else pop();
        descend = false;
        continue;
      }
      const parent = stack[stack.length - 1];
      const node = read();
      descend = false;
      if (node) {
        parent?.children.push(node);
        if (stack.length - flat >= maxDepth) tooDeep.add(stack[1] ?? node);
        else if (node.named && !leaves.has(node.type)) {
          if (isFlat(parent, node)) flat++;
          stack.push(node);
          descend = true;
        }
      }
    }
  } finally {
    cursor.delete();
  }
  return { root, tooDeep };
}
