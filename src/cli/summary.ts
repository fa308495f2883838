import type { BuiltModel } from "../compiler/session-contract.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** `Models 12  Files 3 written, 214 unchanged` as parts; diagnostics are counted by the wrapper. */
export function buildSummary(models: readonly BuiltModel[], checkOnly: boolean): readonly string[] {
  const failed = models.filter((m) => m.outcome === "failed").length;
  const total = (count: (model: BuiltModel) => number): number => models.reduce((sum, m) => sum + count(m), 0);
  const written = total((m) => m.written.length);
  const removed = total((m) => m.removed.length);
  const drifted = total((m) => m.drifted.length);
  const files = [
    `${written} ${checkOnly ? "stale or missing" : "written"}`,
    `${total((m) => m.unchanged)} unchanged`,
    ...(removed ? [`${removed} ${checkOnly ? "to remove" : "removed"}`] : []),
    ...(drifted ? [`${drifted} edited by hand`] : []),
  ];
  return [`Models ${models.length}${failed ? `, ${failed} failed` : ""}`, `Files ${files.join(", ")}`];
}

/** `Errors 1`, `Warnings 2`, `Notes 3`; only warnings are counted where there are none. */
export function diagnosticSummary(diagnostics: readonly Diagnostic[]): readonly string[] {
  const count = (severity: string): number => diagnostics.filter((d) => d.severity === severity).length;
  const parts = [`Warnings ${count("warning")}`];
  if (count("error") > 0) parts.unshift(`Errors ${count("error")}`);
  if (count("note") > 0) parts.push(`Notes ${count("note")}`);
  return parts;
}

/** What to do about errors; undefined where there are none. */
export function nextAfterErrors(diagnostics: readonly Diagnostic[], command: string): string | undefined {
  const first = diagnostics.find((d) => d.severity === "error");
  if (!first) return undefined;
  const plural = diagnostics.filter((d) => d.severity === "error").length > 1;
  return `mend the error${plural ? "s" : ""} above and run \`crosswalk ${command}\` again; \`crosswalk explain ${first.code}\` shows an example`;
}

/** `1 file`, `2 files` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
