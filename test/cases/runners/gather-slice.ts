import { slice } from "../../../src/dataflow/slice.ts";
import { flowOf } from "../../unit/compiler-core/kit.ts";
import { type Runner, rowsOf, type Verdict } from "../material.ts";

type Spot = number | { readonly first_line: number; readonly last_line: number };

interface Row {
  readonly id: string;
  readonly code: string;
  readonly seed: readonly Spot[];
  readonly include: readonly Spot[];
  readonly exclude: readonly Spot[];
}

const first = (spot: Spot): number => (typeof spot === "number" ? spot : spot.first_line);

/** Lines that a backward slice from other lines must include, and must exclude. */
export const gatherSlice: Runner = {
  suite: "gather_slice",
  from: "microsoft/python-program-analysis",
  kind: "scopes and dependencies",
  judge: () => rowsOf<Row>("gather_slice").map(verdict),
};

function verdict({ id, code, seed, include, exclude }: Row): Verdict {
  const flow = flowOf(code);
  const on = (spot: Spot): readonly number[] =>
    flow.facts.flatMap(({ unit }) => {
      const place = unit.cell.cell.pythonPlace(unit.stmt.span);
      return place && place.line <= first(spot) && first(spot) <= (place.endLine ?? place.line) ? [unit.id] : [];
    });
  const kept = slice(flow, new Map(seed.flatMap(on).map((unit) => [unit, "seed"])));
  const isKept = (spot: Spot): boolean => on(spot).some((unit) => kept.has(unit));
  const missing = include.filter((spot) => !isKept(spot)).map(first);
  const extra = exclude.filter(isKept).map(first);
  return missing.length + extra.length === 0
    ? { id }
    : { id, differs: `missing ${missing.join()} extra ${extra.join()}` };
}
