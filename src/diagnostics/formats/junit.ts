import type { Diagnostic } from "../diagnostic.ts";
import { type Format, type FormatContext, shownPath } from "./context.ts";
import { headline, location } from "./location.ts";

/**
 * JUnit XML: one suite for each file, one case for each diagnostic. Errors are failures; warnings and notes are cases
 * that passed with their text as output, because they do not fail a build. Without diagnostics one case passes.
 */
export const junit: Format = (diagnostics, context) => {
  const suites = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const file = diagnostic.place ? shownPath(diagnostic.place.file, context) : "crosswalk";
    suites.set(file, [...(suites.get(file) ?? []), diagnostic]);
  }
  const body = [...suites].map(([file, list]) => suite(file, list, context));
  if (body.length === 0) {
    body.push(
      `  <testsuite name="crosswalk" tests="1" failures="0">\n    <testcase name="no findings" classname="crosswalk"/>\n  </testsuite>\n`,
    );
  }
  const counts = `tests="${Math.max(1, diagnostics.length)}" failures="${failures(diagnostics)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="crosswalk" ${counts}>\n${body.join("")}</testsuites>\n`;
};

function suite(file: string, list: readonly Diagnostic[], context: FormatContext): string {
  const head = `  <testsuite name="${xml(file)}" tests="${list.length}" failures="${failures(list)}">\n`;
  return `${head}${list.map((d) => testCase(d, file, context)).join("")}  </testsuite>\n`;
}

function testCase(diagnostic: Diagnostic, file: string, context: FormatContext): string {
  const where = diagnostic.place ? location(diagnostic.place, context) : "crosswalk";
  const text = xml(`${where}: ${headline(diagnostic)} ${diagnostic.message}\nfix: ${diagnostic.fix}`);
  const line = diagnostic.place ? ` line="${diagnostic.place.fileLine}"` : "";
  const name = xml(`${diagnostic.code} ${diagnostic.slug} ${where}`);
  const inner =
    diagnostic.severity === "error"
      ? `<failure type="${xml(diagnostic.code)}" message="${xml(diagnostic.message)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return `    <testcase name="${name}" classname="${xml(file)}" file="${xml(file)}"${line}>${inner}</testcase>\n`;
}

function failures(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter((d) => d.severity === "error").length;
}

/** Escapes text for XML 1.0, in content and in attributes; what XML cannot hold becomes U+FFFD. */
function xml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML 1.0 forbids.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"'\n\r\t]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  );
}
