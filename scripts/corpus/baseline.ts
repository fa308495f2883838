import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inRepository } from "../lib/repository.ts";
import { run } from "../lib/run.ts";
import { type CorpusBench, digestOfFiles } from "./bench.ts";
import type { CorpusNotebook } from "./notebooks.ts";

/** What one run of a notebook in a real kernel came to. */
export interface NotebookRun {
  readonly status: "ok" | "error" | "timeout" | "dead";
  readonly why: string;
  readonly seconds: number;
  readonly namespace?: { readonly vars: Readonly<Record<string, unknown>> };
  /** Recorded runs only: what the names hold at the end. */
  readonly found?: Readonly<Record<string, "estimator" | "prediction" | "figure">>;
}

const kernel = inRepository("scripts", "oracle", "corpus_kernel.py");
const recorder = inRepository("scripts", "oracle", "corpus_record.py");

/** Copies a repository without what no notebook reads. */
export function copyRepository(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !/[\\/](?:\.git|node_modules|__pycache__)$/.test(path) });
}

/** Names and sizes of the files beside a notebook: other data, other run. */
function surroundings(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(?:^|[\\/])(?:\.git|__pycache__)(?:[\\/]|$)/.test(path))
    .map((path) => `${path} ${statSync(join(folder, path)).size}`)
    .sort()
    .join("\n");
}

/**
 * Run number `n` of a notebook, from the cache where the same notebook ran before. Each runs in a fresh copy of its repository. Run 0 is
 * recorded (what predictions, figures and estimators the names hold); the others are plain.
 */
export async function notebookRun(
  bench: CorpusBench,
  notebook: CorpusNotebook,
  n: number,
): Promise<{ readonly file: string; readonly run: NotebookRun }> {
  const source = join(notebook.repository, notebook.path);
  const scripts = n === 0 ? [bench.digest, recorder] : [bench.digest];
  const key = `${digestOfFiles(source, ...scripts)}-${bench.installed}-${hash(surroundings(notebook.repository))}`;
  const file = join(bench.cache, "runs", `${key}-${n}.json`);
  if (!existsSync(file)) {
    const folder = mkdtempSync(join(tmpdir(), "crosswalk-notebook-"));
    try {
      copyRepository(notebook.repository, folder);
      const args = [kernel, join(folder, notebook.path), "--out", file, "--digest", bench.digest];
      if (n === 0) args.push("--record", recorder);
      const ran = await run(bench.python, args, { env: bench.env, cwd: dirname(join(folder, notebook.path)) });
      if (!existsSync(file)) throw new Error(`${notebook.path}: the kernel left nothing\n${ran.stderr.slice(-500)}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { file, run: JSON.parse(readFileSync(file, "utf8")) as NotebookRun };
}

function hash(text: string): string {
  let value = 5381;
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 33) ^ text.charCodeAt(i)) >>> 0;
  return value.toString(16);
}
