import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crosswalk, inRepository } from "./repository.ts";
import { run } from "./run.ts";

/** Digest and time of every file below a folder, by relative path. */
export function snapshot(folder: string): ReadonlyMap<string, { readonly digest: string; readonly changed: number }> {
  const files = new Map<string, { digest: string; changed: number }>();
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = statSync(join(folder, path));
    if (!stat.isFile()) continue;
    const digest = createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
    files.set(path, { digest, changed: stat.mtimeMs });
  }
  return files;
}

/** How a build was started, and by what it must not be moved. */
export interface Surroundings {
  readonly name: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const bare = { PATH: "/nonexistent" };

/** The surroundings in which the same bytes must come out; each in a folder of its own below `base`. */
export function surroundings(base: string): readonly Surroundings[] {
  return [
    { name: "as it is", folder: join(base, "a"), env: process.env },
    {
      name: "another folder, with a blank and an umlaut",
      folder: join(base, "andere Stelle", "ü", "deep"),
      env: process.env,
    },
    {
      name: "locale tr_TR",
      folder: join(base, "b"),
      env: { ...process.env, LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", LANGUAGE: "tr" },
    },
    { name: "locale C", folder: join(base, "c"), env: { ...process.env, LANG: "C", LC_ALL: "C" } },
    { name: "time zone Pacific/Apia", folder: join(base, "d"), env: { ...process.env, TZ: "Pacific/Apia" } },
    { name: "no environment variable and an empty PATH", folder: join(base, "e"), env: bare },
    {
      name: "neither Python nor an environment",
      folder: join(base, "f"),
      env: { ...bare, HOME: join(base, "f"), VIRTUAL_ENV: "", CONDA_PREFIX: "" },
    },
  ];
}

/** Builds the example in each surroundings; gives, by name, the paths whose bytes differ from the first build's. */
export async function reproduce(): Promise<ReadonlyMap<string, readonly string[]>> {
  const base = mkdtempSync(join(tmpdir(), "crosswalk-same-"));
  const found = new Map<string, readonly string[]>();
  try {
    let first: ReturnType<typeof snapshot> | undefined;
    for (const { name, folder, env } of surroundings(base)) {
      mkdirSync(folder, { recursive: true });
      copyExample(folder);
      const ran = await run(process.execPath, [crosswalk, "build", "--format", "concise"], { cwd: folder, env });
      if (ran.code !== 0) {
        found.set(name, [
          `crosswalk build ended with ${ran.code}: ${`${ran.stdout}${ran.stderr}`.trim().split("\n")[0] ?? ""}`,
        ]);
        continue;
      }
      const made = snapshot(join(folder, "production"));
      first ??= made;
      const reference = first;
      const all = [...new Set([...reference.keys(), ...made.keys()])];
      found.set(
        name,
        all.filter((path) => reference.get(path)?.digest !== made.get(path)?.digest),
      );
    }
    return found;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Copies the example as it is committed. */
export function copyExample(folder: string): void {
  const source = inRepository("examples", "credit-risk");
  for (const name of readdirSync(source)) {
    if (["production", "run", ".crosswalk"].includes(name)) continue;
    cpSync(join(source, name), join(folder, name), { recursive: true });
  }
}

/** Builds twice in one folder; gives the files that the second build wrote, removed or left behind. */
export async function secondBuild(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "crosswalk-twice-"));
  try {
    copyExample(folder);
    const build = async (): Promise<ReturnType<typeof snapshot>> => {
      const ran = await run(process.execPath, [crosswalk, "build", "--format", "concise"], { cwd: folder });
      if (ran.code !== 0) throw new Error(`crosswalk build ended with ${ran.code}\n${ran.stdout}${ran.stderr}`);
      return snapshot(folder);
    };
    const first = await build();
    const second = await build();
    const all = [...new Set([...first.keys(), ...second.keys()])];
    return all.filter((path) => {
      const [before, after] = [first.get(path), second.get(path)];
      return before?.digest !== after?.digest || before?.changed !== after?.changed;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
