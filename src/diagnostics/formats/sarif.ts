import type { Diagnostic, Place } from "../diagnostic.ts";
import { type Format, type FormatContext, shownPath } from "./context.ts";
import { entryOf } from "./entry.ts";
import { fingerprints } from "./fingerprint.ts";

/** SARIF 2.1.0, as code scanning services read it. Lines are the true lines of the file on disk. */
export const sarif: Format = (diagnostics, context) => {
  const codes = [...new Set(diagnostics.map((d) => d.code))].sort();
  const prints = fingerprints(diagnostics);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "crosswalk",
            semanticVersion: context.version,
            rules: codes.map((code) => rule(code, diagnostics)),
          },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic, i) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: diagnostic.severity,
          message: { text: `${diagnostic.message} Fix: ${diagnostic.fix}` },
          ...(diagnostic.place ? { locations: [sarifLocation(diagnostic.place, context)] } : {}),
          ...(diagnostic.related.length > 0
            ? {
                relatedLocations: diagnostic.related.map(({ message, place }, id) => ({
                  id: id + 1,
                  message: { text: message },
                  ...sarifLocation(place, context),
                })),
              }
            : {}),
          partialFingerprints: { "crosswalkFingerprint/v1": prints[i] },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

function rule(code: string, diagnostics: readonly Diagnostic[]): object {
  const entry = entryOf(code);
  const first = diagnostics.find((d) => d.code === code);
  if (!entry) return { id: code, name: first?.slug ?? code };
  return {
    id: code,
    name: entry.slug,
    shortDescription: { text: entry.title },
    fullDescription: { text: entry.cause },
    help: {
      text: `${entry.fix} Run: crosswalk explain ${code}`,
      markdown: `${entry.fix} Run \`crosswalk explain ${code}\`.`,
    },
    defaultConfiguration: { level: entry.severity },
  };
}

function sarifLocation(place: Place, context: FormatContext): object {
  const inCell = place.cell !== undefined;
  return {
    physicalLocation: {
      artifactLocation: { uri: fileUri(shownPath(place.file, context)), uriBaseId: "%SRCROOT%" },
      // Columns of a cell are not columns of the notebook's JSON.
      region: inCell
        ? { startLine: place.fileLine }
        : {
            startLine: place.fileLine,
            startColumn: place.column,
            endLine: place.endLine,
            endColumn: place.endColumn,
          },
    },
    ...(inCell
      ? {
          logicalLocations: [
            {
              name: `cell ${place.cell}`,
              fullyQualifiedName: `${place.file}:cell ${place.cell}:${place.line}:${place.column}`,
              kind: "module",
            },
          ],
        }
      : {}),
  };
}

function fileUri(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
