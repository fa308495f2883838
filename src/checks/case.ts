import type { Built } from "../blueprint/build.ts";
import type { Definitions } from "../blueprint/definitions.ts";
import type { Intake } from "../blueprint/intake.ts";
import type { Selection } from "../blueprint/select.ts";
import type { ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Kept } from "../dataflow/slice.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Leaks } from "./leaks/facts.ts";

/** What the phases before found out. */
export interface Findings {
  readonly flow: Dataflow;
  readonly model: ModelConfig;
  /** Undefined when no product can be made. */
  readonly built: Built | undefined;
  /** The directives, sorted by what they mean. */
  readonly asked: Intake;
  readonly selection: Selection;
}

/** What a law looks at. */
export interface Case extends Findings {
  /** What production keeps: of the product, or of the selection when no product can be made. */
  readonly kept: ReadonlyMap<number, Kept>;
  readonly defs: Definitions;
  /** What the notebook does with rows, as far as leakage goes. */
  readonly leaks: Leaks;
}

/** One law: what it finds questionable, in the order of the notebook. */
export type Law = (c: Case) => Iterable<Diagnostic>;
