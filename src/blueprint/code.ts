import type { Unit } from "../dataflow/program.ts";
import type { Cite, Code } from "./blueprint.ts";
import { cite } from "./cite.ts";
import { type Edit, editedText } from "./edits.ts";
import { rawLinesOf } from "./raw-lines.ts";
import type { PrintedFigure } from "./roots.ts";

/** The code of a kept unit at column 0, with the plain comments that stand directly above it. */
export function unitCode(unit: Unit, edits: readonly Edit[], figures: readonly PrintedFigure[]): Code {
  const at = cite(unit);
  if (figures.length > 0) {
    const lines = figures.map((figure) => `${figure.name} = ${editedText(unit.cell, figure.span, edits)}`);
    const own = figures.map(({ name, span }) => [name, unit.cell.module.text.slice(span.start, span.end)] as const);
    return { ...made(lines.join("\n") + behindOf(unit, edits, figures), at), figures: Object.fromEntries(own) };
  }
  const comments = leadingComments(unit);
  const text = editedText(unit.cell, unit.stmt.span, edits);
  return made([...comments, text].join("\n"), at);
}

/** What an edit puts behind the statement stays, though only its figures do. */
function behindOf({ cell, stmt: { span } }: Unit, edits: readonly Edit[], figures: readonly PrintedFigure[]): string {
  if (figures.at(-1)?.span.end === span.end) return "";
  const behind = edits.filter((one) => one.cell === cell && one.owner === span.start && one.start === span.end);
  return behind.map(({ text }) => text).join("");
}

function made(text: string, at: Cite): Code {
  return { text, rawLines: rawLinesOf(text), cite: at };
}

/** Whole-line comments right above a statement, directives and editor marks left out. */
function leadingComments(unit: Unit): readonly string[] {
  const { text } = unit.cell.module;
  const out: string[] = [];
  let lineStart = text.lastIndexOf("\n", unit.stmt.span.start - 1) + 1;
  if (text.slice(lineStart, unit.stmt.span.start).trim() !== "") return [];
  while (lineStart > 0) {
    const previous = text.lastIndexOf("\n", lineStart - 2) + 1;
    const line = text.slice(previous, lineStart - 1).trim();
    if (!line.startsWith("#") || isMark(line)) break;
    out.unshift(line);
    lineStart = previous;
  }
  return out.slice(continuationOf(text, lineStart, out));
}

/** How many of these comment lines belong to a directive above them whose bracket is still open. */
function continuationOf(text: string, lineStart: number, lines: readonly string[]): number {
  const above = text.slice(text.lastIndexOf("\n", lineStart - 2) + 1, Math.max(0, lineStart - 1)).trim();
  let open = /^#\s*cw:/i.test(above) ? depth(above) : 0;
  let count = 0;
  while (open > 0 && count < lines.length) open += depth(lines[count++] ?? "");
  return count;
}

/** Brackets that a line opens and does not close, texts in quotes left out. */
function depth(line: string): number {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/(?:[^/\\\s]|\\.)+\//g, "");
  return (plain.match(/[([{]/g)?.length ?? 0) - (plain.match(/[)\]}]/g)?.length ?? 0);
}

/** Edits that take directives out of the blocks of a unit. */
export function directiveEdits(unit: Unit): readonly Edit[] {
  const out: Edit[] = [];
  let open = 0;
  for (const comment of unit.cell.module.comments) {
    if (comment.span.start < unit.stmt.span.start || comment.span.end > unit.stmt.span.end) continue;
    const isDirective = /^#\s*cw:/i.test(comment.text);
    if (!isDirective && !(open > 0 && comment.ownLine)) {
      open = 0;
      continue;
    }
    open = (isDirective ? 0 : open) + depth(comment.text);
    out.push({ cell: unit.cell, start: comment.span.start, end: comment.span.end, text: "" });
  }
  return out;
}

function isMark(line: string): boolean {
  return /^#\s*(?:cw:|%%|@param|@title|noqa|type:|fmt:|pylint|\||[%!])/i.test(line) || /^#+\s*[-=*#]{3,}/.test(line);
}
