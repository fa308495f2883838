import { expect, it } from "vitest";
import { formatPython, loadFormatter } from "../../../src/compiler/format.ts";
import { readPins } from "../../../src/compiler/pins.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import type { Origin } from "../../../src/targets/contract/target.ts";
import { compileNotebook, compileRepository, defaultConfig, hostOf } from "./kit.ts";

const absolute = "import pandas as pd\nrows = pd.read_csv('/data/rows.csv')\nx = rows['a'].sum()\n";
const settings = (checks: string): string => `${defaultConfig}checks: { ${checks} }\n`;

const silenced: readonly (readonly [what: string, notebook: string, config: string, severity: string])[] = [
  ["nothing said about it", absolute, defaultConfig, "warning"],
  ["off by code", absolute, settings("CW4002: off"), ""],
  ["off by slug", absolute, settings("absolute-path: off"), ""],
  ["a note", absolute, settings("absolute-path: note"), "note"],
  [
    "ignored above",
    absolute.replace("rows =", '# cw: ignore absolute-path because "share"\nrows ='),
    defaultConfig,
    "",
  ],
  ["ignored on the line", absolute.replace("csv')", 'csv\')  # cw: ignore CW4002 because "share"'), defaultConfig, ""],
  ["ignored elsewhere", `# cw: ignore CW4002 because "share"\ny = 1\n${absolute}z = y + x\n`, defaultConfig, "warning"],
  ["waived", `# cw: waive CW4002 because "share" until 2099-01-01\n# %%\n${absolute}`, defaultConfig, ""],
];

it.each(silenced)("a warning, %s", async (_what, notebook, config, severity) => {
  const { diagnostics, compiled } = await compileNotebook(notebook, { config });
  expect(diagnostics.find((d) => d.code === "CW4002")?.severity ?? "").toBe(severity);
  expect(compiled?.files.length).toBeGreaterThan(20);
});

const ignored = absolute.replace("rows =", '# cw: ignore CW4002 because "share"\nrows =');
const waived = '# cw: waive CW4002 because "share" until 2099-01-01\n# %%\n';
const stray = 'z = x + 1  # cw: ignore CW4002 because "old"\n';

it.each([
  ["two that match one warning", `${waived}${ignored}`, defaultConfig, 0],
  ["one that matches what crosswalk.yaml turned off", ignored, settings("CW4002: off"), 0],
  ["one that matches nothing beside two that do", `${waived}${ignored}${stray}`, defaultConfig, 1],
])("silencers, %s", async (_what, notebook, config, unused) => {
  const { diagnostics } = await compileNotebook(notebook, { config });
  expect(diagnostics.filter((d) => d.code === "CW4003")).toHaveLength(unused);
  expect(diagnostics.filter((d) => d.code === "CW4002")).toEqual([]);
});

it("an error cannot be silenced", async () => {
  const { said } = await compileNotebook("x = missing + 1\n", { config: settings("CW2003: off") });
  expect(said.some((text) => text.startsWith("CW2003") || text.startsWith("CW00"))).toBe(true);
});

it("pins: the nearest source wins, whatever way a name is written", () => {
  const host = hostOf({
    notebook: "x = 1\n",
    files: {
      "uv.lock": 'version = 1\n\n[[package]]\nname = "pandas"\nversion = "2.1.0"\n',
      "requirements.txt":
        "Pandas==2.0.0\nscikit_learn>=1.4,<1.6 ; python_version >= '3.9'\nhttps://example.org/a.whl\n-e .\nbare\n",
      ".venv/lib/python3.11/site-packages/numpy-1.26.4.dist-info/METADATA": "",
      ".venv/lib/python3.11/site-packages/pandas-1.0.0.dist-info/METADATA": "",
    },
  });
  const loaded = loadWorkspace(host, "/repo");
  const [model] = loaded.value?.models ?? [];
  if (!model) throw new Error("no model");
  const pins = readPins(host, "/repo", model);
  expect(pins.get("pandas")?.specifier).toBe("==2.1.0");
  expect(pins.get("scikit-learn")).toEqual({ specifier: ">=1.4,<1.6", from: "requirements" });
  expect(pins.get("numpy")).toEqual({ specifier: "==1.26.4", from: "environment" });
  expect(pins.has("bare")).toBe(false);
});

const origin = (line: number, endLine = line): Origin => ({
  line,
  endLine,
  notebook: "n.ipynb",
  cellId: `c${line}`,
  cell: line,
  span: { start: 1, end: 1 },
});

it("origins follow their statements through the formatter", async () => {
  const text =
    "a=1\nb = call(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc)\nif a: c=2\n";
  const made = formatPython({ text, origins: [origin(1), origin(2), origin(3)] });
  expect(made.problem).toBeUndefined();
  const lines = made.text.split("\n");
  const shown = made.origins.map((o) => lines.slice(o.line - 1, o.endLine).join("|"));
  expect(shown).toEqual([
    "a = 1",
    "b = call(|    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,|    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,|    cccccccccccccccccccc,|)",
    "if a:|    c = 2",
  ]);
});

it("generated Python that does not parse is told, with its line", async () => {
  const { problem } = formatPython({ text: "a = 1\n\ndef f(:\n    pass\n", origins: [] });
  expect(problem).toMatch(/line 3/);
});

const chain = { "notebooks/a.py": "# %%\n%run b\n# %%\nz = y + 1\n", "notebooks/b.py": "# %%\ny = len('abc')\n" };

it("a chain runs where it is called, and a notebook that two run is read once each time", async () => {
  const config = "model: m\nnotebooks: [notebooks/a.py]\n";
  const { compiled, diagnostics } = await compileRepository({ config, files: chain });
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(compiled?.chain.notebooks.map((n) => n.notebook.path).sort()).toEqual(["notebooks/a.py", "notebooks/b.py"]);
  expect(compiled?.built?.blueprint.steps.flatMap((s) => s.body.map((c) => `${c.cite.notebook} ${c.text}`))).toEqual([
    "notebooks/b.py y = len('abc')",
    "notebooks/a.py z = y + 1",
  ]);
});

it("several notebooks of a model run one after the other", async () => {
  const config = "model: m\nnotebooks: [notebooks/b.py, notebooks/c.py]\n";
  const files = { ...chain, "notebooks/c.py": "# %%\nz = y + 2\n" };
  const { compiled } = await compileRepository({ config, files });
  expect(compiled?.built?.blueprint.steps.flatMap((s) => s.body.map((c) => c.text))).toEqual([
    "y = len('abc')",
    "z = y + 2",
  ]);
});

const empty: readonly (readonly [what: string, notebook: string])[] = [
  ["no cells", ""],
  ["only text", "# %% [markdown]\n# Title\n"],
  ["only comments", "# nothing here\n"],
  ["only what is shown", "print(1)\n"],
  ["only imports", "import os\n"],
];

await loadFormatter();

it.each(empty)("nothing to produce from %s", async (_what, notebook) => {
  const { diagnostics, compiled } = await compileNotebook(notebook);
  expect(diagnostics.map((d) => d.code)).toEqual(["CW3001"]);
  expect(compiled?.files).toEqual([]);
});
