import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Workbench } from "./example.ts";
import { median } from "./median.ts";
import { crosswalk } from "./repository.ts";
import { used } from "./used.ts";

/** CPU seconds of one process with all its children; throws where it fails. */
async function cpu(bench: Workbench, command: readonly string[], env = bench.env): Promise<number> {
  return (await used(bench.python.python, command, { cwd: bench.folder, env })).cpu;
}

/** CPU seconds, side by side: medians over the rounds. */
export interface Cost {
  /** `crosswalk build` of both models from nothing, and with an empty cache of compiled code. */
  readonly build: number;
  readonly buildCold: number;
  /** The bare model alone, from nothing. */
  readonly one: number;
  /** A second build, with nothing to do. */
  readonly again: number;
  /** `jupyter nbconvert --to script` on the bare notebook. */
  readonly nbconvert: number;
}

/** Builds the example and converts its notebook in turns, so that a busy machine is busy for both. */
export async function cost(bench: Workbench, rounds: number): Promise<Cost> {
  const cache = join(bench.folder, ".compile-cache");
  const env = { ...bench.env, NODE_COMPILE_CACHE: cache };
  const clean = (): void => {
    for (const name of ["production", ".crosswalk"]) rmSync(join(bench.folder, name), { recursive: true, force: true });
  };
  const build = (...args: readonly string[]) =>
    cpu(bench, [process.execPath, crosswalk, "build", "--format", "concise", ...args], env);
  // Byte code may be kept, as it is for anyone who uses nbconvert.
  const { PYTHONDONTWRITEBYTECODE: _, ...plain } = bench.env;
  const convert = () =>
    cpu(
      bench,
      [join(bench.python.bin, "jupyter"), "nbconvert", "--to", "script", "notebooks/train.ipynb", "--stdout"],
      plain,
    );
  await convert();
  const all: Record<keyof Cost, number[]> = { build: [], buildCold: [], one: [], again: [], nbconvert: [] };
  for (let round = 0; round < rounds; round++) {
    clean();
    rmSync(cache, { recursive: true, force: true });
    all.buildCold.push(await build());
    all.nbconvert.push(await convert());
    clean();
    all.build.push(await build());
    all.again.push(await build());
    clean();
    all.one.push(await build("--model", "credit-risk-bare"));
  }
  const key = (name: keyof Cost): number => median(all[name]);
  return {
    build: key("build"),
    buildCold: key("buildCold"),
    one: key("one"),
    again: key("again"),
    nbconvert: key("nbconvert"),
  };
}
