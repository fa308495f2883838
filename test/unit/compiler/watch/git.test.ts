import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { expect, it } from "vitest";
import { config, type Ended, notebook, script, sleep, type Watching, watching } from "./kit.ts";

const git = (root: string, ...args: readonly string[]): void => {
  const who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "core.autocrlf=false"];
  execFileSync("git", [...who, ...args], { cwd: root, stdio: "pipe" });
};
const many = Array.from({ length: 500 }, (_, nth) => `nb/module_${nth}.py`);
const files = (factor: number): Readonly<Record<string, string>> => ({
  "crosswalk.yaml": config("nb/one.ipynb", "nb/two.py"),
  "requirements.txt": "pandas==2.2.3\n",
  ".gitignore": ".crosswalk/\n",
  "nb/one.ipynb": notebook(factor),
  "nb/two.py": script(factor),
  ...Object.fromEntries(many.map((path) => [path, `FACTOR = ${factor}\n`])),
});
const put = (root: string, found: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(found)) fs.writeFileSync(`${root}/${path}`, text);
};

/** A repository with two branches that differ in 502 files. */
function twoBranches(root: string): void {
  git(root, "init", "-q", "-b", "main");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "main");
  git(root, "checkout", "-qb", "other");
  put(root, files(7));
  git(root, "commit", "-qam", "other");
  git(root, "checkout", "-q", "main");
}

const ends = (watch: Watching): readonly Ended[] =>
  watch.events.filter((event): event is Ended => event.kind === "end");
const product = (watch: Watching, model: string): string => {
  const folder = `production/${model}/src/${model}/steps`;
  return fs
    .readdirSync(watch.path(folder))
    .map((name) => watch.text(`${folder}/${name}`))
    .join("\n");
};

it("a checkout of 502 files is one build, or two where it takes its time, and nothing in between is drift", async () => {
  const watch = await watching(files(2), {}, twoBranches);
  for (const [branch, factor] of [
    ["other", 7],
    ["main", 2],
  ] as const) {
    const before = ends(watch).length;
    const done = watch.next(() => ["one", "two"].every((model) => product(watch, model).includes(`* ${factor}`)));
    git(watch.root, "checkout", "-q", branch);
    const { diagnostics } = await done;
    await sleep(400);
    expect([branch, diagnostics, ends(watch).length - before <= 2]).toEqual([branch, [], true]);
  }
  expect(ends(watch).flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
});

it("nothing is built while git holds its lock", async () => {
  const watch = await watching(files(2), {}, twoBranches);
  watch.write(".git/index.lock", "");
  watch.write("nb/one.ipynb", notebook(9));
  await sleep(700);
  expect([ends(watch).length, product(watch, "one").includes("* 9")]).toEqual([1, false]);
  const done = watch.next();
  fs.rmSync(watch.path(".git/index.lock"));
  expect((await done).occasion.waited).toEqual(["git"]);
  expect(product(watch, "one")).toContain("* 9");
});

it("branches that hold their products are switched without a word of drift, and without a file written", async () => {
  const watch = await watching(files(2), {}, (root) => {
    git(root, "init", "-q", "-b", "main");
  });
  const commit = (branch: string): void => {
    git(watch.root, "checkout", "-qb", branch);
    git(watch.root, "add", "-A");
    git(watch.root, "commit", "-qm", branch);
  };
  commit("two");
  const built = watch.next(() => ["one", "two"].every((model) => product(watch, model).includes("* 7")));
  put(watch.root, { "nb/one.ipynb": notebook(7), "nb/two.py": script(7) });
  await built;
  await sleep(500);
  commit("seven");
  const before = ends(watch).length;
  const switched = watch.next(({ models }) => models.length === 2);
  git(watch.root, "checkout", "-q", "two");
  await switched;
  await sleep(600);
  const later = ends(watch).slice(before);
  expect(later.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  expect(later.flatMap(({ models }) => models.flatMap(({ written, removed }) => [...written, ...removed]))).toEqual([]);
  expect(execFileSync("git", ["status", "--porcelain"], { cwd: watch.root, encoding: "utf8" })).toBe("");
});
