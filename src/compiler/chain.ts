import type { ParsedNotebook } from "../annotation/attached.ts";
import type { ModelConfig } from "../config/project.ts";
import type { ParsedCell } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { dirName, joinPath } from "../foundation/paths.ts";
import type { Notebook } from "../notebook/notebook.ts";
import { readNotebook } from "../notebook/read-notebook.ts";
import { includesOf } from "../notebook/requirements.ts";
import { parseModule } from "../python/parse.ts";

/** The notebooks of a model in the order in which they run, `%run` followed, with every code cell parsed. */
export interface Chain {
  readonly notebooks: readonly ParsedNotebook[];
  readonly cells: readonly ParsedCell[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when a notebook could not be read at all. */
  readonly complete: boolean;
}

export interface ChainInput {
  readonly host: Host;
  readonly root: string;
  readonly model: ModelConfig;
}

/** Reads and parses a model's notebooks. Missing, damaged and cyclic ones become diagnostics. */
export function readChain({ host, root, model }: ChainInput): Chain {
  const diagnostics: Diagnostic[] = [];
  const notebooks: ParsedNotebook[] = [];
  const cells: ParsedCell[] = [];
  const parsed = new Map<string, ParsedNotebook>();
  let complete = true;

  const load = (path: string, asked: () => Diagnostic): ParsedNotebook | undefined => {
    const known = parsed.get(path);
    if (known) return known;
    let bytes: Uint8Array;
    try {
      bytes = host.readBytes(joinPath(root, path));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      diagnostics.push(asked());
      return undefined;
    }
    const read = readNotebook(path, bytes);
    diagnostics.push(...read.diagnostics);
    if (!read.value) return undefined;
    const notebook: Notebook = read.value;
    const made = {
      notebook,
      cells: notebook.cells.map((cell) => ({ cell, module: parseModule(cell.kind === "code" ? cell.python : "") })),
    };
    parsed.set(path, made);
    return made;
  };

  const run = (path: string, stack: readonly string[], asked: () => Diagnostic): void => {
    const found = load(path, asked);
    if (!found) {
      complete = false;
      return;
    }
    if (!notebooks.includes(found)) notebooks.push(found);
    const includes = includesOf(found.notebook);
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
          run(target ?? joinPath(dirName(path), include.target), [...stack, path], () =>
            report("CW2006", place, { target: include.target }),
          );
      }
      if (cell.kind !== "code") continue;
      for (const problem of module.problems)
        diagnostics.push(report("CW2001", cell.pythonPlace(problem.span), { problem: problem.message }));
      cells.push({ notebook: found.notebook, cell, module, run: stack[0] ?? path });
    }
  };
  model.notebooks.forEach((path, i) => {
    run(path, [], () => report("CW2007", model.place("notebooks", i), { path }));
  });
  return { notebooks, cells, diagnostics, complete };
}
