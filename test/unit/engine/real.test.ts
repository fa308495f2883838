import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import manifestSchema from "../../../schemas/manifest-1.schema.json" with { type: "json" };
import { commitProduct, removeProduct } from "../../../src/engine/commit.ts";
import { createEngine } from "../../../src/engine/engine.ts";
import type { Action } from "../../../src/engine/query.ts";
import { openStore } from "../../../src/engine/store/file-store.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { codes, folder, realFolder, request } from "./kit.ts";

const one = { "README.md": "# credit\n", "src/a.py": "a = 1\n", "src/b.py": "b = 1\n" };
const at = (path: string): string => `${folder}/${path}`;

const start = (more: Parameters<typeof request>[1] = {}) => {
  const root = realFolder();
  const host = nodeHost(root, {});
  const build = (files: Record<string, string>, extra: Parameters<typeof request>[1] = {}) =>
    commitProduct(host, request(files, { root, ...more, ...extra }));
  return { root, host, build };
};

/** Every path below a folder with its kind, size, mode and time of change. */
const stamp = (root: string): string[] =>
  fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const { size, mtimeMs, ino, mode } = fs.lstatSync(join(root, path));
      return `${path} ${size} ${mtimeMs} ${ino} ${mode}`;
    });
const names = (root: string): string[] => stamp(root).map((line) => line.split(" ")[0] ?? "");

it("writes a product on disk, and the second time touches no file or folder", () => {
  const { root, build } = start();
  expect(build(one).outcome).toBe("written");
  const before = stamp(root);
  expect(build(one).outcome).toBe("unchanged");
  expect(stamp(root)).toEqual(before);
  expect(names(root)).toEqual([
    ".crosswalk",
    ".crosswalk/.gitignore",
    "production",
    folder,
    at("README.md"),
    at("crosswalk.manifest.json"),
    at("src"),
    at("src/a.py"),
    at("src/b.py"),
  ]);
});

it("makes a file executable where that is asked, and removes folders that it made", () => {
  const { root, host, build } = start();
  const files = request({ ...one, "bin/run.sh": "#!/bin/sh\n" }, { root });
  commitProduct(host, { ...files, files: files.files.map((f) => ({ ...f, executable: f.path.startsWith("bin/") })) });
  expect(fs.statSync(join(root, at("bin/run.sh"))).mode & 0o111).toBe(0o111);
  expect(fs.statSync(join(root, at("src/a.py"))).mode & 0o111).toBe(0);
  build(one);
  expect(fs.existsSync(join(root, at("bin")))).toBe(false);
  removeProduct(host, { root, folder, tool: "x" });
  expect(names(root)).toEqual([".crosswalk", ".crosswalk/.gitignore", "production"]);
});

it("keeps a manifest that its schema accepts, in every state", () => {
  const { root, host, build } = start({ owner: "crosswalk.yaml#credit" });
  build(one);
  host.writeAtomic(at("src/a.py"), "mine\n");
  host.writeAtomic(at("src/b.py"), "mine\n");
  build(one, { choices: { adopt: [at("src/a.py")], eject: [at("src/b.py")] } });
  const manifest = JSON.parse(fs.readFileSync(join(root, at("crosswalk.manifest.json")), "utf8"));
  const states = Object.values<{ state: string }>(manifest.files).map(({ state }) => state);
  expect(states).toEqual(["generated", "adopted", "ejected"]);
  const validate = new Ajv({ strict: true, allErrors: true }).compile(manifestSchema);
  expect([validate(manifest), validate.errors]).toEqual([true, null]);
  for (const bad of [
    { files: { "../x": manifest.files["src/b.py"] } },
    { manifest: 2 },
    { files: { x: { state: "generated" } } },
  ])
    expect(validate({ ...manifest, ...bad })).toBe(false);
});

it.each([
  ["the product folder", folder, "a folder"],
  ["a folder above it", "production", "a folder"],
  ["a folder in it", at("src"), "a folder"],
  ["a file in it", at("src/a.py"), "a file"],
  ["the manifest", at("crosswalk.manifest.json"), "a file"],
  ["the state folder", ".crosswalk", "a folder"],
])("writes nothing through a link in the place of %s", (_, place, what) => {
  const { root, build } = start();
  const outside = realFolder();
  const target = what === "a file" ? join(outside, "victim.txt") : outside;
  fs.writeFileSync(join(outside, "victim.txt"), "precious");
  fs.mkdirSync(join(root, place, ".."), { recursive: true });
  fs.symlinkSync(target, join(root, place));
  const before = stamp(root);
  const result = build(one);
  expect([result.outcome, codes(result)]).toEqual(["refused", ["CW6009"]]);
  expect(stamp(root)).toEqual(before);
  expect(fs.readdirSync(outside)).toEqual(["victim.txt"]);
  expect(fs.readFileSync(join(outside, "victim.txt"), "utf8")).toBe("precious");
});

it("keeps nothing, reads nothing and collects nothing through a state folder that leads out of the workspace", () => {
  const { root, host } = start();
  const outside = realFolder();
  const store = (at: string) => openStore(nodeHost(at, {}), at);
  const large: Action<null, string> = { kind: "large", version: 1, compute: () => "x".repeat(200_000) };
  const ask = (at: string): readonly string[] => {
    const state = store(at);
    const engine = createEngine({ host, store: state, actions: [large as Action<unknown, unknown>] });
    engine.query(large, null);
    return [...engine.records().map(({ status }) => status), ...state.save().map(({ code }) => code)];
  };
  // Twin: what stands in the workspace is kept and used.
  expect([ask(outside), ask(outside)]).toEqual([["ran"], ["fresh"]]);
  fs.symlinkSync(join(outside, ".crosswalk"), join(root, ".crosswalk"));
  const before = stamp(outside);
  expect(ask(root)).toEqual(["ran", "CW6029"]);
  expect(stamp(outside)).toEqual(before);
});

it("does not remove an old file through a link", () => {
  const { root, build } = start();
  const outside = realFolder();
  build(one);
  fs.cpSync(join(root, at("src")), join(outside, "src"), { recursive: true });
  fs.rmSync(join(root, at("src")), { recursive: true });
  fs.symlinkSync(join(outside, "src"), join(root, at("src")));
  expect(build({ "README.md": "# 2\n" }).outcome).toBe("written");
  expect(fs.readdirSync(join(outside, "src"))).toEqual(["a.py", "b.py"]);
});

it("follows a link above the product that stays in the workspace, and a workspace that is a link itself", () => {
  const { root, build } = start();
  fs.mkdirSync(join(root, "elsewhere"));
  fs.symlinkSync("elsewhere", join(root, "production"));
  expect(build(one).outcome).toBe("written");
  expect(fs.existsSync(join(root, "elsewhere/credit/README.md"))).toBe(true);
  const link = join(realFolder(), "link");
  fs.symlinkSync(root, link);
  expect(commitProduct(nodeHost(link, {}), request(one, { root: link })).outcome).toBe("unchanged");
});

it.skipIf(process.getuid?.() === 0)(
  "says what to do about a folder that may not be written, and leaves it as it was",
  () => {
    const { root, build } = start();
    build(one);
    fs.chmodSync(join(root, at("src")), 0o555);
    const result = build({ ...one, "README.md": "# 2\n", "src/a.py": "a = 2\n" });
    fs.chmodSync(join(root, at("src")), 0o755);
    expect([result.outcome, codes(result)]).toEqual(["failed", ["CW6015"]]);
    expect(fs.readFileSync(join(root, at("README.md")), "utf8")).toBe("# credit\n");
  },
);

it("takes what another process wrote while it looked for no edit of a person", () => {
  const { root, host, build } = start();
  build({ "src/a.py": "a = 1\n", "src/b.py": "b = 1\n" });
  let other: (() => unknown) | undefined = () => build({ "src/a.py": "a = 2\n", "src/b.py": "b = 2\n" });
  const interrupted: typeof host = {
    ...host,
    readBytes: (path) => {
      if (path.endsWith("a.py")) {
        const first = other;
        other = undefined;
        first?.();
      }
      return host.readBytes(path);
    },
  };
  const files = { "src/a.py": "a = 3\n", "src/b.py": "b = 3\n" };
  expect(commitProduct(interrupted, request(files, { root })).outcome).toBe("written");
  expect(fs.readFileSync(join(root, folder, "src/a.py"), "utf8")).toBe("a = 3\n");
});

it("lets two processes build at once: both end, and the product is whole", { timeout: 120_000 }, async () => {
  const { root, host, build } = start();
  const module = (path: string): string => pathToFileURL(join(import.meta.dirname, "../../../src", path)).href;
  const script = `
    import { commitProduct } from ${JSON.stringify(module("engine/commit.ts"))};
    import { nodeHost } from ${JSON.stringify(module("foundation/host-node.ts"))};
    const [root, first] = process.argv.slice(2);
    const host = nodeHost(root, {});
    const outcomes = new Set();
    for (let i = Number(first); i < 30; i += 1) {
      const files = Array.from({ length: 8 }, (_, n) => ({ path: "src/f" + n + ".py", content: "i = " + i + "\\n", origin: [] }));
      const { outcome, diagnostics } = commitProduct(host, { root, folder: ${JSON.stringify(folder)}, tool: "t", files });
      outcomes.add(outcome + diagnostics.map((d) => d.code + d.message).join());
    }
    process.stdout.write([...outcomes].join("\\n"));
  `;
  fs.writeFileSync(join(root, "build.mts"), script);
  const run = (first: string): Promise<string> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, "build.mts"), root, first]);
      let out = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text) => {
          out += text;
        });
      child.on("close", () => resolve(out));
    });
  const said = await Promise.all([run("0"), run("1")]);
  for (const text of said) expect(text.split("\n").filter((line) => !/^(written|unchanged)$/.test(line))).toEqual([]);
  fs.rmSync(join(root, "build.mts"));
  expect(build(Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`src/f${n}.py`, "i = 29\n"]))).outcome).toBe(
    "written",
  );
  expect(names(root).filter((path) => /cw-tmp|commit-|lock/.test(path))).toEqual([]);
  expect(host.list(at("src"))).toHaveLength(8);
});
