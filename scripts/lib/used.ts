import { median } from "./median.ts";
import { inRepository } from "./repository.ts";
import { must, type RunOptions } from "./run.ts";

/** What a process and its children used. */
export interface Used {
  /** Seconds. */
  readonly cpu: number;
  /** Most that one of them held, in MB. */
  readonly memory: number;
}

/** What a command uses, with all its children, as `python` measures it; throws where the command fails. */
export async function used(python: string, command: readonly string[], options: RunOptions): Promise<Used> {
  const said = await must(python, [inRepository("scripts", "oracle", "cpu.py"), ...command], options);
  const { cpu, memory, code, said: why } = JSON.parse(said) as Used & { code: number; said: string };
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${why}`);
  return { cpu, memory };
}

/** The medians of what several runs used. */
export function medianUsed(all: readonly Used[]): Used {
  return { cpu: median(all.map(({ cpu }) => cpu)), memory: median(all.map(({ memory }) => memory)) };
}
