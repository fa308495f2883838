import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  artifacts,
  type Comparison,
  citedCells,
  compare,
  compiledOf,
  notebookValue,
  packageOf,
  productValue,
  runNotebooks,
  runProduct,
  tool,
  type Workbench,
  workbench,
} from "../../scripts/lib/example.ts";
import { type Example, examples } from "../../scripts/lib/examples.ts";
import { faults } from "../../scripts/lib/faults.ts";
import { judge, pytest } from "../../scripts/lib/quality.ts";
import { must } from "../../scripts/lib/run.ts";
import { schemathesis } from "../../scripts/lib/schemathesis.ts";
import { rowsOf, serveProduct, stateOf } from "../../scripts/lib/service.ts";

/** What only looks at things: none of it may stand in a product. */
const looks = /\b(?:plt|sns)\.|matplotlib|seaborn|\.(?:describe|info|hist|plot)\(|\b(?:display|print)\(/;

/** Code cells of a notebook by their number, directives, other comments and blank lines left out. */
function codeOf(path: string): ReadonlyMap<number, readonly string[]> {
  const text = readFileSync(path, "utf8");
  const cells: readonly { code: boolean; source: string }[] = path.endsWith(".py")
    ? text
        .replace("# Databricks notebook source\n", "")
        .split("# COMMAND ----------")
        .map((source) => ({ code: !source.trim().startsWith("# MAGIC %md"), source }))
    : (JSON.parse(text) as { cells: { cell_type: string; source: string[] }[] }).cells.map((cell) => ({
        code: cell.cell_type === "code",
        source: cell.source.join(""),
      }));
  const lines = (source: string): string[] =>
    source
      .split("\n")
      .map((line) => line.replace(/^# MAGIC /, "").replace(/\s*# cw:.*$/, ""))
      .filter((line) => !/^\s*(#|$)/.test(line));
  return new Map(
    cells.map(({ code, source }, i) => [i + 1, code ? lines(source) : undefined] as const).filter(hasCode),
  );
}

function hasCode(entry: readonly [number, string[] | undefined]): entry is readonly [number, string[]] {
  return entry[1] !== undefined;
}

/** Registers the tests of one example: notebook and products are run and compared. */
export function testExample(name: string): void {
  const example: Example | undefined = examples.find((e) => e.name === name);
  if (!example) throw new Error(`no example '${name}'`);
  const { models, written, metric } = example;
  const [bare, annotated] = models;
  let bench: Workbench;
  let values: string;
  const files = new Map<string, Buffer>();

  beforeAll(async () => {
    bench = workbench(name);
    // Both variants hold the same code, so either one's values are the truth for both products.
    values = await runNotebooks(bench, bare.notebooks);
    for (const path of written) files.set(path, readFileSync(join(bench.folder, path)));
  }, 900_000);

  afterAll(() => {
    if (bench && process.env.CROSSWALK_KEEP !== "1") rmSync(bench.folder, { recursive: true, force: true });
  });

  it("the bare and the annotated notebooks differ in comments only", () => {
    const code = models.map(({ notebooks }) => notebooks.map((path) => codeOf(join(bench.folder, path))));
    expect(code[0]?.reduce((count, cells) => count + cells.size, 0)).toBe(example.codeCells);
    expect(code[1]).toEqual(code[0]);
  });

  it("the data are what the generator makes", async () => {
    expect(await must(bench.python.python, [join(bench.folder, "tools", "make_data.py"), "--check"])).toBe("same\n");
  });

  it("the notebook discriminates: its metric is worth reproducing", () => {
    expect(notebookValue(values, metric.name)).toBeGreaterThan(metric.above);
    for (const [path, content] of files) expect(content.length, path).toBeGreaterThan(500);
  });

  it("both models build without an error", { timeout: 120_000 }, async () => {
    const ran = await tool(bench, "build", "--format", "json");
    const said = JSON.parse(ran.stdout) as { diagnostics: { severity: string; code: string; message: string }[] };
    expect(said.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(ran.code).toBe(0);
  });

  it("a second build writes nothing", { timeout: 120_000 }, async () => {
    const ran = await tool(bench, "build", "--check");
    expect(`${ran.stdout}${ran.stderr} exit ${ran.code}`).toMatch(/ exit 0$/);
  });

  const { serves } = example;
  if (serves)
    it(`${annotated.model}: rows held out are answered as in training, and the service answers`, {
      timeout: 300_000,
    }, async () => {
      const workdir = await runProduct(bench, annotated.model);
      const { check, example: row } = stateOf(workdir);
      expect(check).toMatchObject({ outcome: "equal" });
      expect(check.rows).toBeGreaterThan(200);
      const service = await serveProduct(bench, annotated.model, workdir);
      try {
        const reply = await service.ask("POST", `/v1/${serves.answer}`, JSON.stringify({ records: [row, row] }));
        expect(reply.status, reply.text).toBe(200);
        const given = JSON.parse(reply.text) as { readonly predictions: readonly Record<string, unknown>[] };
        const { predictions } = given;
        expect(predictions.map((answer) => Object.keys(answer))).toEqual([serves.values, serves.values]);
        expect(predictions[1]).toEqual(predictions[0]);
        // The page shows a request that is answered like that, and the figure that training found.
        const page = readFileSync(join(bench.folder, "SERVICE.md"), "utf8");
        const [asked = "", answered = ""] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
          (block) => block[1] ?? "",
        );
        const shown = JSON.parse((await service.ask("POST", `/v1/${serves.answer}`, asked)).text) as typeof given;
        const told = JSON.parse(answered) as typeof given;
        for (const name of serves.values)
          expect(shown.predictions[0]?.[name]).toBeCloseTo(Number(told.predictions[0]?.[name]), 9);
        expect(page.replaceAll(/\s+/g, " ")).toContain(`${check.rows} are answered as the notebook answers them`);
        // The service under faults, and before schemathesis; at full size in `npm run numbers -- service`.
        const judged = await schemathesis(bench, service, 10);
        expect(judged, judged.said).toMatchObject({ isClean: true });
        const refused = await service.ask("POST", `/v1/${serves.answer}`, JSON.stringify({ records: [{}] }));
        expect(refused.status).toBe(422);
      } finally {
        await service.stop();
        expect(service.log()).toContain("shutdown complete");
      }
      const rows = (await rowsOf(bench, serves)).slice(0, 40).map((given) => JSON.stringify({ records: [given] }));
      const found = await faults(
        (port) => serveProduct(bench, annotated.model, workdir, port),
        `/v1/${serves.answer}`,
        rows,
        { seconds: 20, seed: 1, log: () => {} },
      );
      expect(found).toMatchObject({ lost: 0, wrong: 0, errors: 0 });
      expect(Math.min(found.answered, found.bad, found.cut, found.stops)).toBeGreaterThan(0);
    });

  for (const { model, notebooks } of models) {
    it(`${model}: every result equals the notebook's`, { timeout: 300_000 }, async () => {
      for (const path of written) rmSync(join(bench.folder, path), { force: true });
      const workdir = await runProduct(bench, model);
      const found: Comparison = await compare(bench, values, workdir);
      expect(found.different).toEqual({});
      expect([...found.equal].sort()).toEqual(Object.keys(artifacts(workdir)).sort());
      expect(found.equal).toEqual(expect.arrayContaining([...example.results]));
      expect(productValue(workdir, metric.name)).toBeCloseTo(notebookValue(values, metric.name) as number, 12);
      // The files that the notebooks write are written by the product too, byte for byte.
      for (const [path, content] of files)
        expect(readFileSync(join(bench.folder, path)).equals(content), path).toBe(true);
    });

    it(`${model}: nothing of the exploration is left`, { timeout: 60_000 }, async () => {
      const blueprint = (await compiledOf(bench.folder, model)).built?.blueprint;
      if (!blueprint) throw new Error(`${model} has no blueprint`);
      notebooks.forEach((path, i) => {
        const skipped = model === annotated.model ? (example.skipped[i] ?? []) : [];
        const listed = [...(example.exploratory[i] ?? []), ...skipped];
        expect(listed.length).toBeGreaterThan(0);
        const code = codeOf(join(bench.folder, path));
        // A cell of imports or comments could not fail.
        for (const cell of listed)
          expect(code.get(cell)?.some((line) => !/^\s*(?:import|from)\s/.test(line))).toBe(true);
        const cited = citedCells(blueprint, path);
        expect(cited.size).toBeGreaterThan(5);
        expect(listed.filter((cell) => cited.has(cell))).toEqual([]);
      });
      const folder = join(bench.folder, "production", model, "src", packageOf(bench, model));
      const steps = readdirSync(join(folder, "steps")).map((file) => join(folder, "steps", file));
      for (const file of [...steps, join(folder, "helpers.py")])
        expect(looks.exec(readFileSync(file, "utf8"))?.[0], file).toBeUndefined();
    });

    it(`${model}: ruff, vulture and mypy have nothing to say`, { timeout: 300_000 }, async () => {
      const verdicts = await judge(bench, model);
      expect(verdicts.filter(({ count }) => count > 0)).toEqual([]);
      expect(verdicts).toHaveLength(5);
    });

    it(`${model}: the tests that ship with the product pass`, { timeout: 300_000 }, async () => {
      const folder = join(bench.folder, "production", model);
      const ran = await pytest(
        { ...bench, env: { ...bench.env, PYTHONPATH: join(folder, "src") } },
        join(folder, "tests"),
      );
      expect(ran.failed, ran.said).toBe(0);
      expect(ran.passed).toBeGreaterThan(0);
    });

    it(`${model}: the product knows nothing of Crosswalk, this machine or what it left out`, () => {
      const folder = join(bench.folder, "production", model, "src");
      const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".py"))
        .map((path) => readFileSync(join(folder, path), "utf8"))
        .join("\n");
      expect(text).not.toMatch(/^\s*(?:import|from) crosswalk/m);
      expect(text).not.toContain(bench.folder);
      if (example.secretText !== undefined) expect(text).not.toContain(example.secretText);
    });
  }
}
