/**
 * Records notebooks and says what the analysis missed and what it claimed in vain:
 * `node scripts/recorder/run.ts [--python PYTHON] [--limit SECONDS] [--cache FOLDER] [--unseen] [--brief] FOLDER[:NOTEBOOK] …`.
 * FOLDER is a copy that the notebook may write into; without NOTEBOOK every notebook right in it. Exit code 1 where something was missed.
 */
import { readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { measure, type Subject } from "./measure.ts";
import { shareOf, sum } from "./sum.ts";
import { told } from "./told.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    limit: { type: "string", default: "300" },
    cache: { type: "string" },
    unseen: { type: "boolean", default: false },
    brief: { type: "boolean", default: false },
  },
});

function subjects(given: string): readonly Subject[] {
  const [folder = "", notebook] = given.split(":");
  const root = resolve(folder);
  const names = notebook ? [notebook] : readdirSync(root).filter((name) => /\.(?:ipynb|py)$/.test(name));
  return names.map((name) => ({ name: `${basename(root)}/${name}`, root, notebooks: [name] }));
}

const all = await measure(
  positionals.flatMap((given) => subjects(given)),
  { python: values.python, limit: Number(values.limit), ...(values.cache ? { cache: values.cache } : {}) },
);
for (const found of all) {
  if (values.brief && found.missed.length === 0 && (!values.unseen || found.unseen.length === 0)) continue;
  process.stdout.write(
    `${found.subject.name}: ${found.ran} of ${found.units} ran, ${found.observed} observed, ${found.missed.length} missed, ${found.refused} in refused statements; ${found.unseen.length} of ${found.claims} claims unseen${found.stopped === undefined ? "" : ` | stopped: ${found.stopped}`}\n`,
  );
  for (const [what, why] of Object.entries(found.capped)) process.stdout.write(`    capped ${what}: ${why}\n`);
  for (const finding of found.missed) process.stdout.write(`    MISSED ${told(found, finding)}\n`);
  if (values.unseen) for (const finding of found.unseen) process.stdout.write(`    unseen ${told(found, finding)}\n`);
}
const total = sum(all);
process.stdout.write(
  `${total.chains} chains (${total.whole} to their end), ${total.ran} of ${total.units} statements ran, ${total.observed} observed, ${total.missed} missed, ${total.refused} in refused statements; ${total.unseen} of ${total.claims} claims unseen (${shareOf(total)})\n`,
);
process.exitCode = total.missed > 0 ? 1 : 0;
