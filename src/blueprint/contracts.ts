import type { Bound, Bounds, Literal, Constraint as Said } from "../annotation/directive.ts";
import type { Json } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Constraint, Contract, Domain, ExampleTest, Helper, Import, Step } from "./blueprint.ts";
import type { Definitions } from "./definitions.ts";
import { importOf, uniqueImports } from "./imports.ts";
import type { Intake } from "./intake.ts";
import { readsOf } from "./select.ts";

/** The contracts that directives state, as the product checks them. */
export function makeContracts(intake: Intake): readonly Contract[] {
  return intake.contracts.map(({ directive, cite }) => ({
    name: directive.name.name,
    columns: directive.columns.map((c) => ({
      name: c.column.name,
      type: c.type.text,
      ...(c.doc ? { doc: c.doc.value } : {}),
      constraints: c.constraints.map(constraint),
    })),
    rules: directive.rules.map((rule) => {
      if (rule.kind === "unique") return { kind: "unique", columns: rule.columns.map((c) => c.name) } as const;
      if (rule.kind === "fresh") return { kind: "fresh", duration: rule.age.text } as const;
      if (rule.kind === "expect")
        return {
          kind: "expect",
          text: rule.expression.text,
          ...(rule.reason ? { why: rule.reason.value } : {}),
        } as const;
      return { kind: "rows", ...bounds(rule.bounds) } as const;
    }),
    cite,
  }));
}

function constraint(said: Said): Constraint {
  switch (said.kind) {
    case "bounds": {
      const b = bounds(said.bounds);
      return b.op !== undefined
        ? { kind: "compare", op: b.op, value: b.value ?? null }
        : { kind: "in", domain: b.domain ?? { kind: "set", values: [] } };
    }
    case "fresh":
      return { kind: "fresh", duration: said.age.text };
    case "matches":
      return { kind: "matches", pattern: said.pattern };
    default:
      return { kind: said.kind };
  }
}

/** A comparison or a domain of a directive as plain data. */
export function bounds(b: Bounds): { readonly op?: string; readonly value?: Json; readonly domain?: Domain } {
  return b.kind === "compare" ? { op: b.operator, value: boundJson(b.bound) } : { domain: domain(b) };
}

export function domain(d: Exclude<Bounds, { kind: "compare" }>): Domain {
  if (d.kind === "range")
    return { kind: "range", low: boundJson(d.low), high: boundJson(d.high), lowOpen: d.lowOpen, highOpen: d.highOpen };
  return { kind: "set", values: d.values.map(literalJson) };
}

function boundJson(b: Bound): Json {
  return b.kind === "number" ? b.value : b.kind === "date" ? b.value : b.text;
}

export function literalJson(l: Literal): Json {
  if (l.kind === "dict")
    return Object.fromEntries(l.items.map((item) => [String(literalJson(item.key)), literalJson(item.value)]));
  return "items" in l ? l.items.map(literalJson) : l.value;
}

/** The examples of `test` directives, each for a function or a step of the product. */
export function makeTests(
  flow: Dataflow,
  defs: Definitions,
  intake: Intake,
  steps: readonly Step[],
  helpers: readonly Helper[],
  diagnostics: Diagnostic[],
): readonly ExampleTest[] {
  const out: ExampleTest[] = [];
  for (const { directive, cite, place } of intake.tests) {
    const of = directive.of?.name;
    if (of === undefined) continue;
    if (!steps.some((s) => s.name === of) && !helpers.some((h) => h.name === of && h.kind === "function")) {
      diagnostics.push(report("CW3007", place, { directive: "test of", name: of }));
      continue;
    }
    const expressions = directive.lines.map((line) => (line.kind === "given" ? line.value : line.expression));
    out.push({
      title: directive.title.value,
      of,
      given: directive.lines.flatMap((line) =>
        line.kind === "given" ? [{ ...(line.name ? { name: line.name.name } : {}), text: line.value.text }] : [],
      ),
      expects: directive.lines.flatMap((line) =>
        line.kind === "expect"
          ? [{ text: line.expression.text, ...(line.reason ? { why: line.reason.value } : {}) }]
          : [],
      ),
      imports: uniqueImports(
        expressions.flatMap((e) => (e.ast ? [...readsOf(e.ast)].flatMap((name) => importNamed(flow, defs, name)) : [])),
      ),
      cite,
    });
  }
  return out;
}

/** The import that a name stands for anywhere in the notebook. */
export function importNamed(flow: Dataflow, defs: Definitions, name: string): readonly Import[] {
  const unit = defs.binders(name).find((id) => defs.kindOf(id) === "import");
  const found = unit === undefined ? undefined : importOf(flow, unit, name);
  return found ? [found] : [];
}

/** What directives ask for that the product cannot check faithfully yet: refused rather than checked at the wrong moment. */
export function unsupported(flow: Dataflow, intake: Intake): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  for (const { attached, place } of intake.expects) {
    const { statement } = attached;
    const isTop = statement === undefined || flow.program.units.some((u) => u.stmt === statement);
    if (!isTop) out.push(report("CW3018", place, {}));
  }
  for (const { directive, place } of intake.contracts) {
    for (const kind of ["rows", "fresh"] as const) {
      if (directive.rules.filter((r) => r.kind === kind).length > 1)
        out.push(report("CW3019", place, { rule: kind, name: directive.name.name }));
    }
  }
  return out;
}
