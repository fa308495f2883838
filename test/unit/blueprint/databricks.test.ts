import { expect, it } from "vitest";
import { blueprintOf, compileNotebook } from "../compiler-core/kit.ts";

const declared = 'dbutils.widgets.text("days", "7", "Days")\n';

/** The Python of every step, without signatures and docstrings. */
async function bodies(code: string): Promise<string> {
  const { steps } = await blueprintOf(code);
  return steps.flatMap((step) => step.body.map((part) => part.text)).join("\n");
}

const lifted: readonly (readonly [code: string, parameters: string, body: string])[] = [
  [`${declared}d = int(dbutils.widgets.get("days")) + 1\n`, 'days: str = "7"', "d = int(days) + 1"],
  // The notebook's own variable has the widget's name: the step takes the parameter under another one.
  [
    `${declared}days = int(dbutils.widgets.get("days")) + 1\n`,
    'days (days_text): str = "7"',
    "days = int(days_text) + 1",
  ],
  [
    `${declared}a = dbutils.widgets.get("days")\nb = a + dbutils.widgets.get("days")\n`,
    'days: str = "7"',
    "a = days\nb = a + days",
  ],
  [
    'dbutils.widgets.dropdown("how", "mean", ["mean", "max"], "How")\nx = len(dbutils.widgets.get("how"))\n',
    'how: str = "mean"',
    "x = len(how)",
  ],
  [
    'dbutils.widgets.combobox(name="Run day", defaultValue="2024-01-31", choices=["a"])\nx = dbutils.widgets.get(name="Run day")[:4]\n',
    'run_day: str = "2024-01-31"',
    "x = run_day[:4]",
  ],
  [
    'dbutils.widgets.multiselect("m", "a", ["a", "b"])\nx = dbutils.widgets.get("m").split(",")\n',
    'm: str = "a"',
    'x = m.split(",")',
  ],
  // The default need not be a literal where it stands; it must be known.
  [
    'DAYS = "14"\ndbutils.widgets.text("days", DAYS)\nd = int(dbutils.widgets.get("days"))\n',
    'days: str = "14"',
    "d = int(days)",
  ],
  ['w = dbutils.widgets\nw.text("days", "7")\nd = int(w.get("days"))\n', 'days: str = "7"', "d = int(days)"],
  [
    'from databricks.sdk.runtime import dbutils\ndbutils.widgets.text("days", "7")\nd = int(dbutils.widgets.get("days"))\n',
    'days: str = "7"',
    "d = int(days)",
  ],
  [
    `dbutils.widgets.removeAll()\n${declared}d = int(dbutils.widgets.get("days"))\n`,
    'days: str = "7"',
    "d = int(days)",
  ],
  // What nobody reads is no parameter.
  [`${declared}d = 3 + 4\n`, "", "d = 3 + 4"],
  [`${declared}e = dbutils.widgets.get("days")\ne = 3 + 4\n`, "", "e = 3 + 4"],
];

it.each(lifted)("widgets of %j: %s", async (code, parameters, body) => {
  const found = (await blueprintOf(code)).parameters.map(
    (p) => `${p.name}${p.argument === undefined ? "" : ` (${p.argument})`}: ${p.type} = ${p.default}`,
  );
  expect(found.join("; ")).toBe(parameters);
  expect(await bodies(code)).toBe(body);
});

it("the declarations are left out and say where they went", async () => {
  const { dropped } = await blueprintOf(
    `dbutils.widgets.removeAll()\n${declared}d = int(dbutils.widgets.get("days"))\n`,
  );
  expect(dropped.map((d) => `${d.reason}: ${d.detail}`)).toEqual([
    "exploratory: nothing that is kept depends on it",
    "folded: its default went to the parameter days",
  ]);
});

it("a place that widgets make is a dataset, and its default is the notebook's file", async () => {
  const { datasets, parameters } = await blueprintOf(
    'import pandas as pd\ndbutils.widgets.text("dir", "../data")\ndir = dbutils.widgets.get("dir")\n' +
      'a = pd.read_csv(dbutils.widgets.get("dir") + "/a.csv")\nb = pd.read_csv(f"{dir}/b.csv")\nx = len(a) + len(b)\n',
  );
  expect(datasets.map((d) => d.path)).toEqual(["data/a.csv", "data/b.csv"]);
  expect(parameters).toEqual([]);
});

it("a directive says more of a widget, by the widget's name", async () => {
  const { parameters } = await blueprintOf(
    `# cw: param days in {"7", "14"} "days ahead"\n${declared}d = int(dbutils.widgets.get("days"))\n`,
  );
  expect(parameters).toMatchObject([
    { name: "days", type: "str", value: "7", doc: "days ahead", domain: { kind: "set" } },
  ]);
});

const misused: readonly (readonly [code: string, message: string])[] = [
  [`${declared}# cw: param days: int in 1..30\ndays = int(dbutils.widgets.get("days"))\n`, "a widget gives text"],
  [`${declared}# cw: param days in 1..30\ndays = int(dbutils.widgets.get("days"))\n`, "a widget gives text"],
  [`${declared}# cw: param ahead\nahead = int(dbutils.widgets.get("days")) + 1\n`, "name that one"],
];

it.each(misused)("a directive that a widget cannot keep: %j", async (code, message) => {
  const { diagnostics } = await compileNotebook(`${code}y = [1]\n`);
  expect(diagnostics.filter((d) => d.code === "CW3012").map((d) => d.message)).toEqual([
    expect.stringContaining(message),
  ]);
});

it("a value of crosswalk.yaml reaches a widget", async () => {
  const config = 'model: m\nnotebooks: [notebooks/train.ipynb]\nparams: { days: "14" }\n';
  const { overrides } = await blueprintOf(`${declared}d = int(dbutils.widgets.get("days"))\n`, { config });
  expect(overrides).toEqual({ days: "14" });
});

const secrets: readonly (readonly [code: string, secrets: string, body: string])[] = [
  [
    'key = dbutils.secrets.get(scope="lake", key="api-token")\nn = len(key)\n',
    "API_TOKEN",
    "key = api_token_secret\nn = len(key)",
  ],
  [
    'n = len(dbutils.secrets.get("lake", "pw") + dbutils.secrets.get("shore", "pw"))\n',
    "LAKE_PW SHORE_PW",
    "n = len(lake_pw_secret + shore_pw_secret)",
  ],
  ['# cw: secret LAKE "of the lake"\nn = len(dbutils.secrets.get("lake", "pw"))\n', "LAKE", "n = len(lake_secret)"],
];

it.each(secrets)("secrets of %j: %s", async (code, names, body) => {
  const found = await compileNotebook(code);
  expect(found.blueprint?.secrets.map((s) => s.name).join(" ")).toBe(names);
  expect(await bodies(code)).toBe(body);
  // A vault is where a credential belongs: nothing to warn of.
  expect(found.said).toEqual(expect.not.arrayContaining([expect.stringMatching(/^CW400/)]));
});

const refused: readonly (readonly [code: string, said: string, message: string])[] = [
  ['d = int(dbutils.widgets.get("days"))\n', "CW2020 1:1:9", "becomes no parameter"],
  [
    `${declared}dbutils.widgets.remove("days")\nd = int(dbutils.widgets.get("days"))\n`,
    "CW2020 1:3:9",
    "becomes no parameter",
  ],
  [
    `${declared}dbutils.widgets.text("days", "8")\nd = int(dbutils.widgets.get("days"))\n`,
    "CW2020 1:3:9",
    "becomes no parameter",
  ],
  [
    'dbutils.widgets.text("days", input())\nd = int(dbutils.widgets.get("days"))\n',
    "CW2020 1:2:9",
    "becomes no parameter",
  ],
  [`${declared}name = chr(100)\nd = dbutils.widgets.get(name)[:1]\n`, "CW2020 1:3:5", "becomes no parameter"],
  [
    `${declared}def days():\n    return int(dbutils.widgets.get("days"))\n\n\nd = days() + 1\n`,
    "CW2020 1:3:16",
    "outside functions",
  ],
  [`${declared}pick = lambda: dbutils.widgets.get("days")\nd = pick() + "1"\n`, "CW2020 1:2:16", "outside functions"],
  [
    `${declared}def ahead(d=dbutils.widgets.get("days")):\n    return int(d)\n\n\nn = ahead() + 1\n`,
    "CW2020 1:2:13",
    "outside functions",
  ],
  [
    'def key(k=dbutils.secrets.get("a", "b")):\n    return len(k)\n\n\nn = key() + 1\n',
    "CW2020 1:1:11",
    "cannot be lifted",
  ],
  ['def key():\n    return dbutils.secrets.get("a", "b")\n\n\nn = len(key())\n', "CW2020 1:2:12", "cannot be lifted"],
  ['names = [f.name for f in dbutils.fs.ls("/mnt")]\nn = len(names)\n', "CW2020 1:1:26", "dbutils.fs"],
  [
    'import pandas as pd\ndbutils.fs.cp("a.csv", "b.csv")\ndf = pd.read_csv("b.csv")\nn = len(df)\n',
    "CW2020 1:2:1",
    "dbutils.fs",
  ],
  [
    'import pandas as pd\ndbutils.notebook.run("./load", 600)\ndf = pd.read_csv("b.csv")\nn = len(df)\n',
    "CW2020 1:2:1",
    "starts another notebook",
  ],
  ['n = 3 + 4\ndbutils.notebook.exit("no")\nm = n * 2\n', "CW2020 1:2:1", "ends the notebook"],
  ['n = 3 + 4\nif n > 7:\n    dbutils.notebook.exit("no")\nm = n * 2\n', "CW2020 1:3:5", "ends the notebook"],
  [
    'm = dbutils.jobs.taskValues.get("t", "k") * 2\n',
    "CW2020 1:1:5",
    "'dbutils.jobs.taskValues.get' works on Databricks only",
  ],
  // A new process: what stood above is gone, there and here.
  ["n = 3 + 4\ndbutils.library.restartPython()\nm = n * 2\n", "CW2003 1:3:5", "'n'"],
];

it.each(refused)("%j is refused: %s", async (code, said, message) => {
  const found = await compileNotebook(code);
  expect(found.said).toContain(said);
  expect(found.diagnostics.map((d) => d.message).join("\n")).toContain(message);
  expect(found.blueprint).toBeUndefined();
});

const harmless: readonly string[] = [
  "n = 3 + 4\ndbutils.notebook.exit(str(n))\n",
  'dbutils.fs.ls("/mnt")\nn = 3 + 4\n',
  "dbutils.library.restartPython()\nn = 3 + 4\n",
  "dbutils.widgets.help()\nn = 3 + 4\ndisplay(n)\n",
];

it.each(harmless)("%j is no obstacle", async (code) => {
  expect(await bodies(code)).toBe("n = 3 + 4");
});

it("a variable called dbutils is a variable", async () => {
  expect(await bodies("dbutils = [1, 2]\nn = len(dbutils)\n")).toBe("n = len(dbutils)");
});
