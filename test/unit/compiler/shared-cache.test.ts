import { afterEach, expect, it } from "vitest";
import { openWorkspace } from "../../../src/compiler/session.ts";
import { openSharedCache } from "../../../src/compiler/shared-cache.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import type { CacheConfig } from "../../../src/config/project.ts";
import { newKeyPair } from "../../../src/engine/remote/signing.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython } from "../../../src/python/engine.ts";
import { type Fixture, keeping, serve } from "../engine/remote/kit.ts";
import { clockedHost } from "../engine/store-kit.ts";

await initPython(nodeHost());

const keys = newKeyPair();
const stranger = newKeyPair();
const writing = { CROSSWALK_CACHE: "write", CROSSWALK_CACHE_PRIVATE_KEY: keys.privateKey };

const notebook = (factor: number, more = ""): string => `# %%
import pandas as pd
${more}
# %%
frame = pd.DataFrame({"amount": [10.0, 20.0, 30.0]})
total = frame["amount"].sum() * ${factor}
`;

const open: Fixture[] = [];
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
});
async function cacheServer(...given: Parameters<typeof serve>): Promise<Fixture> {
  const fixture = await serve(...given);
  open.push(fixture);
  return fixture;
}

interface Checkout {
  readonly url: string;
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly tool?: string;
  readonly checkOnly?: boolean;
  /** What an earlier build of this checkout left. */
  readonly before?: MemoryHost;
  /** The machine itself, with everything on it. */
  readonly on?: MemoryHost;
}

/** A checkout of the repository on a machine of its own, built once. */
async function built({
  url,
  root = "/repo",
  env = {},
  files = {},
  tool = "1.0.0",
  before,
  on,
  checkOnly = false,
}: Checkout) {
  const all: Record<string, string> = {
    "crosswalk.yaml": `cache: {kind: bazel, url: "${url}", trust: [${keys.publicKey}]}
models:
  - {model: alpha, notebooks: [alpha.py]}
  - {model: beta, notebooks: [beta.py]}
`,
    "requirements.txt": "pandas==2.2.3\n",
    "alpha.py": notebook(2),
    "beta.py": notebook(3),
    ...files,
  };
  const own = Object.entries(all).map(([path, text]): [string, string] => [`${root}/${path}`, text]);
  const host: MemoryHost = on
    ? { ...on, env }
    : memoryHost(Object.fromEntries([...(before?.files ?? []), ...own]), env, root);
  const phases: string[] = [];
  const opened = await openWorkspace({
    host,
    folder: root,
    toolVersion: tool,
    isStored: true,
    progress: (event) => {
      if (event.kind === "phase") phases.push(event.model);
    },
    signal: new AbortController().signal,
  });
  if (!opened.value) throw new Error(opened.diagnostics.map((d) => d.message).join("\n"));
  const { value, diagnostics } = await opened.value.build({
    models: [],
    checkOnly,
    choices: { adopt: [], overwrite: [], eject: [] },
  });
  const tree = Object.fromEntries(
    [...host.files.keys()]
      .filter((path) => path.startsWith(`${root}/production/`))
      .sort()
      .map((path) => [path.slice(root.length), host.text(path)]),
  );
  return {
    host,
    value,
    diagnostics,
    codes: diagnostics.map((d) => d.code).filter((code) => code.startsWith("CW61")),
    tree,
    compiled: [...new Set(phases)],
  };
}

it("what main's CI compiled, another machine takes over in another folder, byte for byte, and compiles nothing", async () => {
  const { url } = await cacheServer(keeping().answer);
  const ci = await built({ url, env: writing });
  expect(ci.value.sharedCache).toMatchObject({ taken: [], given: ["alpha", "beta"] });
  expect(ci.compiled).toEqual(["alpha", "beta"]);
  const person = await built({ url, root: "/home/person/project" });
  expect(person.value.sharedCache).toMatchObject({ taken: ["alpha", "beta"], given: [] });
  expect(person.compiled).toEqual([]);
  expect(person.tree).toEqual(ci.tree);
  expect([...ci.codes, ...person.codes]).toEqual([]);
  // The same again gives nothing new.
  expect((await built({ url, env: writing })).value.sharedCache).toMatchObject({ given: [], taken: ["alpha", "beta"] });
});

it("what was taken over is kept: the next builds of this checkout need neither the cache nor a compiler", async () => {
  const { url } = await cacheServer(keeping().answer);
  const ci = await built({ url, env: writing });
  // As it is committed: with its products.
  await built({ url, env: writing, before: ci.host });
  const clone = memoryHost(Object.fromEntries([...ci.host.files].filter(([path]) => !path.includes("/.crosswalk/"))));
  const first = await built({ url, before: clone });
  expect([first.value.sharedCache?.taken, first.compiled]).toEqual([["alpha", "beta"], []]);
  const again = await built({ url, before: first.host, env: { CROSSWALK_CACHE: "off" } });
  expect(again.compiled).toEqual([]);
  expect(again.value.models.map((model) => model.outcome)).toEqual(["unchanged", "unchanged"]);
  expect(again.tree).toEqual(ci.tree);
});

/** A clean checkout of what main's CI built: its products are committed, what was remembered is not. */
function checkout(ci: Awaited<ReturnType<typeof built>>, change: Readonly<Record<string, string | null>> = {}) {
  const files: Record<string, string | Uint8Array> = {};
  for (const [path, bytes] of ci.host.files)
    if (change[path] !== null && !path.includes("/.crosswalk/")) files[path] = change[path] ?? bytes;
  return clockedHost({}, memoryHost(files, {}, "/repo"));
}

const read = "/repo/production/alpha/README.md";
const fetched = (asked: readonly string[]): number => asked.filter((line) => /^GET .*\/cas\//.test(line)).length;

it("of products that stand in a clean checkout as they should nothing is fetched, and nothing is compiled later", async () => {
  const { url, asked } = await cacheServer(keeping().answer);
  // A path that the notebook computes is warned about, in a cell that others are put above later.
  const more = 'import os\nother = pd.read_csv(os.path.join("a", os.environ["HOME"], "b.csv"))\n';
  const files = { "alpha.py": notebook(2, more) };
  const ci = await built({ url, env: writing, files });
  const said = ({ diagnostics }: typeof ci) => diagnostics.filter(({ code }) => code !== "CW6106");
  expect(said(ci).map(({ code }) => code)).toContain("CW3009");
  const first = await built({ url, files, on: checkout(ci) });
  expect([first.value.sharedCache?.taken, first.compiled, fetched(asked)]).toEqual([["alpha", "beta"], [], 0]);
  expect([first.tree, said(first)]).toEqual([ci.tree, said(ci)]);
  // Neither the cache nor a compiler is needed after that.
  const again = await built({ url, files, on: first.host, env: { CROSSWALK_CACHE: "off" } });
  expect([again.compiled, again.tree, said(again)]).toEqual([[], ci.tree, said(ci)]);
  const asking = asked.length;
  expect((await built({ url, files, on: again.host })).compiled).toEqual([]);
  expect(asked.length).toBe(asking);
  // A file that goes afterwards comes back: from the cache, or compiled where there is none.
  for (const [env, compiled] of [
    [{}, []],
    [{ CROSSWALK_CACHE: "off" }, ["alpha"]],
  ] as const) {
    const { host } = await built({ url, files, on: checkout(ci) });
    host.remove(read);
    const back = await built({ url, files, on: host, env });
    expect([back.compiled, back.tree]).toEqual([compiled, ci.tree]);
  }
});

it.each<readonly [string, Readonly<Record<string, string | null>>, string]>([
  ["a file is missing", { [read]: null }, "written"],
  ["a file was edited", { [read]: "mine\n" }, "failed"],
  ["the manifest is missing", { "/repo/production/alpha/crosswalk.manifest.json": null }, "written"],
  [
    "the manifest has other entries",
    { "/repo/production/alpha/crosswalk.manifest.json": '{"manifest":1,"files":{}}' },
    "written",
  ],
])("a product is fetched when %s, and the other one is not", async (_, change, outcome) => {
  const { url, asked } = await cacheServer(keeping().answer);
  const ci = await built({ url, env: writing });
  const here = await built({ url, on: checkout(ci, change) });
  expect([here.value.sharedCache?.taken, here.compiled, fetched(asked)]).toEqual([["alpha", "beta"], [], 1]);
  expect(here.value.models.map((model) => model.outcome)).toEqual([outcome, "unchanged"]);
  if (outcome === "written") expect(here.tree).toEqual(ci.tree);
  else expect(here.tree["/production/alpha/README.md"]).toBe("mine\n");
});

it("a file that a person took over is fetched and named each time, as without a cache", async () => {
  const { url, asked } = await cacheServer(keeping().answer);
  const ci = await built({ url, env: writing });
  const path = "/repo/production/alpha/crosswalk.manifest.json";
  const manifest = JSON.parse(ci.host.text(path) ?? "");
  manifest.files["README.md"] = { state: "ejected", origin: [] };
  const here = await built({ url, on: checkout(ci, { [path]: JSON.stringify(manifest), [read]: "mine\n" }) });
  expect([here.compiled, fetched(asked), here.tree["/production/alpha/README.md"]]).toEqual([[], 1, "mine\n"]);
});

it("a changed notebook is compiled, and only that; a change back is taken over again", async () => {
  const { url } = await cacheServer(keeping().answer);
  await built({ url, env: writing });
  const files = { "alpha.py": notebook(5) };
  const changed = await built({ url, env: writing, files });
  expect(changed.value.sharedCache).toMatchObject({ taken: ["beta"], given: ["alpha"] });
  expect(changed.compiled).toEqual(["alpha"]);
  expect((await built({ url, files })).compiled).toEqual([]);
  expect((await built({ url })).compiled).toEqual([]);
});

it("a notebook that begins to import a module depends on it from then on", async () => {
  const { url } = await cacheServer(keeping().answer);
  await built({ url, env: writing });
  const source = notebook(2, "from helper import shift\n").replace("* 2", "* 2 + shift(1)");
  const files = (by: number) => ({ "alpha.py": source, "helper.py": `def shift(x):\n    return x + ${by}\n` });
  const first = await built({ url, env: writing, files: files(1) });
  // The folder that both look for modules in has a file more.
  expect(first.value.sharedCache).toMatchObject({ given: ["alpha", "beta"] });
  const same = await built({ url, root: "/elsewhere", files: files(1) });
  expect([same.compiled, same.tree]).toEqual([[], first.tree]);
  // The same notebook beside another module is another model.
  const other = await built({ url, env: writing, files: files(2) });
  expect(other.compiled).toEqual(["alpha"]);
  expect(other.tree).not.toEqual(first.tree);
  expect((await built({ url, root: "/elsewhere", files: files(2) })).tree).toEqual(other.tree);
});

it("another version of the tool, and other settings of the model, find nothing", async () => {
  const { url } = await cacheServer(keeping().answer);
  await built({ url, env: writing });
  expect((await built({ url, tool: "1.0.1" })).compiled).toEqual(["alpha", "beta"]);
  expect((await built({ url, files: { "requirements.txt": "pandas==2.2.2\n" } })).compiled).toEqual(["alpha", "beta"]);
});

it("a pull request takes what main has and writes beside it, also where its environment could write to main", async () => {
  const { kept, answer } = keeping();
  const { url } = await cacheServer(answer);
  await built({ url, env: writing });
  const before = new Map(kept);
  const env = { ...writing, GITHUB_EVENT_NAME: "pull_request", GITHUB_REF: "refs/pull/7/merge" };
  const files = { "alpha.py": notebook(9) };
  const request = await built({ url, env, files });
  expect(request.value.sharedCache).toMatchObject({ taken: ["beta"], given: ["alpha"] });
  const added = [...kept.keys()].filter((path) => !before.has(path));
  expect(added.length).toBeGreaterThan(0);
  expect(added.filter((path) => !path.startsWith("/pr-7/"))).toEqual([]);
  for (const [path, bytes] of before) expect(kept.get(path)).toBe(bytes);
  expect((await built({ url, files })).compiled).toEqual(["alpha"]);
  expect((await built({ url, env, files })).compiled).toEqual([]);
});

it("nobody writes who was not asked to", async () => {
  const { url, asked } = await cacheServer(keeping().answer);
  await built({ url, env: { CROSSWALK_CACHE_PRIVATE_KEY: keys.privateKey } });
  expect(asked.filter((line) => line.startsWith("PUT"))).toEqual([]);
});

it("what a stranger signed is not used, said, and left there", async () => {
  const { kept, answer } = keeping();
  const { url } = await cacheServer(answer);
  await built({ url, env: { ...writing, CROSSWALK_CACHE_PRIVATE_KEY: stranger.privateKey } });
  const before = new Map(kept);
  const own = await built({ url, env: writing });
  expect(own.compiled).toEqual(["alpha", "beta"]);
  expect(own.codes).toContain("CW6103");
  for (const [path, bytes] of before) expect(kept.get(path)).toEqual(bytes);
});

it("a cache where every byte was changed changes no product", async () => {
  const { kept, answer } = keeping();
  const { url } = await cacheServer(answer);
  const good = await built({ url, env: writing });
  for (const [path, bytes] of kept)
    if (path.includes("/cas/")) kept.set(path, Buffer.from(bytes.toString().replaceAll("total", "TOTAL")));
  const taken = await built({ url });
  expect(taken.tree).toEqual(good.tree);
  expect(taken.codes).toEqual(["CW6102"]);
});

it.each<readonly [string, Parameters<typeof serve>[0]]>([
  ["a server that answers nothing", () => {}],
  ["a server that fails", (_, response) => void response.writeHead(500).end()],
  [
    "a server that sends everybody elsewhere",
    (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
  ],
])("%s costs a moment and a warning", async (_, answer) => {
  const { url } = await cacheServer(answer);
  const config = `cache: {kind: bazel, url: "${url}", trust: [${keys.publicKey}], timeout: 0.2}\nmodel: alpha\nnotebooks: [alpha.py]\n`;
  const began = performance.now();
  const { value, codes } = await built({ url, files: { "crosswalk.yaml": config } });
  expect(value.models.map((model) => model.outcome)).toEqual(["written"]);
  expect(codes).toEqual(["CW6101"]);
  expect(performance.now() - began).toBeLessThan(5000);
});

const place = { file: "crosswalk.yaml", line: 1, column: 1, endLine: 1, endColumn: 6, fileLine: 1 };
const bazel: CacheConfig = {
  kind: "bazel",
  url: "https://cache.example.com",
  trust: [keys.publicKey],
  space: "main",
  timeout: 2,
  budget: 10,
  place,
};
const secret = "0123456789abcdef0123456789abcdef";
const aws = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: secret };

it.each<readonly [string, Partial<CacheConfig>, Readonly<Record<string, string>>, string]>([
  ["nobody who is trusted", { trust: [] }, {}, "nobody is trusted"],
  ["a short secret", {}, { CROSSWALK_CACHE_SECRET: secret.slice(1) }, "shorter than 32 bytes"],
  ["an unknown mode", {}, { CROSSWALK_CACHE: "yes" }, "not off, read or write"],
  ["a named token that is not set", { token: "CI_TOKEN" }, {}, "CI_TOKEN is not set"],
  [
    "a token that nobody said where to send",
    {},
    { CROSSWALK_CACHE_TOKEN: secret },
    "CROSSWALK_CACHE_ORIGIN does not say",
  ],
  [
    "a token for another server than the branch names",
    { url: "https://cache.example.com.evil.example" },
    { CROSSWALK_CACHE_TOKEN: secret, CROSSWALK_CACHE_ORIGIN: "https://cache.example.com" },
    "CROSSWALK_CACHE_ORIGIN does not say",
  ],
  [
    "another secret that the branch would have sent",
    { token: "NPM_TOKEN", url: "https://evil.example" },
    { NPM_TOKEN: secret, CROSSWALK_CACHE_ORIGIN: "https://cache.example.com" },
    "CROSSWALK_CACHE_ORIGIN does not say",
  ],
  [
    "a token over http",
    { url: "http://cache.example.com" },
    { CROSSWALK_CACHE_TOKEN: secret, CROSSWALK_CACHE_ORIGIN: "http://cache.example.com" },
    "sent by https",
  ],
  [
    "keys of S3 over http",
    { kind: "s3", url: "s3://b/p", region: "x", endpoint: "http://s3.example.com" },
    aws,
    "signed for https",
  ],
  ["a bucket without a region", { kind: "s3", url: "s3://b/p" }, aws, "region"],
])("%s: the cache is not used, and no secret is shown", (_, config, env, words) => {
  const { value, diagnostics } = openSharedCache(memoryHost({}, env), { ...bazel, ...config });
  expect(value).toBeUndefined();
  expect(diagnostics.map((d) => d.code)).toEqual(["CW6105"]);
  expect(diagnostics[0]?.message).toContain(words);
  expect(JSON.stringify(diagnostics)).not.toContain(secret.slice(1));
});

it.each<readonly [string, Readonly<Record<string, string>>]>([
  ["without a key", { CROSSWALK_CACHE: "write" }],
  ["with a key that is none", { CROSSWALK_CACHE: "write", CROSSWALK_CACHE_PRIVATE_KEY: keys.publicKey }],
])("writing %s: it is read, and said", async (_, env) => {
  const { value, diagnostics } = openSharedCache(memoryHost({}, env), bazel);
  expect(diagnostics.map((d) => d.code)).toEqual(["CW6105"]);
  expect(await value?.putBlob("0".repeat(64), new Uint8Array())).toEqual({ kind: "not-writing" });
});

it("a token goes where the environment says", async () => {
  const seen: unknown[] = [];
  const { url } = await cacheServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  const env = { CROSSWALK_CACHE_TOKEN: "a-token", CROSSWALK_CACHE_ORIGIN: url };
  const { value } = openSharedCache(memoryHost({}, env), { ...bazel, url: `${url}/crosswalk` });
  await value?.getEntry("0".repeat(64));
  expect(seen).toEqual(["Bearer a-token"]);
});

it("a judge believes nobody: --check compiles, whatever lies in the cache", async () => {
  const { url, asked } = await cacheServer(keeping().answer);
  const ci = await built({ url, env: writing });
  const before = asked.length;
  const judged = await built({ url, before: ci.host, checkOnly: true, tool: "1.0.0" });
  expect(asked.length).toBe(before);
  expect(judged.value.sharedCache).toBeUndefined();
});

it("it can be switched off, and every kind can be opened", () => {
  expect(openSharedCache(memoryHost({}, { CROSSWALK_CACHE: "off" }), bazel)).toEqual({
    value: undefined,
    diagnostics: [],
  });
  const kinds: readonly Partial<CacheConfig>[] = [
    {},
    { kind: "nx" },
    { kind: "turborepo", team: "team_x" },
    { kind: "s3", url: "s3://bucket/prefix", region: "eu-west-1" },
    { kind: "folder", url: "file:///mnt/cache" },
  ];
  for (const kind of kinds) expect(openSharedCache(memoryHost(), { ...bazel, ...kind }).value).toBeDefined();
});

it("it stands in the root's file, with its defaults", () => {
  const yaml = `cache: {kind: folder, url: "file:///mnt/cache/"}\nmodel: a\nnotebooks: [a.py]\n`;
  const { value } = loadWorkspace(memoryHost({ "/repo/crosswalk.yaml": yaml, "/repo/a.py": "" }), "/repo");
  expect(value?.cache).toMatchObject({
    kind: "folder",
    url: "file:///mnt/cache",
    trust: [],
    space: "main",
    timeout: 2,
    budget: 10,
  });
});
