import { identifier } from "../../blueprint/identifiers.ts";
import type { Pins } from "../../blueprint/requirements.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Reader } from "../../engine/query.ts";
import { readerHost } from "../../engine/reader-host.ts";
import { sha256 } from "../../foundation/hash.ts";
import type { Host } from "../../foundation/host.ts";
import type { ReadNotebook } from "../../notebook/notebook.ts";
import { type Compiled, type CompileTools, compileNow } from "../compile.ts";
import { lockNeeds } from "../lock/needs.ts";
import type { Actions, Bodies, FolderParams, KeptDiagnostic, KeptPlace, ModelProduct } from "./declared.ts";
import { lookedAt } from "./looked-at.ts";
import { trackedNotebook } from "./notebook.ts";

/**
 * What makes products. A product depends on what compiling its model looked at and on nothing else: its notebooks as far as they are
 * code, its part of crosswalk.yaml, the versions of the libraries it uses, the modules that are imported, and those that were looked for
 * and not found.
 */
export function productBodies(
  host: Host,
  actions: Actions,
  tools: CompileTools,
  phase: (model: string, name: string) => void,
): Pick<Bodies, "product"> {
  return {
    product: {
      compute(params, read) {
        const { root } = params;
        // First what can be shown when it differs.
        read.get(actions.settings, params);
        const model = read.get(actions.config, params);
        if (!model) throw new Error(`${params.file} declares no model ${params.name}`);
        const notebooks = new Map<string, ReadNotebook | undefined>();
        const notebook = (path: string) => {
          if (!notebooks.has(path)) notebooks.set(path, trackedNotebook(actions, read, { root, path }));
          return notebooks.get(path);
        };
        const pins = trackedPins(actions, read, { root, folder: model.folder });
        const localModules = (folder: string) => read.get(actions.beside, { root, folder });
        const seen = readerHost(host, read);
        const compile = (): Compiled =>
          compileNow({ host: seen, root, model, pins, notebook, tools, localModules }, (name) =>
            phase(model.name, name),
          );
        const compiled = host.interruptible ? host.interruptible(compile) : compile();
        const configs = new Set(read.get(actions.configFiles, root));
        if (compiled.diagnostics.some((one) => standsIn(one, configs))) read.get(actions.configPlaces, params);
        const asRead = [...notebooks.values()].flatMap((found) => found?.value ?? []);
        const { layouts, diagnostics } = lookedAt(compiled, asRead, tools.parse);
        for (const [path, cells] of layouts) read.get(actions.layout, { root, path, cells });
        return { ...productOf(compiled), diagnostics };
      },
      canonical: (made) => ({
        ...made,
        diagnostics: made.diagnostics.map(withoutLines),
        files: made.files.map(({ path, text, origins }) => [
          path,
          sha256(text),
          origins.map(({ notebook, cellId }) => [notebook, cellId]),
        ]),
      }),
    },
  };
}

/** What a build needs to know, of all that compiling found out. */
export function productOf(compiled: Compiled): ModelProduct {
  const { model, built, files, diagnostics, chain } = compiled;
  return {
    package: built?.blueprint.package ?? identifier(model.name, "model"),
    files: files.map(({ path, text, origins }) => ({
      path,
      text,
      origins: origins.map(({ notebook, cellId }) => ({ notebook, cellId })),
    })),
    diagnostics,
    notebooks: chain.notebooks.map(({ notebook: { path } }) => path),
    lock: lockNeeds(compiled),
  };
}

/** What is said, and where by what counts: lines and columns are found when it is shown. */
function withoutLines({ place, related, ...rest }: KeptDiagnostic): unknown {
  const bare = (at: KeptPlace): unknown => {
    const { fileLine: _, ...rest } = at;
    if (at.marks) return [at.file, at.cell, at.cellId, at.marks];
    return at.cell === undefined ? at : rest;
  };
  return { ...rest, place: place && bare(place), related: related.map((one) => [one.message, bare(one.place)]) };
}

/** Versions of which only those that are asked for are depended on. */
function trackedPins(actions: Actions, read: Reader, folder: FolderParams): Pins {
  const get = (name: string) => read.get(actions.pin, { ...folder, name });
  return { get, has: (name) => get(name) !== undefined };
}

/** True where a place of a diagnostic stands in one of these files. */
function standsIn({ place, related }: Diagnostic, files: ReadonlySet<string>): boolean {
  return [place, ...related.map((one) => one.place)].some((one) => one !== undefined && files.has(one.file));
}
