/**
 * Servers and build tools that some tests are run against. They are no dependency of the repository: each is installed once into
 * .envs/tools, and where that fails its tests are skipped and say why.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRepository } from "./repository.ts";
import { run } from "./run.ts";

export type ToolName = "nginx" | "turborepo-remote-cache" | "moto" | "pre-commit" | "turbo" | "nx";

export type Tool =
  | { readonly kind: "here"; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: "missing"; readonly reason: string };

interface Recipe {
  /** Changing it installs the tool anew. */
  readonly pins: readonly string[];
  /** The program, relative to the tool's folder. */
  readonly program: string;
  /** What comes before its own arguments. */
  readonly args?: readonly string[];
  /** Installs into an empty folder that exists; gives what went wrong, or nothing. */
  install(folder: string, pins: readonly string[]): Promise<string | undefined>;
}

const npmPackage = (name: string, version: string): Recipe => ({
  pins: [`${name}@${version}`],
  program: `node_modules/.bin/${name}`,
  install: (folder, pins) =>
    failure("npm", [
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel",
      "error",
      ...pins,
    ]),
});

const pythonPackage = (module: string, ...pins: readonly string[]): Recipe => ({
  pins,
  // Scripts of an environment name the folder it was made in; this one is renamed.
  program: "bin/python",
  args: ["-m", module],
  install: async (folder) =>
    (await failure("python3", ["-m", "venv", folder])) ??
    failure(join(folder, "bin", "python"), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--no-input",
      ...pins,
    ]),
});

const recipes: Readonly<Record<ToolName, Recipe>> = {
  // The program out of Debian's packages, unpacked and not installed: no root, no service.
  nginx: {
    pins: ["nginx-light", "nginx"],
    program: "usr/sbin/nginx",
    async install(folder, pins) {
      const packages = join(folder, "packages");
      mkdirSync(packages);
      const got = await failure("apt-get", ["download", ...pins], packages);
      if (got !== undefined) return got;
      for (const name of readdirSync(packages)) {
        const unpacked = await failure("dpkg", ["-x", join(packages, name), folder]);
        if (unpacked !== undefined) return unpacked;
      }
      rmSync(packages, { recursive: true });
      return failure(join(folder, "usr/sbin/nginx"), ["-v"]);
    },
  },
  "turborepo-remote-cache": npmPackage("turborepo-remote-cache", "2.12.0"),
  turbo: npmPackage("turbo", "2.11.11"),
  nx: npmPackage("nx", "24.0.6"),
  moto: pythonPackage("moto.server", "moto[s3]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"),
  "pre-commit": pythonPackage("pre_commit", "pre-commit==4.7.0"),
};

export const toolNames = Object.keys(recipes) as readonly ToolName[];

const marker = "crosswalk-tool.json";

/** A tool as it stands in .envs/tools, or on the machine itself; installs nothing. */
export function optionalTool(name: ToolName): Tool {
  const { pins, program, args = [] } = recipes[name];
  const folder = folderOf(name);
  if (isReady(folder, pins)) return { kind: "here", command: join(folder, program), args };
  if (name === "nginx" && spawnSync("nginx", ["-v"]).status === 0) return { kind: "here", command: "nginx", args };
  const failed = join(`${folder}.failed`);
  const why = existsSync(failed) ? readFileSync(failed, "utf8").trim() : "node scripts/tools.ts installs it";
  return { kind: "missing", reason: `${name} is not here: ${why}` };
}

/** Seconds that one program, and all installing together, may take: a machine without a network must not wait for long. */
const [longest, longestInAll] = [150, 300];
/** Hours in which what failed is not tried again, unless a person asks for it. */
const patience = 12;

/** Installs what is missing, a few minutes at most in all; says what it does. */
export async function installTools(
  names: readonly ToolName[],
  log: (line: string) => void,
  isAsked = false,
): Promise<void> {
  const began = performance.now();
  for (const name of names) {
    if (optionalTool(name).kind === "here") continue;
    const failed = `${folderOf(name)}.failed`;
    const age = existsSync(failed) ? Date.now() - statSync(failed).mtimeMs : Number.POSITIVE_INFINITY;
    if (!isAsked && age < patience * 3_600_000) continue;
    if (performance.now() - began > longestInAll * 1000) {
      log(`${name} is left out: installing has taken long enough`);
      continue;
    }
    const { pins, install } = recipes[name];
    const folder = folderOf(name);
    const making = `${folder}.${process.pid}`;
    log(`installing ${pins.join(", ")} into .envs/tools …`);
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    const problem = await install(making, pins);
    if (problem === undefined) {
      writeFileSync(join(making, marker), JSON.stringify(pins));
      rmSync(folder, { recursive: true, force: true });
      rmSync(`${folder}.failed`, { force: true });
      renameSync(making, folder);
    } else {
      rmSync(making, { recursive: true, force: true });
      writeFileSync(`${folder}.failed`, problem);
      log(`${name} could not be installed: ${problem}; its tests are skipped`);
    }
  }
}

function folderOf(name: ToolName): string {
  return inRepository(".envs", "tools", name);
}

function isReady(folder: string, pins: readonly string[]): boolean {
  const file = join(folder, marker);
  return existsSync(file) && readFileSync(file, "utf8") === JSON.stringify(pins);
}

/** Runs a program; what it said last when it failed. */
async function failure(command: string, args: readonly string[], cwd?: string): Promise<string | undefined> {
  const ran = await run(command, args, { limit: longest, ...(cwd === undefined ? {} : { cwd }) });
  if (ran.code === 0) return undefined;
  return `${command} ended with ${ran.code}: ${`${ran.stdout}\n${ran.stderr}`.trim().split("\n").at(-1) ?? ""}`;
}
