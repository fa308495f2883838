import type { Dataset } from "../../blueprint/blueprint.ts";
import { citeSpan } from "../../blueprint/cite.ts";
import type { Unit } from "../../dataflow/program.ts";
import type { CallExpr, Expr } from "../../python/ir.ts";
import type { Compiled } from "../compile.ts";

/** Options of pandas that leave the shape of a file as it is: only what is read, or how values are taken. */
const harmless: ReadonlySet<string> = new Set([
  "usecols",
  "dtype",
  "parse_dates",
  "index_col",
  "nrows",
  "na_values",
  "keep_default_na",
  "na_filter",
  "converters",
  "true_values",
  "false_values",
  "low_memory",
  "engine",
  "date_format",
  "dayfirst",
  "memory_map",
  "float_precision",
  "dtype_backend",
  "cache_dates",
  "infer_datetime_format",
  "date_parser",
]);

/** The separator with which a notebook reads a CSV file, or why its columns cannot be told from the file alone. */
export type HowRead = { readonly separator: string } | { readonly why: string };

/** How a model reads one of its datasets. */
export function howRead(compiled: Compiled, dataset: Dataset): HowRead {
  if (dataset.format !== "csv") return { why: `columns are read from CSV files only, and this is ${dataset.format}` };
  const found = findCall(compiled, dataset);
  const callee = found?.callee ?? "";
  if (!found || !/^pandas\.read_(?:csv|table)$/.test(callee))
    return { why: "the notebook does not read it with pandas.read_csv" };
  let separator = callee === "pandas.read_table" ? "\t" : ",";
  const take = (name: string, value: unknown): string | undefined => {
    if (name === "sep" || name === "delimiter") {
      if (typeof value !== "string" || value.length !== 1 || value === " ") return name;
      separator = value;
    } else if (name === "encoding") {
      if (typeof value !== "string" || !/^utf[-_]?8(?:[-_]sig)?$/i.test(value)) return name;
    } else if (name === "header") return value === 0 || value === "infer" ? undefined : name;
    else if (!harmless.has(name)) return name;
    return undefined;
  };
  const odd: (string | undefined)[] = found.call.keywords.map(({ name, value }) =>
    name === undefined ? "**" : take(name, constantOf(value)),
  );
  // By position behind the path stand `sep` and then others; pandas 2 takes keywords alone.
  if (found.call.args.length > 1) odd.push("arguments by position");
  const binding = compiled.model.data[dataset.name];
  for (const [name, value] of Object.entries(binding?.options ?? {})) odd.push(take(name, value));
  const first = odd.find((name) => name !== undefined);
  return first === undefined ? { separator } : { why: `the notebook reads it with \`${first}\`` };
}

function constantOf(expr: Expr): unknown {
  return expr.kind === "constant" ? expr.value : undefined;
}

/** The call that reads a dataset; undefined where it cannot be told from others on its line. */
function findCall(
  compiled: Compiled,
  dataset: Dataset,
): { readonly call: CallExpr; readonly callee: string } | undefined {
  const { cite } = dataset;
  const found = (compiled.flow?.facts ?? []).flatMap(({ unit, trace }) =>
    trace.files.flatMap((use) => {
      if (use.mode !== "load" || use.inFunction) return [];
      const at = citeSpan(unit.cell, use.span);
      if (at.notebook !== cite.notebook || at.cellId !== cite.cellId || at.line !== cite.line) return [];
      const call = callAt(unit, use.span.start, use.span.end);
      return call ? [{ call, callee: use.callee }] : [];
    }),
  );
  return new Set(found.map(({ call }) => call)).size === 1 ? found[0] : undefined;
}

function callAt(unit: Unit, start: number, end: number): CallExpr | undefined {
  let found: CallExpr | undefined;
  const visit = (value: unknown): void => {
    if (found !== undefined || value === null || typeof value !== "object") return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    const node = value as { readonly kind?: string; readonly span?: { readonly start: number; readonly end: number } };
    if (node.kind === "call" && node.span?.start === start && node.span.end === end) found = value as CallExpr;
    else for (const inner of Object.values(value)) visit(inner);
  };
  visit(unit.stmt);
  return found;
}
