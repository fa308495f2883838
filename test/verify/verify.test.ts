import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, expect, it } from "vitest";
import { verifyWrongSplits, wrongSplits } from "../../scripts/lib/wrong-splits.ts";
import { openWorkspace } from "../../src/compiler/session.ts";
import type { VerifyRequest } from "../../src/compiler/session-contract.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";

// Runs notebooks in real kernels: with a Python alone, as `npm test` names one.
const python = process.env.CROSSWALK_PYTHON;
const folder = mkdtempSync(join(tmpdir(), "verify-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = JSON.parse(readFileSync(new URL("../../schemas/verification-1.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv({ strict: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const csv = `age,income,bad\n${Array.from({ length: 80 }, (_, i) => {
  const income = i % 7 === 0 ? "" : String(1000 + ((i * 7919) % 900));
  return `${20 + ((i * 31) % 50)},${income},${(i * 13) % 5 < 2 ? 1 : 0}`;
}).join("\n")}\n`;

const notebook = `# %%
import time
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
df = pd.read_csv("loans.csv")
df["income"] = df["income"].fillna(df["income"].median())
# %%
total = float(df["income"].sum())  # cw: keep
ages = df["age"] * 2  # cw: keep
size, least = df.shape, {1: df["age"].min()}  # cw: keep
sides = np.array([1.0, 2.0]), np.array([3, 4])  # cw: keep
words = CountVectorizer().fit_transform(["good bad", "bad worse"])  # cw: keep
words.has_sorted_indices
named = df.assign(town=["Graz", None] * 40)  # cw: keep
clock = time.time()  # cw: keep
df.to_csv("clean.csv", index=False)
`;

async function verify(
  name: string,
  text: string,
  change: (root: string) => void,
  request: Partial<VerifyRequest> = {},
) {
  const root = join(folder, name);
  const host = nodeHost(root, { ...process.env, VIRTUAL_ENV: undefined, CONDA_PREFIX: undefined });
  host.writeAtomic("crosswalk.yaml", "model: m\nnotebooks: [train.py]\n");
  host.writeAtomic("loans.csv", csv);
  host.writeAtomic("train.py", text);
  const options = {
    host,
    folder: root,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  };
  const session = (await openWorkspace(options)).value;
  if (!session) throw new Error("the workspace cannot be opened");
  if (host.stat("production") === undefined)
    await session.build({ models: [], checkOnly: false, choices: { adopt: [], overwrite: [], eject: [] } });
  change(root);
  const { value, diagnostics } = await session.verify({
    models: [],
    force: false,
    ...(python === undefined ? {} : { python }),
    network: true,
    http: true,
    seconds: 300,
    memory: 0,
    agree: async () => true,
    tell: () => {},
    ...request,
  });
  for (const { record } of value.models) {
    validate(JSON.parse(JSON.stringify(record)));
    expect(validate.errors).toBeNull();
  }
  return { root, model: value.models[0], said: diagnostics.filter((d) => d.code.startsWith("CW70")) };
}

it.skipIf(python === undefined)(
  "a product is equal to its notebook, the clock is named and left out, and nothing is run twice",
  { timeout: 300_000 },
  async () => {
    const { model, said, root } = await verify("equal", notebook, () => {});
    expect(said.filter((d) => d.severity === "error")).toEqual([]);
    expect(model?.record).toMatchObject({ verdict: "equal", reasons: [], product: { state: "current" } });
    const compared = model?.record.compared.map(({ kind, name }) => `${kind} ${name}`);
    expect(compared).toEqual(
      expect.arrayContaining([
        "variable total",
        "variable ages",
        "variable size",
        "variable least",
        "variable named",
        "variable sides",
        "variable words",
        expect.stringMatching(/^file /),
      ]),
    );
    expect(model?.record.leftOut).toMatchObject([{ name: "clock", reason: expect.stringContaining("two runs") }]);
    expect(readdirSync(root).sort()).toEqual(
      [".crosswalk", "crosswalk.lock", "crosswalk.yaml", "loans.csv", "production", "train.py"].sort(),
    );
    const again = await verify("equal", notebook, () => {}, { agree: async () => "nobody is to be asked" });
    expect([again.model?.isRemembered, again.model?.record]).toEqual([true, model?.record]);
    const forced = await verify("equal", notebook, () => {}, { force: true, agree: async () => "no" });
    expect(forced.said.map((d) => d.code)).toContain("CW7005");
  },
);

it.skipIf(python === undefined)(
  "a product that was changed is different, at the statement, with both values; the record goes where it is asked",
  { timeout: 300_000 },
  async () => {
    const change = (root: string) => {
      const steps = join(root, "production/m/src/m/steps");
      for (const file of readdirSync(steps)) {
        const text = readFileSync(join(steps, file), "utf8");
        writeFileSync(join(steps, file), text.replace('df["income"].median()', 'df["income"].mean()'));
      }
    };
    const { root, model, said } = await verify("different", notebook, change, { record: "record.json" });
    const found = said.find((d) => d.code === "CW7001");
    expect(found?.place).toMatchObject({ file: "train.py", cell: 1, line: 6 });
    expect(found?.message).toMatch(/df\['income'\]\[0\] is \d+\.\d+, in the notebook 1\d+\.0/);
    expect(said.map((d) => d.code)).toContain("CW7008");
    expect(model?.record.divergence).toMatchObject({ cell: 1, line: 6, where: "training", variable: "df" });
    expect(JSON.parse(readFileSync(join(root, "record.json"), "utf8"))).toEqual(
      JSON.parse(JSON.stringify(model?.record)),
    );
  },
);

it.skipIf(python === undefined)(
  "where nothing can be compared it says so, and a notebook that stops is told at its cell",
  { timeout: 300_000 },
  async () => {
    const drawn = "# %%\nimport numpy as np\nx = np.random.rand()  # cw: keep\n";
    const { model, said } = await verify("drawn", drawn, () => {});
    expect(model?.record).toMatchObject({ verdict: "not comparable", compared: [] });
    expect(said.map((d) => d.code)).toEqual(["CW7002"]);
    const stops = notebook.replace("total = ", "df.loc[-1, 'none']\ntotal = ");
    const stopped = await verify("stops", stops, () => {});
    expect(stopped.model).toBeUndefined();
    expect(stopped.said).toMatchObject([{ code: "CW7009", place: { cell: 2, line: 1 } }]);
  },
);

it.skipIf(python === undefined)(
  "a few wrong splits are caught, at the statement; `npm run numbers -- verify` tries all",
  { timeout: 900_000 },
  async () => {
    const names = ["income-median-again", "threshold-changed", "another-figure-kept"];
    const chosen = wrongSplits().filter(({ notebook: of, name }) => of === "cleaning" && names.includes(name));
    const seen: Record<string, unknown> = {};
    await verifyWrongSplits("cleaning", chosen, { python: python ?? "", follow: true }, (split, caught) => {
      const { verdict, divergence } = caught;
      seen[split?.name ?? "as built"] = [verdict, divergence?.cell, divergence?.line];
    });
    expect(seen).toEqual({
      "as built": ["equal", undefined, undefined],
      "income-median-again": ["different", 4, 2],
      "threshold-changed": ["different", 8, 5],
      "another-figure-kept": ["different", 4, 2],
    });
  },
);
