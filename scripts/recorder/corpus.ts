import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { corpusBench } from "../corpus/bench.ts";
import { notebooksOf } from "../corpus/notebooks.ts";
import { inRepository } from "../lib/repository.ts";
import { type Measured, measure } from "./measure.ts";

/**
 * The notebooks of the open corpus, where CROSSWALK_CORPUS names its folder; undefined where it does not. Each runs in a copy of its
 * repository. What was recorded is kept beside the corpus' other runs.
 */
export async function measureCorpus(log: (line: string) => void): Promise<readonly Measured[] | undefined> {
  const folder = process.env.CROSSWALK_CORPUS;
  if (!folder) return undefined;
  const bench = await corpusBench(log);
  const { notebooks } = notebooksOf(resolve(folder), bench.list);
  const runner = { python: bench.python, env: bench.env, limit: 600, cache: join(bench.cache, "recorded") };
  const all: Measured[] = [];
  mkdirSync(inRepository(".work"), { recursive: true });
  for (const { repository, path, name } of notebooks) {
    const root = mkdtempSync(inRepository(".work", "corpus-"));
    try {
      cpSync(repository, root, { recursive: true });
      const [found] = await measure([{ name: `${name}/${path}`, root, notebooks: [path] }], runner);
      if (!found) continue;
      all.push(found);
      const { missed, unseen, claims, stopped } = found;
      const end = stopped === undefined ? "" : `, stopped: ${stopped}`;
      log(`${name}/${path}: ${missed.length} missed, ${unseen.length} of ${claims} claims unseen${end}`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  return all;
}
