import { type Format, shownPath } from "./context.ts";
import { fingerprints } from "./fingerprint.ts";
import { cellLocation } from "./location.ts";

const severities = { error: "major", warning: "minor", note: "info" } as const;

/** A GitLab Code Quality report. What has no place is put on crosswalk.yaml, because the report needs a file. */
export const gitlab: Format = (diagnostics, context) => {
  const prints = fingerprints(diagnostics);
  const issues = diagnostics.map((diagnostic, i) => {
    const { place } = diagnostic;
    const where = place && cellLocation(place);
    return {
      description: `${where ? `${where}: ` : ""}${diagnostic.message} Fix: ${diagnostic.fix}`,
      check_name: `${diagnostic.code} ${diagnostic.slug}`,
      fingerprint: prints[i],
      severity: severities[diagnostic.severity],
      location: {
        path: place ? shownPath(place.file, context) : shownPath("crosswalk.yaml", context),
        lines: { begin: place?.fileLine ?? 1 },
      },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
};
