import type { Dataset } from "../../blueprint/blueprint.ts";
import type { Compiled } from "../compile.ts";
import { type HowRead, howRead } from "./reader-options.ts";

/** What a product needs crosswalk.lock for. Plain data: it can be kept without what it was found out from. */
export interface LockNeeds {
  readonly distributions: readonly {
    /** As required, extras included. */
    readonly name: string;
    /** The product imports it. */
    readonly isImported: boolean;
  }[];
  readonly datasets: readonly DatasetNeed[];
}

export interface DatasetNeed {
  readonly name: string;
  readonly path: string;
  readonly how: HowRead;
}

/** undefined where there is no product. */
export function lockNeeds(compiled: Compiled): LockNeeds | undefined {
  const { blueprint } = compiled.built ?? {};
  if (!blueprint) return undefined;
  return {
    // What crosswalk.yaml says needs no second place to stand in.
    distributions: blueprint.requirements
      .filter(({ from }) => from !== "config")
      .map(({ distribution, imports }) => ({ name: distribution, isImported: imports.length > 0 })),
    datasets: sourceDatasets(blueprint.datasets).map((dataset) => ({
      name: dataset.name,
      path: dataset.path,
      how: howRead(compiled, dataset),
    })),
  };
}

/** The datasets that come from files of the world: read, and not made by the model itself. */
function sourceDatasets(all: readonly Dataset[]): readonly Dataset[] {
  const made = new Set(all.filter((d) => d.mode === "output").map((d) => d.path));
  return all.filter(
    (d) => d.mode === "input" && d.role !== "output" && d.role !== "intermediate" && !d.binding && !made.has(d.path),
  );
}
