import type { Place } from "../diagnostics/diagnostic.ts";
import type { Magic } from "../notebook/notebook.ts";
import { codeText } from "../python/code-text.ts";
import { rewriteCell, type TextEdit } from "./modules/rewrite.ts";
import type { ParsedCell } from "./program.ts";

/** How the copies are called that `%store` keeps: `_stored_rates`. */
const prefix = "_stored_";
const copier = "_deepcopy";

/** True for a name that stands for what `%store` keeps: notebooks share it on purpose. */
export function isStoredName(name: string): boolean {
  return name.startsWith(prefix);
}

export interface LinkedStores {
  /** The cells that are other ones now, by what they were. */
  readonly changed: ReadonlyMap<ParsedCell, ParsedCell>;
  /** Where the magics stand that are Python now: nothing of them is lost any more. */
  readonly places: readonly Place[];
}

interface Use {
  readonly cell: ParsedCell;
  readonly magic: Magic;
  readonly kind: "store" | "fetch";
  readonly names: readonly string[];
}

/**
 * Joins `%store x` and a later `%store -r x` of the chain: IPython pickles the value as it is then, so the first is a deep copy
 * and the second takes it. A name that nothing before stores, and whatever comes with `-d`, `-z` or a file, stays unknown.
 */
export function linkStores(cells: readonly ParsedCell[]): LinkedStores {
  const uses = cells.flatMap((cell) =>
    cell.cell.magics.filter(({ name }) => name === "%store").map((magic) => useOf(cell, magic)),
  );
  if (uses.length === 0 || uses.some((use) => use === "forgets")) return { changed: new Map(), places: [] };
  const clash = cells.some(({ module }) => [prefix, copier].some((name) => codeText(module).includes(name)));
  if (clash) return { changed: new Map(), places: [] };
  const stored = new Map<string, Use>();
  const links = new Map<Use, Set<string>>();
  const fetched = new Map<string, number>();
  const link = (use: Use, name: string): void => {
    links.set(use, (links.get(use) ?? new Set()).add(name));
  };
  for (const use of uses) {
    if (typeof use === "string") continue;
    for (const name of use.names) {
      const before = stored.get(name);
      if (use.kind === "store") stored.set(name, use);
      else if (before) {
        link(use, name);
        link(before, name);
        fetched.set(name, (fetched.get(name) ?? 0) + 1);
      }
    }
  }
  const edits = new Map<ParsedCell, TextEdit[]>();
  for (const [use, names] of links)
    edits.set(use.cell, [
      ...(edits.get(use.cell) ?? []),
      ...(use.kind === "store" ? [storing(use, names)] : fetching(use, names, (name) => (fetched.get(name) ?? 0) > 1)),
    ]);
  const done = [...links].filter(([use, names]) => use.names.every((name) => names.has(name)));
  return {
    changed: new Map([...edits].map(([cell, list]) => [cell, rewriteCell(cell, list).cell])),
    places: done.map(([{ cell, magic }]) => cell.cell.place(magic.span)),
  };
}

/** What a `%store` line does; "forgets" where it takes stored values away, "other" where it is none of our business. */
function useOf(cell: ParsedCell, magic: Magic): Use | "forgets" | "other" {
  const words = magic.rest.trim().split(/\s+/);
  if (words.some((word) => /^-[a-z]*[dz]/.test(word))) return "forgets";
  const isFetch = words[0] === "-r";
  const names = isFetch ? words.slice(1) : words;
  const isNested = cell.module.body.some((stmt) => {
    const span = cell.cell.sourceSpan(stmt.span);
    return !isFetch && span.start < magic.span.start && magic.span.start < span.end;
  });
  if (isNested || names.length === 0 || !names.every((name) => /^[A-Za-z_]\w*$/.test(name))) return "other";
  return { cell, magic, kind: isFetch ? "fetch" : "store", names };
}

/** The copies, on lines of their own behind the statement above the magic. */
function storing({ cell, magic }: Use, names: ReadonlySet<string>): TextEdit {
  const { text, body } = cell.module;
  const above = body.findLast((stmt) => cell.cell.sourceSpan(stmt.span).end <= magic.span.start);
  const end = above ? text.indexOf("\n", above.span.end) : 0;
  const at = end === -1 ? text.length : end;
  const lines = [
    `from copy import deepcopy as ${copier}`,
    ...[...names].map((name) => `${prefix}${name} = ${copier}(${name})`),
  ].join("\n");
  return { start: at, end: at, text: above ? `\n${lines}` : `${lines}\n` };
}

/** The values instead of the calls that stand for them. What is fetched once needs no second copy. */
function fetching({ cell, magic }: Use, names: ReadonlySet<string>, isShared: (name: string) => boolean): TextEdit[] {
  return cell.module.body.flatMap((stmt) => {
    if (stmt.kind !== "assign" || stmt.value.kind !== "call") return [];
    const [target] = stmt.targets;
    const source = cell.cell.sourceSpan(stmt.span);
    if (
      target?.kind !== "name" ||
      !names.has(target.id) ||
      source.start < magic.span.start ||
      source.end > magic.span.end
    )
      return [];
    const stored = `${prefix}${target.id}`;
    return [{ ...stmt.value.span, text: isShared(target.id) ? `${copier}(${stored})` : stored }];
  });
}
