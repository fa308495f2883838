import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { large } from "./large.ts";
import { crosswalk } from "./repository.ts";
import { type Used, used } from "./used.ts";

/** A workspace of many models, each with a notebook of its own. */
export interface ManyModels {
  readonly folder: string;
  readonly notebooks: readonly string[];
  /** What a command uses in its folder. */
  run(command: readonly string[]): Promise<Used>;
  build(...args: readonly string[]): Promise<Used>;
  /** Changes one cell of one notebook. */
  edit(nth: number): void;
  /** A checkout that has never been built here: no products, nothing remembered. */
  clean(...kept: readonly string[]): void;
  remove(): void;
}

export function manyModels(python: string, models: number, cells: number): ManyModels {
  const folder = mkdtempSync(join(tmpdir(), "crosswalk-many-"));
  mkdirSync(join(folder, "notebooks"));
  const names = Array.from({ length: models }, (_, nth) => `m${nth}`);
  const at = (name: string): string => join(folder, "notebooks", `${name}.ipynb`);
  // No two notebooks are the same: what is remembered of one is no help for another.
  const text = (nth: number, turn: number): string =>
    large("cells of many kinds", cells - 2).replace("df['a'] * 0", `df['a'] * ${nth}.${turn}`);
  for (const [nth, name] of names.entries()) writeFileSync(at(name), text(nth, 0));
  const blocks = names.map((name) => `  - model: ${name}\n    notebooks: [notebooks/${name}.ipynb]\n`);
  writeFileSync(join(folder, "crosswalk.yaml"), `models:\n${blocks.join("")}`);
  writeFileSync(join(folder, "requirements.txt"), "pandas==2.2.3\nscikit-learn==1.5.2\n");
  const run = (command: readonly string[]): Promise<Used> => {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "crosswalk-many-compile-cache") };
    return used(python, command, { cwd: folder, env });
  };
  let turn = 0;
  // Moved away, and removed at the end: disks make new files slowly where thousands have just been removed, which no checkout has.
  const gone = `${folder}-gone`;
  mkdirSync(gone);
  return {
    folder,
    notebooks: names.map(at),
    run,
    build: (...args) => run([process.execPath, crosswalk, "build", "--format", "concise", "--quiet", ...args]),
    edit(nth) {
      turn++;
      writeFileSync(at(names[nth] ?? ""), text(nth, turn));
    },
    clean(...kept) {
      for (const name of ["production", ".crosswalk", "crosswalk.lock"])
        if (!kept.includes(name) && existsSync(join(folder, name)))
          renameSync(join(folder, name), join(mkdtempSync(join(gone, "at-")), name));
    },
    remove() {
      for (const one of [folder, gone]) rmSync(one, { recursive: true, force: true });
    },
  };
}
