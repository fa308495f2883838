import { freeUses, type NameUse } from "../../../src/dataflow/free-names.ts";
import { parseModule } from "../../../src/python/parse.ts";

/** Names that a snippet takes from outside, and names that it binds. */
export interface Outside {
  readonly refs: ReadonlySet<string>;
  readonly defs: ReadonlySet<string>;
}

/** A snippet on its own: what it binds itself is no reference. */
export function outside(code: string): Outside {
  const uses = freeUses(parseModule(code).body);
  const defs = new Set(uses.filter(isStore).map((use) => use.id));
  return { defs, refs: new Set(uses.filter((use) => !isStore(use) && !defs.has(use.id)).map((use) => use.id)) };
}

function isStore(use: NameUse): boolean {
  return use.mode === "store";
}
