import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { FromThread, ToThread } from "../../../src/compiler/jobs/messages.ts";
import { compilingThread } from "../../../src/compiler/jobs/thread-work.ts";
import { openWorkspace } from "../../../src/compiler/session.ts";
import type { BuildResult } from "../../../src/compiler/session-contract.ts";
import type { Phase } from "../../../src/diagnostics/diagnostic.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { type Threads, threadsOf } from "../../../src/foundation/host-threads.ts";

const base = mkdtempSync(join(tmpdir(), "crosswalk-jobs-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** More models than one thread is worth; two have errors, and two share a module. */
const names = Array.from({ length: 14 }, (_, nth) => `m${nth}`);
const notebook = (nth: number): string => `# %%
import pandas as pd
${nth === 3 || nth === 9 ? "from helper import clean" : "def clean(x):\n    return x.dropna()"}
df = clean(pd.read_csv("a.csv"))
df["part"] = df["a"] * ${nth}.5
# %%
${nth === 5 ? "exec(open('x').read())" : nth === 7 ? 'df = pd.concat([df, pd.read_csv(input("which"))])' : "df = df.rename(columns={})"}
df.to_csv("b.csv")
`;
const template = join(base, "template");
for (const [path, text] of [
  ["crosswalk.yaml", `models:\n${names.map((name) => `  - model: ${name}\n    notebooks: [${name}.py]\n`).join("")}`],
  ["requirements.txt", "pandas==2.2.3\n"],
  ["helper.py", "def clean(x):\n    return x.dropna()\n"],
  ...names.map((name, nth) => [`${name}.py`, notebook(nth)]),
] as [string, string][]) {
  mkdirSync(dirname(join(template, path)), { recursive: true });
  writeFileSync(join(template, path), text);
}
let nth = 0;
function fresh(): string {
  const root = join(base, String(nth++));
  cpSync(template, root, { recursive: true });
  return root;
}

async function build(root: string, jobs: number, threads: Threads): Promise<Phase<BuildResult>> {
  const { value } = await openWorkspace({
    host: nodeHost(root, {}),
    folder: root,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
    isStored: true,
    threads: async () => threads,
  });
  if (!value) throw new Error("no workspace");
  return value.build({ models: [], checkOnly: false, choices: { adopt: [], overwrite: [], eject: [] }, jobs });
}

function treeOf(root: string): Readonly<Record<string, string>> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files.map((one) => join(one.parentPath, one.name).slice(root.length + 1));
  return Object.fromEntries(
    paths
      .filter((path) => !path.startsWith(".crosswalk"))
      .sort()
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

const plain = ({ value, diagnostics }: Phase<BuildResult>) => ({
  models: value.models.map(({ began: _, took: __, ...rest }) => rest),
  diagnostics,
});

/** Threads that are none: what they would do is done here, and goes through `change` on its way back. */
function pretended(
  change: (message: FromThread) => FromThread | "lost",
): Threads & { started: number; given: string[] } {
  const all = {
    processors: 2,
    started: 0,
    given: [] as string[],
    start(listener: Parameters<Threads["start"]>[0]) {
      all.started++;
      let isOpen = true;
      const work = compilingThread(nodeHost(base, {}), (message) => {
        if (!isOpen) return;
        const changed = change(structuredClone(message));
        if (changed === "lost") {
          isOpen = false;
          listener.lost("it ended");
        } else listener.message(changed);
      });
      return {
        post(message: unknown) {
          all.given.push((message as ToThread).name);
          void work(structuredClone(message) as ToThread);
        },
        close() {
          isOpen = false;
        },
      };
    },
  };
  return all;
}
const asItIs = (message: FromThread): FromThread => message;

const alone = fresh();
const expected = plain(await build(alone, 1, pretended(asItIs)));
const expectedTree = treeOf(alone);

it("one thread compiles all of them, and says what is wrong", () => {
  expect(expected.models.map(({ status }) => status)).toEqual(
    names.map((_, i) => (i === 5 || i === 7 ? "failed" : "ran")),
  );
  expect(expected.diagnostics.length).toBeGreaterThan(1);
});

it.each([2, 3, 8])("%i threads give the same bytes, the same words and the same state", async (jobs) => {
  const root = fresh();
  const threads = threadsOf(new URL("../../../src/cli/thread.ts", import.meta.url));
  expect(plain(await build(root, jobs, threads))).toEqual(expected);
  expect(treeOf(root)).toEqual(expectedTree);
  const again = await build(root, 1, threads);
  expect(again.value.models.flatMap(({ status }) => (status === "ran" ? [status] : []))).toEqual([]);
});

it("no more threads than there is work for, and none for a few models", async () => {
  const root = fresh();
  const threads = pretended(asItIs);
  await build(root, 8, threads);
  expect(threads.started).toBe(1);
  expect(new Set(threads.given).size).toBe(threads.given.length);
  expect(threads.given.length).toBeGreaterThan(2);
  writeFileSync(join(root, "m1.py"), notebook(17));
  const later = pretended(asItIs);
  const { value } = await build(root, 8, later);
  expect(later.started).toBe(0);
  expect(value.models.flatMap(({ name, status }) => (status === "ran" ? [name] : []))).toEqual(["m1"]);
});

it.each<[string, (message: FromThread) => FromThread | "lost"]>([
  ["ends at its first model", () => "lost"],
  ["ends after a few", (message) => (message.kind === "made" && message.model.name === "m3" ? "lost" : message)],
  ["cannot compile", (message) => (message.kind === "made" ? { kind: "failed", model: message.model } : message)],
  [
    "saw other files",
    (message) => {
      if (message.kind !== "made") return message;
      const { made } = message;
      const reads = made.reads.map((read, i) => (i === 1 ? { ...read, digest: "0".repeat(64) } : read));
      return { ...message, made: { ...made, reads, digest: "1".repeat(64), value: { ...made.value, files: [] } } };
    },
  ],
])("a thread that %s changes nothing", async (_, change) => {
  const root = fresh();
  const threads = pretended(change);
  expect(plain(await build(root, 2, threads))).toEqual(expected);
  expect(threads.started).toBe(1);
  expect(treeOf(root)).toEqual(expectedTree);
});

it("a thread keeps no file of one model for the next, and makes of each what another thread would make", async () => {
  const root = fresh();
  const host = nodeHost(root, {});
  const read: string[] = [];
  const said: FromThread[] = [];
  const alone: FromThread[] = [];
  const watched = {
    ...host,
    readBytes(path: string) {
      if (path.endsWith(".py")) read.push(path.slice(root.length + 1));
      return host.readBytes(path);
    },
  };
  const work = compilingThread(watched, (message) => said.push(structuredClone(message)));
  const others = (message: FromThread) => alone.push(structuredClone(message));
  const params = (name: string): ToThread => ({ root, file: "crosswalk.yaml", name });
  for (const name of ["m3", "m9"]) {
    await work(params(name));
    await compilingThread(host, others)(params(name));
  }
  expect(read).toEqual(["m3.py", "helper.py", "m9.py", "helper.py"]);
  const made = (all: readonly FromThread[]) => all.filter(({ kind }) => kind === "made");
  expect(made(said)).toHaveLength(2);
  expect(made(said)).toEqual(made(alone));
});
