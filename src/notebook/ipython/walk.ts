import type { Span } from "../../foundation/span.ts";
import type { Magic } from "../notebook.ts";
import type { Body, Line } from "./lines.ts";
import type { Facts, Finding, Outcome } from "./policy.ts";
import type { TextBuilder } from "./text-map.ts";

/** What is collected while one cell is resolved. */
export interface Walk {
  readonly facts: Facts;
  readonly out: TextBuilder;
  readonly magics: Magic[];
  readonly findings: Finding[];
  /** Resolves lines that stand inside a magic. */
  resolve(lines: readonly Line[], indent: string, depth: number): void;
}

/** Where one statement or magic stands: a range of `body`, its indent, and how many magics are around it. */
export interface Site {
  readonly body: Body;
  readonly start: number;
  readonly end: number;
  readonly indent: string;
  readonly depth: number;
}

/** Magics inside magics (`%time %time …`) end somewhere. */
export const deepest = 8;

/** Records a magic and puts what becomes of it; a block must not lose its only statement. */
export function applyLine(walk: Walk, site: Site, name: string, rest: string, outcome: Outcome, span: Span): void {
  walk.magics.push({ name, rest, span, policy: outcome.policy, why: outcome.why });
  if (outcome.report) walk.findings.push({ span, report: outcome.report });
  const lines = outcome.python ?? [];
  if (lines.length > 0) walk.out.put(lines.join(`\n${site.indent}`), span);
  else if (site.indent !== "") walk.out.put("pass", span);
}

/** Resolves the statement behind a line magic. */
export function nestedStatement(walk: Walk, site: Site, lines: readonly Line[]): void {
  const before = walk.out.length();
  walk.resolve(lines, site.indent, site.depth + 1);
  if (site.indent !== "" && walk.out.length() === before) walk.out.put("pass", site.body.span(site.start, site.end));
}

/** A command that goes on over lines, as IPython puts it together. */
export function joined(command: string): string {
  return command.replaceAll("\\\n", " ").trimEnd();
}

/** True when a text ends in what IPython takes for a request for help. */
export function asksFor(text: string): boolean {
  return helpEnd.test(text.slice(-400));
}

const helpEnd = /(?:%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*)\?\??$/;

/** Help is shown and gone. */
export const help: Outcome = { policy: { kind: "drop" }, why: "it shows help" };
