import { placeOf } from "../blueprint/cite.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { isAbsolutePath } from "../foundation/paths.ts";
import type { Case } from "./case.ts";

/** A file is opened by a path that exists on one machine. */
export function* absolutePaths({ flow, kept }: Case): Iterable<Diagnostic> {
  for (const { unit, trace } of flow.facts) {
    if (!kept.has(unit.id)) continue;
    for (const use of trace.files)
      if (use.path !== undefined && isAbsolutePath(use.path))
        yield report("CW4002", placeOf(unit, use.span), { path: use.path });
  }
}
