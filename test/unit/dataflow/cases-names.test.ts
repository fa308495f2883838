import { expect, it } from "vitest";
import { freeUses } from "../../../src/dataflow/free-names.ts";
import { commonKnowledge } from "../../../src/python/knowledge/index.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { flowOf } from "../compiler-core/kit.ts";
import { haveCases, judged, suite, where } from "./cases.ts";

interface Visitor {
  readonly id: string;
  readonly code: string;
  readonly defs: readonly string[];
  readonly refs: readonly string[];
}

const sorted = (names: Iterable<string>): string => [...new Set(names)].sort().join(" ");

/** Names that a snippet takes from outside and names that it binds. */
function outside(code: string): { readonly refs: Set<string>; readonly defs: Set<string> } {
  const uses = freeUses(parseModule(code).body);
  const defs = new Set(uses.filter((use) => use.mode === "store").map((use) => use.id));
  return { defs, refs: new Set(uses.filter((use) => use.mode !== "store" && !defs.has(use.id)).map((use) => use.id)) };
}

it.skipIf(!haveCases)(`reads and definitions of marimo-team/marimo${where}`, () => {
  const cases = suite<Visitor>("marimo_visitor");
  const found: Record<string, string> = {};
  for (const { id, code, defs, refs } of cases) {
    const ours = outside(code);
    // Its private names are renamed, which is a matter of its own.
    if (code.includes("_cell_")) continue;
    if (sorted(ours.defs) !== sorted(defs) || sorted(ours.refs) !== sorted(refs))
      found[id] = `refs ${sorted(ours.refs)}; defs ${sorted(ours.defs)}`;
  }
  expect(cases.length).toBeGreaterThan(50);
  expect(judged("marimo_visitor", found)).toEqual([]);
});

interface InOut {
  readonly id: string;
  readonly code: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

it.skipIf(!haveCases)(`inputs and outputs of ploomber/soorgeon${where}`, () => {
  const cases = suite<InOut>("soorgeon_io");
  const found: Record<string, string> = {};
  for (const { id, code, reads, writes } of cases) {
    const flow = flowOf(code);
    // Its conventions: definitions, imports and loop targets are no outputs, builtins no inputs; a changed object is an output.
    const ins = [...outside(code).refs].filter((name) => !commonKnowledge().functionEffect(name));
    const isData = (name: string): boolean =>
      !["module", "member", "function", "class"].includes(flow.names.get(name)?.value.type ?? "");
    const loops = new Set([...code.matchAll(/^ *(?:for (\w+) in|with .* as (\w+))/gm)].map(([, a, b]) => a ?? b ?? ""));
    const outs = flow.facts.flatMap((f) => [...f.trace.writes, ...f.mutates]).filter((n) => isData(n) && !loops.has(n));
    const changed = [...code.matchAll(/^(\w+)\[.*\] = /gm)].map(([, name = ""]) => name).filter((n) => isData(n));
    if (sorted(ins) !== sorted(reads) || sorted([...outs, ...changed]) !== sorted(writes))
      found[id] = `in ${sorted(ins)}; out ${sorted([...outs, ...changed])}`;
  }
  expect(cases.length).toBeGreaterThan(20);
  expect(judged("soorgeon_io", found)).toEqual([]);
});
