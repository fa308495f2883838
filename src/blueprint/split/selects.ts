import type { CallExpr, Expr } from "../../python/ir.ts";
import type { Given } from "./arguments.ts";
import type { Bound } from "./bound.ts";

/**
 * The columns that an estimator takes of a table: a ColumnTransformer that drops the rest takes those it names, a pipeline those of its
 * first step. What other columns the table has, the label among them, does not matter to it.
 */
export function selectsOf(member: string, { positional, named }: Given): Pick<Bound, "selects" | "takesAll"> {
  const none = {};
  const [first] = positional;
  if (member.endsWith(".make_pipeline")) return keep(first);
  if (member.endsWith(".Pipeline")) return keep((named.get("steps") ?? first)?.items?.[0]?.items?.[1]);
  const isMade = member.endsWith(".make_column_transformer");
  if (!isMade && !member.endsWith(".ColumnTransformer")) return none;
  const rest = named.get("remainder") ?? (isMade ? undefined : positional[1]);
  if (rest && rest.constant !== "drop") return none;
  const parts = isMade ? positional : (named.get("transformers") ?? first)?.items;
  const columns = parts?.map((part) => namesOf(part.items?.[isMade ? 1 : 2]));
  if (!columns || columns.length === 0) return none;
  const known = columns.flatMap((names) => names ?? []);
  return columns.every((names) => names !== undefined) ? { selects: [...new Set(known)] } : none;
}

function keep(estimator: Bound | undefined): Pick<Bound, "selects" | "takesAll"> {
  if (estimator?.selects) return { selects: estimator.selects };
  return estimator && columnsTaken(estimator) === undefined ? { takesAll: true } : {};
}

/** The columns that an estimator takes of what it is given; "some": nobody knows which. undefined: all of them. */
export function columnsTaken({ selects, member, takesAll }: Bound): readonly string[] | "some" | undefined {
  if (selects || takesAll) return selects;
  return member === undefined || /(?:Pipeline|make_pipeline|FeatureUnion|ColumnTransformer|_transformer)$/.test(member)
    ? "some"
    : undefined;
}

function namesOf(value: Bound | undefined): readonly string[] | undefined {
  if (typeof value?.constant === "string") return [value.constant];
  const names = value?.items?.flatMap(({ constant }) => (typeof constant === "string" ? constant : []));
  return names && names.length === value?.items?.length ? names : undefined;
}

/** The table with those columns alone, where a whole table is handed over. */
export function selected(base: Bound, data: Bound, expr: CallExpr): Bound {
  if (!base.selects || data.kind !== "frame" || !data.code || data.code.kind === "subscript") return data;
  const { span } = expr;
  const items = base.selects.map((value): Expr => ({ kind: "constant", type: "str", value, span }) as Expr);
  return { ...data, code: { kind: "subscript", value: data.code, index: { kind: "list", items, span }, span } };
}
