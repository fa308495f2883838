import type { Dataflow } from "../dataflow/analyse.ts";
import type { Definitions } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";

/**
 * Takes out kept units whose only purpose was a span that an edit has replaced (a folder constant folded into a dataset's place).
 * A unit goes when all it does is bind names that no other kept unit reads any more.
 */
export function prune(
  flow: Dataflow,
  defs: Definitions,
  kept: ReadonlySet<number>,
  roots: ReadonlySet<number>,
  edits: readonly Edit[],
): ReadonlySet<number> {
  const out = new Set(kept);
  for (let shrank = true; shrank; ) {
    shrank = false;
    const needed = new Set<number>();
    for (const id of out) {
      const facts = flow.facts[id];
      if (!facts) continue;
      const { cell } = facts.unit;
      const read = new Set(
        defs
          .uses(id)
          .filter((use) => use.mode === "load" && !isReplaced(cell, use.span, edits))
          .map((use) => use.id),
      );
      // What is read inside the functions it calls is not in its own text.
      const written = new Set(defs.uses(id).map((use) => use.id));
      for (const name of facts.trace.reads) if (!written.has(name)) read.add(name);
      for (const [dep, names] of facts.trace.why)
        if ([...names].some((name) => read.has(name) || !facts.trace.reads.has(name))) needed.add(dep);
    }
    for (const id of [...out]) {
      const facts = flow.facts[id];
      if (!facts || roots.has(id) || needed.has(id)) continue;
      if (defs.kindOf(id) !== "variable" || facts.mutates.size > 0 || facts.trace.tokenWrites.size > 0) continue;
      out.delete(id);
      shrank = true;
    }
  }
  return out;
}
