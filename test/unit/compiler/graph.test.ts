import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { ModelGraph, StatementNode } from "../../../src/compiler/graph/model.ts";
import type { MemoryHost } from "../../../src/foundation/host-memory.ts";
import { exampleHost, ipynb, repository, sessionOf } from "./kit.ts";

const schema = JSON.parse(readFileSync(new URL("../../../schemas/graph-1.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);

async function graphOf(host: MemoryHost) {
  const { value } = await (await sessionOf(host)).graph({ models: [] });
  if (!value) throw new Error("no graph");
  const json = JSON.parse(JSON.stringify(value.json)) as { readonly models: readonly ModelGraph[] };
  validate(json);
  expect(validate.errors).toBeNull();
  const [model] = json.models;
  if (!model) throw new Error("no model");
  const all = model.cells.flatMap((cell) => cell.statements);
  const find = (text: string): StatementNode => {
    const found = all.find((s) => s.text.startsWith(text));
    if (!found) throw new Error(`no statement ${text}`);
    return found;
  };
  return { value, json, model, all, find };
}

const chain = ipynb(
  "import numpy as np\nimport pandas as pd",
  'df = pd.read_csv("../data/loans.csv")\ndf["age"] = df["age"] + 1',
  "df = df.dropna()\nnoise = np.random.rand(3)",
  "print(df.shape)\ndel noise\ntotal = df.age.sum() + later",
);

it("lists reads, writes, changes, deletions, draws, files and versions", async () => {
  const { find } = await graphOf(repository({ "notebooks/train.ipynb": chain }));
  expect(find("df = pd.read_csv")).toMatchObject({
    reads: [{ name: "pd", version: 1 }],
    writes: [{ name: "df", version: 1, type: "DataFrame" }],
    files: [{ mode: "load", path: "../data/loans.csv", callee: "pandas.read_csv" }],
    displays: false,
  });
  expect(find('df["age"] =')).toMatchObject({
    reads: [{ name: "df", version: 1 }],
    writes: [],
    mutates: [{ name: "df", version: 2 }],
  });
  expect(find("df = df.dropna")).toMatchObject({
    reads: [{ name: "df", version: 2 }],
    writes: [{ name: "df", version: 3 }],
  });
  expect(find("noise =")).toMatchObject({ draws: ["numpy"], hiddenWrites: ["random.numpy"] });
  expect(find("print(")).toMatchObject({ displays: true, reads: [{ name: "df", version: 3 }] });
  expect(find("del noise")).toMatchObject({ deletes: ["noise"] });
  expect(find("total =").reads).toContainEqual({ name: "later", version: 0 });
});

it("joins statements by the names they need", async () => {
  const { model, find } = await graphOf(repository({ "notebooks/train.ipynb": chain }));
  const [load, change, drop] = [find("df = pd.read_csv"), find('df["age"] ='), find("df = df.dropna")];
  expect(model.edges).toContainEqual({ from: load.id, to: change.id, names: ["df"] });
  expect(model.edges).toContainEqual({ from: change.id, to: drop.id, names: ["df"] });
  expect(model.edges.every((e) => e.from < e.to)).toBe(true);
});

it("says what was kept, where and for what, and what was dropped and why", async () => {
  const { model, find } = await graphOf(repository());
  expect(model.built).toBe(true);
  expect(find("df.head()").outcome).toEqual({
    kind: "dropped",
    reason: "display",
    detail: "it only shows something",
  });
  expect(find("SHARE").outcome).toMatchObject({ kind: "kept", as: "parameter", parameter: "SHARE" });
  expect(find("import pandas").outcome).toMatchObject({ kind: "kept", as: "import" });
  expect(find("import matplotlib").outcome).toMatchObject({ kind: "dropped", reason: "unused import" });
  const y = find("y = ").outcome;
  if (y.kind !== "kept") throw new Error("y is not kept");
  expect(y.step).toBe("model");
  expect(y.why.at(0)?.statement).toBe(find("X_train").id);
  expect(y.output).toMatch(/^estimator: model|^figure: auc|^prediction/);
});

it("keeps what it knows where no product can be made", async () => {
  const notebook = ipynb("import pandas as pd\ndf = pd.read_csv('x.csv')\nmodel = df.sum() + nobody_knows");
  const { model, find } = await graphOf(repository({ "notebooks/train.ipynb": notebook }));
  expect(model.built).toBe(false);
  expect(find("df =").outcome).toEqual({ kind: "undecided" });
  expect(find("df =").files).toHaveLength(1);
  const { model: broken } = await graphOf(repository({ "notebooks/train.ipynb": "{" }));
  expect(broken).toMatchObject({ built: false, cells: [], edges: [] });
});

it("gives the same bytes twice, sorted, for both models of the example", async () => {
  const one = await graphOf(exampleHost());
  const two = await graphOf(exampleHost());
  expect(JSON.stringify(one.json)).toBe(JSON.stringify(two.json));
  expect(one.json.models.map((m) => m.model)).toEqual(["credit-risk-bare", "credit-risk"]);
  for (const s of one.all) {
    for (const list of [s.reads, s.writes, s.mutates]) {
      const names = list.map((v) => v.name);
      expect(names).toEqual([...names].sort());
    }
  }
  // Every statement is accounted for.
  expect(one.all.filter((s) => s.outcome.kind === "undecided")).toEqual([]);
});

const nasty = ipynb('a = "quote \\" <b>|x| #1; [y] {z} `t` \\\\ end"\nb = a + "é\u{1F600}"');

it("escapes whatever stands in code for dot", async () => {
  const { value } = await graphOf(repository({ "notebooks/train.ipynb": nasty }));
  const dot = value.render("dot");
  // Outside of strings nothing but names, signs and comments is left.
  const bare = dot.replace(/"(?:[^"\\]|\\.)*"/g, "S").replace(/\/\/.*/g, "");
  expect(bare).toMatch(/^[\w\s{}[\];=,>.#-]*$/);
  expect((bare.match(/\{/g) ?? []).length).toBe((bare.match(/\}/g) ?? []).length);
  expect(dot).toContain("m0_s0 -> m0_s1");
  expect(dot).toContain("subgraph cluster_m0_c0");
});

it("escapes whatever stands in code for mermaid", async () => {
  const { value } = await graphOf(repository({ "notebooks/train.ipynb": nasty }));
  const text = value.render("mermaid");
  expect(text.startsWith("flowchart TB\n")).toBe(true);
  for (const [, label = ""] of text.matchAll(/"([^"]*)"/g)) expect(label).not.toMatch(/[<>`|[\]{}\\]|#(?!\d+;)/);
  expect((text.match(/subgraph /g) ?? []).length).toBe((text.match(/^ *end$/gm) ?? []).length);
  expect(text).toMatch(/m0s0 -->\|"a"\| m0s1/);
  expect(text).toMatch(/class [\w,]+ kept/);
});
