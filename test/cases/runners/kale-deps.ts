import { freeUses } from "../../../src/dataflow/free-names.ts";
import type { Stmt } from "../../../src/python/ir.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { type Runner, rowsOf, sorted, type Verdict } from "../material.ts";

interface Row {
  readonly id: string;
  readonly steps: readonly { readonly name: string; readonly source: string }[];
  readonly edges: readonly (readonly [string, string])[];
  readonly params: Readonly<Record<string, unknown>>;
  /** Imports that every step repeats. */
  readonly prelude: string;
  readonly expected: Readonly<Record<string, { readonly ins: readonly string[]; readonly outs: readonly string[] }>>;
}

/** What each step takes in and hands on: its own names and those that the functions it uses read, wherever they were defined. */
export const kaleDeps: Runner = {
  suite: "kale_deps",
  from: "kubeflow-kale/kale",
  kind: "scopes and dependencies",
  judge: () => rowsOf<Row>("kale_deps").map(verdict),
};

function verdict({ id, steps, edges, params, prelude, expected }: Row): Verdict {
  const bodies = new Map(steps.map((step) => [step.name, parseModule(step.source).body]));
  const everywhere = new Set([...bound(parseModule(prelude).body), ...Object.keys(params)]);
  const functions = new Map(
    [...bodies.values()].flat().flatMap((stmt) => (stmt.kind === "function" ? [[stmt.name, stmt] as const] : [])),
  );
  /** Names that running these statements may read, through every function that they mention. */
  const reads = (body: readonly Stmt[], seen: ReadonlySet<string>): ReadonlySet<string> => {
    const out = new Set<string>();
    for (const use of freeUses(body)) {
      if (use.mode !== "load" || out.has(use.id)) continue;
      out.add(use.id);
      const called = functions.get(use.id);
      if (called && !seen.has(use.id)) for (const name of reads([called], new Set([...seen, use.id]))) out.add(name);
    }
    return out;
  };
  const parents = (name: string): readonly string[] => edges.flatMap(([from, to]) => (to === name ? [from] : []));
  const children = (name: string): readonly string[] => edges.flatMap(([from, to]) => (from === name ? [to] : []));
  const available = (name: string): ReadonlySet<string> =>
    new Set([...bound(bodies.get(name) ?? []), ...parents(name).flatMap((parent) => [...available(parent)])]);
  const ins = (name: string): ReadonlySet<string> => {
    const body = bodies.get(name) ?? [];
    const before = new Set(parents(name).flatMap((parent) => [...available(parent)]));
    const own = bound(body);
    return new Set([...reads(body, new Set())].filter((n) => before.has(n) && !own.has(n) && !everywhere.has(n)));
  };
  const outs = (name: string): ReadonlySet<string> => {
    const mine = available(name);
    return new Set(
      children(name)
        .flatMap((child) => [...ins(child)])
        .filter((n) => mine.has(n)),
    );
  };
  const wrong = Object.entries(expected).flatMap(([name, { ins: wantedIns, outs: wantedOuts }]) => {
    const found = `in ${sorted(ins(name))}; out ${sorted(outs(name))}`;
    return found === `in ${sorted(wantedIns)}; out ${sorted(wantedOuts)}` ? [] : [`${name}: ${found}`];
  });
  return wrong.length === 0 ? { id } : { id, differs: wrong.join("; ") };
}

function bound(body: readonly Stmt[]): ReadonlySet<string> {
  return new Set(freeUses(body).flatMap((use) => (use.mode === "store" ? [use.id] : [])));
}
