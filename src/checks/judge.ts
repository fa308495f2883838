import type { Built } from "../blueprint/build.ts";
import type { AttachedDirective } from "../blueprint/intake.ts";
import type { ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { absolutePaths } from "./absolute-path.ts";

/** What a law looks at. */
export interface Case {
  readonly flow: Dataflow;
  readonly model: ModelConfig;
  /** Undefined when no product can be made. */
  readonly built: Built | undefined;
  readonly directives: readonly AttachedDirective[];
}

/** One law: what it finds questionable. */
export type Law = (c: Case) => Iterable<Diagnostic>;

const laws: readonly Law[] = [absolutePaths];

/** Every law over the program and its blueprint, in a fixed order. */
export function judge(c: Case): readonly Diagnostic[] {
  return laws.flatMap((law) => [...law(c)]);
}
