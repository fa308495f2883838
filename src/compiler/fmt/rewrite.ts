import type { Cell, Notebook } from "../../notebook/notebook.ts";
import { type CellSource, cellSources, type JsonString } from "./json-strings.ts";
import { applyChanges, type Change, changedLines, changeOf, linesOf, type TextLine } from "./lines.ts";

/** A cell whose source is to be another one, of as many lines. */
export interface Wanted {
  readonly cell: Cell;
  readonly source: string;
}

/**
 * The text of a notebook's file with other sources in some cells, and every other character as it was. undefined where that
 * cannot be done: then the file is better left alone.
 */
export function rewriteSources(notebook: Notebook, text: string, wanted: readonly Wanted[]): string | undefined {
  return notebook.format === "ipynb" ? rewriteIpynb(text, wanted) : rewriteScript(text, wanted);
}

function rewriteIpynb(text: string, wanted: readonly Wanted[]): string | undefined {
  const cells = cellSources(text);
  if (!cells) return undefined;
  const changes: Change[] = [];
  for (const { cell, source } of wanted) {
    const strings = cells[cell.index - 1];
    const changed = changedLines(cell.source, source);
    if (!strings || !changed) return undefined;
    const joined = strings.map((one) => one.value).join("");
    const lines = linesOf(joined);
    // A Databricks cell's `%md` line is no part of the cell's text.
    const skipped = lines.length - cell.source.split("\n").length;
    for (const one of changed) {
      const line = lines[one.index + skipped];
      const head = line && line.text.length - one.before.length;
      if (!line || head === undefined || head < 0 || !line.text.endsWith(one.before)) return undefined;
      const own = { ...line, start: line.start + head, text: one.before };
      const made = inStrings(text, strings, changeOf(own, one.after), own);
      if (!made) return undefined;
      changes.push(...made);
    }
  }
  return applyChanges(text, changes);
}

/** A change of the joined strings as changes of the file's text: the new text goes where the change begins. */
function inStrings(text: string, strings: CellSource, change: Change, line: TextLine): readonly Change[] | undefined {
  const out: Change[] = [];
  let base = 0;
  let isPlaced = false;
  for (const [i, one] of strings.entries()) {
    const size = one.value.length;
    const from = Math.max(change.start - base, 0);
    const to = Math.min(change.end - base, size);
    const isLast = i === strings.length - 1;
    // What begins where a string ends belongs to the next one, so that each string keeps its own line.
    const touches = isPlaced ? from < to : from < size || (isLast && from === size);
    if (touches) {
      const start = one.offsets[from];
      const end = one.offsets[to];
      if (start === undefined || end === undefined) return undefined;
      out.push({ start, end, text: isPlaced ? "" : literal(change.text, isAscii(text, one, line, base)) });
      isPlaced = true;
    }
    base += size;
  }
  return isPlaced ? out : undefined;
}

/** True where the line writes its non-ASCII characters as escapes. */
function isAscii(text: string, one: JsonString, line: TextLine, base: number): boolean {
  const start = one.offsets[Math.max(0, line.start - base)] ?? one.start;
  const end = one.offsets[Math.min(one.value.length, Math.max(0, line.end - base))] ?? one.end;
  return /\\u(?!00[0-7])/i.test(text.slice(start, end));
}

function literal(text: string, isAsciiOnly: boolean): string {
  const plain = JSON.stringify(text).slice(1, -1);
  if (!isAsciiOnly) return plain;
  return plain.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function rewriteScript(text: string, wanted: readonly Wanted[]): string | undefined {
  const lines = linesOf(text);
  const changes: Change[] = [];
  for (const { cell, source } of wanted) {
    const changed = changedLines(cell.source, source);
    if (!changed) return undefined;
    let offset = 0;
    const starts = cell.source.split("\n").map((line) => {
      const start = offset;
      offset += line.length + 1;
      return start;
    });
    for (const one of changed) {
      const start = starts[one.index] ?? 0;
      const line = lines[cell.place({ start, end: start }).fileLine - 1];
      // In front of the cell's own text may stand `# ` or `# MAGIC `.
      const head = line && line.text.length - one.before.length;
      if (!line || head === undefined || head < 0 || !line.text.endsWith(one.before)) return undefined;
      changes.push(changeOf({ ...line, start: line.start + head, text: one.before }, one.after));
    }
  }
  return applyChanges(text, changes);
}
