import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { CallExpr } from "../python/ir.ts";
import type { Import } from "./blueprint.ts";
import { placeOf } from "./cite.ts";
import type { Definitions } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import type { HelperPlan, HelpersPlan, Misfit } from "./helpers.ts";

/** Edits that name helpers by their product names, and hand lifted globals on, wherever kept code or another helper uses one. */
export function callSiteEdits(
  defs: Definitions,
  plan: HelpersPlan,
  users: readonly Unit[],
  edits: readonly Edit[],
): {
  readonly edits: readonly Edit[];
  /** What the edits of a unit need beside its own imports. */
  readonly imports: ReadonlyMap<number, readonly Import[]>;
  readonly misfits: readonly Misfit[];
} {
  const out: Edit[] = [];
  const misfits: Misfit[] = [];
  const imports = new Map<number, readonly Import[]>();
  for (const unit of users) {
    for (const use of defs.uses(unit.id)) {
      const helper = plan.at(unit.id, use);
      if (!helper || isReplaced(unit.cell, use.span, edits)) continue;
      if (helper.name !== use.id)
        out.push({ cell: unit.cell, start: use.span.start, end: use.span.end, text: helper.name, wraps: true });
      if (helper.lifted.size === 0) continue;
      const given = [...helper.lifted]
        .sort()
        .map((name) => `${name}=${name}`)
        .join(", ");
      const source = unit.cell.module.text;
      if (source.slice(use.span.start, use.span.end) !== use.id) {
        // The name stands in the text of a query.
        const [name = ""] = helper.lifted;
        misfits.push(misfit(helper, report("CW2013", placeOf(unit, use.span), { name, helper: use.id })));
      } else if (use.call) {
        const close = use.call.span.end - 1;
        const last = Math.max(
          use.call.func.span.end,
          ...use.call.args.map((a) => a.span.end),
          ...use.call.keywords.map((k) => k.span.end),
        );
        const hasArguments = use.call.args.length + use.call.keywords.length > 0;
        const comma = !hasArguments || source.slice(last, close).includes(",") ? "" : ", ";
        const only = use.call.args.length === 1 && use.call.keywords.length === 0 ? use.call.args[0] : undefined;
        if (only?.kind === "comprehension" && only.type === "generator" && source[use.call.func.span.end] === "(") {
          const inner = source.slice(use.call.func.span.end + 1, close).trim();
          if (!inner.startsWith("(")) {
            out.push(
              { cell: unit.cell, start: use.call.func.span.end + 1, end: use.call.func.span.end + 1, text: "(" },
              { cell: unit.cell, start: close, end: close, text: ")" },
            );
          }
        }
        out.push({ cell: unit.cell, start: close, end: close, text: `${comma}${given}` });
      } else {
        imports.set(unit.id, [{ module: "functools", local: "functools" }]);
        const stale = [...helper.lifted].find((global) => isBoundAgain(defs, global, unit));
        const user = givenTo(unit, use.span);
        if (stale !== undefined && !atOnce.has(user))
          misfits.push(misfit(helper, report("CW2014", placeOf(unit, use.span), { helper: use.id, name: stale })));
        out.push({
          cell: unit.cell,
          start: use.span.start,
          end: use.span.end,
          // Whoever keeps a function may ask for its name, which a partial one has not.
          text:
            atOnce.has(user) || user.endsWith("()")
              ? `functools.partial(${use.id}, ${given})`
              : `functools.update_wrapper(functools.partial(${use.id}, ${given}), ${use.id})`,
          wraps: true,
        });
      }
    }
  }
  return { edits: out, imports, misfits };
}

/** As a statement of its step the helper sees the variables around it whenever it runs. */
function misfit(helper: HelperPlan, diagnostic: Diagnostic): Misfit {
  return { units: [helper.unit.id], diagnostic };
}

/** A value that is handed over here may not be the one that a later call would read. */
function isBoundAgain(defs: Definitions, name: string, unit: Unit): boolean {
  const binders = defs.binders(name);
  return defs.kindOf(unit.id) === "definition" ? binders.length > 1 : binders.some((binder) => binder >= unit.id);
}

/** Calls that call the function they are given before they return, and forget it. */
const atOnce = new Set(
  "apply applymap map transform agg aggregate pipe assign sort_values sort_index groupby sorted min max reduce".split(
    " ",
  ),
);

/** What the name at a span is an argument of: "apply" for `x.apply(f)` and `sorted` for `sorted(…, key=f)`, "map()" for the lazy `map(f, …)`. */
function givenTo(unit: Unit, span: Span): string {
  let found = "";
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    const { kind, func, args, keywords } = node as Partial<CallExpr>;
    if (kind === "call" && func && args && keywords) {
      const given = [...args, ...keywords.map((keyword) => keyword.value)];
      if (given.some((arg) => arg.span.start === span.start && arg.span.end === span.end)) {
        const lazy = func.kind === "name" && (func.id === "map" || func.id === "filter");
        found = func.kind === "attribute" ? func.attr : func.kind === "name" ? `${func.id}${lazy ? "()" : ""}` : "";
      }
    }
    Object.values(node).forEach(visit);
  };
  visit(unit.stmt);
  return found;
}
