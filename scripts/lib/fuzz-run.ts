import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { FuzzKind, FuzzResult } from "./fuzz.ts";
import { inRepository } from "./repository.ts";

export interface FuzzReport {
  readonly tried: number;
  readonly refused: number;
  readonly slowest: number;
  readonly problems: readonly FuzzResult[];
}

const silence = 30_000;

/** Tries `count` seeds of one kind in a child process; a seed that hangs is ended, counted as a problem, and the rest go on. */
export async function runFuzz(
  kind: FuzzKind,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<FuzzReport> {
  const results: FuzzResult[] = [];
  let next = 0;
  while (next < count) {
    const ended = await batch(kind, next, Math.min(count, next + 1000), (result) => {
      results.push(result);
      next = result.seed + 1;
      if (next % 500 === 0) progress(next);
    });
    if (ended) results.push({ seed: next++, cpu: silence / 1000, refused: false, problem: ended });
  }
  return {
    tried: results.length,
    refused: results.filter((result) => result.refused).length,
    slowest: Math.max(...results.map((result) => result.cpu)),
    problems: results.filter((result) => result.problem !== undefined),
  };
}

/** One child process; gives what went wrong with the seed after the last result, undefined when it went through. */
function batch(
  kind: FuzzKind,
  from: number,
  to: number,
  each: (result: FuzzResult) => void,
): Promise<string | undefined> {
  return new Promise((done) => {
    const worker = inRepository("scripts", "lib", "fuzz-worker.ts");
    const child = spawn(process.execPath, [worker, kind, String(from), String(to)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let why: string | undefined;
    const hang = (): void => {
      why = `no answer within ${silence / 1000} seconds`;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(hang, silence);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      clearTimeout(timer);
      timer = setTimeout(hang, silence);
      each(JSON.parse(line) as FuzzResult);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      done(
        code === 0
          ? undefined
          : (why ?? `the process ended with ${code}: ${said.trim().split("\n").slice(-3).join(" | ")}`),
      );
    });
  });
}
