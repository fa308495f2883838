import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { inRepository } from "../../scripts/lib/repository.ts";
import { openWorkspace } from "../../src/compiler/session.ts";
import type { BuildResult } from "../../src/compiler/session-contract.ts";
import { hasErrors, type Phase } from "../../src/diagnostics/diagnostic.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";

/** A git repository on disk with the command line on its PATH. */
export interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  /** git's exit code; its output does not matter. */
  tries(...args: readonly string[]): number;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Every file but those of git and the state, by path. */
  tree(): Readonly<Record<string, string>>;
  build(choices?: { readonly adopt: readonly string[] }): Promise<Phase<BuildResult>>;
  commit(message: string): void;
}

export function repository(files: Readonly<Record<string, string>>): Repository {
  const folder = mkdtempSync(join(tmpdir(), "cw-merge-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const programs = join(folder, ".git", "programs");
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    PATH: `${programs}${delimiter}${process.env.PATH}`,
  };
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "user.name", "A Person");
  git("config", "user.email", "person@example.com");
  mkdirSync(programs, { recursive: true });
  const program = join(programs, "crosswalk");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${inRepository("bin/crosswalk.js")}" "$@"\n`);
  chmodSync(program, 0o755);
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    folder,
    git,
    tries: (...args) => spawnSync("git", args, { cwd: folder, env }).status ?? 1,
    write,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    tree: () => treeOf(folder),
    build: (choices) => buildIn(folder, choices?.adopt),
    commit(message) {
      git("add", "--all");
      git("commit", "--quiet", "--message", message);
    },
  };
}

/** What a clean build of the same sources gives: all but the products, built in another folder. */
export async function cleanBuild({ folder }: Repository): Promise<Readonly<Record<string, string>>> {
  const other = mkdtempSync(join(tmpdir(), "cw-clean-"));
  onTestFinished(() => rmSync(other, { recursive: true, force: true }));
  for (const name of readdirSync(folder))
    if (name !== ".git" && name !== "production" && name !== ".crosswalk")
      cpSync(join(folder, name), join(other, name), { recursive: true });
  const built = await buildIn(other);
  if (hasErrors(built.diagnostics)) throw new Error(built.diagnostics.map((d) => d.message).join("\n"));
  return treeOf(other);
}

async function buildIn(folder: string, adopt: readonly string[] = []): Promise<Phase<BuildResult>> {
  const opened = await openWorkspace({
    host: nodeHost(folder),
    folder,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  });
  if (!opened.value) throw new Error(opened.diagnostics.map((d) => d.message).join("\n"));
  return opened.value.build({
    models: [],
    checkOnly: false,
    choices: { adopt, overwrite: [], eject: [] },
  });
}

function treeOf(folder: string): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (/^\.(git|crosswalk)(\/|$)/.test(path) || !statSync(join(folder, path)).isFile()) continue;
    out[path] = readFileSync(join(folder, path), "utf8");
  }
  return out;
}
