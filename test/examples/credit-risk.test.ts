import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  artifacts,
  type Comparison,
  compare,
  notebookValue,
  packageOf,
  productValue,
  runNotebook,
  runProduct,
  tool,
  type Workbench,
  workbench,
} from "../../scripts/lib/example.ts";
import { judge, pytest } from "../../scripts/lib/quality.ts";
import { must } from "../../scripts/lib/run.ts";

const models = [
  { model: "credit-risk-bare", notebook: "notebooks/train.ipynb" },
  { model: "credit-risk", notebook: "notebooks/train_annotated.ipynb" },
] as const;
const written = "data/scored_applications.csv";

let bench: Workbench;
let values: string;
let scored: string;

beforeAll(async () => {
  bench = workbench("credit-risk");
  // Both notebooks hold the same code, so either one's values are the truth for both products.
  values = await runNotebook(bench, models[0].notebook);
  scored = readFileSync(join(bench.folder, written), "utf8");
}, 900_000);

afterAll(() => {
  if (bench && process.env.CROSSWALK_KEEP !== "1") rmSync(bench.folder, { recursive: true, force: true });
});

it("the two notebooks differ in comments only", () => {
  const code = models.map(({ notebook }) => {
    const { cells } = JSON.parse(readFileSync(join(bench.folder, notebook), "utf8")) as {
      cells: { cell_type: string; id: string; source: string[] }[];
    };
    const lines = (source: string): string[] => source.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
    return cells
      .filter((cell) => cell.cell_type === "code")
      .map(({ id, source }) => [id, ...lines(source.join("")).map((line) => line.replace(/\s+# cw:.*$/, ""))]);
  });
  expect(code[0]).toHaveLength(41);
  expect(code[1]).toEqual(code[0]);
});

it("the data are what the generator makes", async () => {
  expect(await must(bench.python.python, [join(bench.folder, "tools", "make_data.py"), "--check"])).toBe("same\n");
});

it("the notebook discriminates: its metric is worth reproducing", () => {
  expect(notebookValue(values, "auc")).toBeGreaterThan(0.7);
  expect(scored.split("\n").length).toBeGreaterThan(400);
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

for (const { model } of models) {
  it(`${model}: every result equals the notebook's`, { timeout: 300_000 }, async () => {
    rmSync(join(bench.folder, written), { force: true });
    const workdir = await runProduct(bench, model);
    const found: Comparison = await compare(bench, values, workdir);
    expect(found.different).toEqual({});
    expect([...found.equal].sort()).toEqual(Object.keys(artifacts(workdir)).sort());
    expect(found.equal).toEqual(expect.arrayContaining(["auc", "brier", "best_thr", "model", "challenger", "scored"]));
    expect(productValue(workdir, "auc")).toBeCloseTo(notebookValue(values, "auc") as number, 12);
    // The file that the notebook writes is written by the product too, byte for byte.
    expect(readFileSync(join(bench.folder, written), "utf8")).toBe(scored);
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
    const name = packageOf(bench, model);
    const text = readFileSync(join(bench.folder, "production", model, "src", name, "__main__.py"), "utf8");
    expect(text).not.toMatch(/import crosswalk|from crosswalk/);
    expect(text).not.toContain(bench.folder);
    expect(text).not.toContain("not-a-real-token");
  });
}
