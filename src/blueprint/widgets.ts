import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Parameter } from "./blueprint.ts";
import { cite, placeOf } from "./cite.ts";
import { type Definitions, kindOf } from "./definitions.ts";
import { type Edit, isReplaced } from "./edits.ts";
import { identifier, unique } from "./identifiers.ts";

export interface LiftedWidgets {
  /** By the name under which steps take it. */
  readonly parameters: ReadonlyMap<string, { readonly unit: Unit; readonly parameter: Parameter }>;
  readonly edits: readonly Edit[];
}

/**
 * Lifts `dbutils.widgets.get("x")` out of kept code: a text parameter named like the widget, with the widget's declared default.
 * A notebook that has a variable of that name as well keeps it; the step then takes the parameter under a name of its own.
 */
export function liftWidgets(
  flow: Dataflow,
  kept: ReadonlySet<number>,
  names: Set<string>,
  others: readonly Edit[],
): LiftedWidgets {
  const parameters = new Map<string, { readonly unit: Unit; readonly parameter: Parameter }>();
  const argumentOf = new Map<string, string>();
  const taken = new Set<string>();
  const edits: Edit[] = [];
  for (const { unit, trace } of flow.facts) {
    // In a definition (a default, a class) nobody could hand the value over: it is refused below.
    if (!kept.has(unit.id) || kindOf(unit) !== "variable") continue;
    for (const use of new Map(trace.widgets.map((w) => [w.span.start, w])).values()) {
      const declared = flow.program.units[use.unit];
      if (!declared || isReplaced(unit.cell, use.span, others)) continue;
      const argument = argumentOf.get(use.name) ?? argumentName(use.name, names);
      argumentOf.set(use.name, argument);
      edits.push({ cell: unit.cell, start: use.span.start, end: use.span.end, text: argument });
      if (parameters.has(argument)) continue;
      const name = unique(identifier(use.name, "parameter"), taken);
      parameters.set(argument, {
        unit: declared,
        parameter: {
          name,
          ...(name === argument ? {} : { argument }),
          type: "str",
          default: JSON.stringify(use.value),
          rawLines: [],
          value: use.value,
          cite: cite(declared),
        },
      });
    }
  }
  return { parameters, edits };
}

function argumentName(widget: string, names: Set<string>): string {
  const name = identifier(widget, "parameter");
  return unique(names.has(name) ? `${name}_text` : name, names);
}

/** What is left of `dbutils` in code that reaches the product, which runs without Databricks; and what must not be lost unseen. */
export function databricksOnly(
  flow: Dataflow,
  defs: Definitions,
  users: readonly Unit[],
  edits: readonly Edit[],
): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const say = (unit: Unit, span: Span): void => {
    const found = refusalOf(unit, span);
    out.push(report("CW2020", placeOf(unit, { start: span.start, end: span.start + found.length }), found));
  };
  for (const unit of users)
    for (const use of defs.uses(unit.id))
      if (use.id === "dbutils" && use.mode === "load" && defs.binders(use.id).length === 0)
        if (!isReplaced(unit.cell, use.span, edits)) say(unit, use.span);
  const last = new Map(users.map((unit) => [unit.cell.notebook.path, unit.id]));
  for (const unit of users)
    last.set(unit.cell.notebook.path, Math.max(unit.id, last.get(unit.cell.notebook.path) ?? 0));
  for (const { unit, trace } of flow.facts)
    for (const span of trace.exits) if (unit.id < (last.get(unit.cell.notebook.path) ?? -1)) say(unit, span);
  return out;
}

const fixes: readonly (readonly [member: RegExp, what: string, fix: string])[] = [
  [
    /^dbutils\.widgets\.(?:get|getArgument)$/,
    "This widget becomes no parameter: its name and its default must stand in the code above, and it must be read outside functions",
    'Declare it with dbutils.widgets.text("name", "default") in a cell above, read it at the top level of a cell, and hand the value on',
  ],
  [
    /^dbutils\.secrets\.get$/,
    "This secret cannot be lifted: its scope and key must stand in the code, and it must be read outside functions",
    'Read it with dbutils.secrets.get("scope", "key") at the top level of a cell, and hand it to the function',
  ],
  [
    /^dbutils\.notebook\.exit$/,
    "dbutils.notebook.exit ends the notebook here, before statements that production keeps",
    "Raise an exception where a run must stop, or move the call to the end of the notebook",
  ],
  [
    /^dbutils\.notebook\.run$/,
    "dbutils.notebook.run starts another notebook, which is no part of this model",
    "List the other notebook under 'notebooks' in crosswalk.yaml before this one, or include it with %run",
  ],
  [
    /^dbutils\.fs\b/,
    "dbutils.fs works on Databricks only, and production needs this statement",
    "Use open, os or shutil, or declare the file as a dataset in crosswalk.yaml",
  ],
];

function refusalOf(unit: Unit, span: Span): { readonly what: string; readonly fix: string; readonly length: number } {
  const text = unit.cell.module.text.slice(span.start);
  const member = /^dbutils(?:\s*\.\s*\w+)*/.exec(text)?.[0] ?? "dbutils";
  const plain = member.replace(/\s+/g, "");
  const [, what, fix] = fixes.find(([pattern]) => pattern.test(plain)) ?? [];
  return {
    what: what ?? `'${plain}' works on Databricks only, and production needs this statement`,
    fix: fix ?? "Write it in plain Python, or mark the statement with '# cw: skip'",
    length: member.length,
  };
}
