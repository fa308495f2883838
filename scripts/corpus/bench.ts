import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { inRepository } from "../lib/repository.ts";
import { must } from "../lib/run.ts";
import { EnvironmentError, envFor, exampleEnv, type PythonEnv, pythonEnv } from "../python-env.mjs";

/** What a run over a corpus needs: Pythons, the digest, and the folder where workspaces and runs of notebooks are kept. */
export interface CorpusBench {
  /** The Python in which notebooks and products run. */
  readonly python: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Python with ruff, vulture and mypy, and the folder of its stubs. */
  readonly tools: PythonEnv;
  readonly stubs: string;
  /** The pins of the corpus, when there are any. */
  readonly lock: string | undefined;
  /** Python file with namespace_digest, stable and compare. */
  readonly digest: string;
  readonly list: string | undefined;
  /** Holds `work/` (workspaces, made anew) and `runs/` (what notebooks computed, by content). */
  readonly cache: string;
  /** Digest of the interpreter and of all that is installed in it. */
  readonly installed: string;
}

/** Where the expectations of the corpus stand: beside the repository, or where the environment says. */
export function specification(name: string): string | undefined {
  const path = join(process.env.CROSSWALK_CORPUS_SPEC ?? inRepository("..", "shared", "corpus"), name);
  return existsSync(path) ? resolve(path) : undefined;
}

function sha(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** An environment that somebody named, as if this program had made it. */
function named(python: string): PythonEnv {
  const out = spawnSync(python, ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  if (out.status !== 0) throw new EnvironmentError(`CROSSWALK_CORPUS_PYTHON: ${python} does not run.`);
  const bin = dirname(out.stdout.trim());
  return { python: out.stdout.trim(), bin, folder: dirname(bin), made: false };
}

/** The stub packages of the tools alone, so that mypy finds them beside the libraries of another environment. */
function stubsOf(tools: PythonEnv, cache: string): string {
  const ask = spawnSync(tools.python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
    encoding: "utf8",
  });
  const site = ask.stdout.trim();
  const folder = join(cache, "stubs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(site).filter((entry) => entry.endsWith("-stubs")))
    symlinkSync(join(site, name), join(folder, name), "dir");
  return folder;
}

/** Finds or makes everything; CROSSWALK_CORPUS_PYTHON and CROSSWALK_CORPUS_CACHE name what is there already. */
export async function corpusBench(log: (line: string) => void): Promise<CorpusBench> {
  const lock = specification("requirements.lock.txt");
  const wanted = process.env.CROSSWALK_CORPUS_PYTHON;
  if (!wanted && !lock)
    throw new EnvironmentError(
      "No Python for the notebooks: set CROSSWALK_CORPUS_PYTHON, or CROSSWALK_CORPUS_SPEC to a folder with requirements.lock.txt.",
    );
  const own = wanted
    ? named(wanted)
    : pythonEnv({ root: inRepository(), requirements: lock ? [lock] : [], python: ">=3.11,<3.12", log });
  const tools = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
  const cache = resolve(process.env.CROSSWALK_CORPUS_CACHE ?? join(homedir(), ".cache", "crosswalk-corpus"));
  mkdirSync(join(cache, "runs"), { recursive: true });
  const list =
    "import sys, importlib.metadata as m; print(sys.version, *sorted(f'{d.name}=={d.version}' for d in m.distributions()))";
  const installed = sha(await must(own.python, ["-c", list]));
  const digest = specification("run_baseline.py") ?? inRepository("scripts", "oracle", "corpus_digest.py");
  const env = { ...envFor(own), MPLBACKEND: "Agg" };
  const stubs = stubsOf(tools, cache);
  return { python: own.python, env, tools, stubs, lock, digest, list: specification("open.tsv"), cache, installed };
}

/** Digest of files by their bytes. */
export function digestOfFiles(...paths: readonly string[]): string {
  return sha(paths.map((path) => readFileSync(path, "latin1")).join("\0"));
}
