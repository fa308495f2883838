import { commonKnowledge } from "../../../src/python/knowledge/index.ts";
import { flowOf } from "../../unit/compiler-core/kit.ts";
import { type Runner, rowsOf, sorted, type Verdict } from "../material.ts";
import { outside } from "./names.ts";

interface Row {
  readonly id: string;
  readonly code: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Inputs and outputs of a cell. Its conventions: definitions, imports and loop targets are no outputs, builtins no inputs; a changed object is an output. */
export const soorgeonIo: Runner = {
  suite: "soorgeon_io",
  from: "ploomber/soorgeon",
  kind: "scopes and dependencies",
  judge: () =>
    rowsOf<Row>("soorgeon_io").map(({ id, code, reads, writes }): Verdict => {
      const flow = flowOf(code);
      const isData = (name: string): boolean =>
        !["module", "member", "function", "class"].includes(flow.names.get(name)?.value.type ?? "");
      const ins = [...outside(code).refs].filter((name) => !commonKnowledge().functionEffect(name));
      const loops = new Set(
        [...code.matchAll(/^ *(?:for (\w+) in|with .* as (\w+))/gm)].map(([, a, b]) => a ?? b ?? ""),
      );
      const outs = flow.facts
        .flatMap((facts) => [...facts.trace.writes, ...facts.mutates])
        .filter((name) => isData(name) && !loops.has(name));
      const changed = [...code.matchAll(/^(\w+)\[.*\] = /gm)].map(([, name = ""]) => name).filter(isData);
      const found = `in ${sorted(ins)}; out ${sorted([...outs, ...changed])}`;
      return found === `in ${sorted(reads)}; out ${sorted(writes)}` ? { id } : { id, differs: found };
    }),
};
