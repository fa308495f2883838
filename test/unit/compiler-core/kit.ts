import { ipynbOf } from "../../../scripts/error-pages.ts";
import { type Compiled, compileModel } from "../../../src/compiler/compile.ts";
import { readPins } from "../../../src/compiler/pins.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { analyse, type Dataflow } from "../../../src/dataflow/analyse.ts";
import { type ParsedCell, program } from "../../../src/dataflow/program.ts";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";
import { initPython } from "../../../src/python/engine.ts";
import { parseModule } from "../../../src/python/parse.ts";

await initPython(nodeHost());

export const defaultConfig = "model: credit-risk\nnotebooks: [notebooks/train.ipynb]\n";

/** A repository in memory: the notebook as `# %%` text, and whatever else lies beside it. */
export interface Repository {
  readonly notebook?: string;
  readonly config?: string;
  /** Path relative to the root → content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly root?: string;
}

/** The host of a repository. Every library counts as pinned unless the repository says otherwise. */
export function hostOf(repository: Repository): MemoryHost {
  const { root = "/repo", files = {} } = repository;
  const all: Record<string, string | Uint8Array> = {
    "crosswalk.yaml": repository.config ?? defaultConfig,
    "requirements.txt": "pandas==2.2.3\nnumpy==1.26.4\nscikit-learn==1.5.2\nmatplotlib==3.9.2\nscipy==1.14.1\n",
    ...(repository.notebook === undefined ? {} : { "notebooks/train.ipynb": ipynbOf(repository.notebook) }),
    ...files,
  };
  return memoryHost(Object.fromEntries(Object.entries(all).map(([path, text]) => [`${root}/${path}`, text])), {}, root);
}

/** Everything said about a repository's configuration and its first model, and what came of that model. */
export interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  readonly compiled: Compiled | undefined;
}

/** Compiles the first model of a repository. */
export async function compileRepository(repository: Repository): Promise<Outcome> {
  const host = hostOf(repository);
  const loaded = loadWorkspace(host, repository.root ?? "/repo");
  const model = loaded.value?.models[0];
  if (!loaded.value || !model) return { diagnostics: loaded.diagnostics, compiled: undefined };
  const { root } = loaded.value;
  const compiled = await compileModel({ host, root, model, pins: readPins(host, root, model) });
  return { diagnostics: [...loaded.diagnostics, ...compiled.diagnostics], compiled };
}

/** Compiles a notebook and gives what is said and made; the blueprint is there where a product is. */
export async function compileNotebook(notebook: string, more: Omit<Repository, "notebook"> = {}) {
  const { diagnostics, compiled } = await compileRepository({ ...more, notebook });
  return {
    diagnostics,
    compiled,
    blueprint: compiled?.built?.blueprint,
    /** `CW2003 2:1:9`: code, cell, line and column. */
    said: diagnostics.map((d) => `${d.code} ${d.place?.cell ?? "-"}:${d.place?.line ?? "-"}:${d.place?.column ?? "-"}`),
    file: (path: string): string | undefined => compiled?.files.find((f) => f.path === path)?.text,
  };
}

/** The blueprint of a notebook that must be sound; what was said is the failure. */
export async function blueprintOf(notebook: string, more: Omit<Repository, "notebook"> = {}) {
  const { blueprint, diagnostics } = await compileNotebook(notebook, more);
  if (!blueprint) throw new Error(`no product: ${diagnostics.map((d) => `${d.code} ${d.message}`).join("; ")}`);
  return blueprint;
}

/** The dataflow of a notebook given as `# %%` text. */
export function flowOf(notebook: string): Dataflow {
  const read = readNotebook("train.ipynb", new TextEncoder().encode(ipynbOf(notebook)));
  if (!read.value) throw new Error(read.diagnostics.map((d) => d.message).join("; "));
  const { cells } = read.value;
  const parsed = cells
    .filter((cell) => cell.kind === "code")
    .map(
      (cell): ParsedCell => ({
        notebook: read.value as NonNullable<typeof read.value>,
        cell,
        module: parseModule(cell.python),
      }),
    );
  return analyse(program(parsed));
}
