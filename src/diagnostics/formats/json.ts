import type { Diagnostic, Place } from "../diagnostic.ts";
import { type Format, type FormatContext, shownPath } from "./context.ts";

/**
 * One JSON object on one document: `{version, tool, diagnostics, summary, exitCode, …}` and the command's own members.
 * Described by schemas/diagnostics-1.schema.json.
 */
export const json: Format = (diagnostics, context) =>
  `${JSON.stringify(
    {
      ...context.result,
      version: 1,
      tool: { name: "crosswalk", version: context.version },
      diagnostics: diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, context)),
      summary: countSeverities(diagnostics),
      exitCode: context.exitCode ?? 0,
    },
    null,
    2,
  )}\n`;

function jsonDiagnostic(diagnostic: Diagnostic, context: FormatContext): object {
  const { code, slug, severity, message, fix, related } = diagnostic;
  return {
    code,
    slug,
    severity,
    message,
    ...jsonPlace(diagnostic.place, context),
    fix,
    related: related.map((other) => ({ message: other.message, ...jsonPlace(other.place, context) })),
  };
}

/** Every member is always there, `null` where it has no meaning. */
function jsonPlace(place: Place | undefined, context: FormatContext): object {
  return {
    file: place ? shownPath(place.file, context) : null,
    cell: place?.cell ?? null,
    cellId: place?.cellId ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    endLine: place?.endLine ?? null,
    endColumn: place?.endColumn ?? null,
    fileLine: place?.fileLine ?? null,
  };
}

/** How many diagnostics there are of each severity. */
export function countSeverities(diagnostics: readonly Diagnostic[]): {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
} {
  const count = (severity: string): number => diagnostics.filter((d) => d.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}
