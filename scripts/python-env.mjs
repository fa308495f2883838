// Python environments of the examples: found or made once, kept in .envs/<digest of the pins>. No dependency, runs on Node 20.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const windows = process.platform === "win32";
const marker = "crosswalk-env.json";

/** What to say to a person; printed without a stack. */
export class EnvironmentError extends Error {}

/** The value of a top-level `python:` key of a crosswalk.yaml; undefined when it says none. */
export function pythonOf(yaml) {
  const found = /^python:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*))/m.exec(yaml);
  return (found?.[1] ?? found?.[2] ?? found?.[3])?.trim() || undefined;
}

/** Whether a version such as "3.11.7" satisfies a PEP 440 specifier such as ">=3.11,<3.13". */
export function satisfies(version, specifier) {
  const numbers = (text) => text.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const compare = (a, b) => {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const difference = (a[i] ?? 0) - (b[i] ?? 0);
      if (difference !== 0) return Math.sign(difference);
    }
    return 0;
  };
  return specifier.split(",").every((clause) => {
    const found = /^\s*(>=|<=|>|<|==|!=|~=)?\s*([0-9][0-9.]*?)(\.\*)?\s*$/.exec(clause);
    if (!found) return false;
    const [, sign = "==", wanted, star] = found;
    const right = numbers(wanted);
    const left = star || !found[1] ? numbers(version).slice(0, right.length) : numbers(version);
    const order = compare(left, right);
    if (sign === "~=")
      return order >= 0 && compare(numbers(version).slice(0, right.length - 1), right.slice(0, -1)) === 0;
    return { ">=": order >= 0, "<=": order <= 0, ">": order > 0, "<": order < 0, "==": order === 0, "!=": order !== 0 }[
      sign
    ];
  });
}

/** The version that a Python tells of itself, e.g. "3.11.7"; undefined when it does not run. */
function versionOf(python) {
  const out = spawnSync(python, ["-c", "import platform; print(platform.python_version())"], { encoding: "utf8" });
  return out.status === 0 ? out.stdout.trim() : undefined;
}

const runs = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** How to make an environment for `specifier`: a Python on this machine, by uv where uv is there. `wanted` may be a path. */
export function findPython(wanted = ">=3.11") {
  const uv = runs("uv", ["--version"]);
  if (/[\\/]/.test(wanted)) {
    const version = versionOf(wanted);
    if (!version)
      throw new EnvironmentError(`python: ${wanted} (from crosswalk.yaml) does not run; name a Python that does.`);
    return { python: wanted, version, uv };
  }
  const tried = [];
  for (const name of ["python3", "python3.11", "python3.12", "python3.13", "python"]) {
    const version = versionOf(name);
    if (version && satisfies(version, wanted)) return { python: name, version, uv };
    if (version) tried.push(`${name} is ${version}`);
  }
  if (uv) {
    const out = spawnSync("uv", ["python", "find", wanted], { encoding: "utf8" });
    const version = out.status === 0 ? versionOf(out.stdout.trim()) : undefined;
    if (version) return { python: out.stdout.trim(), version, uv };
  }
  throw new EnvironmentError(
    `No Python ${wanted} on this machine${tried.length > 0 ? ` (${tried.join(", ")})` : ""}; install Python 3.11 and try again.`,
  );
}

function run(command, args, what) {
  const out = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  if (out.status === 0) return;
  const tail = `${out.stdout ?? ""}${out.stderr ?? ""}`.trim().split("\n").slice(-12).join("\n");
  throw new EnvironmentError(`${what} failed: ${command} ${args.join(" ")}\n${tail || out.error?.message || ""}`);
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Runs `work` while no other process makes the same environment; a lock of a dead process is taken over. */
function locked(lock, work) {
  const deadline = Date.now() + 20 * 60_000;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      let holder;
      let age = 0;
      try {
        holder = Number(readFileSync(lock, "utf8"));
        age = Date.now() - statSync(lock).mtimeMs;
      } catch {
        continue;
      }
      if (holder ? !alive(holder) : age > 10_000) rmSync(lock, { force: true });
      else if (Date.now() > deadline)
        throw new EnvironmentError(`Another process has been making this environment for 20 minutes (${lock}).`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * The environment that holds exactly these requirement files, made when it is missing or was left half made.
 * `root` is the repository, `python` a specifier or a path. Gives {python, bin, folder, made}.
 */
export function pythonEnv({ root, requirements, constraints = [], python, log = () => {} }) {
  const base = findPython(python);
  const pins = [...requirements, ...constraints].map((file) => readFileSync(file, "utf8"));
  const digest = createHash("sha256")
    .update(JSON.stringify([pins, base.version]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(root, ".envs", digest);
  const bin = join(folder, windows ? "Scripts" : "bin");
  const executable = join(bin, windows ? "python.exe" : "python");
  const ready = () => existsSync(join(folder, marker)) && existsSync(executable);
  if (ready()) return { python: executable, bin, folder, made: false };
  mkdirSync(join(root, ".envs"), { recursive: true });
  return locked(`${folder}.lock`, () => {
    if (ready()) return { python: executable, bin, folder, made: false };
    log(
      `making the Python environment .envs/${digest} with ${base.uv ? "uv" : "venv and pip"} (Python ${base.version}) …`,
    );
    rmSync(folder, { recursive: true, force: true });
    const files = [...requirements.flatMap((file) => ["-r", file]), ...constraints.flatMap((file) => ["-c", file])];
    if (base.uv) {
      run("uv", ["venv", "--quiet", "--python", base.python, folder], "Making the environment");
      run("uv", ["pip", "install", "--quiet", "--python", executable, ...files], "Installing the requirements");
    } else {
      run(base.python, ["-m", "venv", folder], "Making the environment");
      run(
        executable,
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", ...files],
        "Installing the requirements",
      );
    }
    // Written last: an environment without it is half made and is made again.
    writeFileSync(join(folder, marker), `${JSON.stringify({ digest, python: base.version })}\n`);
    return { python: executable, bin, folder, made: true };
  });
}

/** The environment in which an example and its product are run and judged. `example` is a folder with crosswalk.yaml and requirements.txt. */
export function exampleEnv(root, example, log) {
  const yaml = readFileSync(join(example, "crosswalk.yaml"), "utf8");
  return pythonEnv({
    root,
    requirements: [join(example, "requirements.txt"), join(root, "scripts", "checks.requirements.txt")],
    constraints: [join(root, "scripts", "checks.constraints.txt")],
    python: pythonOf(yaml),
    log,
  });
}

/** The process environment with this Python first on PATH and nothing of another one. */
export function envFor(env, base = process.env) {
  const { PYTHONHOME, PYTHONPATH, ...rest } = base;
  return {
    ...rest,
    PATH: `${env.bin}${delimiter}${base.PATH ?? ""}`,
    VIRTUAL_ENV: env.folder,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
  };
}
