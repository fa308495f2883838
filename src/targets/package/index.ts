import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { FileAction, Target } from "../contract/target.ts";
import { containerFiles } from "./container-files.ts";
import { documentFiles } from "./document-files.ts";
import { moduleFiles } from "./module-files.ts";
import { pipelineFile } from "./pipeline-file.ts";
import { predictorFile } from "./predictor-file.ts";
import { projectFiles } from "./project-files.ts";
import { stepFile } from "./step-file.ts";
import { tablesFile } from "./tables-file.ts";
import { testFiles } from "./test-files.ts";

/** The Python package: steps, pipeline, parameters, runtime, tests and pages. */
export const packageTarget: Target = {
  name: "package",
  version: 2,
  options: { schema: { type: "object", properties: {}, additionalProperties: false }, defaults: {} },
  *files(b: Blueprint): Iterable<FileAction> {
    yield* projectFiles(b);
    yield* moduleFiles(b);
    const tables = tablesFile(b);
    if (tables) yield tables;
    for (const step of b.steps) yield stepFile(b, step);
    if (b.serving) yield predictorFile(b, b.serving);
    yield pipelineFile(b);
    yield* testFiles(b);
    if (b.serving) yield* containerFiles(b);
    yield* documentFiles(b);
  },
};
