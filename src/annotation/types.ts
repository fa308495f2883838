import type { TypeAtomCstNode, TypeCstNode } from "../../grammar/cst.generated.ts";
import { TYPES, type TypeName } from "../../grammar/words.ts";
import { report } from "../diagnostics/catalogue.ts";
import { nearest } from "../foundation/nearest.ts";
import { type Builder, nodeSpan } from "./builder.ts";
import type { Type, TypeAtom } from "./directive.ts";

/** How a sentence about an unknown word ends: "; did you mean `x`?" for a slip that is near a known word, else a full stop. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === undefined ? "." : `; did you mean \`${near}\`?`;
}

/** A type, with names and brackets checked. */
export function buildType(b: Builder, node: TypeCstNode): Type {
  const all = node.children.typeAtom.map((atom) => buildAtom(b, atom));
  const atoms = all.flatMap((atom) => atom ?? []);
  const seen = new Set<string>();
  for (const atom of atoms) {
    const text = atomText(atom);
    if (seen.has(text)) b.say(report("CW1123", b.place(atom.span), { what: `\`${text}\`` }));
    seen.add(text);
  }
  // Nothing is checked against a type that is not known.
  const isKnown = atoms.length === all.length && atoms.every((atom) => atom.args.every((arg) => arg.atoms.length > 0));
  return { atoms: isKnown ? atoms : [], text: typeText(atoms), span: nodeSpan(b, node) };
}

const typeText = (atoms: readonly TypeAtom[]): string => atoms.map(atomText).join(" | ");

function atomText(atom: TypeAtom): string {
  return atom.args.length === 0 ? atom.name : `${atom.name}[${atom.args.map((arg) => arg.text).join(", ")}]`;
}

function buildAtom(b: Builder, node: TypeAtomCstNode): TypeAtom | undefined {
  const { Name: names, type: types } = node.children;
  const written = names === undefined ? "None" : names.map((token) => token.image).join(".");
  const args = (types ?? []).map((type) => buildType(b, type));
  const span = nodeSpan(b, node);
  if (!Object.hasOwn(TYPES, written)) {
    const known = Object.keys(TYPES);
    const hint = didYouMean(written, known);
    b.say(report("CW1106", b.place(span), { type: written, hint, known: known.join(", ") }));
    return undefined;
  }
  const name = written as TypeName;
  const wanted = TYPES[name];
  // A bare `list` or `dict` is allowed: its items are not checked.
  if (args.length !== wanted && !(args.length === 0 && node.children.LeftBracket === undefined)) {
    const count = (n: number): string =>
      n === 0 ? "no type" : n === 1 ? "one type" : n === 2 ? "two types" : `${n} types`;
    const example = name === "list" ? "list[str]" : name === "dict" ? "dict[str, int]" : name;
    const params = { type: name, expected: count(wanted), found: count(args.length), example };
    b.say(report("CW1128", b.place(span), params));
  }
  return { name, args, span };
}
