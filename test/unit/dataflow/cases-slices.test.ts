import { expect, it } from "vitest";
import { slice } from "../../../src/dataflow/slice.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { flowOf } from "../compiler-core/kit.ts";
import { haveCases, judged, suite, where } from "./cases.ts";
import { neededFor } from "./slices.ts";

type Spot = number | { readonly first_line: number; readonly last_line: number };

interface Gather {
  readonly id: string;
  readonly code: string;
  readonly seed: readonly Spot[];
  readonly include: readonly Spot[];
  readonly exclude: readonly Spot[];
}

const first = (spot: Spot): number => (typeof spot === "number" ? spot : spot.first_line);

it.skipIf(!haveCases)(`slices of microsoft/python-program-analysis${where}`, () => {
  const cases = suite<Gather>("gather_slice");
  const found: Record<string, string> = {};
  for (const { id, code, seed, include, exclude } of cases) {
    const flow = flowOf(code);
    const lineOf = (unit: number): readonly [number, number] => {
      const { stmt, cell } = flow.facts[unit]?.unit ?? {};
      const place = stmt && cell?.cell.pythonPlace(stmt.span);
      return [place?.line ?? 0, place?.endLine ?? 0];
    };
    const on = (spot: Spot): readonly number[] =>
      flow.facts.flatMap(({ unit }) => {
        const [from, to] = lineOf(unit.id);
        return from <= first(spot) && first(spot) <= to ? [unit.id] : [];
      });
    const kept = slice(flow, new Map(seed.flatMap(on).map((unit) => [unit, "seed"])));
    const missing = include.filter((spot) => !on(spot).some((unit) => kept.has(unit))).map(first);
    const extra = exclude.filter((spot) => on(spot).some((unit) => kept.has(unit))).map(first);
    if (missing.length + extra.length > 0) found[id] = `missing ${missing.join()} extra ${extra.join()}`;
  }
  expect(cases.length).toBeGreaterThan(5);
  expect(judged("gather_slice", found)).toEqual([]);
});

interface Linea {
  readonly id: string;
  readonly source: string;
  readonly artifact: string;
  readonly slice: string;
}

/** The statements of a text without their layout; what talks to lineapy itself is no part of the program. */
function statements(text: string): readonly string[] {
  const bare = text
    .split("\n")
    .map((line) => (/\blineapy\b/.test(line) ? "" : line))
    .join("\n");
  return parseModule(bare).body.map((stmt) =>
    JSON.stringify(stmt, (key, value) => (key === "span" || key.endsWith("Span") ? undefined : value)),
  );
}

/** The variable that is saved under an artifact's name. */
function savedAs(source: string, artifact: string): string {
  const saved = [...source.matchAll(/lineapy\.save\((\w+), *["'](\w+)["']\)/g)];
  return saved.find(([, , name]) => name === artifact)?.[1] ?? artifact;
}

it.skipIf(!haveCases)(`slices of LineaLabs/lineapy${where}`, () => {
  const cases = suite<Linea>("lineapy_slices");
  const found: Record<string, string> = {};
  for (const { id, source, artifact, slice: wanted } of cases) {
    const bare = source
      .split("\n")
      .map((line) => (/\blineapy\b/.test(line) ? "" : line))
      .join("\n");
    const flow = flowOf(bare);
    const last = flow.facts.length - 1;
    const kept = artifact.startsWith("lineapy.")
      ? new Set(slice(flow, new Map([[last, "file"]])).keys())
      : neededFor(flow, savedAs(source, artifact));
    const texts = statements(bare);
    const needed = statements(wanted);
    const missing = needed.filter((text) => !texts.some((other, unit) => other === text && kept.has(unit)));
    const extra = texts.filter((text, unit) => kept.has(unit) && !needed.includes(text));
    if (missing.length + extra.length > 0)
      found[`${id} ${artifact}`] = `missing ${missing.length} extra ${extra.length}`;
  }
  expect(cases.length).toBeGreaterThan(20);
  expect(judged("lineapy_slices", found)).toEqual([]);
});
