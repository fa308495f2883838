import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeBundle } from "../../../scripts/lib/bundle.ts";
import { large } from "../../../scripts/lib/large.ts";
import { inRepository } from "../../../scripts/lib/repository.ts";

let folder = "";
let start: readonly string[] = [];
const at = (...parts: readonly string[]): string => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "crosswalk-bundle-"));
  for (const name of ["bin", "package.json"]) cpSync(inRepository(name), at(name), { recursive: true });
  start = (await writeBundle(at("dist"))).start;
  mkdirSync(at("work"));
  writeFileSync(at("work", "crosswalk.yaml"), "model: m\nnotebooks: [a.ipynb]\n");
  writeFileSync(at("work", "a.ipynb"), large("cells of many kinds", 5));
  writeFileSync(
    at("list.cjs"),
    'process.on("exit", () => require("node:fs").writeSync(2, JSON.stringify(process.moduleLoadList)));',
  );
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function build(options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const args = [...options, at("bin", "crosswalk.js"), "build", "--format", "concise", "--quiet"];
  const { NODE_V8_COVERAGE: _, ...plain } = process.env;
  const all = { ...plain, NODE_COMPILE_CACHE: at("cache"), ...env };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: at("work"), env: all, encoding: "utf8" });
  return { status, stderr };
}

/** The code that was kept of earlier runs of `build`. */
function kept(): readonly string[] {
  return readdirSync(at("cache"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("-build"))
    .map((path) => at("cache", path));
}

it("a build with nothing to do needs the first file alone, and of Node nothing that it does not use", () => {
  expect(build()).toEqual({ status: 0, stderr: "" });
  expect(build()).toEqual({ status: 0, stderr: "" });
  mkdirSync(at("aside"));
  for (const name of readdirSync(at("dist")))
    if (!/^(?:cli|import-file)\.cjs$/.test(name)) renameSync(at("dist", name), at("aside", name));
  try {
    const { status, stderr } = build(["--require", at("list.cjs")]);
    expect(status).toBe(0);
    const loaded: readonly string[] = JSON.parse(stderr);
    const parts =
      "child_process dns fs/promises http http2 https inspector net os readline tls tty worker_threads zlib";
    expect(loaded).toContain("NativeModule crypto");
    expect(loaded.filter((name) => parts.split(" ").includes(name.replace("NativeModule ", "")))).toEqual([]);
    // Twin: what has something to do needs the rest.
    writeFileSync(at("work", "a.ipynb"), large("cells of many kinds", 6));
    expect(build().status).not.toBe(0);
  } finally {
    for (const name of readdirSync(at("aside"))) renameSync(at("aside", name), at("dist", name));
  }
  expect(build()).toEqual({ status: 0, stderr: "" });
}, 60_000);

it("the first file holds no parser, no YAML, no compiler, and of packages commander only", () => {
  expect(start).toContain("src/engine/store/memory.ts");
  const packages = start.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(["commander"]);
  const rooms = new Set(start.flatMap((path) => /^src\/(\w+)\//.exec(path)?.[1] ?? []));
  expect([...rooms].sort()).toEqual(["cli", "compiler", "config", "diagnostics", "engine", "foundation"]);
  expect(start.filter((path) => path.startsWith("src/config/"))).toEqual(["src/config/config-file.ts"]);
});

it("compiled code of a run that needed more than the start makes way for that of one that did not", () => {
  rmSync(at("cache"), { recursive: true, force: true });
  rmSync(at("work", ".crosswalk"), { recursive: true });
  const sizes = Array.from({ length: 4 }, () => {
    expect(build().status).toBe(0);
    return kept().map((place) => statSync(place).size);
  });
  const [[long = 0] = [], gone, [short = 0] = [], last] = sizes;
  expect([gone, last]).toEqual([[], [short]]);
  expect([short > 0, short < long]).toEqual([true, true]);
}, 60_000);

it("compiled code that is damaged, or of another text, is not taken", () => {
  expect(build().status).toBe(0);
  const [place = ""] = kept();
  const flipped = readFileSync(place);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  for (const damage of ["", "x".repeat(39), "x".repeat(4000), flipped]) {
    writeFileSync(place, damage);
    expect(build()).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(place).equals(Buffer.from(damage))).toBe(false);
  }
  expect(kept()).toEqual([place]);
  // As long as the text it was compiled from, and no longer what is there.
  const text = readFileSync(at("dist", "cli.cjs"), "utf8");
  const other = text.replace('require("node:url")', 'require("node:xyz")');
  writeFileSync(at("dist", "cli.cjs"), other);
  const { status, stderr } = build();
  expect([status, stderr]).toEqual([70, expect.stringContaining("could not be loaded")]);
  writeFileSync(at("dist", "cli.cjs"), text);
  expect(build()).toEqual({ status: 0, stderr: "" });
}, 60_000);

it.skipIf(process.platform === "win32")(
  "compiled code that others may write is not taken",
  () => {
    const [place = ""] = kept();
    chmodSync(place, 0o666);
    expect(build()).toEqual({ status: 0, stderr: "" });
    // It was written anew.
    expect(statSync(place).mode & 0o777).toBe(0o600);
  },
  60_000,
);

it("nothing is kept where Node is told to keep nothing", () => {
  rmSync(at("cache"), { recursive: true });
  mkdirSync(at("cache"));
  expect(build([], { NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual({ status: 0, stderr: "" });
  expect(kept()).toEqual([]);
}, 60_000);
