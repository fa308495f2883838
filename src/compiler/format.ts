import type { PyModule, Stmt } from "../python/ir.ts";
import { parseModule } from "../python/parse.ts";
import { blocksOf } from "../python/walk.ts";
import type { Origin, Rendered } from "../targets/contract/target.ts";

interface Formatter {
  format(text: string): string;
}

let loaded: Formatter | undefined;

/** Loads ruff's formatter, once. It costs a fifth of a second, so a build that renders nothing never asks for it. */
async function formatter(): Promise<Formatter> {
  if (loaded) return loaded;
  const ruff = (await import("@astral-sh/ruff-wasm-nodejs")) as unknown as {
    readonly Workspace: new (options: object, encoding: unknown) => Formatter;
    readonly PositionEncoding: { readonly Utf16: unknown };
  };
  loaded = new ruff.Workspace({ "line-length": 88, "target-version": "py311" }, ruff.PositionEncoding.Utf16);
  return loaded;
}

/** What came of formatting one emitted file; `problem` when what we printed is not Python, which is a bug of ours. */
export interface Formatted extends Rendered {
  readonly problem?: string;
}

/**
 * Checks emitted Python by parsing it again and lays it out as `ruff format` would. Formatting never changes the syntax tree, so
 * the n-th statement before is the n-th after: that is how origins move to their new lines.
 */
export async function formatPython(rendered: Rendered): Promise<Formatted> {
  if (rendered.text.trim() === "") return rendered;
  const before = parseModule(rendered.text);
  const [problem] = before.problems;
  if (problem)
    return { ...rendered, problem: `${problem.message} (line ${lineAt(rendered.text, problem.span.start)})` };
  const text = (await formatter()).format(rendered.text);
  if (text === rendered.text || rendered.origins.length === 0) return { ...rendered, text };
  return { text, origins: moved(rendered.origins, lines(before), lines(parseModule(text))) };
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** First and last line of every statement, outer ones first, in source order. */
function lines(module: PyModule): readonly { readonly first: number; readonly last: number }[] {
  const starts = [0];
  for (let i = module.text.indexOf("\n"); i !== -1; i = module.text.indexOf("\n", i + 1)) starts.push(i + 1);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((starts[mid] ?? 0) <= offset) low = mid;
      else high = mid - 1;
    }
    return low + 1;
  };
  const out: { first: number; last: number }[] = [];
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      out.push({ first: lineOf(stmt.span.start), last: lineOf(Math.max(stmt.span.start, stmt.span.end - 1)) });
      for (const block of blocksOf(stmt)) visit(block);
    }
  };
  visit(module.body);
  return out;
}

function moved(
  origins: readonly Origin[],
  before: ReturnType<typeof lines>,
  after: ReturnType<typeof lines>,
): readonly Origin[] {
  if (before.length !== after.length) return origins;
  return origins.map((origin) => {
    const inside = before.flatMap((at, i) => (at.first >= origin.line && at.last <= origin.endLine ? [after[i]] : []));
    const known = inside.filter((at) => at !== undefined);
    if (known.length === 0) return origin;
    return {
      ...origin,
      line: Math.min(...known.map((at) => at.first)),
      endLine: Math.max(...known.map((at) => at.last)),
    };
  });
}
