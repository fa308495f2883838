import type { PyModule, Stmt } from "../python/ir.ts";
import { parseModule } from "../python/parse.ts";
import { logicalLines } from "../python/split.ts";
import { blocksOf } from "../python/walk.ts";
import type { Origin, Rendered } from "../targets/contract/target.ts";

interface Formatter {
  format(text: string): string;
}

let loaded: Formatter | undefined;

/** Loads ruff's formatter, once. It costs a fifth of a second, so a build that renders nothing never asks for it. */
export async function loadFormatter(): Promise<void> {
  if (loaded) return;
  const ruff = (await import("@astral-sh/ruff-wasm-nodejs")) as unknown as {
    readonly Workspace: new (options: object, encoding: unknown) => Formatter;
    readonly PositionEncoding: { readonly Utf16: unknown };
  };
  loaded = new ruff.Workspace({ "line-length": 88, "target-version": "py311" }, ruff.PositionEncoding.Utf16);
}

/** What came of formatting one emitted file; `problem` when what we printed is not Python, which is a bug of ours. */
export interface Formatted extends Rendered {
  readonly problem?: string;
}

/** A text as it is laid out, and how lines moved; `problem` when it is not Python. */
export type Layout =
  | { readonly problem: string }
  | { readonly text: string; lines(): readonly [before: readonly Lines[], after: readonly Lines[]] };

/** Checks a text by parsing it and lays it out as `ruff format` would. `loadFormatter` must have been awaited. */
export function layOut(text: string): Layout {
  if (!loaded) throw new Error("loadFormatter was not awaited");
  const before = parseModule(text);
  const [problem] = before.problems;
  if (problem) return { problem: `${problem.message} (line ${lineAt(text, problem.span.start)})` };
  const made = loaded.format(text);
  let lines: readonly [readonly Lines[], readonly Lines[]] | undefined;
  return {
    text: made,
    lines() {
      lines ??= joined(text, made) ?? [statements(parseModule(text)), statements(parseModule(made))];
      return lines;
    },
  };
}

/**
 * Emitted Python, checked and laid out. Formatting never changes the syntax tree, so the n-th statement before is the n-th after: that
 * is how origins move to their new lines. Most texts keep their logical lines too, and those are found without parsing.
 */
export function formatPython(rendered: Rendered, lay: (text: string) => Layout = layOut): Formatted {
  if (rendered.text.trim() === "") return rendered;
  const layout = lay(rendered.text);
  if ("problem" in layout) return { ...rendered, problem: layout.problem };
  const { text } = layout;
  if (text === rendered.text || rendered.origins.length === 0) return { ...rendered, text };
  const [from, to] = layout.lines();
  return { text, origins: moved(rendered.origins, from, to) };
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i !== -1 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** First and last line of a part of a text. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Tells the line of an offset. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if ((starts[mid] ?? 0) <= offset) low = mid;
      else high = mid - 1;
    }
    return low + 1;
  };
}

const firstWord = /[\w@]*/y;

/**
 * The logical lines of both texts, pair by pair; undefined where the formatter cut or joined some (`if a: b`, `a; b`), which shows
 * in their number or in the words that they begin with.
 */
function joined(before: string, after: string): readonly [readonly Lines[], readonly Lines[]] | undefined {
  const [old, made] = [logicalLines(before, []), logicalLines(after, [])];
  const word = (text: string, at: number): string => {
    firstWord.lastIndex = at;
    return firstWord.exec(text)?.[0] ?? "";
  };
  const isSame =
    old.length === made.length &&
    old.every((line, i) => word(before, line.start) === word(after, made[i]?.start ?? -1));
  if (!isSame) return undefined;
  const linesIn = (text: string, all: typeof old): readonly Lines[] => {
    const lineOf = lineFinder(text);
    return all.map(({ start, end }) => ({ first: lineOf(start), last: lineOf(Math.max(start, end - 1)) }));
  };
  return [linesIn(before, old), linesIn(after, made)];
}

/** The lines of every statement, outer ones first, in source order. */
function statements(module: PyModule): readonly Lines[] {
  const lineOf = lineFinder(module.text);
  const out: Lines[] = [];
  const visit = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      out.push({ first: lineOf(stmt.span.start), last: lineOf(Math.max(stmt.span.start, stmt.span.end - 1)) });
      for (const block of blocksOf(stmt)) visit(block);
    }
  };
  visit(module.body);
  return out;
}

/** The first of some lines that begins at this line or after it. */
function firstFrom(all: readonly Lines[], line: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.first ?? 0) >= line) high = middle;
    else low = middle + 1;
  }
  return low;
}

function moved(origins: readonly Origin[], before: readonly Lines[], after: readonly Lines[]): readonly Origin[] {
  if (before.length !== after.length) return origins;
  return origins.map((origin) => {
    let line = Number.POSITIVE_INFINITY;
    let endLine = 0;
    // Statements stand in the order of their first lines, outer ones first.
    for (let i = firstFrom(before, origin.line); i < before.length; i++) {
      const [at, now] = [before[i], after[i]];
      if (!at || !now || at.first > origin.endLine) break;
      if (at.last > origin.endLine) continue;
      line = Math.min(line, now.first);
      endLine = Math.max(endLine, now.last);
    }
    return endLine === 0 ? origin : { ...origin, line, endLine };
  });
}
