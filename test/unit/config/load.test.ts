import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadWorkspace } from "../../../src/config/load.ts";
import { writtenAs } from "../../../src/config/yaml-tree.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { nodeHost } from "../../../src/foundation/host-node.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function load(files: Readonly<Record<string, string>>, from = ".") {
  const result = loadWorkspace(memoryHost(files), from);
  return { ...result, models: result.value?.models ?? [], codes: result.diagnostics.map((d) => d.code) };
}

const minimal = "model: credit-risk\nnotebooks: [train.ipynb]\n";

it("gives everything a default", () => {
  const { models, codes, value } = load({ "crosswalk.yaml": minimal, "train.ipynb": "{}" });
  const [{ place, source, ...model } = { place: undefined, source: undefined }] = models;
  expect(codes).toEqual([]);
  expect(value?.root).toBe("/repo");
  expect(value?.files).toEqual(["crosswalk.yaml"]);
  expect(typeof place).toBe("function");
  expect(source?.kind).toBe("map");
  expect(model).toEqual({
    name: "credit-risk",
    file: "crosswalk.yaml",
    folder: ".",
    notebooks: ["train.ipynb"],
    out: "production/credit-risk",
    python: ">=3.11",
    dependencies: [],
    data: {},
    params: {},
    targets: [{ name: "package", options: {} }],
    checks: {},
    environments: {},
  });
});

const member = "model: churn\nnotebooks: [nb/churn.ipynb]\n";

it("makes every path relative to the root, each from the file it stands in", () => {
  const { models, codes } = load({
    "crosswalk.yaml": "workspace: [models/*]\nout: build\ndata: { bureau: { path: shared/bureau.csv } }\n",
    "models/churn/crosswalk.yaml": `${member}data: { calls: { path: ../../shared/calls.csv }, lake: { path: "s3://b/x.csv" } }\n`,
    "models/churn/nb/churn.ipynb": "{}",
  });
  expect(codes).toEqual([]);
  expect(models.map(({ file, folder, notebooks, out, data }) => ({ file, folder, notebooks, out, data }))).toEqual([
    {
      file: "models/churn/crosswalk.yaml",
      folder: "models/churn",
      notebooks: ["models/churn/nb/churn.ipynb"],
      out: "build/churn",
      data: {
        bureau: { path: "shared/bureau.csv" },
        calls: { path: "shared/calls.csv" },
        lake: { path: "s3://b/x.csv" },
      },
    },
  ]);
});

it("puts products beside the member where no out is set", () => {
  const { models } = load({
    "crosswalk.yaml": "workspace: [models/*]\n",
    "models/churn/crosswalk.yaml": member,
    "models/churn/nb/churn.ipynb": "{}",
  });
  expect(models.map((model) => model.out)).toEqual(["models/churn/production/churn"]);
});

it("inherits through two levels: maps key by key at any depth, lists and single values whole", () => {
  const { models, codes } = load({
    "crosswalk.yaml": `workspace: [m]
owner: root
risk: low
dependencies: [pyarrow]
params: { a: 1, grid: { depth: 3, rate: 0.1 }, list: [1, 2] }
checks: { CW1104: "off" }
environments: { prod: { params: { a: 10 }, secrets: { t: { env: ROOT_T } } } }
`,
    "m/crosswalk.yaml": `risk: medium
params: { b: 2 }
models:
  - model: one
    notebooks: [n.ipynb]
    owner: own
    dependencies: [openpyxl]
    params: { grid: { rate: 0.2 }, list: [3] }
    environments: { prod: { params: { b: 20 } }, dev: {} }
  - model: two
    notebooks: [n.ipynb]
`,
    "m/n.ipynb": "{}",
  });
  expect(codes).toEqual([]);
  const [one, two] = models;
  expect(one).toMatchObject({ owner: "own", risk: "medium", dependencies: ["openpyxl"], checks: { CW1104: "off" } });
  expect(one?.params).toEqual({ a: 1, b: 2, grid: { depth: 3, rate: 0.2 }, list: [3] });
  expect(one?.environments).toEqual({
    prod: { data: {}, params: { a: 10, b: 20 }, secrets: { t: { env: "ROOT_T" } } },
    dev: { data: {}, params: {}, secrets: {} },
  });
  expect(two).toMatchObject({ owner: "root", risk: "medium", dependencies: ["pyarrow"] });
  expect(two?.params).toEqual({ a: 1, b: 2, grid: { depth: 3, rate: 0.1 }, list: [1, 2] });
});

it.each([
  [
    "the same kind of place keeps how it is read",
    "{ path: p.csv }",
    { path: "p.csv", format: "csv", options: { sep: ";" }, role: "source" },
  ],
  [
    "another kind of place keeps only the role",
    "{ table: t, connection: w }",
    { table: "t", connection: "w", role: "source" },
  ],
  [
    "options are merged",
    "{ options: { encoding: latin-1 } }",
    { path: "a.txt", format: "csv", options: { sep: ";", encoding: "latin-1" }, role: "source" },
  ],
])("an environment overlays a dataset: %s", (_, overlay, expected) => {
  const { models, codes } = load({
    "crosswalk.yaml": `${minimal}data: { a: { path: a.txt, format: csv, options: { sep: ";" }, role: source } }
environments: { prod: { data: { a: ${overlay} } } }
`,
    "train.ipynb": "{}",
  });
  expect(codes).toEqual([]);
  expect(models[0]?.environments.prod?.data).toEqual({ a: expected });
});

it("keeps the connection from query to table", () => {
  const { models } = load({
    "crosswalk.yaml": `${minimal}data: { a: { sql: select 1, connection: w } }\nenvironments: { prod: { data: { a: { table: t } } } }\n`,
    "train.ipynb": "{}",
  });
  expect(models[0]?.environments.prod?.data).toEqual({ a: { table: "t", connection: "w" } });
});

it("takes a check by code in any case or by slug, the nearer file winning", () => {
  const { models, codes } = load({
    "crosswalk.yaml": "workspace: [m]\nchecks: { cw1104: note }\n",
    "m/crosswalk.yaml": `${member}checks: { CW1104: off }\n`,
    "m/nb/churn.ipynb": "{}",
  });
  expect(codes).toEqual([]);
  expect(models[0]?.checks).toEqual({ CW1104: "off" });
});

it("tells the place of a key, in the file that says it, or of its nearest parent", () => {
  const { models } = load({
    "crosswalk.yaml": "workspace: [m]\ndata:\n  bureau:\n    table: t\n    connection: w\n",
    "m/crosswalk.yaml": `${member}data:\n  bureau:\n    role: reference\ntargets: [package]\nparams: { lr: 1.0, n: 1, q: "1.0" }\n`,
    "m/nb/churn.ipynb": "{}",
  });
  const model = models[0];
  const at = (...path: (string | number)[]) => {
    const place = model?.place(...path);
    return [place?.file, place?.line, place?.column, place?.endColumn];
  };
  expect(at()).toEqual(["m/crosswalk.yaml", 1, 1, 13]);
  expect(at("out")).toEqual(["m/crosswalk.yaml", 1, 1, 13]);
  expect(at("data", "bureau", "connection")).toEqual(["crosswalk.yaml", 5, 5, 18]);
  expect(at("data", "bureau", "role")).toEqual(["m/crosswalk.yaml", 5, 5, 20]);
  expect(at("data", "bureau", "path")).toEqual(["m/crosswalk.yaml", 4, 3, 9]);
  expect(at("notebooks", 0)).toEqual(["m/crosswalk.yaml", 2, 13, 27]);
  expect(at("targets", 0, "schedule")).toEqual(["m/crosswalk.yaml", 6, 11, 18]);
  expect(["lr", "n", "q"].map((name) => writtenAs(model?.source, ["params", name]))).toEqual(["1.0", "1", undefined]);
});

it("finds the root from a folder, a file and a member, and looks no further than the workspace that names it", () => {
  const files = {
    "/crosswalk.yaml": "workspace: [elsewhere/*]\n",
    "/repo/crosswalk.yaml": "workspace: [models/**]\n",
    "/repo/models/a/b/crosswalk.yaml": member,
    "/repo/models/a/b/nb/churn.ipynb": "{}",
    "/repo/other/crosswalk.yaml": member.replace("churn\n", "other\n"),
    "/repo/other/nb/churn.ipynb": "{}",
  };
  const root = (from: string) => load(files, from).value?.root;
  expect(root("models/a/b/nb")).toBe("/repo");
  expect(root("/repo/models/a/b/crosswalk.yaml")).toBe("/repo");
  expect(root("models")).toBe("/repo");
  expect(root("other")).toBe("/repo/other");
});

it("does not pass by a broken file above that looks like the workspace", () => {
  const { value, diagnostics } = load(
    { "crosswalk.yaml": "workspace: [m\nowner: x\n", "m/crosswalk.yaml": member, "m/nb/churn.ipynb": "{}" },
    "m",
  );
  expect(value).toBeUndefined();
  expect(diagnostics.map((d) => [d.code, d.place?.file])).toEqual([["CW0004", "crosswalk.yaml"]]);
});

it.each([
  [{}, "run `crosswalk init` in the folder of your repository, or change to it."],
  [{ "crosswalk.yml": minimal }, "rename crosswalk.yml to crosswalk.yaml."],
])("says when there is no crosswalk.yaml: %j", (files, fix) => {
  const { value, diagnostics } = load(files);
  expect(value).toBeUndefined();
  expect(diagnostics.map((d) => [d.code, d.fix])).toEqual([["CW0083", fix]]);
});

it("leaves out only the models that are wrong", () => {
  const { models, diagnostics } = load({
    "crosswalk.yaml": "workspace: [m/*]\n",
    "m/a/crosswalk.yaml": "model: a\nnotebooks: [n.ipynb]\n",
    "m/a/n.ipynb": "{}",
    "m/b/crosswalk.yaml": "model: b\nnotebooks: [n.ipynb]\nrisk: none\n",
    "m/b/n.ipynb": "{}",
    "m/c/crosswalk.yaml": "model: c\nnotebooks: [missing.ipynb]\n",
    "m/d/crosswalk.yaml": "workspace: [x]\n",
  });
  expect(models.map((model) => model.name)).toEqual(["a"]);
  expect(diagnostics.map((d) => [d.code, d.place?.file])).toEqual([
    ["CW0013", "m/b/crosswalk.yaml"],
    ["CW0038", "m/d/crosswalk.yaml"],
    ["CW0032", "m/c/crosswalk.yaml"],
  ]);
});

it("finds two models of one name in different files and keeps neither", () => {
  const one = "model: a\nnotebooks: [n.ipynb]\n";
  const { models, diagnostics } = load({
    "crosswalk.yaml": "workspace: [m/*]\nout: build\n",
    "m/x/crosswalk.yaml": one,
    "m/x/n.ipynb": "{}",
    "m/y/crosswalk.yaml": one,
    "m/y/n.ipynb": "{}",
  });
  expect(models).toEqual([]);
  expect(diagnostics.map((d) => [d.code, d.place?.file, d.related[0]?.place.file])).toEqual([
    ["CW0030", "m/y/crosswalk.yaml", "m/x/crosswalk.yaml"],
  ]);
});

it("a member that two patterns name is one member", () => {
  const { models, codes } = load({
    "crosswalk.yaml": "workspace: [m/*, m/a, '**']\n",
    "m/a/crosswalk.yaml": "model: a\nnotebooks: [n.ipynb]\n",
    "m/a/n.ipynb": "{}",
    "m/node_modules/z/crosswalk.yaml": "model: z\nnotebooks: [n.ipynb]\n",
    "m/.hidden/crosswalk.yaml": "model: h\nnotebooks: [n.ipynb]\n",
  });
  expect([models.map((model) => model.name), codes]).toEqual([["a"], []]);
});

function onDisk(text: string, prepare: (root: string, outside: string) => void) {
  const base = mkdtempSync(join(tmpdir(), "cw-config-"));
  folders.push(base);
  const [root, outside] = [join(base, "repo"), join(base, "outside")];
  mkdirSync(join(root, "nb"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(root, "nb", "n.ipynb"), "{}");
  writeFileSync(join(outside, "n.ipynb"), "{}");
  writeFileSync(join(root, "crosswalk.yaml"), text);
  prepare(root, outside);
  return loadWorkspace(nodeHost(root), ".").diagnostics.map((d) => [d.code, d.place?.line]);
}

it.each<[string, string, (root: string, outside: string) => void, [string, number][]]>([
  ["no link", "model: a\nnotebooks: [nb/n.ipynb]\n", () => {}, []],
  [
    "out is a link that leads out",
    "model: a\nnotebooks: [nb/n.ipynb]\nout: build\n",
    (root, outside) => symlinkSync(outside, join(root, "build")),
    [["CW0036", 3]],
  ],
  [
    "the product folder below out is a link",
    "model: a\nnotebooks: [nb/n.ipynb]\n",
    (root, outside) => {
      mkdirSync(join(root, "production"));
      symlinkSync(outside, join(root, "production", "a"));
    },
    [["CW0036", 1]],
  ],
  [
    "out is a link that leads nowhere",
    "model: a\nnotebooks: [nb/n.ipynb]\nout: build\n",
    (root) => symlinkSync(join(root, "gone"), join(root, "build")),
    [["CW0036", 3]],
  ],
  [
    "out is a link to the notebooks",
    "model: a\nnotebooks: [nb/n.ipynb]\nout: build\n",
    (root) => symlinkSync(join(root, "nb"), join(root, "build")),
    [["CW0036", 3]],
  ],
  [
    "a notebook is a link that leads out",
    "model: a\nnotebooks: [nb/l.ipynb]\n",
    (root, outside) => symlinkSync(join(outside, "n.ipynb"), join(root, "nb", "l.ipynb")),
    [["CW0033", 2]],
  ],
  [
    "a notebook is a link inside",
    "model: a\nnotebooks: [nb/l.ipynb]\n",
    (root) => symlinkSync(join(root, "nb", "n.ipynb"), join(root, "nb", "l.ipynb")),
    [],
  ],
  [
    "a member's folder is a link that leads out",
    "workspace: [models/*]\n",
    (root, outside) => {
      writeFileSync(join(outside, "crosswalk.yaml"), "model: a\nnotebooks: [n.ipynb]\n");
      mkdirSync(join(root, "models"));
      symlinkSync(outside, join(root, "models", "a"));
    },
    [["CW0037", 1]],
  ],
])("judges links by where they lead: %s", (_, text, prepare, expected) => {
  expect(onDisk(text, prepare)).toEqual(expected);
});
