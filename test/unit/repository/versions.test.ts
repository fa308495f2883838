import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findRuntime, installedMatches, nodeIsNewEnough } from "../../../scripts/bootstrap.mjs";
import { inRepository } from "../../../scripts/lib/repository.ts";
import { pythonOf, satisfies } from "../../../scripts/python-env.mjs";

const manifest = JSON.parse(readFileSync(inRepository("package.json"), "utf8")) as {
  engines: { node: string };
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
};
const scratch = mkdtempSync(join(tmpdir(), "crosswalk-bootstrap-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const majors: Readonly<Record<string, number>> = {
  "@anthropic-ai/sdk": 1,
  ajv: 8,
  chevrotain: 13,
  chokidar: 6,
  listr2: 11,
  node: 24,
  "ts-morph": 28,
  vitest: 5,
};
/** They come in when their work does. */
const later = ["@anthropic-ai/sdk", "chokidar", "ts-morph"];

it("dependencies are at the majors that were decided, pinned exactly, and those are what is installed", () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, major] of Object.entries(majors)) {
    const pinned = all[name];
    if (pinned === undefined) {
      expect(later, name).toContain(name);
      continue;
    }
    expect(pinned, name).toMatch(new RegExp(`^${major}\\.\\d+\\.\\d+$`));
  }
  for (const [name, pinned] of Object.entries(all)) {
    expect(pinned, name).toMatch(/^\d+\.\d+\.\d+$/);
    const installed = JSON.parse(readFileSync(inRepository("node_modules", name, "package.json"), "utf8")) as {
      version: string;
    };
    expect(installed.version, name).toBe(pinned);
  }
  expect(manifest.allowScripts.node).toBe(true);
});

it("tests run on Node 22.22 or later", () => {
  expect(nodeIsNewEnough(process.version)).toBe(true);
});

it("the bootstrap, the bin shim and package.json agree on which Node is new enough", () => {
  expect(manifest.engines.node).toBe("^22.22.2 || ^24.15.0 || >=26");
  const table: Readonly<Record<string, boolean>> = {
    "v18.20.0": false,
    "v20.20.2": false,
    "v22.22.1": false,
    "v22.22.2": true,
    "v22.23.0": true,
    "v23.9.0": false,
    "v24.14.9": false,
    "v24.15.0": true,
    "v25.1.0": false,
    "v26.0.0": true,
    "v28.1.0": true,
  };
  for (const [version, enough] of Object.entries(table)) expect(nodeIsNewEnough(version), version).toBe(enough);
  expect(readFileSync(inRepository("bin", "crosswalk.js"), "utf8")).toContain(
    "minor > 22 || (minor === 22 && patch >= 2)",
  );
});

it("npm asks no question and keeps no address", () => {
  const npmrc = readFileSync(inRepository(".npmrc"), "utf8");
  for (const line of ["engine-strict=false", "fund=false", "audit=false", "omit-lockfile-registry-resolved=true"]) {
    expect(npmrc.split("\n")).toContain(line);
  }
});

it("every npm script goes through the bootstrap, and its script is there", () => {
  for (const [name, line] of Object.entries(manifest.scripts)) {
    const script = /^node scripts\/bootstrap\.mjs ([a-z]+)( [^&|;]*)?$/.exec(line)?.[1];
    expect(script, name).toBeDefined();
    expect(existsSync(inRepository("scripts", `${script}.ts`)), name).toBe(true);
  }
});

it("the bootstrap is plain JavaScript without a dependency and says what it wants", () => {
  const text = readFileSync(inRepository("scripts", "bootstrap.mjs"), "utf8");
  expect([...text.matchAll(/from "([^"]+)"/g)].every(([, name]) => name?.startsWith("node:"))).toBe(true);
  const ran = spawnSync(process.execPath, [inRepository("scripts", "bootstrap.mjs"), "no-such-thing"], {
    encoding: "utf8",
  });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/^usage: /);
  expect(ran.stderr.trim().split("\n")).toHaveLength(1);
});

it("packages that are missing, changed or half installed are installed anew", () => {
  const lock = (version: string) =>
    JSON.stringify({
      packages: { "": {}, "node_modules/a": { version }, "node_modules/b": { version: "1.0.0", optional: true } },
    });
  writeFileSync(join(scratch, "package-lock.json"), lock("1.0.0"));
  expect(installedMatches(scratch)).toBe(false);
  mkdirSync(join(scratch, "node_modules"));
  expect(installedMatches(scratch)).toBe(false);
  const record = join(scratch, "node_modules", ".package-lock.json");
  writeFileSync(record, "{ half");
  expect(installedMatches(scratch)).toBe(false);
  writeFileSync(record, JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
  expect(installedMatches(scratch)).toBe(true);
  expect(existsSync(join(scratch, "node_modules", ".crosswalk-lock"))).toBe(true);
  writeFileSync(join(scratch, "package-lock.json"), lock("1.0.1"));
  expect(installedMatches(scratch)).toBe(false);
});

it("the runtime is the project's own Node, else the running one, else none", () => {
  const folder = join(scratch, "runtime");
  mkdirSync(folder);
  expect(findRuntime(folder, { path: "/usr/bin/node", version: "v20.20.2" })).toBeUndefined();
  expect(findRuntime(folder, { path: "/usr/bin/node", version: "v24.15.0" })).toBe("/usr/bin/node");
  expect(findRuntime(inRepository(), { path: "/usr/bin/node", version: "v20.20.2" })).toMatch(/node_modules.*node$/);
});

it("python: of crosswalk.yaml is read as YAML has it and compared as PEP 440 says", () => {
  expect(pythonOf('version: 1\npython: ">=3.11" # why\n')).toBe(">=3.11");
  expect(pythonOf("python: .venv/bin/python  # ours\nmodel: a\n")).toBe(".venv/bin/python");
  expect(pythonOf("model: a\n  python: 3\n")).toBeUndefined();
  const table: readonly (readonly [string, string, boolean])[] = [
    ["3.11.7", ">=3.11", true],
    ["3.10.14", ">=3.11", false],
    ["3.13.0", ">=3.11,<3.13", false],
    ["3.12.4", ">=3.11, <3.13", true],
    ["3.11.7", "==3.11.*", true],
    ["3.11.7", "==3.11", false],
    ["3.11.7", "3.11", true],
    ["3.12.1", "~=3.11", true],
    ["4.0.0", "~=3.11", false],
    ["3.11.7", "!=3.11.7", false],
    ["3.11.7", "three", false],
  ];
  for (const [version, specifier, good] of table)
    expect(satisfies(version, specifier), `${version} ${specifier}`).toBe(good);
});
