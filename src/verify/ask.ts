import type { Host } from "../foundation/host.ts";
import type { Network } from "../sandbox/network.ts";
import { type Ran, run } from "../sandbox/process.ts";
import type { Python } from "../sandbox/python.ts";
import { makeWorkplace, type Workplace } from "../sandbox/workplace.ts";
import { verifyPython } from "./python.generated.ts";

/** What every run of the user's Python needs. */
export interface Asking {
  readonly host: Host;
  readonly python: Python;
  readonly network: Network;
  readonly signal: AbortSignal;
  /** Most seconds of one run, and most bytes of memory of one process (0: no limit). */
  readonly limits: { readonly seconds: number; readonly memory: number };
}

/** What a Python says of itself. */
export interface Description {
  readonly python: string;
  readonly platform: string;
  readonly missing: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly sha256: string;
  readonly network: boolean;
}

/** Asks a Python which libraries it has, and whether it reaches the network from inside. */
export async function describePython(
  input: Omit<Asking, "limits">,
  modules: readonly string[],
  distributions: readonly string[],
): Promise<Description | string> {
  const place = makeWorkplace();
  try {
    const answer = await ask(place, { ...input, limits: { seconds: 120, memory: 0 } }, "describe", {
      modules,
      distributions,
    });
    return "why" in answer ? answer.why : (answer.value as Description);
  } finally {
    place.remove();
  }
}

/** Folders that no run needs: what others made, and what is ours. */
const left: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  ".crosswalk",
  "node_modules",
  ".venv",
  "venv",
  "env",
  "__pycache__",
  ".ipynb_checkpoints",
  ".mypy_cache",
  ".ruff_cache",
  ".pytest_cache",
  ".tox",
]);

/** True for a path, relative to the workspace, that is not copied. */
export function staysBehind(path: string, out: string): boolean {
  return path === out || left.has(path.slice(path.lastIndexOf("/") + 1));
}

/** Copies the workspace into the workplace; gives the copy. */
export function copyWorkspace(
  place: Workplace,
  { root, out }: { readonly root: string; readonly out: string },
  name: string,
): string {
  place.copy(root, place.at(name), (path) => staysBehind(path, out));
  return place.at(name);
}

/** The kernel keeps nothing in the user's own folders, and draws plots into memory. */
export function kernelEnvironment(place: Workplace): Readonly<Record<string, string>> {
  return {
    MPLBACKEND: "module://matplotlib_inline.backend_inline",
    IPYTHONDIR: place.at("ipython"),
    JUPYTER_RUNTIME_DIR: place.at("jupyter"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

let serial = 0;

/** Runs one command of our Python in the user's, under the limits and without a network. */
export async function ask(
  place: Workplace,
  { host, python, network, signal, limits }: Asking,
  command: string,
  job: Readonly<Record<string, unknown>>,
): Promise<{ readonly value: unknown } | { readonly why: string }> {
  const code = place.at("python");
  for (const [name, text] of Object.entries(verifyPython)) place.write(`python/crosswalk_verify/${name}`, text);
  place.write("empty/.keep", "");
  const name = `${command}-${serial++}`;
  place.write(`jobs/${name}.json`, JSON.stringify({ ...job, memory: limits.memory }));
  const files = [place.at("jobs", `${name}.json`), place.at("jobs", `${name}.answer.json`)];
  const ran = await run([...network.before, python.program, "-m", "crosswalk_verify", command, ...files], {
    cwd: place.at("empty"),
    env: {
      ...host.env,
      ...kernelEnvironment(place),
      PYTHONPATH: code,
      PYTHONSAFEPATH: undefined,
      PYTHONHOME: undefined,
    },
    seconds: limits.seconds,
    signal,
  });
  if (ran.code === 0) return { value: JSON.parse(new TextDecoder().decode(host.readBytes(files[1] ?? ""))) };
  return { why: whyOf(ran, limits.seconds) };
}

function whyOf({ ended, stderr, code }: Ran, seconds: number): string {
  if (ended === "time") return `it took longer than ${seconds} seconds (--timeout)`;
  const lines = stderr.trim().split("\n");
  return `${lines.slice(-3).join(" ").slice(0, 800) || `exit code ${code}`}`;
}

export { findNetwork } from "../sandbox/network.ts";
export { findPython } from "../sandbox/python.ts";
export type { Network, Python };
