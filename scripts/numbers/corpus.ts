import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { corpusBench } from "../corpus/bench.ts";
import { judgeCorpus } from "../corpus/judge.ts";
import { comparedShare, complaints, describe, totals } from "../corpus/report.ts";
import { median } from "../lib/median.ts";
import type { Group, Row } from "./number.ts";

/** Real notebooks that nobody here wrote: built, run, and compared with themselves. CROSSWALK_CORPUS names their folder. */
export const corpus: Group = {
  name: "corpus",
  title: "Real notebooks of the open corpus, with a model name and nothing else",
  wants: () =>
    process.env.CROSSWALK_CORPUS ? undefined : "CROSSWALK_CORPUS names no folder with the fetched notebooks",
  async measure({ log }) {
    const folder = resolve(process.env.CROSSWALK_CORPUS ?? "");
    if (!existsSync(folder)) throw new Error(`CROSSWALK_CORPUS: ${folder} is not there`);
    const bench = await corpusBench(log);
    const { verdicts, missing } = await judgeCorpus(bench, folder, { jobs: 1, quality: true }, (verdict) =>
      log(describe(verdict).replaceAll("\n", "\n   ")),
    );
    if (missing.length > 0) throw new Error(`not there: ${missing.join(", ")}`);
    const t = totals(verdicts);
    const rest = t.notebooks - t.nothing;
    const rows: Row[] = [];
    const add = (what: string, value: string, goal: string, holds: boolean): number =>
      rows.push({ what, value, goal, holds });
    add("without a crash", `${t.notebooks - t.crashed} of ${t.notebooks}`, "all", t.crashed === 0);
    add("end as nothing to produce", `${t.nothing}`, "4", t.nothing === 4);
    add("of the others, refused with a diagnostic", `${t.refused} of ${rest}`, "≤ 2", t.refused <= 2);
    add("of the others, build and run", `${t.ran} of ${rest}`, "≥ 37", t.ran >= 37);
    add("of the others, equal and complete", `${t.equal} of ${rest}`, "≥ 35", t.equal >= 35);
    add("wrong", `${t.wrong}`, "0", t.wrong === 0);
    const names = [...new Set(verdicts.map(({ notebook }) => notebook.name))];
    for (const name of names) {
      const own = totals(verdicts.filter(({ notebook }) => notebook.name === name));
      const of = own.notebooks - own.nothing;
      const value = `${own.built} / ${own.ran} / ${own.equal} of ${of}; refused ${own.refused}, nothing ${own.nothing}`;
      add(`${name}: compiles / runs / equal`, value, "", own.wrong + own.crashed === 0);
    }
    const half = median(verdicts.flatMap((verdict) => comparedShare(verdict) ?? []));
    add("compared / in the notebook, median", `${Math.round(100 * half)} %`, "≥ 60 %", half >= 0.6);
    const share = Math.round((100 * t.kept) / Math.max(1, t.statements));
    add("kept share of the statements", `${t.kept} of ${t.statements} (${share} %)`, "", true);
    const unclean = verdicts.filter((verdict) => complaints(verdict).length > 0).length;
    add("products about whose Python ruff, vulture or mypy complains", `${unclean} of ${t.built}`, "0", unclean === 0);
    const worst = Math.max(...verdicts.map(({ quality }) => quality?.worst?.beyond ?? 0));
    add("most complexity of a function beyond its own cells", `${worst}`, "≤ 10", worst <= 10);
    for (const verdict of verdicts) {
      const { notebook, outcome, why, comparison, kept } = verdict;
      if (outcome === "nothing") continue;
      const compared = comparison ? comparison.equal.length + comparison.different.length : 0;
      const value = comparison
        ? `${outcome}; compared ${compared} / ${comparison.stable.length}; kept ${kept?.kept} of ${kept?.statements}`
        : `${outcome}: ${why.slice(0, 120)}`;
      add(notebook.path, value, "", !["wrong", "crash"].includes(outcome));
    }
    return rows;
  },
};
