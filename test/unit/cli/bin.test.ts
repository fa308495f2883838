import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { expect, it } from "vitest";

const source = readFileSync(new URL("../../../bin/crosswalk.js", import.meta.url), "utf8");

interface Fakes {
  readonly version: string;
  /** Paths that are there. */
  readonly files?: RegExp;
  /** What the Node beside the package answers to --version. */
  readonly own?: string;
}

/** Runs the start script with everything around it replaced; tells what it did, in words. */
function start({ version, files = /dist/, own }: Fakes): readonly string[] {
  const did: string[] = [];
  const process = {
    version,
    argv: ["node", "crosswalk", "build"],
    stderr: { write: (text: string) => did.push(text) },
    exit: (code: number) => did.push(`exit ${code}`),
    on: () => {},
  };
  const modules: Record<string, unknown> = {
    fs: { existsSync: (path: string) => files.test(path) },
    path: { join: (...parts: string[]) => parts.join("/") },
    child_process: {
      spawnSync: () => (own ? { status: 0, stdout: `${own}\n` } : { status: null, error: new Error("bad format") }),
      spawn: (node: string, args: string[]) => {
        did.push(`spawn ${node} ${args.join(" ")}`);
        return { on: () => {} };
      },
    },
    "./load.js": (entry: string) => did.push(`load ${entry}`),
  };
  const run = new Function("process", "require", "__dirname", "__filename", source.replace(/^#!.*/, ""));
  run(process, (name: string) => modules[name], "/pkg/bin", "/pkg/bin/crosswalk.js");
  return did;
}

it.each([
  "v22.22.2",
  "v22.23.0",
  "v24.15.0",
  "v24.21.0",
  "v26.0.0",
  "v31.2.1",
])("Node %s loads the bundle", (version) => {
  expect(start({ version })).toEqual(["load /pkg/bin/../dist/cli.cjs"]);
});

const old = ["v0.10.48", "v8.17.0", "v18.20.0", "v20.20.2", "v22.22.1", "v22.9.0", "v23.11.0", "v24.14.9", "v25.9.0"];
it.each(old)("Node %s is told in one sentence what is wrong and how to get the right one", (version) => {
  const [text = "", exit] = start({ version });
  expect(text).toContain(`and this is ${version}; get one from`);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(exit).toBe("exit 2");
});

it("the versions are those of package.json", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(engines.node).toBe("^22.22.2 || ^24.15.0 || >=26");
});

it("an old Node starts again with the one beside the package, when that runs and is new enough", () => {
  const files = /node_modules|dist/;
  expect(start({ version: "v20.1.0", files, own: "v24.21.0" })).toEqual([
    "spawn /pkg/bin/../node_modules/.bin/node /pkg/bin/crosswalk.js build",
  ]);
  expect(start({ version: "v20.1.0", files, own: "v20.1.0" })[1]).toBe("exit 2");
  expect(start({ version: "v20.1.0", files })[1]).toBe("exit 2");
});

it("a missing bundle is told with the command that makes it", () => {
  expect(start({ version: "v24.15.0", files: /nothing/ })).toEqual([
    "crosswalk: dist/cli.cjs is missing; run `npm ci && npm run build` in the folder of crosswalk.\n",
    "exit 2",
  ]);
});

it("the start script is ES5: it parses on any Node", async () => {
  await expect(transform(source, { target: "es5", format: "cjs" })).resolves.toBeTruthy();
  await expect(transform("const a = () => `x`", { target: "es5" })).rejects.toThrow();
  // esbuild takes commas at the end of a call, old Nodes do not.
  expect(source).not.toMatch(/,\s*\)/);
});
