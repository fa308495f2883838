import { placeOf } from "../blueprint/cite.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";

/** How many names a note shows. */
const shown = 3;

/** Libraries about which nothing is known and whose calls production keeps: one note each, at the first call. */
export function* unknownLibraries({ flow, kept }: Case): Iterable<Diagnostic> {
  const first = new Map<string, Diagnostic["place"]>();
  const names = new Map<string, Set<string>>();
  for (const { unit, trace } of flow.facts) {
    if (!kept.has(unit.id)) continue;
    for (const [callee, span] of trace.unknownMembers) {
      const library = callee.split(".")[0] ?? callee;
      if (!first.has(library)) first.set(library, placeOf(unit, span));
      names.set(library, (names.get(library) ?? new Set()).add(callee));
    }
  }
  for (const [library, place] of first) {
    const called = [...(names.get(library) ?? [])];
    const more = called.length > shown ? ` and ${called.length - shown} more` : "";
    const list = called
      .slice(0, shown)
      .map((name) => `'${name}'`)
      .join(", ");
    yield report("CW4030", place, { library, names: list + more });
  }
}
