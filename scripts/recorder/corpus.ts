import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { inRepository } from "../lib/repository.ts";
import { type Measured, measure } from "./measure.ts";

/**
 * Notebooks that may not be committed, where the environment names them: CROSSWALK_RECORD is a list of `LIST=PYTHON`, split by `;`.
 * LIST is a file of lines `FOLDER:NOTEBOOK`; each folder is copied, as notebooks may write. What was recorded is kept in .cache/.
 */
export async function measureCorpus(
  log: (line: string) => void,
): Promise<readonly { readonly set: string; readonly all: readonly Measured[] }[]> {
  const sets: { readonly set: string; readonly all: readonly Measured[] }[] = [];
  for (const asked of (process.env.CROSSWALK_RECORD ?? "").split(";").filter(Boolean)) {
    const [list = "", python = "python3"] = asked.split("=");
    if (!existsSync(list)) throw new Error(`CROSSWALK_RECORD names ${list}, which is not there`);
    const set = basename(list).replace(/\.[^.]*$/, "");
    const all: Measured[] = [];
    for (const line of readFileSync(list, "utf8").split("\n").filter(Boolean)) {
      const [folder = "", notebook = ""] = line.split(":");
      mkdirSync(inRepository(".work"), { recursive: true });
      const root = mkdtempSync(inRepository(".work", "record-"));
      try {
        cpSync(folder, root, { recursive: true });
        const runner = { python, limit: 600, cache: inRepository(".cache", "recorder") };
        const [found] = await measure([{ name: basename(notebook), root, notebooks: [notebook] }], runner);
        if (found) all.push(found);
        log(`${set}: ${basename(notebook)}${found?.stopped === undefined ? "" : ` stopped: ${found.stopped}`}`);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    }
    sets.push({ set, all });
  }
  return sets;
}
