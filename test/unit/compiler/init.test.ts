import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { modelNames } from "../../../src/compiler/init/name.ts";
import { initWorkspace } from "../../../src/compiler/session.ts";
import type { Proposal } from "../../../src/compiler/session-contract.ts";
import { HostError } from "../../../src/foundation/host.ts";
import type { MemoryHost } from "../../../src/foundation/host-memory.ts";
import { type CellText, codes, creditCells, exampleHost, ipynb, repository, sessionOf } from "./kit.ts";

const bare = (files: Readonly<Record<string, string | Uint8Array | undefined>> = {}): MemoryHost =>
  repository({ "crosswalk.yaml": undefined, ...files });

const init = (host: MemoryHost, folder = "/repo") => initWorkspace({ host, folder, toolVersion: "0.0.0" });

const installed = "node_modules/crosswalk/crosswalk.config.schema.json";
const noSchema = "# A schema for editors is made by: crosswalk schema > crosswalk.config.schema.json";

it("writes a crosswalk.yaml for one notebook that passes the check at once", async () => {
  const host = bare();
  const { value, diagnostics } = await init(host);
  expect(diagnostics).toEqual([]);
  expect(value).toMatchObject({ file: "crosswalk.yaml", written: true });
  expect(value?.text).toBe(
    `${noSchema}\nversion: 1\nmodel: repo\npython: ">=3.11"\nnotebooks: [notebooks/train.ipynb]\n`,
  );
  expect(host.touched).toEqual(["/repo/crosswalk.yaml"]);
  expect(host.text("/repo/crosswalk.yaml")).toBe(value?.text);
  const { diagnostics: said } = await (await sessionOf(host)).check({ models: [] });
  expect(codes(said)).toEqual([]);
});

it.each([
  [[], noSchema],
  [[installed], `# yaml-language-server: $schema=./${installed}`],
  [["crosswalk.config.schema.json"], "# yaml-language-server: $schema=./crosswalk.config.schema.json"],
])("names a schema only where it stands: %j", async (there, first) => {
  const { value } = await init(bare(Object.fromEntries(there.map((path) => [path, "{}"]))));
  expect(value?.text.split("\n")[0]).toBe(first);
});

it("makes one model of each of several notebooks, and none of what one runs or of copies", async () => {
  const host = bare({
    "notebooks/Crédit risk (2).ipynb": ipynb("%run ./helpers.ipynb\nx = base + 1"),
    "notebooks/helpers.ipynb": ipynb("base = 1"),
    "models/churn/train.ipynb": ipynb("y = 2"),
    "jobs/score.py": "# %%\nz = 3\n",
    "jobs/tool.py": "z = 3\n",
    "jobs/dbx.py": "# Databricks notebook source\nq = 4\n",
    "notebooks/train.py": "# %%\npaired = 1\n",
    ".ipynb_checkpoints/a-checkpoint.ipynb": ipynb("no = 1"),
    "node_modules/x/demo.ipynb": ipynb("no = 1"),
    "old/env/pyvenv.cfg": "",
    "old/env/share/nb.ipynb": ipynb("no = 1"),
    "production/p/crosswalk.manifest.json": "{}",
    "production/p/docs/nb.ipynb": ipynb("no = 1"),
    "member/crosswalk.yaml": "model: m\nnotebooks: [nb.ipynb]\n",
    "member/nb.ipynb": ipynb("no = 1"),
  });
  const { value, diagnostics } = await init(host);
  expect(diagnostics).toEqual([]);
  const pairs = [...(value?.text ?? "").matchAll(/- model: (.*)\n {4}notebooks: \[(.*)\]/g)];
  expect(pairs.map(([, model, notebook]) => [model, notebook])).toEqual([
    ["dbx", "jobs/dbx.py"],
    ["score", "jobs/score.py"],
    ["churn", "models/churn/train.ipynb"],
    ["credit-risk-2", '"notebooks/Crédit risk (2).ipynb"'],
    ["train", "notebooks/train.ipynb"],
  ]);
  const { diagnostics: said } = await (await sessionOf(host)).check({ models: [] });
  expect(said.filter((d) => d.severity === "error")).toEqual([]);
});

it.each<[string, readonly string[], readonly string[]]>([
  ["/repo/churn", ["train.ipynb"], ["churn"]],
  ["/repo/churn", ["notebooks/lgd_model.ipynb"], ["lgd-model"]],
  ["/repo/notebooks", ["Untitled1.ipynb"], ["untitled1"]],
  ["/repo/x", ["a/train.ipynb", "b/train.ipynb"], ["a", "b"]],
  ["/repo/x", ["a/model.ipynb", "a/train.ipynb", "a/test.ipynb"], ["a", "a-train", "a-test"]],
  ["/repo/x", ["2024 PD.ipynb", "2025 PD.ipynb"], ["pd", "x-pd"]],
  ["/repo/x", ["class.ipynb", "日本.ipynb"], ["class-model", "x"]],
])("in %s the notebooks %j are the models %j", (folder, notebooks, names) => {
  expect(modelNames(folder, notebooks)).toEqual(names);
});

it.each([
  [{ ".python-version": "3.12.4\n" }, ">=3.12"],
  [{ "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.13"\n' }, ">=3.13"],
  [{ "pyproject.toml": '[project]\nrequires-python = ">=3.8"\n' }, ">=3.11"],
  [{}, ">=3.11"],
])("takes the Python version from %j", async (files, python) => {
  expect((await init(bare(files))).value?.text).toContain(`python: "${python}"`);
});

it("never writes over a crosswalk.yaml, and writes nothing else", async () => {
  const host = repository();
  const before = host.text("/repo/crosswalk.yaml");
  const { value, diagnostics } = await init(host);
  expect(value).toBeUndefined();
  expect(codes(diagnostics)).toEqual(["CW5110"]);
  expect(host.text("/repo/crosswalk.yaml")).toBe(before);
  expect(host.touched).toEqual([]);
});

it.each<[string, MemoryHost, readonly string[]]>([
  ["no notebook", repository({ "crosswalk.yaml": undefined, "notebooks/train.ipynb": undefined }), ["CW5111"]],
  ["only one that is broken", bare({ "notebooks/train.ipynb": '{"cells": [' }), ["CW5113"]],
])("refuses a folder with %s", async (_, host, expected) => {
  const { value, diagnostics } = await init(host);
  expect(value).toBeUndefined();
  expect(codes(diagnostics)).toEqual(expected);
  expect(diagnostics.every((d) => d.severity === "error")).toBe(true);
  expect(host.touched).toEqual([]);
});

it("leaves out what could not pass, and says so", async () => {
  const host = bare({
    "a.ipynb": '{"cells": [',
    "b.ipynb": ipynb({ markdown: "# words" }),
    "c*.ipynb": ipynb("x = 1"),
    "d.ipynb": JSON.stringify({
      cells: [],
      metadata: { kernelspec: { language: "R" } },
      nbformat: 4,
      nbformat_minor: 4,
    }),
  });
  const { value, diagnostics } = await init(host);
  expect(diagnostics.map((d) => [d.code, d.severity])).toEqual(Array.from({ length: 4 }, () => ["CW5113", "warning"]));
  expect(value?.text).toContain("notebooks: [notebooks/train.ipynb]");
});

it("a folder where nobody may write is an error", async () => {
  const host = bare();
  const closed = {
    ...host,
    createExclusive: (path: string) => {
      throw new HostError("denied", path, "permission denied");
    },
  };
  expect(codes((await init(closed)).diagnostics)).toEqual(["CW5114"]);
});

it("stops in a folder without an end", async () => {
  const many = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`${"deep/".repeat(i + 1)}x.txt`, ""]));
  const { diagnostics } = await init(bare(many));
  expect(codes(diagnostics)).toEqual(["CW5112"]);
});

const directives = (proposals: readonly Proposal[] | undefined): readonly string[] =>
  (proposals ?? []).map((p) => `${p.cell}:${p.line} ${p.directive}`);

it("proposes what the code implies, at its place and with a reason", async () => {
  const { value } = await init(bare());
  expect(directives(value?.proposals)).toEqual([
    "3:1 # cw: param SHARE: float",
    "3:2 # cw: step load",
    '3:2 # cw: input loans from "data/loans.csv" as csv',
    "5:2 # cw: step model",
    "7:2 # cw: metric auc",
    '8:3 # cw: output scored to "out/scored.csv" as csv',
  ]);
  expect(value?.proposals.every((p) => p.reason !== "" && p.notebook === "notebooks/train.ipynb")).toBe(true);
});

it("proposes a seed where something is drawn and nothing seeds it, and a secret for a credential", async () => {
  const cells = [
    "import numpy as np",
    "noise = np.random.rand(10)\ntotal = noise.sum()",
    'api_key = "not-a-real-key-1234"',
  ];
  const { value } = await init(bare({ "notebooks/train.ipynb": ipynb(...cells) }));
  expect(directives(value?.proposals)).toContain("2:1 # cw: seed 42");
  expect(directives(value?.proposals)).toContain("3:1 # cw: secret API_KEY");
});

it("does not propose what the notebook says already", async () => {
  const said = (cell: CellText): CellText =>
    typeof cell === "string"
      ? cell
          .replace("SHARE =", "# cw: param SHARE: float\nSHARE =")
          .replace("df = pd", "# cw: step load\n# cw: input loans\ndf = pd")
          .replace("auc = ", "# cw: metric auc\nauc = ")
      : cell;
  const { value } = await init(bare({ "notebooks/train.ipynb": ipynb(...creditCells.map(said)) }));
  expect(directives(value?.proposals)).toEqual(['8:3 # cw: output scored to "out/scored.csv" as csv']);
});

it("understands the marks of nbdev, papermill, Kale and Colab", async () => {
  const notebook = ipynb(
    { code: "ALPHA = 0.5\nNAMES = ['a', 'b']", tags: ["parameters"] },
    { code: "import math\nx = ALPHA * 2", tags: ["step:load_data", "prev:none"] },
    "#| export\ndef double(v):\n    return 2 * v",
    { code: "print(x)", tags: ["skip"] },
    "LIMIT = 3 #@param {type: 'integer'}\ny = double(x) * LIMIT",
    { code: "print(y)", tags: ["pipeline-metrics"] },
  );
  const { value } = await init(bare({ "notebooks/train.ipynb": notebook }));
  const found = directives(value?.proposals);
  expect(found).toEqual(
    expect.arrayContaining([
      "1:1 # cw: param ALPHA: float",
      "1:2 # cw: param NAMES: list[str]",
      "2:1 # cw: step load_data",
      '3:2 # cw: keep "exported by nbdev"',
      '4:1 # cw: skip "exploration"',
      "5:1 # cw: param LIMIT: int",
      "6:1 # cw: metric y",
    ]),
  );
  expect(new Set(found).size).toBe(found.length);
  expect(value?.proposals.find((p) => p.cell === 2)?.reason).toBe("Kale's tag `step:load_data`");
});

/** The notebook with every proposal written above its line. */
function accepted(text: string, proposals: readonly Proposal[]): string {
  const notebook = JSON.parse(text);
  for (const p of [...proposals].reverse()) {
    const cell = notebook.cells[p.cell - 1];
    const lines = [cell.source].flat().join("").split("\n");
    const indent = /^\s*/.exec(lines[p.line - 1] ?? "")?.[0] ?? "";
    lines.splice(p.line - 1, 0, indent + p.directive);
    cell.source = lines.join("\n");
  }
  return JSON.stringify(notebook);
}

it.each([
  "credit",
  "example",
])("every proposal for the %s notebook may be accepted: the check stays without errors", async (which) => {
  const host = which === "credit" ? bare() : exampleHost();
  for (const path of ["/repo/crosswalk.yaml", "/repo/notebooks/train_annotated.ipynb"]) host.files.delete(path);
  const { value } = await init(host);
  const path = "/repo/notebooks/train.ipynb";
  host.writeAtomic(path, accepted(host.text(path) ?? "", value?.proposals ?? []));
  const { diagnostics } = await (await sessionOf(host)).check({ models: [] });
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  host.files.delete("/repo/crosswalk.yaml");
  expect((await init(host)).value?.proposals).toEqual([]);
});

it("the modeline names the schema that the package ships", () => {
  const files = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).files as string[];
  expect(files).toContain("crosswalk.config.schema.json");
});
