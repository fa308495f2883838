import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expectedPlaces, fixtures, judged } from "../../test/unit/checks/fixtures.ts";
import { compileRepository } from "../../test/unit/compiler-core/kit.ts";
import { specification } from "../corpus/bench.ts";
import { notebooksOf } from "../corpus/notebooks.ts";
import type { Group, Row } from "./number.ts";

const isLeak = ({ code }: { readonly code: string }): boolean => /^CW41\d\d$/.test(code);

/** Planted leaks and their innocent twins; with CROSSWALK_CORPUS every report on its notebooks, to be judged by hand in docs/leaks.md. */
export const leaks: Group = {
  name: "leaks",
  title: "Leaks between training and held-out rows",
  async measure({ log }) {
    const rows: Row[] = [];
    const laws = new Set<string>();
    let planted = 0;
    let caught = 0;
    for (const fixture of fixtures("caught").filter(isLeak)) {
      laws.add(fixture.code);
      const { diagnostics } = await judged(fixture);
      const found = diagnostics.filter(({ code }) => code === fixture.code);
      const lines = found.map(({ place }) => `${place?.cell}:${place?.line}:${place?.column}`);
      for (const place of expectedPlaces(fixture)) {
        planted++;
        if (lines.some((line) => place.endsWith(line))) caught++;
        else log(`missed: ${fixture.code} ${fixture.name} ${place}`);
      }
    }
    rows.push({ what: "laws", value: `${laws.size}`, goal: "≥ 14", holds: laws.size >= 14 });
    rows.push({
      what: "planted leaks reported at their place",
      value: `${caught} of ${planted}`,
      goal: "all",
      holds: caught === planted,
    });
    const innocent = fixtures("innocent").filter(isLeak);
    let reports = 0;
    for (const fixture of innocent) reports += (await judged(fixture)).diagnostics.filter(isLeak).length;
    rows.push({
      what: `reports on ${innocent.length} leak-free twins`,
      value: `${reports}`,
      goal: "0",
      holds: reports === 0,
    });
    const folder = process.env.CROSSWALK_CORPUS;
    if (folder && existsSync(folder)) rows.push(...(await ofCorpus(resolve(folder))));
    else log("skipped: CROSSWALK_CORPUS not set");
    return rows;
  },
};

async function ofCorpus(folder: string): Promise<readonly Row[]> {
  // The list of the open corpus, so that nothing else of its folder is taken.
  const { notebooks } = notebooksOf(folder, specification("open.tsv"));
  const rows: Row[] = [];
  let all = 0;
  for (const { name, path, repository } of notebooks) {
    const { diagnostics } = await compileRepository({
      config: `model: m\nnotebooks: [${JSON.stringify(path)}]\n`,
      files: { [path]: readFileSync(join(repository, path), "utf8") },
    });
    for (const { code, place } of diagnostics.filter(isLeak)) {
      all++;
      rows.push({
        what: `${name}/${path}`,
        value: `${code} ${place?.cell}:${place?.line}`,
        goal: "judged",
        holds: true,
      });
    }
  }
  return [{ what: `reports on ${notebooks.length} open notebooks`, value: `${all}`, goal: "", holds: true }, ...rows];
}
