import { join } from "node:path";
import type { Workbench } from "./example.ts";
import { inRepository } from "./repository.ts";
import { run } from "./run.ts";

/** One tool's verdict on a product: how much it complains about, and what it said. */
export interface Verdict {
  readonly tool: string;
  readonly count: number;
  readonly said: string;
}

/** A product that is judged, and with what. */
export interface Judged {
  /** The folder of the product. */
  readonly folder: string;
  /** A Python that has ruff, vulture and mypy. */
  readonly tools: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** More options for mypy. */
  readonly mypy: readonly string[];
}

/** Judges a product of an example as it stands. */
export function judge(bench: Workbench, model: string): Promise<readonly Verdict[]> {
  return judgeFolder({
    folder: join(bench.folder, "production", model),
    tools: bench.python.python,
    env: bench.env,
    mypy: ["--no-incremental", "--cache-dir", join(bench.folder, ".mypy")],
  });
}

/** Runs ruff, ruff format, vulture and mypy on a product as it stands, looks for what hides from mypy, and counts the complaints. */
export async function judgeFolder({ folder, tools, env, mypy: options }: Judged): Promise<readonly Verdict[]> {
  const python = (...args: readonly string[]) => run(tools, ["-m", ...args], { cwd: folder, env });
  const ruff = await python("ruff", "check", "--no-cache", "--output-format", "concise", ".");
  const format = await python("ruff", "format", "--no-cache", "--check", ".");
  const vulture = await python("vulture", "--min-confidence", "80", "src", "tests");
  const mypy = await python("mypy", "--strict", ...options, "src");
  const hidden = await run(tools, [inRepository("scripts", "oracle", "signatures.py"), folder], { env });
  const verdict = (tool: string, ran: typeof ruff, complaint: RegExp): Verdict => {
    const said = `${ran.stdout}${ran.stderr}`.trim();
    const count = said.split("\n").filter((line) => complaint.test(line)).length;
    // A tool that fails without a line that we know has still failed.
    return { tool, count: ran.code === 0 ? 0 : Math.max(1, count), said };
  };
  return [
    verdict("ruff check", ruff, /^\S+:\d+:\d+: /),
    verdict("ruff format", format, /^Would reformat/),
    verdict("vulture 80 %", vulture, /^\S+:\d+: /),
    verdict("mypy --strict", mypy, /: error: /),
    verdict("Any in a signature, mypy quieted", hidden, /^\S+:\d+: /),
  ];
}

/** The product's own tests: what pytest counted. */
export async function pytest(
  bench: Workbench,
  folder: string,
): Promise<{ passed: number; failed: number; skipped: number; said: string }> {
  const ran = await run(bench.python.python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", "."], {
    cwd: folder,
    env: bench.env,
  });
  const said = `${ran.stdout}${ran.stderr}`.trim();
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(said)?.[1] ?? 0);
  const failed = count("failed") + count("errors?");
  return {
    passed: count("passed"),
    failed: ran.code === 0 ? failed : Math.max(1, failed),
    skipped: count("skipped"),
    said,
  };
}
