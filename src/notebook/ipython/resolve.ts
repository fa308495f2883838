import { report } from "../../diagnostics/catalogue.ts";
import type { Span } from "../../foundation/span.ts";
import type { Magic } from "../notebook.ts";
import { automagic } from "./automagic.ts";
import { type CellOutcome, cellOutcome, languageCell } from "./cell-outcome.ts";
import { readMagicCall } from "./get-ipython.ts";
import { assignedBinding, lineOutcome } from "./line-outcome.ts";
import { type Body, bodyOf, cleanLines, type Line, linesOf } from "./lines.ts";
import { type Facts, type Finding, type Outcome, pythonString } from "./policy.ts";
import { continuedEnd, lineEnd, scanLogicalLine } from "./scan.ts";
import { shellOutcome } from "./shell.ts";
import { identityMap, type TextBuilder, type TextMap, textBuilder } from "./text-map.ts";

/** A cell with its IPython layer resolved. */
export interface Resolved {
  readonly python: string;
  /** Maps `python` to the cell's source. */
  readonly map: TextMap;
  readonly magics: readonly Magic[];
  readonly findings: readonly Finding[];
}

interface Walk {
  readonly facts: Facts;
  readonly out: TextBuilder;
  readonly magics: Magic[];
  readonly findings: Finding[];
}

/** Turns a code cell's source into plain Python, in the order in which IPython itself does it. */
export function resolveCell(source: string, facts: Facts): Resolved {
  if (!mayHoldMagic(source)) return { python: source, map: identityMap(source.length), magics: [], findings: [] };
  const walk: Walk = { facts, out: textBuilder(), magics: [], findings: [] };
  resolveLines(walk, linesOf(source), "", 0);
  const { text, map } = walk.out.done();
  return { python: text, map, magics: walk.magics, findings: walk.findings };
}

/** Quick look: most cells hold none of these characters and start at the margin. */
function mayHoldMagic(source: string): boolean {
  return (
    /[%!?]|^\s*(?:[ \t,;/]|>>>|\.\.\.|In \[|# MAGIC)|\bget_ipython\b|\.(?:magic|system|run_line_magic)\(/.test(
      source,
    ) ||
    /\n(?:\.\.\.|\s*\.{3,}:)|^\s*(?:pip3?|conda|mamba|uv)[ \t]/m.test(source) ||
    !source.trim().includes("\n")
  );
}

/** Magics inside magics (`%time %time …`) end somewhere. */
const deepest = 8;

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
      const from = body.text.indexOf(cell.setup, start);
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

interface Site {
  readonly body: Body;
  readonly start: number;
  readonly end: number;
  readonly indent: string;
  readonly depth: number;
}

function walkStatements(walk: Walk, body: Body, from: number, outer: string, depth: number): void {
  const { text } = body;
  let at = from;
  while (at <= text.length) {
    const margin = /^[ \t\f]*/.exec(text.slice(at, at + 400))?.[0] ?? "";
    const first = at + margin.length;
    const indent = outer + margin;
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

/** Length of the `# ` before a magic that jupytext wrote as a comment, else 0. */
function commentedMagic(line: string): number {
  const found = /^# ?(?=%[A-Za-z]|![ \t]*[A-Za-z.~$\\/{}]|[A-Za-z_]\w*[ \t]*=[ \t]*(?:%[A-Za-z]|![ \t]*[A-Za-z]))/.exec(
    line,
  );
  return found?.[0].length ?? 0;
}

/** A line that starts with one of IPython's escape characters. */
function escapeLine(walk: Walk, site: Site, lead: number): void {
  const { body, end } = site;
  const raw = body.text.slice(lead, end);
  const span = body.span(site.start, end);
  const command = raw.replace(/\s*\\\n/g, " ").trimEnd();
  const scan = scanLogicalLine(command, 0);
  if (command.startsWith("?") || (scan.asksHelp && scan.end === command.length && helpEnd.test(command))) {
    applyLine(walk, site, "?", command, help, span);
    return;
  }
  const c = command.charAt(0);
  if (c === "!") {
    const rest = command.replace(/^!{1,2}/, "").trim();
    applyLine(walk, site, "!", rest, shellOutcome(rest), span);
    return;
  }
  if (c === "%") {
    const found = /^%(%?[^\s]*)[ \t]*(.*)$/s.exec(command);
    const name = found?.[1] ?? "";
    const rest = found?.[2] ?? "";
    const outcome = lineOutcome(name, rest, site.indent !== "");
    if (outcome.policy.kind === "unwrap") unwrapLine(walk, site, lead, name, rest, outcome);
    else applyLine(walk, site, `%${name}`, rest, outcome, span);
    return;
  }
  const why = "IPython's automatic quoting and calling is not Python";
  applyLine(
    walk,
    site,
    c,
    command.slice(1),
    {
      policy: { kind: "opaque" },
      why,
      report: (place) => report("CW1041", place, { name: c, why, fix: "write the call in Python" }),
    },
    span,
  );
}

const helpEnd = /(?:%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*)\?\??$/;
const help: Outcome = { policy: { kind: "drop" }, why: "it shows help" };

/** A statement of Python: copied, unless it asks for help, assigns from IPython or calls get_ipython(). */
function statement(walk: Walk, site: Site, lead: number): number {
  const { body } = site;
  const { text } = body;
  const scan = scanLogicalLine(text, lead);
  if (scan.escape !== undefined) {
    assignment(walk, { ...site, end: scan.end }, lead, scan.escape);
    return scan.end;
  }
  const whole = text.slice(lead, scan.end);
  const span = body.span(site.start, scan.end);
  if (scan.asksHelp && helpEnd.test(whole.trimEnd())) {
    applyLine(walk, { ...site, end: scan.end }, "?", whole.trim(), help, span);
    return scan.end;
  }
  if (
    /get_ipython|^\w+\s*\.\s*(?:run_\w+|magic|system|\w+_magic)\s*\(/.test(whole) &&
    magicCall(walk, { ...site, end: scan.end }, whole, span)
  )
    return scan.end;
  const bare = site.indent === "" ? /^((?:pip3?|conda|mamba)[ \t]+install)[ \t]+[^=\s(].*$/.exec(whole) : undefined;
  if (bare) {
    const command = whole.trim();
    walk.findings.push({ span, report: (place) => report("CW1046", place, { command: command.slice(0, 60) }) });
    const [name = "", ...words] = command.split(/\s+/);
    const outcome = lineOutcome(name === "pip3" ? "pip" : name, words.join(" "), false);
    applyLine(
      walk,
      { ...site, end: scan.end },
      `%${name}`,
      words.join(" "),
      { policy: outcome.policy, why: outcome.why },
      span,
    );
    return scan.end;
  }
  body.copy(walk.out, lead, scan.end);
  return scan.end;
}

/** `x = !cmd` and `x = %magic`: the name keeps a value that nobody knows. */
function assignment(walk: Walk, site: Site, lead: number, escapeAt: number): void {
  const { body, end } = site;
  const command = body.text
    .slice(escapeAt, end)
    .replace(/\s*\\\n/g, " ")
    .trimEnd();
  const span = body.span(escapeAt, end);
  const target = body.text.slice(lead, body.text.lastIndexOf("=", escapeAt)).trim();
  const shell = command.startsWith("!");
  const found = /^%(\S+)[ \t]*(.*)$/s.exec(command);
  const name = shell ? "!" : `%${found?.[1] ?? ""}`;
  const rest = shell ? command.replace(/^!{1,2}/, "").trim() : (found?.[2] ?? "");
  body.copy(walk.out, lead, escapeAt);
  const call = shell ? `get_ipython().getoutput(${pythonString(rest)})` : assignedBinding(found?.[1] ?? "", rest);
  walk.out.put(call, span);
  walk.magics.push({ name, rest, span, policy: { kind: "opaque" }, why: "its value exists in the live notebook only" });
  walk.findings.push({
    span,
    report: (place) =>
      report("CW1044", place, { target: target.slice(0, 60), name: shell ? `!${firstWord(rest)}` : name }),
  });
}

function firstWord(text: string): string {
  return /^\S*/.exec(text)?.[0] ?? "";
}

/** `get_ipython().run_line_magic("…", "…")` as a statement; false when it is something else. */
function magicCall(walk: Walk, site: Site, whole: string, span: Span): boolean {
  const assigned = /^([A-Za-z_]\w*)\s*=\s*(get_ipython\(\)\s*\.\s*\w+\s*\([\s\S]*)$/.exec(whole);
  const call = readMagicCall((assigned?.[2] ?? whole).trimEnd(), walk.facts.shells);
  if (call === undefined) return false;
  const label =
    call === "computed"
      ? "get_ipython()"
      : call.name === "!"
        ? "!"
        : `${call.method === "cell" ? "%%" : "%"}${call.name}`;
  if (assigned) {
    const target = assigned[1] ?? "";
    site.body.copy(walk.out, site.start, site.end);
    walk.magics.push({
      name: label,
      rest: whole,
      span,
      policy: { kind: "opaque" },
      why: "its value exists in the live notebook only",
    });
    walk.findings.push({ span, report: (place) => report("CW1044", place, { target, name: "get_ipython()" }) });
    return true;
  }
  if (call === "computed") {
    const why = "its text is only known when the line runs";
    const fix = "write the magic itself, or what it does in Python";
    applyLine(
      walk,
      site,
      label,
      whole,
      { policy: { kind: "opaque" }, why, report: (place) => report("CW1041", place, { name: label, why, fix }) },
      span,
    );
    return true;
  }
  if (call.method === "cell") {
    const outcome = cellOutcome(call.name, call.rest);
    const nested = site.indent !== "" && outcome.policy.kind === "unwrap";
    const why = "a cell magic inside a block cannot be unwrapped";
    const placed: CellOutcome = nested
      ? {
          policy: { kind: "opaque" },
          why,
          report: (place) => report("CW1041", place, { name: label, why, fix: "write its body as Python" }),
        }
      : outcome;
    if (placed.policy.kind === "unwrap" && site.depth < deepest) {
      walk.magics.push({ name: label, rest: call.rest, span, policy: placed.policy, why: placed.why });
      const setup = placed.setup === undefined || placed.setup === "" ? "" : `${placed.setup}\n`;
      resolveLines(walk, linesOf(setup + call.body.replace(/\n$/, ""), span.start, span), "", site.depth + 1);
      if (placed.python && placed.python.length > 0) walk.out.put(`\n${placed.python.join("\n")}`, span);
      if (placed.report) walk.findings.push({ span, report: placed.report });
    } else applyLine(walk, site, label, call.rest, placed, span);
    return true;
  }
  const outcome =
    call.method === "system" ? shellOutcome(call.rest) : lineOutcome(call.name, call.rest, site.indent !== "");
  if (outcome.policy.kind === "unwrap") {
    walk.magics.push({ name: label, rest: call.rest, span, policy: outcome.policy, why: outcome.why });
    nestedStatement(walk, site, linesOf(call.rest.slice(outcome.optionLength ?? 0), span.start, span));
  } else applyLine(walk, site, label, call.rest, outcome, span);
  return true;
}

/** `%time x = f()` keeps its statement. One that does not end on its line fails in IPython, and stays as it is. */
function unwrapLine(walk: Walk, site: Site, lead: number, name: string, rest: string, outcome: Outcome): void {
  const { body, end } = site;
  const span = body.span(site.start, end);
  const scan = scanLogicalLine(rest, 0);
  if (site.depth >= deepest || scan.open) {
    body.copy(walk.out, lead, end);
    return;
  }
  const offset = /^%\S+[ \t]*/.exec(body.text.slice(lead, end))?.[0].length ?? 0;
  const from = lead + offset + (outcome.optionLength ?? 0);
  walk.magics.push({ name: `%${name}`, rest, span, policy: outcome.policy, why: outcome.why });
  nestedStatement(walk, site, body.lines(from, end));
}

/** Resolves the statement behind a line magic; a block must not lose its only statement. */
function nestedStatement(walk: Walk, site: Site, lines: readonly Line[]): void {
  const before = walk.out.length();
  resolveLines(walk, lines, site.indent, site.depth + 1);
  if (site.indent !== "" && walk.out.length() === before) walk.out.put("pass", site.body.span(site.start, site.end));
}

function applyLine(walk: Walk, site: Site, name: string, rest: string, outcome: Outcome, span: Span): void {
  walk.magics.push({ name, rest, span, policy: outcome.policy, why: outcome.why });
  if (outcome.report) walk.findings.push({ span, report: outcome.report });
  const lines = outcome.python ?? [];
  if (lines.length > 0) walk.out.put(lines.join(`\n${site.indent}`), span);
  else if (site.indent !== "") walk.out.put("pass", span);
}
