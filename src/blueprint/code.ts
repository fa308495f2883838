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
    return made(lines.join("\n"), at);
  }
  const comments = leadingComments(unit);
  const text = editedText(unit.cell, unit.stmt.span, edits);
  return made([...comments, text].join("\n"), at);
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
  return out;
}

function isMark(line: string): boolean {
  return /^#\s*(?:cw:|%%|@param|@title|noqa|type:|fmt:|pylint|\||[%!])/i.test(line) || /^#+\s*[-=*#]{3,}/.test(line);
}
