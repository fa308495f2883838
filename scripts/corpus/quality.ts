import { spawn } from "node:child_process";
import { join } from "node:path";
import { judgeFolder, type Verdict } from "../lib/quality.ts";
import { inRepository } from "../lib/repository.ts";
import type { CorpusBench } from "./bench.ts";

/** Branching of one emitted function: its McCabe complexity, what its own cells have above 1, and the rest. */
export interface Branching {
  readonly at: string;
  readonly complexity: number;
  readonly own: number;
  readonly beyond: number;
}

/** What the tools say about one product of the corpus. */
export interface ProductQuality {
  readonly verdicts: readonly Verdict[];
  /** The function with most branching beyond its cells. */
  readonly worst: Branching | undefined;
}

/** Judges the Python of a product; `own` are the texts that each function comes from. */
export async function qualityOf(
  bench: CorpusBench,
  product: string,
  own: Readonly<Record<string, readonly string[]>>,
): Promise<ProductQuality> {
  const verdicts = await judgeFolder({
    folder: product,
    tools: bench.tools.python,
    env: { ...bench.env, PYTHONPATH: bench.stubs },
    mypy: ["--python-executable", bench.python, "--cache-dir", join(bench.cache, "mypy")],
  });
  const script = inRepository("scripts", "oracle", "complexity.py");
  const said = await withInput(bench.tools.python, [script], JSON.stringify({ src: join(product, "src"), own }));
  const [worst] = JSON.parse(said) as readonly Branching[];
  return { verdicts, worst };
}

/** Runs a program with this standard input; gives its output, throws where it fails. */
function withInput(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(out) : fail(new Error(`${args[0]} failed\n${err}`))));
    child.stdin.end(input);
  });
}
