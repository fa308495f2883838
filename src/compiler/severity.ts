import type { AttachedDirective } from "../blueprint/intake.ts";
import type { ModelConfig } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Applies what the team said about warnings: `checks` of crosswalk.yaml, `ignore` and `waive` directives. Errors stay as they are. */
export function settle(
  model: ModelConfig,
  directives: readonly AttachedDirective[],
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const used = new Set<AttachedDirective>();
  for (const d of diagnostics) {
    if (d.severity === "error") {
      out.push(d);
      continue;
    }
    // All that match are used, whichever of them silenced it: none may be called one that matches nothing.
    const silencers = directives.filter((a) => covers(a, d));
    for (const a of silencers) used.add(a);
    const configured = model.checks[d.code];
    if (configured === "off" || silencers.length > 0) continue;
    out.push(configured === undefined ? d : { ...d, severity: configured });
  }
  for (const a of directives) {
    if ((a.directive.kind !== "ignore" && a.directive.kind !== "waive") || used.has(a)) continue;
    out.push(
      report("CW4003", a.cell.place(a.directive.span), { directive: a.directive.kind, codes: codesOf(a).join(", ") }),
    );
  }
  return out;
}

function codesOf(a: AttachedDirective): readonly string[] {
  const { directive } = a;
  if (directive.kind === "ignore") return directive.codes.map((c) => c.code);
  return directive.kind === "waive" ? [directive.code.code] : [];
}

/** `waive` holds in the whole model; `ignore` from its own line to the end of the statement that it is attached to. */
function covers(a: AttachedDirective, d: Diagnostic): boolean {
  const { directive, cell } = a;
  if (directive.kind === "waive") return codesOf(a).includes(d.code);
  if (directive.kind !== "ignore" || !codesOf(a).includes(d.code) || !d.place || d.place.cellId !== cell.id)
    return false;
  const own = cell.place(directive.span).line;
  if (d.place.line === own) return true;
  if (!a.statement) return false;
  const at = cell.pythonPlace(a.statement.span);
  // The directives between it and the statement are meant as well.
  return Math.min(own, at.line) <= d.place.line && d.place.line <= at.endLine;
}
