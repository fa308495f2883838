import { definitions } from "../blueprint/definitions.ts";
import type { Code } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { absolutePaths } from "./absolute-path.ts";
import type { Findings, Law } from "./case.ts";
import { chainedState } from "./chained-state.ts";
import { clockResults } from "./clock.ts";
import { credentials } from "./credential.ts";
import { dynamicCode } from "./dynamic-code.ts";
import { executionOrder } from "./execution-order.ts";
import { ignoredExceptions } from "./ignored-exception.ts";
import { leaksOf } from "./leaks/facts.ts";
import { leakLaws } from "./leaks/laws.ts";
import { mutatedGlobals } from "./mutated-global.ts";
import { preparedDifferently } from "./prepared-differently.ts";
import { promisedNames } from "./promised-name.ts";
import { shadowedBuiltins } from "./shadowed-builtin.ts";
import { storyOf } from "./story/story.ts";
import { trainingMetrics } from "./training-metric.ts";
import { undefinedNames } from "./undefined-name.ts";
import { unknownLibraries } from "./unknown-library.ts";
import { unpinnedImports } from "./unpinned-import.ts";
import { unseededDraws } from "./unseeded-draw.ts";
import { unusedImports } from "./unused-import.ts";

/** Every law in the order in which they speak, with the codes that it says. */
export const laws: readonly { readonly codes: readonly Code[]; readonly law: Law }[] = [
  { codes: ["CW4001"], law: credentials },
  { codes: ["CW4002"], law: absolutePaths },
  { codes: ["CW4005", "CW4006"], law: undefinedNames },
  { codes: ["CW4007", "CW4008"], law: executionOrder },
  { codes: ["CW4009"], law: chainedState },
  { codes: ["CW4010"], law: unusedImports },
  { codes: ["CW3010"], law: unpinnedImports },
  { codes: ["CW4011"], law: unseededDraws },
  { codes: ["CW4012"], law: clockResults },
  { codes: ["CW4013"], law: mutatedGlobals },
  { codes: ["CW4014"], law: shadowedBuiltins },
  { codes: ["CW4015"], law: promisedNames },
  { codes: ["CW4016"], law: dynamicCode },
  { codes: ["CW4017"], law: ignoredExceptions },
  { codes: ["CW4018"], law: trainingMetrics },
  ...leakLaws,
  { codes: ["CW3125"], law: preparedDifferently },
  { codes: ["CW4030"], law: unknownLibraries },
];

/** Every law over the program and its blueprint, in a fixed order. Each is linear in the size of the program. */
export function judge(findings: Findings): readonly Diagnostic[] {
  const { built, selection, flow, asked } = findings;
  const c = {
    ...findings,
    kept: built?.kept ?? selection.kept,
    defs: definitions(flow),
    leaks: leaksOf(flow, storyOf(flow, asked.skipped)),
  };
  return laws.flatMap(({ law }) => [...law(c)]);
}
