import type { Unit } from "../dataflow/program.ts";
import { arrayCasts, castImports } from "./array-casts.ts";
import type { Import } from "./blueprint.ts";
import { type Edit, isReplaced } from "./edits.ts";
import { innerSignatures } from "./signatures.ts";
import { unusedArguments } from "./unused-arguments.ts";

/** What type checkers ask of kept code beyond what the notebook says; no value depends on it. */
export interface TypingEdits {
  /** Those of other purposes stand between what opens and what closes: they may begin or end at the same places. */
  readonly edits: readonly Edit[];
  /** What they need, by unit. */
  readonly imports: ReadonlyMap<number, readonly Import[]>;
}

/** Adds to the edits of other purposes; `taken` are the names of the notebook. */
export function typingEdits(users: readonly Unit[], taken: ReadonlySet<string>, edits: readonly Edit[]): TypingEdits {
  const inner = users.map((unit) => ({ unit, ...innerSignatures(unit) }));
  const imports = new Map(inner.map(({ unit, imports: needed }) => [unit.id, needed]));
  const casts = taken.has("cast")
    ? []
    : users.flatMap((unit) => {
        const found = arrayCasts(unit).filter(({ span }) => !isReplaced(unit.cell, span, edits));
        if (found.length > 0) imports.set(unit.id, [...(imports.get(unit.id) ?? []), ...castImports]);
        return found;
      });
  return {
    edits: [
      ...casts.map((cast) => cast.closing),
      ...edits,
      ...casts.map((cast) => cast.opening),
      ...unusedArguments(users),
      ...inner.flatMap((signatures) => signatures.edits),
    ],
    imports,
  };
}
