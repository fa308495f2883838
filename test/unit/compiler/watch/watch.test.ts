import * as fs from "node:fs";
import { expect, it } from "vitest";
import type { WatchEvent } from "../../../../src/compiler/watch/contract.ts";
import { usualPace } from "../../../../src/engine/watch/coalescer.ts";
import { config, type Ended, notebook, script, sleep, watching } from "./kit.ts";

const start = {
  "crosswalk.yaml": config("nb/one.ipynb", "nb/two.py"),
  "requirements.txt": "pandas==2.2.3\n",
  "nb/one.ipynb": notebook(2),
  "nb/two.py": script(2),
};
const step = (model: string): string => `production/${model}/src/${model}/steps/`;
const product = (watch: { path(path: string): string }, model: string): string =>
  fs
    .readdirSync(watch.path(step(model)))
    .map((name) => fs.readFileSync(watch.path(step(model) + name), "utf8"))
    .join("\n");
const outcomes = ({ models }: Ended): readonly (readonly [string, string])[] =>
  models.map(({ name, outcome }) => [name, outcome]);
const codes = ({ diagnostics }: Ended): readonly string[] => diagnostics.map(({ code }) => code);
const begun = (events: readonly WatchEvent[]): Extract<WatchEvent, { kind: "begin" }> | undefined =>
  events.findLast((event) => event.kind === "begin");

it("builds once, and after an edit just what it affects: which cell changed, why, and what it cost", async () => {
  const watch = await watching(start);
  expect(watch.events.map(({ kind }) => kind)).toEqual(["begin", "end", "idle"]);
  expect(product(watch, "one")).toContain("* 2");
  const ended = watch.next();
  watch.write("nb/one.ipynb", notebook(3));
  const { models, milliseconds, actions } = await ended;
  expect(product(watch, "one")).toContain("* 3");
  expect(models.map(({ name, outcome, why }) => [name, outcome, why])).toEqual([
    ["one", "written", "nb/one.ipynb changed"],
    ["two", "unchanged", undefined],
  ]);
  expect(begun(watch.events)?.occasion.changes).toEqual([{ path: "nb/one.ipynb", how: "changed", cells: [3] }]);
  expect([milliseconds > 0, actions]).toEqual([true, 7]);
  expect(await watch.quiet()).toBe(2);
});

it("what is compiled while more is waited for counts only if it stays: the last content is built, and what is put back is no news", async () => {
  const pace = { ...usualPace, quiet: 400, most: 5000 };
  const watch = await watching(start, { pace });
  const ended = watch.next();
  watch.write("nb/one.ipynb", notebook(3));
  await sleep(200);
  expect(product(watch, "one")).toContain("* 2");
  watch.write("nb/one.ipynb", notebook(4));
  const { models, actions } = await ended;
  expect(product(watch, "one")).toContain("* 4");
  expect(models.map(({ name, outcome, why }) => [name, outcome, why])).toEqual([
    ["one", "written", "nb/one.ipynb changed"],
    ["two", "unchanged", undefined],
  ]);
  expect(begun(watch.events)?.occasion.changes).toEqual([{ path: "nb/one.ipynb", how: "changed", cells: [3] }]);
  expect(actions).toBe(7);
  // Also its own writes have been heard of.
  await watch.quiet();
  const before = watch.events.length;
  watch.write("nb/one.ipynb", notebook(5));
  await sleep(200);
  watch.write("nb/one.ipynb", notebook(4));
  await watch.quiet();
  expect(watch.events.slice(before)).toEqual([]);
  expect(product(watch, "one")).toContain("* 4");
});

it("a comment and other words of Markdown compile nothing", async () => {
  const watch = await watching(start);
  const ended = watch.next();
  const changed = JSON.parse(notebook(2)) as { cells: { cell_type: string; source: string }[] };
  changed.cells.forEach((cell) => {
    cell.source += cell.cell_type === "code" ? "\n# a note" : "\nmore words";
  });
  watch.write("nb/one.ipynb", JSON.stringify(changed));
  const { models } = await ended;
  expect(models.map(({ name, outcome, why }) => [name, outcome, why])).toEqual([
    ["one", "unchanged", undefined],
    ["two", "unchanged", undefined],
  ]);
});

it("its own writes, a touched file and a file that nobody reads begin nothing", async () => {
  const watch = await watching(start);
  fs.utimesSync(watch.path("nb/one.ipynb"), new Date(), new Date());
  fs.writeFileSync(watch.path("nb/one.ipynb"), notebook(2));
  watch.write("production/one/src/one/__pycache__/x.pyc", "x");
  watch.write("production/one/notes.txt", "x");
  await watch.quiet();
  expect(watch.events.slice(3)).toEqual([]);
});

it("a half-written notebook is waited for, and the product of before stays", async () => {
  // What holds for half a second on an idle machine must not depend on how busy this one is.
  const watch = await watching(start, { pace: { ...usualPace, halfWritten: 10_000 } });
  const ended = watch.next();
  const text = notebook(5);
  watch.write("nb/one.ipynb", "");
  await sleep(60);
  watch.write("nb/one.ipynb", text.slice(0, 200));
  await sleep(150);
  expect(product(watch, "one")).toContain("* 2");
  watch.write("nb/one.ipynb", text);
  expect(codes(await ended)).toEqual([]);
  expect(product(watch, "one")).toContain("* 5");
  expect(begun(watch.events)?.occasion.waited).toEqual(["half-written"]);
  expect(watch.events.filter(({ kind }) => kind === "end")).toHaveLength(2);
});

it("a notebook that stays half-written is an error, and its product stays as it is", async () => {
  const watch = await watching(start);
  const broken = watch.next();
  watch.write("nb/one.ipynb", notebook(5).slice(0, 200));
  expect(outcomes(await broken)).toEqual([
    ["one", "failed"],
    ["two", "unchanged"],
  ]);
  expect(product(watch, "one")).toContain("* 2");
  const mended = watch.next();
  watch.write("nb/one.ipynb", notebook(6));
  expect(codes(await mended)).toEqual([]);
  expect(product(watch, "one")).toContain("* 6");
});

it.each([
  [
    "a rename",
    (at: (path: string) => string, text: string) => {
      fs.writeFileSync(at("nb/.tmp-one"), text);
      fs.renameSync(at("nb/.tmp-one"), at("nb/one.ipynb"));
    },
  ],
  [
    "vim: the old file is moved away and a new one written",
    (at: (path: string) => string, text: string) => {
      fs.writeFileSync(at("nb/.one.ipynb.swp"), "swap");
      fs.writeFileSync(at("nb/4913"), "");
      fs.rmSync(at("nb/4913"));
      fs.renameSync(at("nb/one.ipynb"), at("nb/one.ipynb~"));
      fs.writeFileSync(at("nb/one.ipynb"), text);
      fs.rmSync(at("nb/one.ipynb~"));
      fs.rmSync(at("nb/.one.ipynb.swp"));
    },
  ],
  [
    "a file that is away for a moment",
    async (at: (path: string) => string, text: string) => {
      fs.rmSync(at("nb/one.ipynb"));
      await sleep(50);
      fs.writeFileSync(at("nb/one.ipynb"), text);
    },
  ],
])("a notebook saved by %s is one change, and so is the next", async (_name, save) => {
  const watch = await watching(start);
  for (const factor of [7, 8]) {
    const ended = watch.next();
    await save(watch.path, notebook(factor));
    expect(codes(await ended)).toEqual([]);
    expect(product(watch, "one")).toContain(`* ${factor}`);
  }
  expect(await watch.quiet()).toBe(3);
});

it("a generated file that is edited by hand is drift at once, and settled when it is taken back", async () => {
  const watch = await watching(start);
  const path = "production/two/README.md";
  const text = watch.text(path);
  const drifted = watch.next();
  watch.write(path, `${text}mine\n`);
  const found = await drifted;
  expect(codes(found)).toEqual(["CW6001"]);
  expect([found.actions, outcomes(found)]).toEqual([
    // crosswalk.lock is looked at for the other model alone.
    1,
    [
      ["one", "unchanged"],
      ["two", "failed"],
    ],
  ]);
  expect(watch.text(path)).toBe(`${text}mine\n`);
  // Deeper in the product too, and while it is drifted.
  const settled = watch.next();
  watch.write(path, text);
  expect(codes(await settled)).toEqual([]);
  const removed = watch.next();
  const init = "production/two/src/two/__init__.py";
  fs.rmSync(watch.path(init));
  expect((await removed).models[1]?.written).toEqual([init]);
  expect(await watch.quiet()).toBe(4);
});

it("crosswalk.yaml broken and mended: products stay, and a new model is built", async () => {
  const watch = await watching(start);
  const broken = watch.next();
  watch.write("crosswalk.yaml", "models: [");
  expect(codes(await broken)).toEqual(["CW0004"]);
  expect(fs.existsSync(watch.path("production/one/README.md"))).toBe(true);
  const mended = watch.next(({ models }) => models.length === 3);
  watch.write("more/three.py", script(4));
  watch.write("crosswalk.yaml", config("nb/one.ipynb", "nb/two.py", "more/three.py"));
  expect(outcomes(await mended)).toEqual([
    ["one", "unchanged"],
    ["two", "unchanged"],
    ["three", "written"],
  ]);
  await sleep(200);
  const edited = watch.next();
  watch.write("more/three.py", script(5));
  expect(outcomes(await edited).at(-1)).toEqual(["three", "written"]);
  const removed = watch.next();
  watch.write("crosswalk.yaml", config("nb/one.ipynb", "nb/two.py"));
  await removed;
  expect(fs.existsSync(watch.path("production/three"))).toBe(false);
});

it("a crosswalk.yaml that is empty for a moment removes no product", async () => {
  const watch = await watching(start);
  const ended = watch.next();
  watch.write("crosswalk.yaml", "");
  await sleep(200);
  expect(fs.existsSync(watch.path("production/two/README.md"))).toBe(true);
  watch.write("crosswalk.yaml", `# ours\n${config("nb/one.ipynb", "nb/two.py")}`);
  expect(outcomes(await ended).map(([, outcome]) => outcome)).toEqual(["unchanged", "unchanged"]);
});

it("a folder that is deleted and made again is watched again", async () => {
  const watch = await watching(start);
  const gone = watch.next();
  fs.rmSync(watch.path("nb"), { recursive: true });
  expect(codes(await gone)).toEqual(["CW0032", "CW0032"]);
  const back = watch.next(({ diagnostics }) => diagnostics.length === 0);
  watch.write("nb/one.ipynb", notebook(2));
  watch.write("nb/two.py", script(2));
  await back;
  await sleep(200);
  const edited = watch.next(() => product(watch, "two").includes("* 9"));
  watch.write("nb/two.py", script(9));
  await edited;
  const again = watch.next(({ models }) => models[0]?.outcome === "written");
  fs.rmSync(watch.path("production"), { recursive: true });
  expect((await again).models.map(({ outcome }) => outcome)).toEqual(["written", "written"]);
});
