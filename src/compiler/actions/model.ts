import { identifier } from "../../blueprint/identifiers.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Action } from "../../engine/query.ts";
import { readerHost } from "../../engine/reader-host.ts";
import { sha256 } from "../../foundation/hash.ts";
import type { Host } from "../../foundation/host.ts";
import { type Compiled, type CompileTools, compileNow, type ProductFile } from "../compile.ts";
import { type LockNeeds, lockNeeds } from "../lock/needs.ts";
import { readPins } from "../pins.ts";
import { trackedNotebook } from "./notebook.ts";
import type { ConfigActions, ModelParams } from "./workspace.ts";

/** What a build needs to know of a compiled model. Plain data. */
export interface ModelProduct {
  /** Name of the Python package. */
  readonly package: string;
  /** None where there are errors. */
  readonly files: readonly ProductFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of the notebooks, in the order in which they run. */
  readonly notebooks: readonly string[];
  readonly lock: LockNeeds | undefined;
}

/** What a build needs to know, of all that compiling found out. */
export function productOf(compiled: Compiled): ModelProduct {
  const { model, built, files, diagnostics, chain } = compiled;
  return {
    package: built?.blueprint.package ?? identifier(model.name, "model"),
    files,
    diagnostics,
    notebooks: chain.notebooks.map(({ notebook: { path } }) => path),
    lock: lockNeeds(compiled),
  };
}

/**
 * A model's product. It depends on what compiling it looked at and on nothing else: its notebooks as far as they are code, its part of
 * crosswalk.yaml, what the repository says of versions, the modules that are imported, and those that were looked for and not found.
 */
export function modelAction(
  host: Host,
  config: ConfigActions,
  tools: CompileTools,
  phase: (model: string, name: string) => void,
): Action<ModelParams, ModelProduct | undefined> {
  return {
    kind: "model",
    version: 1,
    compute(params, read) {
      const { root } = params;
      const model = read.get(config.model, params);
      if (!model) return undefined;
      const seen = readerHost(host, read);
      const notebook = (path: string) => trackedNotebook(read, { root, path });
      const compiled = compileNow(
        { host: seen, root, model, pins: readPins(seen, root, model), notebook, tools },
        (name) => phase(model.name, name),
      );
      const configs = new Set(read.get(config.files, root));
      if (compiled.diagnostics.some((one) => standsIn(one, configs))) read.get(config.places, params);
      return productOf(compiled);
    },
    canonical: (made) =>
      made && { ...made, files: made.files.map(({ path, text, origins }) => [path, sha256(text), origins]) },
  };
}

/** True where a place of a diagnostic stands in one of these files. */
function standsIn({ place, related }: Diagnostic, files: ReadonlySet<string>): boolean {
  return [place, ...related.map((one) => one.place)].some((one) => one !== undefined && files.has(one.file));
}
