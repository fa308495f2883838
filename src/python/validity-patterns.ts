import type { MatchCase, Pattern } from "./ir.ts";
import { type Report, reserved } from "./validity-targets.ts";
import { patternNames } from "./walk.ts";

/** The rules of one case's pattern: each name once, equal names in alternatives, one star in a sequence. */
export function checkPattern(pattern: Pattern, report: Report): void {
  const seen = new Set<string>();
  for (const name of captured(pattern)) {
    reserved(name, pattern.span, report);
    if (seen.has(name)) report(pattern.span, `this pattern captures '${name}' twice`);
    seen.add(name);
  }
  rules(pattern, report);
}

/** As patternNames, with the names of alternatives once. */
function captured(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case "or":
      return pattern.patterns[0] ? captured(pattern.patterns[0]) : [];
    case "sequence":
      return pattern.patterns.flatMap(captured);
    case "capture":
      return [
        ...(pattern.pattern ? captured(pattern.pattern) : []),
        ...(pattern.name === undefined ? [] : [pattern.name]),
      ];
    case "mapping":
      return [...pattern.patterns.flatMap(captured), ...(pattern.rest === undefined ? [] : [pattern.rest])];
    case "class":
      return [...pattern.patterns.flatMap(captured), ...pattern.keywords.flatMap((one) => captured(one.pattern))];
    default:
      return patternNames(pattern);
  }
}

function rules(pattern: Pattern, report: Report): void {
  switch (pattern.kind) {
    case "or": {
      const sets = pattern.patterns.map((one) => [...new Set(captured(one))].sort().join(","));
      if (new Set(sets).size > 1) report(pattern.span, "alternative patterns must capture the same names");
      pattern.patterns.forEach((one, i) => {
        if (i < pattern.patterns.length - 1 && irrefutable(one))
          report(one.span, "this alternative matches everything, so those after it are never tried");
        if (one.kind === "star") report(one.span, "an alternative cannot be starred");
        rules(one, report);
      });
      return;
    }
    case "sequence":
      if (pattern.patterns.filter((one) => one.kind === "star").length > 1)
        report(pattern.span, "only one pattern of a sequence can be starred");
      for (const one of pattern.patterns) rules(one, report);
      return;
    case "capture":
      if (pattern.pattern) {
        if (pattern.pattern.kind === "star") report(pattern.span, "a starred pattern cannot be named with 'as'");
        rules(pattern.pattern, report);
      }
      return;
    case "mapping":
      for (const one of pattern.patterns) inside(one, report);
      return;
    case "class":
      for (const one of pattern.patterns) inside(one, report);
      for (const one of pattern.keywords) inside(one.pattern, report);
      return;
  }
}

function inside(pattern: Pattern, report: Report): void {
  if (pattern.kind === "star") report(pattern.span, "a starred pattern must stand in a sequence");
  rules(pattern, report);
}

function irrefutable(pattern: Pattern): boolean {
  if (pattern.kind === "capture") return pattern.pattern === undefined || irrefutable(pattern.pattern);
  return pattern.kind === "or" && pattern.patterns.some(irrefutable);
}

/** A case without a guard that matches everything must be the last. */
export function checkReachable(cases: readonly MatchCase[], report: Report): void {
  cases.forEach((one, i) => {
    if (i < cases.length - 1 && !one.guard && irrefutable(one.pattern))
      report(one.pattern.span, "this case matches everything, so those after it are never tried");
  });
}
