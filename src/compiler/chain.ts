import type { ParsedNotebook } from "../annotation/attached.ts";
import type { ModelConfig } from "../config/project.ts";
import { settleIdioms } from "../dataflow/modules/idioms.ts";
import { linkModules } from "../dataflow/modules/link.ts";
import type { SourceModule } from "../dataflow/modules/source-module.ts";
import type { ParsedCell, ScriptRun } from "../dataflow/program.ts";
import { linkStores } from "../dataflow/stores.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { readIfThere } from "../foundation/if-there.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import { readModuleFile } from "../notebook/module-file.ts";
import type { Notebook, ReadNotebook } from "../notebook/notebook.ts";
import { readNotebook } from "../notebook/read-notebook.ts";
import { includesOf } from "../notebook/requirements.ts";
import type { PyModule } from "../python/ir.ts";
import { parseModule } from "../python/parse.ts";
import { moduleFinder } from "./modules/find-module.ts";
import { addedFolders } from "./modules/search-path.ts";
import { scriptProblems } from "./run-scripts.ts";

/** The notebooks of a model in the order in which they run, `%run` followed, with every code cell parsed. */
export interface Chain {
  readonly notebooks: readonly ParsedNotebook[];
  readonly cells: readonly ParsedCell[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when a notebook could not be read at all. */
  readonly complete: boolean;
  /** Modules of the repository whose code is part of the program. */
  readonly modules: readonly SourceModule[];
  /** Imports of the repository's own modules that could not be followed, each with the reason. */
  readonly unfollowed: ReadonlyMap<string, string>;
}

export interface ChainInput {
  readonly host: Host;
  readonly root: string;
  readonly model: ModelConfig;
  /** True for libraries that the repository lists: Python finds them before folders that are put last. */
  readonly isInstalled?: (name: string) => boolean;
  /** Whether the repository says that a library's version is lower than this; undefined where it does not say. */
  readonly isBefore?: (name: string, major: number) => boolean | undefined;
  /** Gives a notebook that was read already, undefined where there is none; without it files are read. */
  readonly notebook?: (path: string) => ReadNotebook | undefined;
  /** Parses the code of a cell. */
  readonly parse?: (text: string) => PyModule;
}

/** Reads and parses a model's notebooks. Missing, damaged and cyclic ones become diagnostics. */
export function readChain({
  host,
  root,
  model,
  isInstalled = () => false,
  isBefore = () => undefined,
  parse = parseModule,
  notebook: given,
}: ChainInput): Chain {
  const diagnostics: Diagnostic[] = [];
  const notebooks: ParsedNotebook[] = [];
  const cells: ParsedCell[] = [];
  const parsed = new Map<string, ParsedNotebook>();
  let complete = true;

  function read(path: string, as: (path: string, bytes: Uint8Array) => ReadNotebook): ReadNotebook | undefined {
    const bytes = readIfThere(host, joinPath(root, path));
    return bytes && as(path, bytes);
  }

  const load = (path: string, asked: () => Diagnostic, isScript: boolean): ParsedNotebook | undefined => {
    const known = parsed.get(path);
    if (known) return known;
    const asNotebook = given ? given(path) : read(path, readNotebook);
    // To `%run` a script is plain Python: what stands in its comments does not run.
    const isPlain = isScript && asNotebook?.value && hasMagics(asNotebook.value);
    const found = isPlain ? read(path, readModuleFile) : asNotebook;
    if (!found) diagnostics.push(asked());
    else diagnostics.push(...found.diagnostics);
    if (!found?.value) return undefined;
    const notebook: Notebook = found.value;
    const made = {
      notebook,
      cells: notebook.cells.map((cell) => ({ cell, module: parse(cell.kind === "code" ? cell.python : "") })),
    };
    parsed.set(path, made);
    return made;
  };

  const run = (path: string, stack: readonly string[], asked: () => Diagnostic, script?: ScriptRun): void => {
    const found = load(path, asked, stack.length > 0 && /\.py$/i.test(path));
    if (!found) {
      complete = false;
      return;
    }
    if (!notebooks.includes(found)) notebooks.push(found);
    const includes = includesOf(found.notebook, stack[0]);
    for (const { cell, module } of found.cells) {
      for (const include of includes.filter((i) => i.cell === cell.index)) {
        const target = include.candidates.find((candidate) => host.stat(joinPath(root, candidate))?.kind === "file");
        const { place } = include;
        const before = module.body[0];
        if (before && cell.sourceSpan(before.span).start < include.offset)
          diagnostics.push(report("CW2008", place, { target: include.target }));
        if (target !== undefined && [...stack, path].includes(target)) {
          diagnostics.push(report("CW2005", place, { target: include.target }));
          complete = false;
        } else
          run(
            target ?? joinPath(dirName(path), include.target),
            [...stack, path],
            () => report("CW2006", place, { target: include.target }),
            include.shares ? undefined : { target: include.target, place },
          );
      }
      if (cell.kind !== "code") continue;
      for (const problem of module.problems)
        diagnostics.push(report("CW2001", cell.pythonPlace(problem.span), { problem: problem.message }));
      const isScript = script !== undefined && /\.py$/i.test(path) && found.notebook.format !== "databricks";
      cells.push({ notebook: found.notebook, cell, module, run: stack[0] ?? path, ...(isScript ? { script } : {}) });
    }
  };
  model.notebooks.forEach((path, i) => {
    run(path, [], () => report("CW2007", model.place("notebooks", i), { path }));
  });
  diagnostics.push(...scriptProblems(cells));
  const stores = linkStores(cells);
  const linkedAt = new Set(stores.places.map(placeKey));
  const current = cells.map((cell) => stores.changed.get(cell) ?? cell);
  const own = [...new Set(model.notebooks.map(dirName))];
  const added = addedFolders(cells).flatMap((folder) => own.map((from) => joinPath(from, folder)));
  const settled = settleIdioms(current, isBefore);
  const linked = linkModules(
    current.map((cell) => settled.get(cell) ?? cell),
    moduleFinder({ host, root, own, added: [...new Set(added)], isInstalled }),
  );
  const changed = new Map(
    cells.map((cell) => {
      const stored = stores.changed.get(cell) ?? cell;
      const now = settled.get(stored) ?? stored;
      return [cell.cell, linked.changed.get(now) ?? now];
    }),
  );
  return {
    notebooks: notebooks.map((one) => ({
      ...one,
      cells: one.cells.map((parsed) => changed.get(parsed.cell) ?? parsed),
    })),
    cells: linked.cells,
    // A %store that is Python now is no magic that nobody follows.
    diagnostics: diagnostics.filter((d) => d.code !== "CW1040" || !d.place || !linkedAt.has(placeKey(d.place))),
    complete,
    modules: linked.modules,
    unfollowed: linked.left,
  };
}

function placeKey({ file, cell, line, column }: Place): string {
  return `${file}:${cell}:${line}:${column}`;
}

/** True where a Python file holds IPython syntax, in comments or elsewhere. A Databricks source is a notebook for `%run` too. */
function hasMagics(notebook: Notebook): boolean {
  return notebook.format === "percent" && notebook.cells.some((cell) => cell.magics.length > 0);
}
