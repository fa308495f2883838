import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileModel } from "../../../src/compiler/compile.ts";
import { type CsvForm, csvLearner } from "../../../src/compiler/lock/csv.ts";
import { lockNeeds } from "../../../src/compiler/lock/needs.ts";
import { completeLock, lockProblems } from "../../../src/compiler/lock.ts";
import { lockText, readLock } from "../../../src/compiler/lock-file.ts";
import { readPins } from "../../../src/compiler/pins.ts";
import type { LockRequest } from "../../../src/compiler/session-contract.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { HostError } from "../../../src/foundation/host.ts";
import type { MemoryHost } from "../../../src/foundation/host-memory.ts";
import { codes, ipynb, loans, repository, sessionOf } from "./kit.ts";

const schema = JSON.parse(readFileSync(new URL("../../../schemas/lock-1.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
const path = "/repo/crosswalk.lock";

async function locked(host: MemoryHost, request: Partial<LockRequest> = {}) {
  const session = await sessionOf(host);
  return session.lock({ models: [], update: undefined, uv: false, ...request });
}

function lines(host: MemoryHost): readonly Record<string, unknown>[] {
  const all = (host.text(path) ?? "").trimEnd().split("\n");
  return all.map((line) => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    validate(entry);
    expect(validate.errors).toBeNull();
    return entry;
  });
}

const names = (host: MemoryHost): readonly unknown[] => lines(host).map((e) => e.name);

it("locks what the product needs and the form of its data, sorted, one entry a line, and no value", async () => {
  const host = repository();
  const { value, diagnostics } = await locked(host);
  expect(codes(diagnostics)).toEqual([]);
  expect(value).toEqual({
    added: expect.arrayContaining(["pandas", "scikit-learn", "credit-risk/loans"]),
    changed: [],
    unchanged: 0,
  });
  expect(lines(host)[0]).toEqual({
    kind: "dataset",
    model: "credit-risk",
    name: "loans",
    rows: 3,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    columns: [
      { name: "id", type: "int", nullable: false },
      { name: "age", type: "int", nullable: false },
      { name: "income", type: "float", nullable: true },
      { name: "opened", type: "datetime", nullable: false },
      { name: "bad", type: "str", nullable: false },
    ],
  });
  expect(names(host)).toEqual(["loans", "numpy", "pandas", "scikit-learn"]);
  expect(host.text(path)).not.toContain("1000.5");
  expect(host.text(path)).not.toContain("matplotlib");
});

it("a second lock writes nothing", async () => {
  const host = repository();
  await locked(host);
  host.touched.length = 0;
  const { value } = await locked(host);
  expect(value).toEqual({ added: [], changed: [], unchanged: 4 });
  expect(host.touched).toEqual([]);
});

it("never changes an entry unasked, says that the data changed, and learns anew when asked", async () => {
  const host = repository();
  await locked(host);
  const before = host.text(path);
  host.writeAtomic("/repo/data/loans.csv", loans.replace("1000.5", "many").replace(",bad", ",worse"));
  host.writeAtomic("/repo/requirements.txt", "pandas==2.3.0\nnumpy==1.26.4\nscikit-learn==1.5.2\n");
  const asked = await locked(host);
  expect(codes(asked.diagnostics)).toEqual(["CW5128"]);
  expect(asked.diagnostics[0]?.message).toContain("without bad; with worse; income was float and is str");
  expect(host.text(path)).toBe(before);
  expect((await locked(host, { update: ["loans"] })).value.changed).toEqual(["credit-risk/loans"]);
  expect(host.text(path)).toContain('"version":"2.2.3"');
  expect((await locked(host, { update: "all" })).value.changed).toEqual(["pandas"]);
  expect(host.text(path)).toContain('"version":"2.3.0"');
});

it("the lock decides over the requirements until it is asked to learn anew", async () => {
  const host = repository();
  await locked(host);
  host.writeAtomic("/repo/requirements.txt", "pandas==2.3.0\nnumpy==1.26.4\nscikit-learn==1.5.2\n");
  const model = loadWorkspace(host, "/repo").value?.models[0];
  if (!model) throw new Error("no model");
  expect(readPins(host, "/repo", model).get("pandas")).toEqual({ specifier: "==2.2.3", from: "lock" });
});

it("--update all lets go of what no model needs any more", async () => {
  const host = repository();
  await locked(host);
  const own = '{"folder":".","kind":"distribution","name":"xgboost","version":"2.0.0"}\n';
  host.writeAtomic(path, `${host.text(path)}${own}`);
  expect((await locked(host)).value.unchanged).toBe(4);
  expect(names(host)).toContain("xgboost");
  expect((await locked(host, { update: "all" })).value.changed).toEqual(["xgboost"]);
  expect(names(host)).not.toContain("xgboost");
});

it.each([
  ["lons", "did you mean `loans`"],
  ["Pandsa", "did you mean `pandas`"],
])("--update %s is unknown", async (name, fix) => {
  const host = repository();
  const { diagnostics } = await locked(host, { update: [name] });
  expect(codes(diagnostics)).toEqual(["CW5122"]);
  expect(diagnostics[0]?.fix).toContain(fix);
  expect(host.touched).toEqual([]);
});

it.each([
  ["data that are not here", { "data/loans.csv": undefined }, ["CW5123"]],
  ["no version anywhere", { "requirements.txt": "numpy==1.26.4\nscikit-learn==1.5.2\n" }, ["CW5125"]],
  [
    "an include that leads nowhere",
    { "requirements.txt": "-r x.txt\npandas==2.2.3\nnumpy==1.26.4\nscikit-learn==1.5.2\n" },
    ["CW5129"],
  ],
  ["a broken quote", { "data/loans.csv": 'id,age\n1,"open\n' }, ["CW5124"]],
])("says what cannot be locked: %s", async (_, files, expected) => {
  const host = repository(files);
  const { diagnostics } = await locked(host);
  expect(codes(diagnostics)).toEqual(expected);
  expect(host.text(path)).toBeDefined();
});

it.each([
  ['pd.read_csv("../data/loans.csv", sep=";")', "id;age\n1;2\n", ["id", "age"]],
  [
    'pd.read_csv("../data/loans.csv", parse_dates=["opened"], usecols=["age"])',
    loans,
    ["id", "age", "income", "opened", "bad"],
  ],
  ['pd.read_csv("../data/loans.csv", skiprows=1)', loans, undefined],
  ['pd.read_csv("../data/loans.csv", header=None)', loans, undefined],
  ['pd.read_csv("../data/loans.csv", encoding="latin-1")', loans, undefined],
  ['pd.read_csv("../data/loans.csv", **options)', loans, undefined],
])("knows the columns of %s only where the call leaves them as they are", async (call, data, expected) => {
  const cells = [`import pandas as pd\noptions = {}`, `df = ${call}\ntotal = df.shape[0]`];
  const host = repository({ "notebooks/train.ipynb": ipynb(...cells), "data/loans.csv": data });
  await locked(host);
  const columns = lines(host).find((e) => e.kind === "dataset")?.columns as readonly { name: string }[] | undefined;
  expect(columns?.map((c) => c.name)).toEqual(expected);
});

it("locks parquet by its digest alone", async () => {
  const cells = ["import pandas as pd", 'df = pd.read_parquet("../data/loans.parquet")\ntotal = df.shape[0]'];
  const host = repository({ "notebooks/train.ipynb": ipynb(...cells), "data/loans.parquet": "PAR1" });
  const { diagnostics } = await locked(host);
  expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([["CW5124", "note"]]);
  expect(lines(host)[0]).toEqual({ kind: "dataset", model: "credit-risk", name: "loans", sha256: expect.any(String) });
});

const entry = (version: string, name = "pandas"): string =>
  `{"folder":".","kind":"distribution","name":"${name}","version":"${version}"}\n`;

it("heals a merge: the union of both sides, and of two versions the one that is here", async () => {
  const host = repository();
  await locked(host);
  const [data = ""] = (host.text(path) ?? "").split("\n");
  const stale = data.replace(/"sha256":"\w+"/, `"sha256":"${"0".repeat(64)}"`);
  host.writeAtomic(
    path,
    `<<<<<<< HEAD\n${stale}\n${entry("2.1.0")}||||||| base\n${entry("1.0.0")}=======\n${data}\n${entry("2.2.3")}${entry("1.26.4", "numpy")}>>>>>>> other\n`,
  );
  const { value, diagnostics } = await locked(host);
  expect(codes(diagnostics)).toEqual([]);
  expect(value.added).toEqual(["scikit-learn"]);
  expect(host.text(path)).toContain(entry("2.2.3"));
  expect(host.text(path)).not.toMatch(/[<>=|]{7}|2\.1\.0|1\.0\.0|0{64}/);
});

it("says when neither side is what is here, and leaves the file as it is", async () => {
  const text = `<<<<<<< HEAD\n${entry("2.1.0")}=======\n${entry("2.0.0")}>>>>>>> other\n`;
  const host = repository({ "crosswalk.lock": text });
  const { diagnostics } = await locked(host);
  expect(codes(diagnostics)).toContain("CW5121");
  expect(host.text(path)).toBe(text);
  expect((await locked(host, { update: ["pandas"] })).value.changed).toEqual(["pandas"]);
  expect(host.text(path)).toContain(entry("2.2.3"));
});

it.each([
  ["{not json", "it is not JSON"],
  ["[]", "it is not an object"],
  ['{"kind":"other"}', "its kind is neither distribution nor dataset"],
  ['{"kind":"distribution","folder":".","name":"pandas"}', "a distribution has a folder, a name and a version"],
  [`{"kind":"dataset","model":"m","name":"n","sha256":"${"0".repeat(64)}","rows":-1}`, "its rows are not a number"],
])("a damaged line is never written around: %s", async (line, problem) => {
  const text = `${entry("2.2.3")}${line}\n`;
  const host = repository({ "crosswalk.lock": text });
  const { diagnostics } = await locked(host);
  expect(codes(diagnostics)).toEqual(["CW5120"]);
  expect(diagnostics[0]?.message).toBe(`line 2 of crosswalk.lock is no entry of a lock: ${problem}.`);
  expect(lockProblems(host, "/repo")).toEqual(diagnostics);
  expect(host.text(path)).toBe(text);
});

it("members of a workspace have versions of their own", async () => {
  const member = (name: string, pandas: string): Readonly<Record<string, string>> => ({
    [`models/${name}/crosswalk.yaml`]: `model: ${name}\nnotebooks: [nb.ipynb]\n`,
    [`models/${name}/nb.ipynb`]: ipynb("import pandas as pd\ntotal = pd.Series([1, 2]).sum()"),
    [`models/${name}/requirements.txt`]: `pandas==${pandas}\nnumpy==1.26.4\n`,
  });
  const host = repository({
    "crosswalk.yaml": "workspace: [models/*]\n",
    "requirements.txt": undefined,
    ...member("a", "2.1.0"),
    ...member("b", "2.2.0"),
  });
  const { value } = await locked(host);
  expect(value.added).toContain("models/a: pandas");
  const pandas = lines(host).filter((e) => e.name === "pandas");
  expect(pandas.map((e) => [e.folder, e.version])).toEqual([
    ["models/a", "2.1.0"],
    ["models/b", "2.2.0"],
  ]);
});

async function complete(host: MemoryHost) {
  const workspace = loadWorkspace(host, "/repo").value;
  if (!workspace) throw new Error("no workspace");
  const { root, models } = workspace;
  const compiled = await Promise.all(
    models.map((model) => compileModel({ host, root, model, pins: readPins(host, root, model) })),
  );
  return {
    compiled,
    diagnostics: completeLock({
      host,
      root,
      models: compiled.map((one) => ({ model: one.model, needs: lockNeeds(one) })),
    }),
  };
}

it("after a build the lock has what was at hand, and the next build makes the same bytes without it", async () => {
  const venv = ".venv/lib/python3.11/site-packages/pandas-2.2.1.dist-info/METADATA";
  const host = repository({ "requirements.txt": "pandas>=2\nnumpy==1.26.4\nscikit-learn==1.5.2\n", [venv]: "" });
  const one = await complete(host);
  expect(one.diagnostics).toEqual([]);
  expect(host.text(path)).toContain(entry("2.2.1"));
  host.touched.length = 0;
  host.files.delete(`/repo/${venv}`);
  host.files.delete("/repo/data/loans.csv");
  const two = await complete(host);
  expect(two.diagnostics).toEqual([]);
  expect(host.touched).toEqual([]);
  expect(two.compiled.map((c) => c.files)).toEqual(one.compiled.map((c) => c.files));
});

it("a lock that cannot be written is an error, not a crash", async () => {
  const host = repository();
  const full = {
    ...host,
    writeAtomic: (at: string) => {
      throw new HostError("read-only", at, "read-only file system");
    },
  };
  const { diagnostics } = await locked(full);
  expect(codes(diagnostics)).toEqual(["CW5127"]);
});

it("says of uv.lock who makes it, and of a model with errors what they are", async () => {
  const { diagnostics } = await locked(repository(), { uv: true });
  expect(diagnostics.map((d) => [d.code, d.fix])).toEqual([
    ["CW5126", "run `uv lock` in production/credit-risk and commit uv.lock."],
  ]);
  const broken = await locked(repository({ "notebooks/train.ipynb": ipynb("total = nobody + 1") }));
  expect(codes(broken.diagnostics)).toContain("CW2003");
});

function formOf(text: string | Uint8Array, separator = ",", size = 7): CsvForm | string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const learner = csvLearner(separator);
  for (let at = 0; at < bytes.length; at += size) learner.take(bytes.subarray(at, at + size));
  return learner.finish();
}

it.each<[string, string, string]>([
  ["int", "1\n-2\n +3 \n", "int"],
  ["a whole number of 20 digits", "18446744073709551615\n", "int"],
  ["a number that no machine holds", "99999999999999999999\n", "str"],
  ["float", "1\n2.5\n.5\n1e-3\ninf\n", "float"],
  ["bool", "True\nFALSE\ntrue\n", "bool"],
  ["bool and number", "True\n1\n", "str"],
  ["dates", "2024-01-31\n2024-02-01T10:00:00Z\n2024-02-01 10:00\n", "datetime"],
  ["no date", "2024-13-31\n", "str"],
  ["gaps alone", "NA\nnan\n", "empty"],
  ["one odd value at the end", `${"1\n".repeat(500)}x\n`, "str"],
])("infers from all rows: %s", (_, values, type) => {
  expect(formOf(`a\n${values}`)).toMatchObject({ columns: [{ name: "a", type }] });
});

it.each<[string, string, object | string]>([
  [
    "quotes, commas and line ends in fields",
    'a,b\r\n"x, ""y""\nz",1\r\n2,3\r\n',
    { rows: 2, columns: [{ type: "str" }, { type: "int" }] },
  ],
  [
    "a BOM, blank lines and no line end at the end",
    "\uFEFFa,b\n\n1,2\n\n3,4",
    { rows: 2, columns: [{ name: "a" }, { name: "b" }] },
  ],
  ["short rows", "a,b\n1\n", { rows: 1, columns: [{ nullable: false }, { nullable: true }] }],
  ["a header alone", "a,b\n", { rows: 0, columns: [{ type: "empty" }, { type: "empty" }] }],
  ["an index without a name", ",b\n1,2\n", { columns: [{ name: "Unnamed: 0" }, { name: "b" }] }],
  ["old Mac line ends", "a\r1\r2\r", { rows: 2 }],
  ["a quoted empty row", 'a\n""\n', { rows: 1, columns: [{ nullable: true }] }],
  ["long rows", "a,b\n1,2,3\n", "its row 1 has 3 fields, and its header 2"],
  ["an open quote", 'a\n"x\n', "a quote opens in it and is never closed"],
  ["two equal names", "a,a\n1,2\n", "two of its columns are called `a`"],
  ["nothing", "", "it is empty"],
])("reads a CSV with %s", (_, text, expected) => {
  const form = formOf(text);
  if (typeof expected === "string") expect(form).toBe(expected);
  else expect(form).toMatchObject(expected);
});

it("refuses bytes that are no UTF-8, even cut by a piece", () => {
  expect(formOf(new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]))).toBe("it is not UTF-8 text");
  expect(formOf("a\né\n", ",", 1)).toMatchObject({ rows: 1 });
});

it("property: how a file is cut into pieces changes nothing", () => {
  const text = fc.array(fc.constantFrom('"', ",", "\n", "\r\n", "a", "1", "é", "True", " "), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      expect(formOf(parts.join(""), ",", size)).toEqual(formOf(parts.join(""), ",", 1000));
    }),
    { seed: 11, numRuns: 300 },
  );
});

it("a long field is bounded in memory", () => {
  expect(formOf(`a\n${"9".repeat(300_000)}\n`, ",", 4096)).toMatchObject({ rows: 1, columns: [{ type: "str" }] });
});

it("property: what is written is read back", () => {
  const word = fc.string({ minLength: 1, maxLength: 8 });
  const made = fc.record({ kind: fc.constant("distribution" as const), folder: word, name: word, version: word });
  fc.assert(
    fc.property(fc.uniqueArray(made, { selector: (e) => `${e.folder}\0${e.name}`, maxLength: 5 }), (entries) => {
      const host = repository({ "crosswalk.lock": lockText(entries) });
      const read = readLock(host, "/repo");
      expect(read.damaged).toEqual([]);
      expect([...read.entries.values()].map((same) => same.length)).toEqual(entries.map(() => 1));
      expect(lockText([...read.entries.values()].flat())).toBe(lockText(entries));
    }),
    { seed: 3, numRuns: 60 },
  );
});
