import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, expect, it } from "vitest";
import { planText, summaryText, traceText } from "../../../src/cli/build-records.ts";
import { openWorkspace } from "../../../src/compiler/session.ts";
import type { BuildRequest, BuildResult, OpenOptions } from "../../../src/compiler/session-contract.ts";
import type { Phase } from "../../../src/diagnostics/diagnostic.ts";
import { sha256 } from "../../../src/foundation/hash.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";

const base = mkdtempSync(join(tmpdir(), "crosswalk-monorepo-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const notebook = (share: string): string => `# %%
import pandas as pd
from helper import clean
SHARE = ${share}
df = clean(pd.read_csv("a.csv"))
df["part"] = df["a"] * SHARE
df.to_csv("b.csv")
`;
const files: Readonly<Record<string, string>> = {
  "crosswalk.yaml": "workspace: [models/*]\n",
  "requirements.txt": "pandas==2.2.3\n",
  ...Object.fromEntries(
    ["a", "b", "c"].flatMap((name) => [
      [`models/${name}/crosswalk.yaml`, `model: ${name}\nnotebooks: [train.py]\n`],
      [`models/${name}/train.py`, notebook("0.5")],
      [`models/${name}/helper.py`, "def clean(x):\n    return x.dropna()\n"],
    ]),
  ),
};
let nth = 0;

/** A checkout of git with three models, committed. */
function checkout(): string {
  const root = join(base, String(nth++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  git(root, "init", "-q", "-b", "main");
  commit(root);
  return root;
}

function git(root: string, ...args: readonly string[]): string {
  const config = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...config, ...args], { cwd: root, encoding: "utf8", stdio: "pipe" });
}

function commit(root: string): void {
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", "state", "--allow-empty");
}

async function opened(root: string, more: Partial<OpenOptions> = {}) {
  const { value } = await openWorkspace({
    host: nodeHost(root, {}),
    folder: root,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
    isStored: true,
    ...more,
  });
  if (!value) throw new Error("no workspace");
  return value;
}

const everything: BuildRequest = { models: [], checkOnly: false, choices: { adopt: [], overwrite: [], eject: [] } };
async function build(root: string, request: Partial<BuildRequest> = {}): Promise<Phase<BuildResult>> {
  return (await opened(root)).build({ ...everything, ...request });
}
const statuses = ({ value }: Phase<BuildResult>) =>
  value.models.map(({ name, status, reason }) => `${name} ${status} ${reason ?? "-"}`);
/** What is kept, byte for byte. */
const stateOf = (root: string): readonly string[] =>
  readdirSync(join(root, ".crosswalk"), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => `${join(one.parentPath, one.name)} ${sha256(readFileSync(join(one.parentPath, one.name)))}`)
    .sort();
const edit = (root: string, path: string, from: string, to: string): void => {
  const text = readFileSync(join(root, path), "utf8");
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(join(root, path), text.replace(from, to));
};

it("each model says how it ended and why", async () => {
  const root = checkout();
  expect(statuses(await build(root))).toEqual(["a ran new", "b ran new", "c ran new"]);
  expect(statuses(await build(root))).toEqual(["a fresh -", "b fresh -", "c fresh -"]);
  edit(root, "models/a/train.py", "0.5", "0.6");
  edit(root, "models/b/helper.py", "dropna", "copy");
  edit(root, "models/c/crosswalk.yaml", "notebooks:", 'python: ">=3.12"\nnotebooks:');
  const third = await build(root);
  expect(statuses(third)).toEqual(["a ran cells", "b ran file", "c ran settings"]);
  appendFileSync(join(root, third.value.models[0]?.written[0] ?? ""), "\n# by hand\n");
  expect(statuses(await build(root))).toEqual(["a drift -", "b fresh -", "c fresh -"]);
  edit(root, "models/b/train.py", "SHARE =", "SHARE ==");
  expect(statuses(await build(root))).toEqual(["a drift -", "b failed cells", "c fresh -"]);
});

it("the summary keeps to its schema; the trace is one that Chrome reads; a dry run says what and why", async () => {
  const root = checkout();
  const { value } = await build(root, { models: ["a", "b"], tellActions: true });
  const schema = JSON.parse(readFileSync(new URL("../../../schemas/build-1.schema.json", import.meta.url), "utf8"));
  const summary: unknown = JSON.parse(summaryText(value));
  const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
  expect([validate(summary), validate.errors]).toEqual([true, null]);
  expect(summary).toMatchObject({
    models: [{ model: "a", status: "ran", reason: "new" }, { model: "b" }],
    skipped: ["c"],
  });
  expect(summary).toMatchObject({
    actions: expect.arrayContaining([
      expect.objectContaining({ action: "cells", of: "models/a/train.py", status: "ran", reason: "new" }),
      expect.objectContaining({
        action: "product",
        of: "a",
        status: "ran",
        reason: "new",
        beganMs: expect.any(Number),
        tookMs: expect.any(Number),
      }),
      { action: "commit", of: value.models[0]?.out, status: "ran", reason: "files" },
      { action: "product", of: "c", status: "skipped", reason: "not-asked" },
    ]),
  });
  const { traceEvents } = JSON.parse(traceText(value)) as { traceEvents: readonly Record<string, unknown>[] };
  expect(traceEvents.filter(({ cat }) => cat === "model")).toMatchObject([
    { name: "a", ph: "X", ts: expect.any(Number), dur: expect.any(Number) },
    { name: "b", ph: "X" },
  ]);
  expect(traceEvents.filter(({ cat }) => cat === "action")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: "product a",
        ts: expect.any(Number),
        dur: expect.any(Number),
        args: { status: "ran", reason: "new" },
      }),
    ]),
  );
  edit(root, "models/a/train.py", "0.5", "0.6");
  const { value: dry } = await build(root, { checkOnly: true });
  expect(planText(dry)).toMatch(
    /^a: would write \d+ files? \(cells changed\)\nb: nothing to do\nc: would write \d+ files\n$/,
  );
});

it("a dry run uses what is kept and keeps nothing, not even where nothing was kept", async () => {
  const root = checkout();
  const dry = async () => (await opened(root, { isStored: "read" })).build({ ...everything, checkOnly: true });
  expect(statuses(await dry())).toEqual(["a ran new", "b ran new", "c ran new"]);
  expect(existsSync(join(root, ".crosswalk"))).toBe(false);
  await build(root);
  expect(statuses(await dry())).toEqual(["a fresh -", "b fresh -", "c fresh -"]);
  const before = stateOf(root);
  edit(root, "models/a/train.py", "0.5", "0.6");
  expect(statuses(await dry())).toEqual(["a ran cells", "b fresh -", "c fresh -"]);
  expect(stateOf(root)).toEqual(before);
  // Twin: a build keeps it.
  await build(root);
  expect(stateOf(root)).not.toEqual(before);
});

it("each single action says how it ended and why", async () => {
  const root = checkout();
  await build(root);
  edit(root, "models/a/train.py", "0.5", "0.6");
  edit(root, "models/b/train.py", "SHARE =", "SHARE ==");
  const { value } = await build(root, { tellActions: true });
  const ended = (action: string) =>
    (value.actions ?? []).flatMap((one) =>
      one.action === action ? [[one.of, one.status, one.reason, one.differs].filter(Boolean).join(" ")] : [],
    );
  expect(ended("product").sort()).toEqual(["a ran cells models/a/train.py", "b failed errors", "c fresh"]);
  expect(ended("cells").sort()).toEqual([
    "models/a/train.py ran notebook models/a/train.py",
    "models/b/train.py ran notebook models/b/train.py",
    "models/c/train.py fresh",
  ]);
  expect(ended("commit").sort()).toEqual([
    "models/a/production/a ran files",
    "models/b/production/b skipped errors",
    "models/c/production/c fresh",
  ]);
  // The first build wrote crosswalk.lock; what it holds for all is pinned, whether it was looked up again or not.
  expect(ended("pin").filter((one) => one.includes(" pandas "))).toContain("models/c pandas pinned");
  rmSync(join(root, "crosswalk.lock"));
  const unlocked = await build(root, { models: ["c"], tellActions: true, checkOnly: true });
  expect(unlocked.value.actions?.filter(({ action, status }) => action === "pin" && status === "pinned")).toEqual([]);
  expect((await build(root)).value.actions).toBeUndefined();
});

it("the graph of a build: what each action looks at, as data and as pictures, and around one name only", async () => {
  const root = checkout();
  const session = await opened(root);
  const graphed = async (request: { models: readonly string[]; around?: string }) => {
    const { value, diagnostics } = await session.buildGraph(request);
    return { value, codes: diagnostics.map(({ code }) => code) };
  };
  const { value: all } = await graphed({ models: [] });
  const schema = JSON.parse(
    readFileSync(new URL("../../../schemas/build-graph-1.schema.json", import.meta.url), "utf8"),
  );
  const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
  expect([validate(all?.json), validate.errors]).toEqual([true, null]);
  const said = (value: typeof all) => {
    const { nodes } = value?.json as { nodes: readonly { action: string; of: string }[] };
    return nodes.map(({ action, of }) => `${action} ${of}`);
  };
  expect(said(all)).toEqual(
    expect.arrayContaining(["file models/a/helper.py", "cells models/a/train.py", "product a", "product b"]),
  );
  expect(readdirSync(root).sort()).toEqual([".crosswalk", ".git", "crosswalk.yaml", "models", "requirements.txt"]);
  const { value: some } = await graphed({ models: [], around: "models/a/helper.py" });
  expect(said(some)).toEqual(
    expect.arrayContaining(["file models/a/helper.py", "product a", "commit models/a/production/a"]),
  );
  expect(said(some).some((one) => one.includes("models/b"))).toBe(false);
  expect(some?.render("dot")).toMatch(/^digraph crosswalk \{\n[\s\S]* n\d+ -> n\d+;\n\}\n$/);
  expect(some?.render("mermaid")).toMatch(/^flowchart LR\n[\s\S]*product a/);
  expect(said((await graphed({ models: ["b"] })).value)).not.toContain("product a");
  expect(await graphed({ models: [], around: "models/a/hepler.py" })).toMatchObject({
    value: undefined,
    codes: ["CW5143"],
  });
});

it("the first input that differs is named and shown", async () => {
  const root = checkout();
  const why = async (file: string) => {
    const { value, diagnostics } = await (await opened(root)).whyRebuilt(file);
    return value?.text ?? diagnostics.map(({ code }) => code).join(" ");
  };
  expect(await why("models/a")).toBe("CW5140");
  const first = await build(root);
  const [product = ""] = first.value.models.map(({ out }) => out);
  expect(await why(product)).toContain("for the first time");
  edit(root, "models/a/train.py", "SHARE = 0.5", "SHARE = 0.6");
  await build(root);
  expect(await why(`${product}/pyproject.toml`)).toMatch(
    /because of models\/a\/train\.py:\n {2}cell 1\n {2}- SHARE = 0\.5\n {2}\+ SHARE = 0\.6\n/,
  );
  expect(await why("models/a/train.py")).toBe(await why("a"));
  expect(await why("requirements.txt")).toBe("CW5140");
  edit(root, "crosswalk.lock", "2.2.3", "2.2.2");
  await build(root);
  expect(await why("a")).toMatch(/because of the version of pandas:\n.*2\.2\.3.*\n.*2\.2\.2/);
  edit(root, "models/a/crosswalk.yaml", "notebooks:", 'python: ">=3.12"\nnotebooks:');
  await build(root);
  expect(await why("a")).toMatch(/because of the settings of a:\n {2}- python: .*\n {2}\+ python: ">=3\.12"/);
  edit(root, "models/a/helper.py", "dropna", "copy");
  await build(root);
  expect(await why("a")).toMatch(/because of the file models\/a\/helper\.py/);
});

it.each<readonly [change: string, affected: readonly string[], work: (root: string) => void]>([
  ["nothing", [], () => {}],
  ["a notebook", ["a"], (root) => edit(root, "models/a/train.py", "0.5", "0.6")],
  ["a module", ["b"], (root) => edit(root, "models/b/helper.py", "dropna", "copy")],
  ["a new file beside a notebook", ["c"], (root) => writeFileSync(join(root, "models/c/other.py"), "x = 1\n")],
  ["settings of one model", ["c"], (root) => appendFileSync(join(root, "models/c/crosswalk.yaml"), "owner: us\n")],
  ["a file that nobody reads", [], (root) => writeFileSync(join(root, "notes.md"), "x\n")],
  ["the versions", ["a", "b", "c"], (root) => edit(root, "requirements.txt", "2.2.3", "2.2.2")],
  [
    "a commit and a change on top of it",
    ["a", "b"],
    (root) => {
      edit(root, "models/a/train.py", "0.5", "0.6");
      commit(root);
      edit(root, "models/b/train.py", "0.5", "0.6");
    },
  ],
])("--since: %s affects %j", async (_change, affected, work) => {
  const root = checkout();
  await build(root);
  writeFileSync(join(root, ".gitignore"), "/.crosswalk/\n");
  commit(root);
  git(root, "checkout", "-q", "-b", "work");
  work(root);
  const { value, diagnostics } = await build(root, { since: "main" });
  expect([value.models.map(({ name }) => name), diagnostics]).toEqual([affected, []]);
  expect(value.skipped).toEqual(["a", "b", "c"].filter((name) => !affected.includes(name)));
});

it("--since never takes what git cannot tell for everything", async () => {
  const root = checkout();
  writeFileSync(join(root, "notes.md"), "x\n");
  commit(root);
  const said = async (at: string, since: string) => {
    const { value, diagnostics } = await build(at, { since });
    return [value.models.length, ...diagnostics.map(({ code, fix }) => `${code} ${fix.toLowerCase()}`)];
  };
  expect(await said(root, "no-such")).toEqual([0, expect.stringContaining("CW5142 run `git fetch origin no-such`")]);
  expect(await said(root, "--output=x")).toEqual([0, expect.stringContaining("CW5142")]);
  const shallow = join(base, "shallow");
  git(base, "clone", "-q", "--depth", "1", `file://${root}`, shallow);
  expect(await said(shallow, "HEAD~1")).toEqual([0, expect.stringContaining("git fetch --unshallow")]);
  const bare = join(base, "bare");
  cpSync(root, bare, { recursive: true });
  rmSync(join(bare, ".git"), { recursive: true });
  expect(await said(bare, "main")).toEqual([0, expect.stringContaining("CW5142")]);
});

it("a model whose notebook is gone keeps the others of the same crosswalk.yaml from nothing, and its own product", async () => {
  const root = checkout();
  rmSync(join(root, "models"), { recursive: true });
  const models = ["a", "b"].map((name) => `  - {model: ${name}, notebooks: [${name}.py]}\n`).join("");
  writeFileSync(join(root, "crosswalk.yaml"), `models:\n${models}`);
  writeFileSync(join(root, "helper.py"), "def clean(x):\n    return x.dropna()\n");
  for (const name of ["a", "b"]) writeFileSync(join(root, `${name}.py`), notebook("0.5"));
  await build(root);
  rmSync(join(root, "b.py"));
  edit(root, "a.py", "0.5", "0.6");
  const { value, diagnostics } = await build(root);
  expect(value.models.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(["a written"]);
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code)).toEqual(["CW0032"]);
  expect(existsSync(join(root, "production/b/crosswalk.manifest.json"))).toBe(true);
  // Twin: what may mean every model stops them all.
  writeFileSync(join(root, "crosswalk.yaml"), `python: 3\nmodels:\n${models}`);
  edit(root, "a.py", "0.6", "0.7");
  expect((await build(root)).value.models.filter(({ outcome }) => outcome === "written")).toEqual([]);
});
