/** Builds the tool and the example, says what was made and why, runs the product, and shows its metric beside the notebook's. */
import type { Blueprint, Cite } from "../src/blueprint/blueprint.ts";
import {
  compare,
  compiledOf,
  inPlace,
  notebookValue,
  packageOf,
  productValue,
  runNotebooks,
  runProduct,
  tool,
  type Workbench,
} from "./lib/example.ts";
import { examples } from "./lib/examples.ts";
import { inRepository } from "./lib/repository.ts";
import { must } from "./lib/run.ts";
import { serveProduct, stateOf } from "./lib/service.ts";
import { table } from "./lib/table.ts";
import { EnvironmentError } from "./python-env.mjs";

const model = "credit-risk-bare";
const notebook = "notebooks/train.ipynb";
const say = (text = ""): boolean => process.stdout.write(`${text}\n`);

/** "cells 10–13, 15" */
function cells(cites: readonly Cite[]): string {
  const numbers = [...new Set(cites.map((cite) => cite.cell))].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
}

/** What was made and why. */
function describe(blueprint: Blueprint): void {
  say("\nSteps, each a pure function of the package:");
  const steps = blueprint.steps.map((step) => [
    step.name,
    `cells ${cells(step.cites)}`,
    `→ ${step.outputs.map((output) => output.name).join(", ") || "nothing that another step reads"}`,
  ]);
  say(table(steps, 80));
  say("\nLeft out of production:");
  const reasons = new Map<string, Cite[]>();
  for (const { cite, reason } of blueprint.dropped) reasons.set(reason, [...(reasons.get(reason) ?? []), cite]);
  say(
    table(
      [...reasons].map(([reason, cites]) => [
        reason,
        `${cites.length} ${cites.length === 1 ? "statement" : "statements"}`,
        `cells ${cells(cites)}`,
      ]),
      90,
    ),
  );
  const exploratory = blueprint.dropped.filter((item) => item.reason === "exploratory" || item.reason === "skipped");
  if (exploratory.length > 0) {
    say("  for example:");
    say(
      table(
        exploratory.slice(0, 4).map(({ cite, text, detail }) => [`  cell ${cite.cell}`, text, detail]),
        70,
      ),
    );
  }
  say("\nParameters (params.yaml):");
  say(table(blueprint.parameters.map((p) => [p.name, p.type, `= ${p.default}`, `cell ${p.cite.cell}`])));
  say("\nDatasets:");
  say(table(blueprint.datasets.map((d) => [d.name, d.mode, d.path, `cell ${d.cite.cell}`])));
}

async function main(): Promise<number> {
  say("Building Crosswalk …");
  await must(process.execPath, [inRepository("scripts", "build.ts")], { cwd: inRepository() });
  const bench = inPlace("credit-risk", say);
  say(`\n$ crosswalk build          (examples/credit-risk, ${notebook} and the same annotated)`);
  const built = await tool(bench, "build");
  say(`${built.stdout}${built.stderr}`.trimEnd());
  if (built.code !== 0) return 1;

  const blueprint = (await compiledOf(bench.folder, model)).built?.blueprint;
  if (!blueprint) throw new Error("the compiler described no model");
  say(
    `\nWhat was made of ${notebook}, which nobody annotated: examples/credit-risk/production/${model}, package ${packageOf(bench, model)}`,
  );
  describe(blueprint);

  say("\nRunning the notebook in a real kernel …");
  const values = await runNotebooks(bench, [notebook]);
  say(`Running the product: python -m ${packageOf(bench, model)} run …`);
  const workdir = await runProduct(bench, model);
  const found = await compare(bench, values, workdir);

  say("\nThe same figures:");
  const figures = ["auc", "gini", "brier", "best_thr"];
  say(
    table([
      ["", "notebook", "product"],
      ...figures.map((name) => [name, String(notebookValue(values, name)), String(productValue(workdir, name))]),
    ]),
  );
  const different = Object.entries(found.different);
  say(
    `\n${found.equal.length} of ${found.equal.length + different.length} results of the product equal the notebook's variables (relative tolerance 1e-9).`,
  );
  for (const [name, why] of different) say(`  ${name} differs: ${why}`);
  const metric = notebookValue(values, "auc");
  const same = typeof metric === "number" && metric === productValue(workdir, "auc");
  say(same ? "The product's metric is the notebook's." : "The product's metric is NOT the notebook's.");
  const isServed = await service(bench);
  return same && different.length === 0 && isServed ? 0 : 1;
}

/** Trains the annotated model, starts its service and asks it: rows compared, rows equal, first request answered. */
async function service(bench: Workbench): Promise<boolean> {
  const example = examples.find(({ name }) => name === "credit-risk");
  const served = example?.serves;
  const annotated = example?.models[1].model;
  if (!served || annotated === undefined) throw new Error("the example serves nothing");
  say(
    `\nServing new rows. '# cw: serve' in notebooks/train_annotated.ipynb asks for it; python -m ${packageOf(bench, annotated)} run …`,
  );
  const workdir = await runProduct(bench, annotated);
  const { check, example: row } = stateOf(workdir);
  const rows = check.outcome === "equal" ? check.rows : 0;
  const running = await serveProduct(bench, annotated, workdir);
  try {
    const body = JSON.stringify({ records: [row] });
    const path = `/v1/${served.answer}`;
    const reply = await running.ask("POST", path, body);
    say(`\n$ curl --json '${body}' http://127.0.0.1:${running.port}${path}\n${reply.text}`);
    say(`\nrows compared           ${check.rows}`);
    say(`rows equal              ${rows}`);
    say(`first request answered  ${reply.status === 200 ? "yes" : `NO: ${reply.status}`}`);
    return reply.status === 200 && rows === check.rows && rows > 0;
  } finally {
    await running.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof EnvironmentError;
  process.stderr.write(`${known || !(error instanceof Error) ? String(error) : (error.stack ?? error.message)}\n`);
  process.exitCode = known ? 2 : 1;
}
