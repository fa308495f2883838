import { headingsIn } from "../../blueprint/headings.ts";
import { lineMap } from "../../foundation/lines.ts";
import type { Span } from "../../foundation/span.ts";
import { type BareCode, bareCode, isMarked, pieceText } from "../../notebook/bare-code.ts";
import type { Cell } from "../../notebook/notebook.ts";
import type { CellLines } from "./declared.ts";

/**
 * What everything that comes of a cell depends on, whatever else stands in it: of code its logical lines and the comments that Crosswalk
 * reads, of Markdown its headings and directives; undefined where that is nothing. The numbers of code cells count, because products cite
 * them. What stands between the lines of code that a product keeps is asked for apart (`layout`).
 */
export function whatCounts(cell: Cell): object | undefined {
  const { kind, index, id, tags, title, source, python, magics } = cell;
  if (kind === "code") {
    const bare = plainCode(cell);
    const code = bare?.pieces.map((piece) => [piece.kind, pieceText(source, piece)]);
    if (code && magics.length === 0) return { index, id, tags, title, code };
    // How a line of IPython is understood may depend on other cells.
    const resolved = magics.map(({ name, rest, policy }) => [name, rest, policy]);
    if (code) return { index, id, tags, title, code, resolved };
    return { index, id, tags, title, source: withoutEnd(source), python: withoutEnd(python), resolved };
  }
  if (kind !== "markdown") return undefined;
  if (isMarked(source)) return { index, id, source: withoutEnd(source) };
  const headings = headingsIn(source).map(({ level, text }) => [level, text]);
  return headings.length > 0 ? { headings } : undefined;
}

/**
 * The code of a cell that is Python as it stands, or is when its magics are taken away (`%matplotlib inline`, `!pip install …`, `%%time`), as far
 * as its brackets and strings close. Magics are lines of it.
 */
export function plainCode({ kind, source, python, magics }: Cell): BareCode | undefined {
  if (kind !== "code") return undefined;
  if (magics.length === 0) return python === source ? bareCode(source) : undefined;
  let [rest, masked, at] = ["", "", 0];
  for (const { span, policy } of magics) {
    if (span.start < at || policy.kind === "include") return undefined;
    const between = source.slice(at, span.start);
    rest += between;
    // A line is a magic's from its first character to its last; what is indented stands for a statement.
    if (/[^\n]$/.test(between) || (at > 0 && !/^[ \t]*\n/.test(between))) return undefined;
    masked += between + source.slice(span.start, span.end).replace(/[^\n]/g, " ");
    at = span.end;
  }
  rest += source.slice(at);
  if (rest !== python || !/^(?:[ \t]*\n|[ \t]*$)/.test(source.slice(at))) return undefined;
  const bare = bareCode(masked + source.slice(at));
  if (!bare) return undefined;
  const lines = magics.map(({ span: { start, end } }): BareCode["pieces"][number] => ({
    kind: "line",
    start,
    end,
    gaps: [],
  }));
  const pieces = [...bare.pieces, ...lines].sort((a, b) => a.start - b.start);
  // What follows a directive counts with it, up to the next line of Python.
  return pieces.some(({ start }, i) => start < (pieces[i - 1]?.end ?? 0)) ? undefined : { ...bare, pieces };
}

/** A text but for blank ends, which nothing can come of. A backslash there would join what follows. */
export function withoutEnd(source: string): string {
  const text = source.trimEnd();
  return text.endsWith("\\") ? source : text;
}

/** Some statements as they are laid out, with the comments in them. Their layout is part of a product's version, and of some comparisons. */
export function layoutOf(cell: Cell, lines: CellLines): readonly string[] {
  const bare = plainCode(cell);
  if (lines === "all" || !bare) return [withoutEnd(cell.source)];
  const all = bare.pieces.filter(({ kind }) => kind === "line");
  return lines.map(([first, last, above]) => {
    const [from, to] = [all[first], all[last]];
    if (!from || !to) return "";
    return cell.source.slice(above ? commentsAbove(cell.source, from.start) : from.start, to.end);
  });
}

/** Where the comments begin that stand right above a line, each on a line of its own. */
function commentsAbove(source: string, lineStart: number): number {
  let start = lineStart;
  while (start > 0) {
    const above = source.lastIndexOf("\n", start - 2) + 1;
    const line = source.slice(above, start).trimStart();
    if (!line.startsWith("#")) break;
    start = above;
    // A directive is no comment of the statement, and ends those that are.
    if (/^#\s*cw:/i.test(line)) break;
  }
  return start;
}

/** The numbers of the logical lines that hold a statement; undefined where it does not end with one of them. */
export function linesOf(bare: BareCode, { start, end }: Span): readonly [first: number, last: number] | undefined {
  const lines = bare.pieces.filter(({ kind }) => kind === "line");
  const first = lines.findIndex((line) => line.start <= start && start < line.end);
  const last = lines.findIndex((line) => line.start < end && end <= line.end);
  return first >= 0 && last >= first ? [first, last] : undefined;
}

/** The span of a place in the source of its cell. */
export function spanOfPlace(
  source: string,
  place: { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number },
): Span {
  const map = lineMap(source);
  const at = (line: number, column: number): number => map.lineStart(line) + column - 1;
  return { start: at(place.line, place.column), end: at(place.endLine, place.endColumn) };
}
