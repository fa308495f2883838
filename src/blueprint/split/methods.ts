import type { CallExpr, Expr, Keyword } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { type Given, inPlaces, type MethodCall, operandsOf, poison, rebuilt } from "./arguments.ts";
import { figureOf } from "./axis.ts";
import {
  type Bound,
  fitted,
  holdsRows,
  isRow,
  isSameTable,
  predictionsOf,
  relabelled,
  rowwise,
  type Source,
} from "./bound.ts";
import { combined, never, serving } from "./combine.ts";
import { endOf } from "./concat.ts";
import { changedByMethod } from "./containers.ts";
import { aligned, reindexed } from "./dummies.ts";
import { callUser } from "./functions.ts";
import { grouped, ofGroups } from "./groups.ts";
import { merged } from "./joins.ts";
import { functionCode } from "./kept-functions.ts";
import { lookBack, viewAfter } from "./look-back.ts";
import {
  around,
  change,
  cut,
  define,
  type Machine,
  now,
  numberedRows,
  placed,
  rowsAfter,
  trouble,
  versionName,
} from "./machine.ts";
import * as rules from "./rules.ts";
import { codeOf, fieldName, keptColumns } from "./static.ts";
import { dropColumn, spoilViews, storeColumn, withoutColumn } from "./stores.ts";

/** A method of a table, a column or an array that has an entry for each row: the rules of fit-apply.md, part 4. */
export function callRowMethod(m: Machine, { expr: written, func, base, given: said }: MethodCall): Bound {
  const { attr } = func;
  const rows = base.rows ?? never();
  const { expr, given: all } = inPlaces(written, said, rules.parameters.get(`.${attr}`) ?? []);
  // Looked up by what stands in them, rows of another table are training's.
  const given = rules.lookups.has(attr) ? withoutRowsOf(all, rows.source) : all;
  if (base.kind === "unknown") return { ...base, predictions: predictionsOf([base, ...given.all]) };
  const call: MethodCall = { expr, func, base, given };
  if (given.named.get("inplace")?.constant === true) return inPlace(m, call);
  if (attr === "pop" && base.kind === "frame") return popped(m, call);
  const values = [base, ...given.all];
  const entrywise = (kind: Bound["kind"] = base.kind): Bound =>
    combined(
      m,
      expr,
      [func.value, ...operandsOf(expr)],
      values,
      ([value = func.value, ...codes]) => rebuilt(expr, codes, { ...func, value }),
      kind,
    );
  if (base.kind === "stack") return changedByMethod(m, expr, attr, base, given) ?? ofStack(m, expr, base, given);
  if (base.kind === "groups") return ofGroups(m, call);
  if (base.kind === "accessor") return ofAccessor(m, expr, base, attr, given, entrywise);
  if (attr === "groupby") return grouped(m, expr, base, given);
  if (rules.history.has(attr) || base.kind === "window")
    return lookBack(m, call) ?? trouble(m, "other rows", expr, rows, values);
  if (attr === "fillna" && given.named.has("method")) return trouble(m, "other rows", expr, rows, values);
  if (attr === "dropna" && isByColumn(given)) return withColumnsOf(m, expr, base, func.value);
  if (attr === "sort_index" && isByColumn(given)) return entrywise();
  if (/^(?:sort_values|sample|take|truncate)$/.test(attr) && given.named.has("axis"))
    return trouble(m, "unknown operation", expr, rows, values);
  if (rules.rowOperations.has(attr) || (attr === "drop" && dropsRows(given))) {
    const { object: _object, ...rest } = base;
    const end = endOf(m, rows, attr, given);
    if (end) return { ...rest, rows: end };
    const isReordered = rules.reordering.has(attr);
    const operation = `${attr}:${printExpr({ kind: "tuple", items: [...expr.args, ...expr.keywords.map((k) => k.value)], span: expr.span })}:${isReordered ? m.unit : ""}`;
    const permutes = /^sort_(?:values|index)$/.test(attr) ? { permutes: rows } : {};
    const view = viewAfter(m, expr, attr, base, given);
    const more = { ...(isReordered ? { isReordered, ...permutes } : {}), ...view };
    const after = rowsAfter(m, rows, `${operation}:${base.code ? printExpr(base.code) : ""}`, more);
    const isNumbered = given.named.get("ignore_index");
    return { ...rest, rows: isNumbered && isNumbered.constant !== false ? numberedRows(m, after, "lost") : after };
  }
  // One row must stay a table of one row.
  if (attr === "squeeze" && given.all.length === 0) {
    if (base.kind === "series") return base;
    const code = serving(expr, "squeezed", [base.code ?? func.value]);
    return rowwise(base.kind, code, rows, { predictions: base.predictions, ...widthOf(base) });
  }
  if (attr === "reset_index") return resetIndex(m, expr, base, given);
  if (attr === "set_index") return setIndex(m, expr, base, given);
  if (base.kind === "array" && /^(?:reshape|ravel|flatten|astype|copy|squeeze|clip|round)$/.test(attr))
    return entrywise("array");
  if (rules.overRows.has(attr)) return figureOf(m, expr, attr, base, given, entrywise);
  if (rules.lookups.has(attr) && given.all.some(holdsRows)) return trouble(m, "other rows", expr, rows, values);
  if (attr === "merge" || attr === "join") {
    const [right] = expr.args;
    const [other] = given.positional;
    if (right && other) return merged(m, expr, { left: func.value, base, right, other, attr }, given);
  }
  if (attr === "pipe" || attr === "assign") return inlined(m, call, entrywise);
  if (attr === "apply" || attr === "map" || attr === "applymap" || attr === "transform")
    return mapped(m, expr, base, attr, given, entrywise);
  if (attr === "astype") return cast(m, call, entrywise);
  if (attr === "to_dict")
    return given.all.some((value) => value.constant === "records") ? entrywise("records") : fitted();
  if (attr === "select_dtypes") return withColumnsOf(m, expr, base);
  if (/^to_?list$/.test(attr) && base.kind === "series") return { ...entrywise("list"), width: 1 };
  if (attr === "to_numpy" || attr === "values") return entrywise("array");
  if (attr === "to_frame") return entrywise("frame");
  if (attr === "iterrows" || attr === "itertuples") return trouble(m, "unknown operation", expr, rows, [base]);
  if (attr === "to_parquet") saveTable(m, expr, base, given);
  if (/^(?:to_csv|to_parquet|to_excel|to_json|to_sql|to_pickle|hist|plot|info|style|keys)$/.test(attr)) return fitted();
  if (attr === "drop") return withoutColumns(entrywise());
  // By the labels of rows.
  if (attr === "reindex" && !given.named.has("columns") && !isByColumn(given))
    return trouble(m, "row labels", expr, rows, values);
  if (attr === "reindex") return reindexed(m, base, given, entrywise());
  if (attr === "align") return aligned(m, call);
  if (attr === "filter" && (base.kind !== "frame" || given.named.has("axis") || given.positional.length > 1))
    return trouble(m, "row labels", expr, rows, values);
  if (rules.entrywise.has(attr)) return entrywise();
  poison(m, expr, [base]);
  return trouble(m, "unknown operation", expr, rows, values);
}

/** The table with the columns that training found there; their list is named after `named`. */
function withColumnsOf(m: Machine, expr: CallExpr, base: Bound, named: Expr = expr): Bound {
  const index = keptColumns(m, expr, named);
  const code: Expr = { kind: "subscript", value: base.code ?? expr, index, span: expr.span };
  return rowwise("frame", code, base.rows ?? never(), { predictions: base.predictions });
}

function widthOf({ width }: Bound): Pick<Bound, "width"> {
  return width === undefined ? {} : { width };
}

/** Arguments in which rows of other tables than this one count as what training knows. */
function withoutRowsOf({ positional, named, all }: Given, source: Source): Given {
  const seen = (value: Bound): Bound => (isRow(value) && !isSameTable(value.rows?.source, source) ? fitted() : value);
  return {
    positional: positional.map(seen),
    named: new Map([...named].map(([name, value]) => [name, seen(value)])),
    all: all.map(seen),
  };
}

/** `np.array(stack).mean(axis=0)`. */
function ofStack(m: Machine, expr: CallExpr, base: Bound, given: Given): Bound {
  const axis = given.named.get("axis")?.constant ?? given.positional[0]?.constant;
  if (!base.rows || !base.code || expr.func.kind !== "attribute") return fitted();
  const isFigure = rules.numpyOverRows.has(expr.func.attr);
  if (axis !== 0 || !isFigure) return isFigure ? fitted() : trouble(m, "unknown operation", expr, base.rows, [base]);
  const code: Expr = { ...expr, func: { ...expr.func, value: base.code } };
  return rowwise("array", code, base.rows, {
    predictions: base.predictions,
    ...(base.width === undefined ? {} : { width: base.width }),
  });
}

/** `drop(columns=…)` of a raw row: the label is not there. */
function withoutColumns(value: Bound): Bound {
  const { code } = value;
  if (code?.kind !== "call" || code.keywords.some((keyword) => keyword.name === "errors")) return value;
  const ignore: Keyword = {
    name: "errors",
    value: { kind: "constant", type: "str", value: "ignore", span: code.span },
    span: code.span,
  };
  return { ...value, code: { ...code, keywords: [...code.keywords, ignore] } };
}

function isByColumn(given: Given): boolean {
  const axis = given.named.get("axis")?.constant ?? given.positional[0]?.constant;
  return axis === 1 || axis === "columns";
}

/** `f.method(…, inplace=True)`: whoever holds the table sees what comes of it. */
function inPlace(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const keywords = expr.keywords.filter((keyword) => keyword.name !== "inplace");
  const named = new Map([...given.named].filter(([name]) => name !== "inplace"));
  const all = given.all.filter((_value, i) => expr.keywords[i - expr.args.length]?.name !== "inplace");
  const value = callRowMethod(m, {
    expr: { ...expr, keywords },
    func,
    base,
    given: { positional: given.positional, named, all },
  });
  spoilViews(m, base, expr);
  if (base.object !== undefined) change(m, base, define(m, versionName(base.code), value));
  return fitted("value", { constant: null });
}

/** `f.pop(c)`: the column, and the table without it. */
function popped(m: Machine, { expr, func, base, given }: MethodCall): Bound {
  const [column] = expr.args;
  const [index] = given.positional;
  if (!column || !index) return fitted();
  const { constant } = index;
  if (typeof constant === "string") m.columnsRead.add(constant);
  const target = { kind: "subscript", value: func.value, index: column, span: expr.span } as const;
  const code: Expr = { ...target, value: base.code ?? func.value, index: codeOf(m, column, index) };
  dropColumn(m, target, base, index);
  return rowwise("series", code, base.rows ?? never(), {
    predictions: base.predictions,
    column: typeof constant === "string" ? constant : undefined,
  });
}

/** `drop(index)` leaves rows out; `drop(columns=…)` and `drop(…, axis=1)` columns. */
function dropsRows(given: Given): boolean {
  if (given.named.has("columns")) return false;
  const axis = given.named.get("axis")?.constant ?? given.positional[1]?.constant;
  return axis !== 1 && axis !== "columns";
}

function resetIndex(m: Machine, expr: CallExpr, base: Bound, given: Given): Bound {
  const rows = base.rows ?? never();
  const { object: _object, ...rest } = base;
  const receiver = expr.func.kind === "attribute" ? expr.func.value : expr;
  const table = { how: "around" as const, name: `${fieldName(m, receiver)}_rows`, unit: m.unit, span: receiver.span };
  const labels = m.calls.length > 0 || m.depth > 0 ? "lost" : relabelled(rows.labels, table);
  if (given.named.get("drop")?.constant === true) return { ...rest, rows: numberedRows(m, rows, labels) };
  return trouble(m, "index", expr, rows, [base]);
}

/** `f.to_parquet(path, index=False)`: whoever reads the file reads these rows, numbered anew. */
function saveTable(m: Machine, expr: CallExpr, base: Bound, given: Given): void {
  const path = given.positional[0]?.constant ?? given.named.get("path")?.constant;
  if (typeof path !== "string") return;
  m.saved.delete(path);
  const others = [...given.named.keys()].filter((name) => name !== "path" && name !== "index");
  if (given.named.get("index")?.constant !== false || others.length > 0 || given.positional.length > 1) return;
  m.saved.set(
    path,
    resetIndex(m, expr, base, { ...given, named: new Map([["drop", fitted("value", { constant: true })]]) }),
  );
}

/** `f.set_index(c)`: new labels, and a column less; nobody asks what the label of a given row is. */
function setIndex(m: Machine, expr: CallExpr, base: Bound, given: Given): Bound {
  const rows = base.rows ?? never();
  const keys = given.named.get("keys") ?? given.positional[0];
  const written = expr.args[0] ?? expr.keywords.find(({ name }) => name === "keys")?.value;
  const names = keys?.items ?? (keys ? [keys] : []);
  const isNamed = names.length > 0 && names.every(({ constant }) => typeof constant === "string");
  if (!base.code || !written || !isNamed || given.named.has("append"))
    return trouble(m, "index", expr, rows, [base, ...given.all]);
  const { object: _object, ...rest } = base;
  const receiver = expr.func.kind === "attribute" ? expr.func.value : expr;
  const table = { how: "keys" as const, name: `${fieldName(m, receiver)}_rows`, unit: m.unit, span: expr.func.span };
  const labels = m.calls.length > 0 || m.depth > 0 ? "lost" : relabelled(rows.labels, table);
  const after = rowsAfter(m, rows, `index:${m.unit}:${expr.span.start}`, { labels, view: rows.view });
  if (given.named.get("drop")?.constant === false) return { ...rest, rows: after };
  const column = codeOf(m, written, keys ?? fitted());
  return { ...rest, rows: after, code: withoutColumn(base.code, column, keys?.items !== undefined, expr.span) };
}

/** `.str` and `.dt` look at one entry, a few methods apart. */
function ofAccessor(
  m: Machine,
  expr: CallExpr,
  base: Bound,
  attr: string,
  given: Given,
  entrywise: (kind?: Bound["kind"]) => Bound,
): Bound {
  const rows = base.rows ?? never();
  if (base.attr === "str" || base.attr === "dt") return ofText(m, expr, base, attr, given, entrywise);
  if (base.attr === "plot" || base.attr === "hist") return fitted();
  return trouble(m, "unknown operation", expr, rows, [base]);
}

/** Most give one entry for each text; those that take texts apart give a table, whose columns training has found. */
function ofText(
  m: Machine,
  expr: CallExpr,
  base: Bound,
  attr: string,
  given: Given,
  entrywise: (kind?: Bound["kind"]) => Bound,
): Bound {
  const rows = base.rows ?? never();
  const expand = given.named.get("expand");
  if (rules.notEntrywiseText.has(attr) || (expand && typeof expand.constant !== "boolean"))
    return trouble(m, "unknown operation", expr, rows, [base]);
  // As many columns as the pattern has groups, or as there are parts around a separator.
  if (attr === "extract" && expand?.constant === false) {
    const pattern = (given.named.get("pat") ?? given.positional[0])?.constant;
    if (typeof pattern !== "string") return trouble(m, "unknown operation", expr, rows, [base]);
    return entrywise((pattern.match(/(?<!\\)\((?!\?(?!P<))/g)?.length ?? 0) > 1 ? "frame" : "series");
  }
  if (/^(?:extract|r?partition)$/.test(attr)) return entrywise(expand?.constant === false ? "series" : "frame");
  if (attr === "isocalendar") return entrywise("frame");
  if (!/^r?split$/.test(attr) || expand?.constant !== true) return entrywise("series");
  const columns = keptColumns(m, expr);
  const value = entrywise("frame");
  return value.code ? { ...value, code: serving(expr, "with_parts", [value.code, columns]) } : value;
}

/** The parameter of a function that is given to `assign`, `pipe` or `loc` is the table itself (rule 6). */
function inlined(m: Machine, { expr, func, base, given }: MethodCall, entrywise: () => Bound): Bound {
  if (func.attr === "assign") {
    return given.all.some((value) => value.fn) ? assigned(m, expr, base, given) : entrywise();
  }
  const [first, ...rest] = given.positional;
  if (!first?.fn) return trouble(m, "unknown operation", expr, base.rows ?? never(), [base]);
  const all = [base, ...rest, ...given.named.values()];
  return callUser(m, expr, first.fn, { positional: [base, ...rest], named: given.named, all });
}

/** `assign(a=lambda d: …, b=…)`: one store after the other, on a copy; the lambda's parameter is the table as it is then. */
function assigned(m: Machine, expr: CallExpr, base: Bound, given: Given): Bound {
  const copy = placed(m, { ...base, object: undefined });
  for (const keyword of expr.keywords) {
    if (keyword.name === undefined) return trouble(m, "unknown operation", expr, base.rows ?? never(), [base]);
    const frame = now(m, copy);
    const one = given.named.get(keyword.name) ?? fitted();
    const call: CallExpr = { kind: "call", func: keyword.value, args: [], keywords: [], span: keyword.span };
    const value = one.fn ? callUser(m, call, one.fn, { positional: [frame], named: new Map(), all: [frame] }) : one;
    const column: Expr = { kind: "constant", type: "str", value: keyword.name, span: keyword.span };
    storeColumn(m, frame, column, value, keyword.value);
  }
  return { ...now(m, copy), object: undefined };
}

/** `map(dict)`, `map(f)`, `apply(f, axis=1)`: entry by entry, by a function that looks at nothing else (rules 4, 5). */
function mapped(
  m: Machine,
  expr: CallExpr,
  base: Bound,
  attr: string,
  given: Given,
  entrywise: (kind?: Bound["kind"]) => Bound,
): Bound {
  const rows = base.rows ?? never();
  const [what] = given.positional;
  if (given.all.slice(1).some(holdsRows)) return trouble(m, "unknown operation", expr, rows, [base, ...given.all]);
  const axis = given.named.get("axis")?.constant;
  if (base.kind === "frame" && attr !== "applymap" && axis !== 1 && axis !== "columns")
    return trouble(m, "unknown operation", expr, rows, [base]);
  if (attr === "transform") return trouble(m, "unknown operation", expr, rows, [base]);
  const [f] = expr.args;
  // A table of what stands in each entry: nobody knows its columns.
  if (what?.member !== undefined && /^pandas\.(?:Series|DataFrame)$/.test(what.member))
    return trouble(m, "unknown operation", expr, rows, [base]);
  if (!what?.fn || !f) return entrywise(kindAfter(base, attr));
  const given2 = functionCode(m, what.fn, f);
  if (!given2) return trouble(m, "unknown operation", expr, rows, [base]);
  const value = entrywise(kindAfter(base, attr));
  return value.code?.kind === "call"
    ? { ...value, code: { ...value.code, args: [given2, ...value.code.args.slice(1)] } }
    : value;
}

function kindAfter(base: Bound, attr: string): Bound["kind"] {
  return base.kind === "frame" && attr === "apply" ? "series" : base.kind;
}

/** `astype("category")` keeps the categories that training saw (rule 10). */
function cast(m: Machine, { expr, func, base, given }: MethodCall, entrywise: () => Bound): Bound {
  const [what] = given.positional;
  const rows = base.rows ?? never();
  // The categories of a few rows are not those of training.
  const ofColumns = [...(what?.entries?.values() ?? [])].some(({ constant }) => constant === "category");
  if (
    ofColumns ||
    !what ||
    (what.time === "fit" && what.kind === "value" && what.constant === undefined && !what.entries)
  )
    return trouble(m, "unknown operation", expr, rows, [base]);
  if (what.constant !== "category") return entrywise();
  if (base.kind !== "series") return trouble(m, "unknown operation", expr, rows, [base]);
  const categories = cut(m, `${fieldName(m, func.value)}_categories`, "list", around(m, expr, "keep_categories"));
  return rowwise("series", serving(expr, "as_category", [base.code ?? func.value, categories]), rows, {
    predictions: base.predictions,
  });
}
