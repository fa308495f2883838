import type { Diagnostic } from "../diagnostic.ts";
import { type Format, type FormatContext, shownPath } from "./context.ts";
import { cellLocation } from "./location.ts";

const commands = { error: "error", warning: "warning", note: "notice" } as const;

/** Workflow commands of GitHub Actions: each becomes an annotation on the true line of the file. */
export const github: Format = (diagnostics, context) => diagnostics.map((d) => annotation(d, context)).join("");

function annotation(diagnostic: Diagnostic, context: FormatContext): string {
  const { place } = diagnostic;
  const properties: [string, string | number][] = [];
  if (place) {
    properties.push(["file", shownPath(place.file, context)], ["line", place.fileLine]);
    // Columns of a cell are not columns of the notebook's JSON.
    if (place.cell === undefined) {
      properties.push(["endLine", place.endLine], ["col", place.column]);
      if (place.endLine === place.line) properties.push(["endColumn", place.endColumn]);
    }
  }
  properties.push(["title", `${diagnostic.code} ${diagnostic.slug}`]);
  const where = place && cellLocation(place);
  const message = `${where ? `${where}: ` : ""}${diagnostic.message}\nfix: ${diagnostic.fix}`;
  const list = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(",");
  return `::${commands[diagnostic.severity]} ${list}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.toWellFormed().replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
