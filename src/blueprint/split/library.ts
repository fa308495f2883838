import type { CallExpr, Expr } from "../../python/ir.ts";
import { codesOf, type Given, inPlaces, operandsOf, poison, rebuilt } from "./arguments.ts";
import { numpyFigureOf } from "./axis.ts";
import { type Bound, fitted, holdsRows, isRow, predictionsOf, type Rows, rowwise, type Source } from "./bound.ts";
import { combined, common, rowsOf, serving, whole } from "./combine.ts";
import { concatenated } from "./concat.ts";
import { dummies } from "./dummies.ts";
import { placesOf } from "./estimators.ts";
import { merged } from "./joins.ts";
import { wholeView } from "./look-back.ts";
import { cut, type Machine, nameOf, next, rowsAfter, trouble } from "./machine.ts";
import { madeTable } from "./made-tables.ts";
import * as rules from "./rules.ts";
import { selectsOf } from "./selects.ts";
import { codeOf, fieldName } from "./static.ts";
import { noteOrigin } from "./twins/origins.ts";

/** A function of a library, or a builtin. */
export function callLibrary(m: Machine, written: CallExpr, member: string, said: Given): Bound {
  const { expr, given } = inPlaces(written, said, rules.parameters.get(member) ?? []);
  const last = member.split(".").at(-1) ?? member;
  const row = given.all.filter(holdsRows);
  const [first] = row;
  if (!first) return ofNoRows(m, expr, member, last, given);
  const rows = rowsOf(first);
  if (!rows) return fitted();
  const entrywise = (kind?: Bound["kind"]): Bound =>
    combined(m, expr, operandsOf(expr), given.all, (codes) => rebuilt(expr, codes), kind);
  if (member.endsWith("train_test_split")) return splitRows(m, expr, given);
  if (/^(?:len|print|display|type|isinstance|id|repr|str|iter|sorted|set|hasattr)$/.test(member) || last === "display")
    // How many tables a list has is no number of rows.
    return member === "len" && isRow(first) && first.kind !== "stack"
      ? fitted("value", { time: "shape", rows, counts: rows })
      : fitted();
  if (member === "list" && first.kind === "frame") return fitted("sequence");
  if (member === "range") return fitted("value", { time: "shape", rows });
  if (member.startsWith("numpy.")) {
    if (first.kind === "stack" && rules.numpyShape.has(last) && last !== "column_stack" && last !== "hstack")
      return { ...first, code: rebuilt(expr, [codeOf(m, expr.args[0] ?? expr, first)]), object: undefined };
    if (member.startsWith("numpy.random.")) return trouble(m, "random", expr, rows, row);
    if (rules.numpyLookups.has(last) && given.all.slice(1).some(holdsRows))
      return trouble(m, "other rows", expr, rows, row);
    if (rules.numpyEntrywise.has(last)) return entrywise();
    if (last === "squeeze" && operandsOf(expr).length === 1 && isRow(first))
      return rowwise("array", serving(expr, "squeezed", [first.code ?? expr]), rows, {
        predictions: first.predictions,
        ...(first.width === undefined ? {} : { width: first.width }),
      });
    if (rules.numpyShape.has(last)) return stacked(m, expr, member, given) ?? entrywise("array");
    if (first.kind === "stack") return overStack(expr, first, given, codeOf(m, expr.args[0] ?? expr, first));
    if (rules.numpyOverRows.has(last)) return numpyFigureOf(m, expr, last, given, entrywise);
    if (last === "c_") return entrywise("array");
  }
  if (member.startsWith("pandas.")) {
    const found = last === "to_datetime" ? dates(m, expr, given) : undefined;
    if (found) return found;
    if (rules.pandasEntrywise.has(last)) return entrywise(first.kind);
    switch (last) {
      case "get_dummies":
        return dummies(m, expr, given);
      case "cut":
      case "qcut":
        return bins(m, expr, last, given);
      case "factorize":
        return factorized(m, expr, given);
      case "concat":
        return concatenated(m, expr, given);
      case "merge": {
        const [left, right] = expr.args;
        const [base, other] = given.positional;
        if (left && right && base && other && isRow(base))
          return merged(m, expr, { left, base, right, other, attr: "merge" }, given);
        break;
      }
      case "DataFrame":
      case "Series":
        // The categories of a few rows are not those of training.
        if (given.named.get("dtype")?.constant === "category") return trouble(m, "unknown operation", expr, rows, row);
        return madeTable(m, expr, last, given);
      case "Categorical":
        return trouble(m, "unknown operation", expr, rows, row);
      case "crosstab":
      case "pivot_table":
        return fitted();
    }
  }
  if (/^sklearn\.(?:metrics|model_selection|inspection|utils\.class_weight|feature_selection)\./.test(member))
    return fitted();
  const isList = first.kind === "stack" || first.items !== undefined || first.entries !== undefined;
  if (isList && /^(?:min|max|sum|any|all)$/.test(member)) return sumOf(m, expr, member, first);
  if (/^(?:abs|round|min|max|sum|any|all|float|int|bool)$/.test(member))
    return member === "abs" || member === "round" ? entrywise() : fitted();
  const effect = m.knowledge.functionEffect(member);
  if (
    effect &&
    (effect.display ||
      effect.stores ||
      effect.means === "score" ||
      /^(?:float|int|bool|str|figure|None|estimator)$/.test(effect.returns))
  )
    return fitted(effect.returns === "estimator" ? "estimator" : "value");
  if (!effect || effect.mutates || effect.mutatesArgs.length > 0) poison(m, expr, given.all);
  return trouble(m, rules.clock.test(member) ? "clock" : "unknown operation", expr, rows, row);
}

/** A call that is given no rows: a table is read, an estimator made, or anything else that training knows. */
function ofNoRows(m: Machine, expr: CallExpr, member: string, last: string, given: Given): Bound {
  const effect = m.knowledge.functionEffect(member);
  const path = last === "read_parquet" && given.all.length === 1 ? pathOf(given.positional[0]) : undefined;
  const saved = path === undefined || m.calls.length > 0 || m.depth > 0 ? undefined : m.saved.get(path);
  if (saved?.code && saved.rows && isRow(saved))
    return rowwise("frame", saved.code, saved.rows, { predictions: saved.predictions });
  if (effect?.loads && effect.returns === "DataFrame" && m.calls.length === 0 && m.depth === 0)
    return source(m, expr, member);
  if (m.knowledge.isEstimatorClass(member)) return fitted("estimator", { member, ...selectsOf(member, given) });
  const blank = blankRows(m, expr, member, given);
  if (blank) return blank;
  if (rules.clock.test(member)) return fitted("value", { taint: "clock" });
  const random = randomRows(m, expr, member.startsWith("numpy.random."), given);
  if (random) return random;
  const file = savedFile(m, member, given);
  if (file) return file;
  const counted = given.all.find((value) => value.time === "shape");
  if (last === "range" && counted)
    return fitted("value", { time: "shape", ...(counted.rows ? { rows: counted.rows } : {}) });
  return effect?.returns === "estimator" ? fitted("estimator", { member, ...selectsOf(member, given) }) : fitted();
}

/** A number for each row, drawn or counted. */
export function randomRows(m: Machine, expr: CallExpr, isRandom: boolean, given: Given): Bound | undefined {
  const shape = given.all.find((value) => value.time === "shape" && value.rows);
  if (!shape?.rows) return undefined;
  if (isRandom) return trouble(m, "random", expr, shape.rows);
  const isCount = expr.func.kind === "attribute" && expr.func.attr === "arange";
  return isCount ? fitted("value", { time: "shape", rows: shape.rows }) : undefined;
}

/** A model that is saved and loaded again is the one that was saved; one from elsewhere is nobody's. */
function savedFile(m: Machine, member: string, given: Given): Bound | undefined {
  const path = pathOf(given.positional[0]) ?? pathOf(given.positional[1]);
  if (member === "open" && path !== undefined) return fitted("value", { attr: `file:${path}` });
  if (/^(?:joblib|pickle|dill|cloudpickle)\.dump$/.test(member)) {
    const [what] = given.positional;
    const to = pathOf(given.positional[1]) ?? pathOf(given.named.get("filename")) ?? pathOf(given.named.get("file"));
    if (what && to !== undefined) m.saved.set(to, what);
    return fitted();
  }
  if (!/^(?:joblib|pickle|dill|cloudpickle)\.load$/.test(member)) return undefined;
  const saved = path === undefined ? undefined : m.saved.get(path);
  return saved ?? fitted("estimator", { taint: "foreign file" });
}

function pathOf(value: Bound | undefined): string | undefined {
  if (typeof value?.constant === "string") return value.constant;
  return value?.attr?.startsWith("file:") ? value.attr.slice(5) : undefined;
}

/** `np.zeros(len(X))`: a constant for each row, to be added to. */
function blankRows(m: Machine, expr: CallExpr, member: string, given: Given): Bound | undefined {
  const [shape] = given.positional;
  if (!/^numpy\.(?:zeros|ones|full)$/.test(member) || shape?.time !== "shape" || !shape.rows) return undefined;
  const { span } = expr;
  const size: Expr = {
    kind: "call",
    func: nameOf("len", span),
    args: [nameOf(shape.rows.source.version, span)],
    keywords: [],
    span,
  };
  const rest = expr.args.slice(1).map((arg, i) => codeOf(m, arg, given.positional[i + 1] ?? fitted()));
  return rowwise("array", { ...expr, args: [size, ...rest] }, shape.rows, { width: 1 });
}

/** A table is read: its rows are rows that may be answered. */
function source(m: Machine, expr: CallExpr, member: string): Bound {
  const one: Source = { version: `frame#${next(m)}`, unit: m.unit, read: expr };
  m.sources.push(one);
  const isIndexed = expr.keywords.some((keyword) => keyword.name === "index_col");
  // Files of other kinds may hold labels.
  const isNumbered = !isIndexed && /\.(?:read_csv|read_table|read_excel)$/.test(member);
  const code = nameOf(one.version, expr.span);
  const view = m.lookBack ? wholeView(m, code) : undefined;
  const rows: Rows = { id: next(m), source: one, labels: [], isReordered: false, isNumbered, view };
  return rowwise("frame", code, rows);
}

/** `train_test_split(X, y, …)`: each part in two, rows of the same split are the same. */
function splitRows(m: Machine, expr: CallExpr, given: Given): Bound {
  const areArrays = given.positional.every((value) => value.kind === "array");
  const items = given.positional.flatMap((value) => {
    const rows = rowsOf(value);
    if (!rows || !isRow(value)) return [fitted(), fitted()];
    const half = (part: string): Bound => {
      const { object: _object, ...rest } = value;
      const more = { isReordered: true, ...(areArrays ? positional(m, expr, rows, part) : {}) };
      return { ...rest, rows: rowsAfter(m, rows, `split:${m.unit}:${expr.span.start}:${part}`, more) };
    };
    return [half("train"), half("test")];
  });
  return fitted("sequence", { items });
}

/** Arrays have no labels: the split itself tells which rows went where. */
function positional(m: Machine, expr: CallExpr, rows: Rows, part: string): Partial<Rows> {
  const before = placesOf(m, rows);
  const [x] = expr.args;
  if (!before || !x || m.depth > 0) return { labels: "lost" };
  const table = { how: "split", name: `${fieldName(m, x)}_split`, unit: m.unit, span: expr.func.span, part } as const;
  return { labels: [...before, table], isPositional: true };
}

function stacked(m: Machine, expr: CallExpr, member: string, given: Given): Bound | undefined {
  if (!/(?:hstack|column_stack|c_)$/.test(member)) return undefined;
  const [list] = expr.args;
  const value = given.positional[0];
  if (!list || !value) return undefined;
  const rows = common([value]);
  const any = rowsOf(value);
  if (!rows || (value.items && !value.items.every(isRow)))
    return any ? trouble(m, "other row set", expr, any, [value]) : undefined;
  return rowwise("array", { ...expr, args: [codeOf(m, list, value)] }, rows, { predictions: predictionsOf([value]) });
}

/** `sum([a, b])`: for each row the sum of what stands there in each of them. */
function sumOf(m: Machine, expr: CallExpr, member: string, list: Bound): Bound {
  const rows = common([list]);
  const each = list.kind === "stack" ? list.each : list.items?.find(isRow)?.kind;
  const isSame = list.kind === "stack" || (list.items ?? []).every((one) => isRow(one) && one.kind === each);
  const [written] = expr.args;
  const any = rowsOf(list);
  if (
    member !== "sum" ||
    expr.args.length > 1 ||
    !rows ||
    !each ||
    !isSame ||
    !written ||
    !/^(?:array|series)$/.test(each)
  )
    return any ? trouble(m, "unknown operation", expr, any, [list]) : fitted();
  const isSingle = list.width === 1 || (list.items ?? []).every((one) => one.kind === "series" || one.width === 1);
  return rowwise(each, { ...expr, args: [codeOf(m, written, list)] }, rows, {
    predictions: predictionsOf(list.kind === "stack" ? [list] : (list.items ?? [])),
    ...(isSingle && (list.kind !== "stack" || list.width === 1) ? { width: 1 } : {}),
  });
}

/** The mean, sum or the like of several values for each row. */
export function overStack(expr: CallExpr, stack: Bound, given: Given, code: Expr): Bound {
  const { rows } = stack;
  const axis = given.named.get("axis")?.constant ?? given.positional[1]?.constant;
  if (!rows || axis !== 0) return fitted();
  const call: Expr = { ...expr, args: [code, ...expr.args.slice(1)] };
  return rowwise("array", call, rows, {
    predictions: stack.predictions,
    ...(stack.width === undefined ? {} : { width: stack.width }),
  });
}

/** `pd.to_datetime(x)`: by the format that training took from the first text; alone a row would give another one (rule 8). */
function dates(m: Machine, expr: CallExpr, given: Given): Bound | undefined {
  const [data] = given.positional;
  const [x] = expr.args;
  const isGiven = ["format", "unit", "origin"].some((name) => given.named.has(name));
  const all = given.all.filter(holdsRows);
  const rows = all[0] && rowsOf(all[0]);
  // Learnt from the first argument in its place: by its name it would be missed.
  if (!x && !isGiven && rows) return trouble(m, "unknown operation", expr, rows, all);
  if (!x || data?.kind !== "series" || !data.rows || given.positional.length > 1 || isGiven) return undefined;
  const format = cut(m, `${fieldName(m, x)}_format`, "unknown", {
    kind: "callee",
    unit: m.unit,
    span: expr.func.span,
    call: "learn_dates",
  });
  const call = rebuilt(expr, codesOf(m, expr, given));
  const code: Expr = { ...call, keywords: [...call.keywords, { name: "format", value: format, span: expr.span }] };
  return rowwise("series", code, data.rows, { predictions: data.predictions, column: data.column });
}

/** `pd.cut(x, edges)` with edges that stand in the code is entry by entry; learned edges are kept (rules 14, 15). */
function bins(m: Machine, expr: CallExpr, which: "cut" | "qcut", given: Given): Bound {
  const data = given.positional[0];
  const [x, edges] = expr.args;
  const rows = data && rowsOf(data);
  if (!x || !data || !rows) return whole(m, expr, given.all);
  if (data.kind === "unknown") return data;
  const bound = edges ? given.positional[1] : given.named.get("bins");
  const edgeExpr = edges ?? expr.keywords.find((keyword) => keyword.name === "bins")?.value;
  const isNumber =
    which === "qcut" ||
    typeof bound?.constant === "number" ||
    !(edgeExpr?.kind === "list" || bound?.kind === "sequence");
  if (!isNumber)
    return rowwise("series", rebuilt(expr, codesOf(m, expr, given)), rows, { predictions: data.predictions });
  const learned = cut(m, `${fieldName(m, x)}_bins`, "bins", {
    kind: "callee",
    unit: m.unit,
    span: expr.func.span,
    call: "learn_bins",
  });
  noteOrigin(m, learned, expr, fitted("value", { learned: [rows] }));
  return rowwise("series", serving(expr, "apply_bins", [codeOf(m, x, data), learned]), rows, {
    predictions: data.predictions,
  });
}

/** `codes, values = pd.factorize(x)` (rule 11). */
function factorized(m: Machine, expr: CallExpr, given: Given): Bound {
  const data = given.positional[0];
  const [x] = expr.args;
  const rows = data && rowsOf(data);
  if (!x || !data || !rows) return whole(m, expr, given.all);
  if (data.kind === "unknown") return data;
  const values = cut(m, `${fieldName(m, x)}_values`, "list", {
    kind: "callee",
    unit: m.unit,
    span: expr.func.span,
    call: "learn_codes",
  });
  noteOrigin(m, values, expr, fitted("value", { learned: [rows] }));
  const codes = rowwise("array", serving(expr, "apply_codes", [codeOf(m, x, data), values]), rows, {
    predictions: data.predictions,
  });
  return fitted("sequence", { items: [codes, fitted()] });
}
