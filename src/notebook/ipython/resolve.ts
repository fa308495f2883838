import { report } from "../../diagnostics/catalogue.ts";
import type { Magic } from "../notebook.ts";
import { automagic } from "./automagic.ts";
import { type CellOutcome, cellOutcome } from "./cell-outcome.ts";
import { languageCell } from "./databricks-cells.ts";
import { commentedMagic, escapeLine } from "./escape-line.ts";
import { type Body, bodyOf, cleanLines, type Line, linesOf } from "./lines.ts";
import type { Facts, Finding } from "./policy.ts";
import { continuedEnd, lineEnd } from "./scan.ts";
import { statement } from "./statement.ts";
import { identityMap, type TextMap, textBuilder } from "./text-map.ts";
import { applyLine, deepest, type Site, type Walk } from "./walk.ts";

/** A cell with its IPython layer resolved. */
export interface Resolved {
  readonly python: string;
  /** Maps `python` to the cell's source. */
  readonly map: TextMap;
  readonly magics: readonly Magic[];
  readonly findings: readonly Finding[];
}

/** Turns a code cell's source into plain Python, in the order in which IPython itself does it. */
export function resolveCell(source: string, facts: Facts): Resolved {
  if (!mayHoldMagic(source)) return { python: source, map: identityMap(source.length), magics: [], findings: [] };
  const walk: Walk = {
    facts,
    out: textBuilder(),
    magics: [],
    findings: [],
    resolve: (lines, indent, depth) => resolveLines(walk, lines, indent, depth),
  };
  resolveLines(walk, linesOf(source), "", 0);
  const { text, map } = walk.out.done();
  return { python: text, map, magics: walk.magics, findings: walk.findings };
}

/** Quick look: most cells hold none of these characters and start at the margin. */
function mayHoldMagic(source: string): boolean {
  return (
    /[%!?]|^\s*[ \t,;/]|\bget_ipython\b|\.(?:magic|system|run_line_magic)\(/.test(source) ||
    /^(?:>>>|\.\.\.|[ \t]*[,;/]|[ \t]*\.{3,}:|.{0,6}In \[|# MAGIC|[ \t]*(?:pip3?|conda|mamba|uv)[ \t])/m.test(source) ||
    !source.trim().includes("\n")
  );
}

function resolveLines(walk: Walk, lines: readonly Line[], indent: string, depth: number): void {
  const body = bodyOf(cleanLines(lines, walk.facts));
  const first = /^\s*\n/.exec(body.text) ? body.text.search(/\S/) : 0;
  const start = first <= 0 ? 0 : body.text.lastIndexOf("\n", first) + 1;
  body.copy(walk.out, 0, start);
  const language = walk.facts.databricks ? languageCell(body.text, start) : undefined;
  if (language) {
    body.copy(walk.out, start, language.start);
    applyCellMagic(walk, body, language.start, language, depth);
    return;
  }
  const header = cellMagicHeader(body.text, start, walk.facts);
  if (header && depth < deepest) {
    body.copy(walk.out, start, header.start);
    const outcome = cellOutcome(header.name, header.rest);
    const below = header.below
      ? { report: (place: Parameters<Finding["report"]>[0]) => report("CW1045", place, { name: `%%${header.name}` }) }
      : {};
    applyCellMagic(
      walk,
      body,
      header.start,
      { ...below, ...outcome, name: `%%${header.name}`, rest: header.rest },
      depth,
    );
    return;
  }
  const bare = indent === "" && depth === 0 ? automagic(body.text, walk.facts) : undefined;
  if (bare) {
    const span = body.span(bare.start, bare.end);
    body.copy(walk.out, 0, bare.start);
    applyLine(
      walk,
      { body, start: bare.start, end: bare.end, indent, depth },
      `%${bare.name}`,
      bare.rest,
      bare.outcome,
      span,
    );
    body.copy(walk.out, bare.end, body.text.length);
    return;
  }
  walkStatements(walk, body, start, indent, depth);
}

interface Header {
  readonly name: string;
  readonly rest: string;
  readonly start: number;
  readonly below: boolean;
}

/** The `%%name` of a cell, also below comments and blank lines, where IPython itself would stop. */
function cellMagicHeader(text: string, start: number, facts: Facts): Header | undefined {
  let at = start;
  let below = false;
  for (;;) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const found = (facts.commentMagics ? /^(?:# ?)?%%(\S*)[ \t]*(.*)$/ : /^%%(\S*)[ \t]*(.*)$/).exec(line);
    if (found) {
      const name = found[1] ?? "";
      if (/^\w+\?/.test(name) || (line.startsWith("#") && !/^[A-Za-z!]/.test(name))) return undefined;
      return { name, rest: (found[2] ?? "").trimEnd(), start: at, below };
    }
    if (end >= text.length || (line.trim() !== "" && !/^\s*#/.test(line))) return undefined;
    if (line.trim() !== "") below = true;
    at = end + 1;
  }
}

/** Puts what becomes of a cell magic whose header starts at `start`. */
function applyCellMagic(
  walk: Walk,
  body: Body,
  start: number,
  cell: CellOutcome & { readonly name: string; readonly rest: string },
  depth: number,
): void {
  const end = lineEnd(body.text, start);
  const header = body.span(start, end);
  const whole = body.span(start, body.text.length);
  const unwraps = cell.policy.kind === "unwrap";
  walk.magics.push({
    name: cell.name,
    rest: cell.rest,
    span: unwraps ? header : whole,
    policy: cell.policy,
    why: cell.why,
  });
  if (cell.report) walk.findings.push({ span: header, report: cell.report });
  if (unwraps) {
    if (cell.setup !== undefined && cell.setup !== "") {
      const from = start + body.text.slice(start, end).trimEnd().length - cell.setup.length;
      body.copy(walk.out, from, from + cell.setup.length);
    }
    if (end < body.text.length) {
      body.copy(walk.out, end, end + 1);
      resolveLines(walk, body.lines(end + 1), "", depth + 1);
    }
  }
  const after = cell.python ?? [];
  if (after.length > 0) walk.out.put((unwraps ? "\n" : "") + after.join("\n"), header);
}

function walkStatements(walk: Walk, body: Body, from: number, outer: string, depth: number): void {
  const { text } = body;
  let at = from;
  while (at <= text.length) {
    const margin = /^[ \t\f]*/.exec(text.slice(at, at + 400))?.[0] ?? "";
    const first = at + margin.length;
    // A form feed starts the line anew for Python.
    const indent = outer + margin.slice(margin.lastIndexOf("\f") + 1);
    const site = (end: number): Site => ({ body, start: first, end, indent, depth });
    let end = lineEnd(text, first);
    const c = text.charAt(first);
    const commented = walk.facts.commentMagics && c === "#" ? commentedMagic(text.slice(first, end)) : 0;
    if (c === "#" && commented === 0) body.copy(walk.out, at, end);
    else if ("%!?,;/".includes(c) && c !== "" && first < text.length) {
      end = continuedEnd(text, first);
      body.copy(walk.out, at, first);
      escapeLine(walk, site(end), first);
    } else if (commented > 0) {
      const lead = first + commented;
      body.copy(walk.out, at, first);
      if ("%!".includes(text.charAt(lead))) {
        end = continuedEnd(text, lead);
        escapeLine(walk, site(end), lead);
      } else end = statement(walk, site(end), lead);
    } else {
      body.copy(walk.out, at, first);
      end = statement(walk, site(end), first);
    }
    if (end >= text.length) return;
    body.copy(walk.out, end, end + 1);
    at = end + 1;
  }
}
