/**
 * Real notebooks: `npm run corpus -- DIR [--only TEXT] [--jobs N] [--no-quality] [--json FILE]`. Each notebook below DIR is built with no more
 * than a model name, run as a product, run three times in a real kernel, and compared. Exit code 1 where a result is wrong or a build crashed.
 */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { corpusBench } from "./corpus/bench.ts";
import { judgeCorpus } from "./corpus/judge.ts";
import { describe, summary, totals } from "./corpus/report.ts";
import { inRepository } from "./lib/repository.ts";
import { must } from "./lib/run.ts";
import { EnvironmentError } from "./python-env.mjs";

const usage = `usage: npm run corpus -- DIR [--only TEXT] [--jobs N] [--no-quality] [--json FILE]
  DIR                        folder with notebooks (or CROSSWALK_CORPUS)
  CROSSWALK_CORPUS_SPEC      folder with open.tsv, requirements.lock.txt and run_baseline.py (default ../shared/corpus)
  CROSSWALK_CORPUS_PYTHON    Python in which notebooks and products run (default: made from the lock)
  CROSSWALK_CORPUS_CACHE     workspaces, and runs of notebooks by content (default ~/.cache/crosswalk-corpus)
`;

async function main(args: readonly string[]): Promise<number> {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (["--only", "--jobs", "--json"].includes(arg)) values.set(arg, args[++i] ?? "");
    else if (arg === "--no-quality") values.set(arg, "");
    else rest.push(arg);
  }
  const folder = rest[0] ?? process.env.CROSSWALK_CORPUS;
  const jobs = Number(values.get("--jobs") ?? "1");
  if (!folder || rest.length > 1 || rest[0]?.startsWith("-") || !(jobs >= 1) || !existsSync(folder)) {
    process.stderr.write(folder && !existsSync(folder) ? `${folder} is not there\n${usage}` : usage);
    return 2;
  }
  const say = (text: string): boolean => process.stdout.write(`${text}\n`);
  await must(process.execPath, [inRepository("scripts", "build.ts")], { cwd: inRepository() });
  const bench = await corpusBench(say);
  const options = { only: values.get("--only"), jobs, quality: !values.has("--no-quality") };
  const { verdicts, missing } = await judgeCorpus(bench, resolve(folder), options, (verdict) => say(describe(verdict)));
  for (const path of missing) say(`not there    ${path}`);
  const json = values.get("--json");
  if (json) writeFileSync(json, `${JSON.stringify(verdicts, null, 1)}\n`);
  if (verdicts.length === 0) {
    process.stderr.write(`no notebook in ${folder}\n`);
    return 2;
  }
  say(`\n${summary(verdicts)}`);
  const { crashed, wrong } = totals(verdicts);
  return crashed + wrong > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof EnvironmentError;
  process.stderr.write(`${known || !(error instanceof Error) ? String(error) : (error.stack ?? error.message)}\n`);
  process.exitCode = known ? 2 : 1;
}
