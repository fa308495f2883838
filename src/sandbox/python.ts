import type { Host } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { run } from "./process.ts";

/** The user's Python, and where it was found. */
export interface Python {
  /** The program. */
  readonly program: string;
  /** E.g. "VIRTUAL_ENV", ".venv", "made by uv from the pins". */
  readonly origin: string;
  readonly version: string;
}

export interface PythonRequest {
  readonly host: Host;
  /** Absolute folders beside which a virtual environment may stand, nearest first. */
  readonly folders: readonly string[];
  /** Named on the command line. */
  readonly named?: string;
  /** `python:` of crosswalk.yaml. */
  readonly specifier: string;
  readonly satisfies: (version: string, specifier: string) => boolean;
  /** What an environment of its own would hold, as requirements; made in `home`, an absolute folder, if uv is there. */
  readonly requirements: readonly string[];
  readonly home: string;
  /** Called before something is installed. */
  readonly tell: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Why there is none. */
export interface NoPython {
  readonly tried: readonly string[];
}

const environments = [".venv", "venv", "env"];

/** Finds the Python that the notebook runs in: the named one, the active environment, one beside the workspace, or a new one by uv. */
export async function findPython(request: PythonRequest): Promise<Python | NoPython> {
  const { host, named, specifier } = request;
  const tried: string[] = [];
  for (const [program, origin] of candidates(request)) {
    const version = await versionOf(program, request);
    if (version === undefined) {
      if (named !== undefined || origin.includes("_")) tried.push(`${origin} (${program}) does not run`);
      continue;
    }
    // Who names a program has decided.
    if (named !== undefined || request.satisfies(version, specifier)) return { program, origin, version };
    tried.push(`${origin} is Python ${version}, and crosswalk.yaml asks for ${specifier}`);
  }
  if (named !== undefined) return { tried };
  const uv = await run(["uv", "--version"], { cwd: host.cwd, env: host.env, seconds: 20 });
  if (uv.code !== 0) return { tried: [...tried, "uv, which would make one from the pins, is not installed"] };
  return makeByUv(request, tried);
}

function candidates({ host, named, folders }: PythonRequest): readonly (readonly [program: string, origin: string])[] {
  if (named !== undefined) return [[named, "--python"]];
  const isWindows = process.platform === "win32";
  const inside = (folder: string): string => joinPath(folder, isWindows ? "Scripts/python.exe" : "bin/python");
  const active = (["VIRTUAL_ENV", "CONDA_PREFIX"] as const).flatMap((name) => {
    const folder = host.env[name];
    const program = name === "CONDA_PREFIX" && isWindows ? joinPath(folder ?? "", "python.exe") : inside(folder ?? "");
    return folder === undefined || folder === "" ? [] : [[program, name] as const];
  });
  const beside = folders.flatMap((folder) =>
    environments.map((name) => [inside(joinPath(folder, name)), name] as const),
  );
  return [...active, ...beside.filter(([program]) => host.realPath(program) !== undefined)];
}

async function versionOf(program: string, { host, signal }: PythonRequest): Promise<string | undefined> {
  const asked = await run([program, "-I", "-c", "import platform; print(platform.python_version())"], {
    cwd: host.cwd,
    env: host.env,
    seconds: 60,
    ...(signal ? { signal } : {}),
  });
  return asked.code === 0 ? asked.stdout.trim() : undefined;
}

async function makeByUv(request: PythonRequest, tried: readonly string[]): Promise<Python | NoPython> {
  const { host, home, specifier, requirements, signal } = request;
  const program = joinPath(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const complete = joinPath(home, "crosswalk-complete");
  const options = { cwd: host.cwd, env: host.env, seconds: 1800, ...(signal ? { signal } : {}) };
  if (host.stat(complete)?.kind !== "file") {
    request.tell(`uv makes an environment with ${requirements.length} pinned libraries`);
    const made = [
      ["uv", "venv", "--quiet", "--clear", "--python", specifier, home],
      ["uv", "pip", "install", "--quiet", "--python", program, ...requirements],
    ];
    for (const command of made) {
      const ran = await run(command, options);
      if (ran.code !== 0) {
        const why = ran.stderr.trim().split("\n").slice(-3).join(" ").slice(0, 500);
        return { tried: [...tried, `${command.slice(0, 3).join(" ")} failed: ${why}`] };
      }
    }
    host.writeAtomic(complete, "");
  }
  const version = await versionOf(program, request);
  if (version === undefined) return { tried: [...tried, `the environment that uv made (${home}) does not run`] };
  return { program, origin: "made by uv from the pins", version };
}
