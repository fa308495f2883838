import { freeUses, type NameUse } from "../../../src/dataflow/free-names.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { type Runner, rowsOf, sorted, type Verdict } from "../material.ts";
import { type Outside, outside } from "./names.ts";

type Names = Readonly<Record<string, readonly string[]>>;

interface Row {
  readonly id: string;
  readonly cells: Readonly<Record<string, string>>;
  readonly parents: Names;
  readonly refs: Names;
  readonly defs: Names;
}

/**
 * Cells and the cells they depend on. Rows about SQL (which marimo itself leaves out where it cannot parse SQL) are compared in
 * what is Python: tables and schemas stand inside a text, which refers to nothing.
 */
export const marimoDataflow: Runner = {
  suite: "marimo_dataflow",
  from: "marimo-team/marimo",
  kind: "scopes and dependencies",
  judge: () => rowsOf<Row>("marimo_dataflow").map(verdict),
};

function verdict({ id, cells, parents, refs, defs }: Row): Verdict {
  const keys = Object.keys(cells);
  const ours = new Map(keys.map((key) => [key, outside(cells[key] ?? "")]));
  const inPython = (key: string) => (name: string) => isPython(cells[key] ?? "", name);
  const wrong: string[] = [];
  for (const key of keys) {
    const mine = ours.get(key) ?? { refs: new Set<string>(), defs: new Set<string>() };
    if (sorted(mine.refs) !== sorted((refs[key] ?? []).filter(inPython(key))))
      wrong.push(`refs of ${key}: ${sorted(mine.refs)}`);
    if (sorted([...mine.defs].filter((name) => !isOwn(name))) !== sorted((defs[key] ?? []).filter(inPython(key))))
      wrong.push(`defs of ${key}: ${sorted(mine.defs)}`);
    // A cell depends on who defines what it refers to; one that deletes a name, on all others that refer to it.
    const deletes = uses(cells[key] ?? "").filter((use) => use.mode === "delete");
    const meets = (names: Iterable<string>, other: Outside): boolean =>
      [...names].some((name) => other.defs.has(name) && !isOwn(name)) || deletes.some((use) => other.refs.has(use.id));
    const found = keys.filter((other) => other !== key && meets(mine.refs, ours.get(other) ?? mine));
    const expected = (parents[key] ?? []).filter((other) => {
      const python = (names: Names): ReadonlySet<string> => new Set((names[other] ?? []).filter(inPython(other)));
      return meets((refs[key] ?? []).filter(inPython(key)), { refs: python(refs), defs: python(defs) });
    });
    if (sorted(found) !== sorted(expected)) wrong.push(`parents of ${key}: ${sorted(found)}`);
  }
  return wrong.length === 0 ? { id } : { id, differs: wrong.join("; ") };
}

/** Names with an underscore belong to their cell alone. */
function isOwn(name: string): boolean {
  return name.startsWith("_");
}

/** True when the name stands in the code itself, not only inside a text. */
function isPython(code: string, name: string): boolean {
  return uses(code).some((use) => use.id === name);
}

function uses(code: string): readonly NameUse[] {
  return freeUses(parseModule(code).body);
}
