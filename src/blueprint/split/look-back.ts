import type { CallExpr, Expr, Keyword } from "../../python/ir.ts";
import { walkExpr, walkStmtExprs } from "../../python/walk.ts";
import { codesOf, type Given, type MethodCall, rebuilt } from "./arguments.ts";
import { type Bound, isRow, type Rows, rowwise, type View } from "./bound.ts";
import { serving } from "./combine.ts";
import { functionCode } from "./kept-functions.ts";
import { type Machine, nameOf, next, now, rowsAfter } from "./machine.ts";
import * as rules from "./rules.ts";
import { codeOf } from "./static.ts";

/**
 * Lags, windows, running figures and fills from rows before (rule 18). They are computed as the notebook does, over the rows of the
 * history and those that are asked for; the rows that it would look at, and their order, are versions of their own (`View`).
 */
const lags: ReadonlySet<string> = new Set(
  "shift diff pct_change cumsum cumprod cummax cummin cumcount ffill pad".split(" "),
);
const windows: ReadonlySet<string> = new Set(["rolling", "expanding", "ewm"]);
const ofWindow: ReadonlySet<string> = new Set(
  "mean sum std var min max median count quantile skew kurt sem apply agg aggregate".split(" "),
);

/** The view of all rows of a table that was read. */
export function wholeView(m: Machine, version: Expr): View {
  return viewOf(m, serving(version, "all_rows", [version]), {});
}

function viewOf(m: Machine, code: Expr, more: Omit<View, "code">): View {
  const version = `rows#${next(m)}`;
  m.definitions.push({ kind: "assign", version, name: "rows", unit: m.unit, code });
  return { ...more, code: nameOf(version, code.span) };
}

/** Rows of a history may be left out. A batch by itself is all asked for, and a row that is asked for never is. */
function leavesOut(m: Machine): boolean {
  return m.lookBack?.at !== undefined;
}

/** The view of rows that a mask chooses. */
export function viewOfMask(m: Machine, { view }: Rows, mask: Expr | undefined): Partial<Rows> {
  if (!view || view === "lost" || !mask || !leavesOut(m)) return {};
  const { code, ...more } = view;
  return { view: viewOf(m, serving(mask, "kept_rows", [code, mask]), more) };
}

/** The view of rows that a method sorts or leaves out; none where nobody can say which rows that are. */
export function viewAfter(m: Machine, expr: CallExpr, attr: string, base: Bound, given: Given): Partial<Rows> {
  const view = base.rows?.view;
  if (!view || view === "lost" || base.kind !== "frame" || !base.code) return {};
  const { code, ...more } = view;
  const first = given.positional[0];
  const table = (names: readonly string[]): Expr => columnsOf(base.code ?? expr, names, expr);
  if (attr === "sort_values") {
    const by = textsIn(first ?? given.named.get("by"));
    const { ascending, ...rest } = Object.fromEntries(given.named);
    const isUp = ascending === undefined || allTrue(ascending);
    const others = Object.keys(rest).filter((name) => !/^(?:by|kind|na_position|ignore_index)$/.test(name));
    if (!by || !isUp || others.length > 0 || given.positional.length > 1) return {};
    const keywords = expr.keywords.filter(({ name }) => name === "kind" || name === "na_position");
    const call = serving(expr, "sorted_rows", [table(by), code, listOf(by, expr)]);
    return { view: viewOf(m, { ...call, keywords } as Expr, { ...more, sorted: by }) };
  }
  if (!leavesOut(m)) return {};
  if (attr === "drop_duplicates") {
    const subset = textsIn(first ?? given.named.get("subset"));
    const keep = given.named.get("keep")?.constant ?? "first";
    const others = [...given.named.keys()].filter((name) => !/^(?:subset|keep|ignore_index)$/.test(name));
    if (!subset || (keep !== "first" && keep !== "last") || others.length > 0 || given.positional.length > 1) return {};
    const which: Expr[] = keep === "last" ? [textOf(keep, expr)] : [];
    return { view: viewOf(m, serving(expr, "distinct_rows", [table(subset), code, ...which]), more) };
  }
  if (attr === "dropna") {
    const subset = textsIn(given.named.get("subset"));
    const how = given.named.get("how")?.constant ?? "any";
    const others = [...given.named.keys()].filter((name) => !/^(?:subset|how|ignore_index)$/.test(name));
    if (!subset || how !== "any" || others.length > 0 || given.positional.length > 0) return {};
    return { view: viewOf(m, serving(expr, "complete_rows", [table(subset), code]), more) };
  }
  return {};
}

/** The view after a join: it leaves out rows without a partner, which is no matter where all with one key are alike. */
export function viewAfterJoin({ view }: Rows, how: unknown, keys: Bound | undefined): Partial<Rows> {
  if (!view || view === "lost") return {};
  if (how === "left") return { view };
  const by = textsIn(keys);
  return by ? { view: { ...view, matched: [...(view.matched ?? []), by] } } : {};
}

/** A method that looks at rows before: of a table's groups, or of a table or column itself. undefined: nobody can say. */
export function lookBack(m: Machine, call: MethodCall): Bound | undefined {
  const { expr, func, base, given } = call;
  const { attr } = func;
  if (!m.lookBack || !base.rows || given.all.some(isRow)) return undefined;
  const isGrouped = base.kind === "groups" || base.grouping !== undefined;
  if (base.kind === "window") return ofWindows(m, call);
  const receiver = isGrouped ? groupsCode(m, expr, base) : tableCode(m, expr, base);
  if (!receiver) return undefined;
  if (attr === "transform") {
    const [what] = given.positional;
    const [f] = expr.args;
    if (!isGrouped || !what || !f || given.all.length > 1) return undefined;
    if (typeof what.constant === "string" && !lags.has(what.constant)) return undefined;
    if (typeof what.constant !== "string" && !isBackward(m, what)) return undefined;
    const code = what.fn ? functionCode(m, what.fn, f) : f;
    return code ? found(expr, { ...expr, func: { ...func, value: receiver }, args: [code] }, base) : undefined;
  }
  if (!isAllowed(m, attr, expr, given)) return undefined;
  const code = rebuilt(expr, codesOf(m, expr, given), { ...func, value: receiver });
  if (lags.has(attr)) return found(expr, code, base);
  return rowwise("window", code, base.rows, {
    predictions: base.predictions,
    of: base.kind === "groups" ? (base.of ?? base) : base,
    ...(base.grouping ? { grouping: base.grouping } : {}),
    attr: isGrouped ? "grouped" : "whole",
  });
}

/** `w.mean()` of a window; of groups its labels are to be taken apart again. */
function ofWindows(m: Machine, { expr, func, base, given }: MethodCall): Bound | undefined {
  const { attr } = func;
  const value = base.code;
  if (!value || !base.of?.code) return undefined;
  if (base.attr === "labelled") {
    const level = given.named.get("level") ?? given.positional[0];
    const isOuter = level?.constant === 0 || level?.items?.every(({ constant }) => constant === 0) === true;
    const drops = attr === "droplevel" || (attr === "reset_index" && given.named.get("drop")?.constant === true);
    if (!isOuter || !drops) return undefined;
    return found(expr, { ...expr, func: { ...func, value } }, base);
  }
  if (!ofWindow.has(attr)) return undefined;
  const [what] = given.positional;
  const [f] = expr.args;
  const isText = /^agg/.test(attr) && typeof what?.constant === "string" && ofWindow.has(what.constant);
  if (/^agg/.test(attr) && !isText) return undefined;
  let code = rebuilt(expr, codesOf(m, expr, given), { ...func, value });
  if (attr === "apply") {
    const own = what?.fn && f && functionCode(m, what.fn, f);
    if (!own) return undefined;
    code = { ...code, args: [own, ...code.args.slice(1)] };
  }
  if (base.attr === "grouped") return { ...base, code, attr: "labelled" };
  return found(expr, code, base);
}

/** What was found for the rows that are looked at, for each row of the table. */
function found(expr: Expr, code: Expr, base: Bound): Bound | undefined {
  const table = base.of?.code && (base.kind === "groups" || base.kind === "window") ? base.of : base;
  const isFrame = base.grouping ? base.grouping.isFrame : table.kind === "frame";
  if (!table.code || !base.rows) return undefined;
  return rowwise(isFrame ? "frame" : "series", serving(expr, "for_each", [table.code, code]), base.rows, {
    predictions: base.predictions,
  });
}

/** `rows.groupby(keys)[column]` over the rows that are looked at. */
function groupsCode(m: Machine, expr: Expr, base: Bound): Expr | undefined {
  const { grouping, of } = base;
  const view = base.rows?.view;
  if (!grouping || !of?.code || of.kind !== "frame" || !view || view === "lost") return undefined;
  // Who holds the groups sees what is done to the table; the code here would not.
  if (now(m, of).code !== of.code && printedName(now(m, of).code) !== printedName(of.code)) return undefined;
  const by = grouping.names;
  if (!isInOrder(m, view, by)) return undefined;
  const { columns } = grouping;
  const table = columns ? columnsOf(of.code, [...new Set([...by, ...columns])], expr) : of.code;
  const { span } = expr;
  const seen = serving(expr, "seen_rows", [table, view.code, listOf(by, expr)]);
  const groups: Expr = {
    ...grouping.call,
    func: { kind: "attribute", value: seen, attr: "groupby", attrSpan: span, span },
  };
  return grouping.picked ? { kind: "subscript", value: groups, index: grouping.picked, span } : groups;
}

function tableCode(m: Machine, expr: Expr, base: Bound): Expr | undefined {
  const view = base.rows?.view;
  if ((base.kind !== "series" && base.kind !== "frame") || !base.code || !view || view === "lost") return undefined;
  return isInOrder(m, view, undefined) ? serving(expr, "seen_rows", [base.code, view.code]) : undefined;
}

function printedName(code: Expr | undefined): string {
  return code?.kind === "name" ? code.id : "";
}

/** The rows stand in the order of time, and those that a join leaves out are whole groups. */
function isInOrder(m: Machine, view: View, by: readonly string[] | undefined): boolean {
  const at = m.lookBack?.at;
  const { sorted, matched = [] } = view;
  if (!sorted) return false;
  // Without groups the row before must be the one before in time.
  const isTimed = at === undefined || (by ? sorted.includes(at) : sorted[0] === at);
  return isTimed && matched.every((keys) => by !== undefined && keys.every((key) => by.includes(key)));
}

/** Looks back only: at no row that comes later. */
function isAllowed(m: Machine, attr: string, expr: CallExpr, given: Given): boolean {
  if (!lags.has(attr) && !windows.has(attr)) return false;
  const names = [...given.named.keys()];
  if (expr.keywords.some(({ name }) => name === undefined)) return false;
  if (names.some((name) => /^(?:freq|axis|on|ascending|inplace|method|times|fill_method)$/.test(name))) return false;
  if (attr === "shift" || attr === "diff" || attr === "pct_change") {
    const count = given.positional[0] ?? given.named.get("periods");
    return given.positional.length <= 1 && (count === undefined || isForward(count.constant));
  }
  if (attr === "cumcount") return given.all.length === 0;
  if (!windows.has(attr)) return true;
  const center = given.named.get("center");
  if ((center && center.constant !== false) || given.positional.length > 1) return false;
  return !usesIndexers(m);
}

function isForward(count: Bound["constant"]): boolean {
  return typeof count === "number" && Number.isInteger(count) && count >= 0;
}

/** Windows may be given by an object that looks ahead: whoever has one is not served. */
function usesIndexers(m: Machine): boolean {
  return m.flow.program.units.some(({ stmt }) => {
    let found = false;
    if (stmt.kind === "importfrom") found = stmt.names.some(({ name }) => /Indexer/.test(name));
    walkStmtExprs([stmt], (one) => {
      if ((one.kind === "attribute" ? one.attr : one.kind === "name" ? one.id : "").includes("Indexer")) found = true;
    });
    return found;
  });
}

/** A lambda of a group's column in which entry i is made of the entries up to i. */
function isBackward(m: Machine, { fn }: Bound): boolean {
  const [param, ...more] = fn?.definition.params ?? [];
  if (fn?.definition.kind !== "lambda" || !param || more.length > 0) return false;
  const reads = (expr: Expr): boolean => {
    let found = false;
    walkExpr(expr, (one) => {
      if (one.kind === "name" && one.id === param.name) found = true;
    });
    return found;
  };
  let looks = false;
  const back = (expr: Expr): boolean => {
    if (!reads(expr)) return true;
    switch (expr.kind) {
      case "name":
        return true;
      case "binary":
        return back(expr.left) && back(expr.right);
      case "unary":
        return expr.op !== "not" && back(expr.operand);
      case "compare":
        return back(expr.left) && expr.comparators.every(back);
      case "call": {
        const { func } = expr;
        if (func.kind !== "attribute") return false;
        const rest = [...expr.args, ...expr.keywords.map(({ value }) => value)];
        const inner = func.value;
        if (rules.entrywise.has(func.attr) && !/^(?:map|apply|applymap|transform|pipe|reindex|get)$/.test(func.attr))
          return back(inner) && rest.every((one) => !reads(one)) && !expr.keywords.some((k) => k.name === "method");
        if (lags.has(func.attr)) {
          looks = true;
          return back(inner) && rest.every((one) => !reads(one)) && isAllowed(m, func.attr, expr, constants(m, expr));
        }
        if (!ofWindow.has(func.attr) || inner.kind !== "call" || inner.func.kind !== "attribute") return false;
        if (!windows.has(inner.func.attr) || /^agg/.test(func.attr)) return false;
        looks = true;
        const given = [...inner.args, ...inner.keywords.map(({ value }) => value), ...rest];
        return (
          back(inner.func.value) &&
          given.every((one) => !reads(one)) &&
          isAllowed(m, inner.func.attr, inner, constants(m, inner))
        );
      }
      default:
        return false;
    }
  };
  return back(fn.definition.body) && looks;
}

/** The arguments of a call as far as they are constants, without going through it. */
function constants(m: Machine, expr: CallExpr): Given {
  const positional = expr.args.map((one) => m.evaluate(one));
  const named = new Map(
    expr.keywords.flatMap(({ name, value }: Keyword) =>
      name === undefined ? [] : [[name, m.evaluate(value)] as const],
    ),
  );
  return { positional, named, all: [...positional, ...named.values()] };
}

/** The texts that a value is, or lists. */
export function textsIn(value: Bound | undefined): readonly string[] | undefined {
  if (typeof value?.constant === "string") return [value.constant];
  const texts = value?.items?.flatMap(({ constant }) => (typeof constant === "string" ? [constant] : []));
  return texts && texts.length > 0 && texts.length === value?.items?.length ? texts : undefined;
}

function allTrue(value: Bound): boolean {
  return value.constant === true || (value.items?.every(({ constant }) => constant === true) ?? false);
}

function textOf(value: string, at: Expr): Expr {
  return { kind: "constant", type: "str", value, span: at.span };
}

function listOf(texts: readonly string[], at: Expr): Expr {
  return { kind: "list", items: texts.map((text) => textOf(text, at)), span: at.span };
}

function columnsOf(table: Expr, names: readonly string[], at: Expr): Expr {
  return { kind: "subscript", value: table, index: listOf(names, at), span: at.span };
}

/** What `groupby` is given, where the code names the columns that it groups by. */
export function groupingOf(m: Machine, expr: CallExpr, given: Given): Bound["grouping"] {
  if (!m.lookBack) return undefined;
  const names = textsIn(given.positional[0] ?? given.named.get("by"));
  const others = [...given.named.keys()].filter(
    (name) => !/^(?:by|sort|observed|as_index|group_keys|dropna)$/.test(name),
  );
  if (!names || others.length > 0 || given.positional.length > 1) return undefined;
  const by = given.positional[0]
    ? { args: [listOrText(names, expr)], keywords: expr.keywords }
    : {
        args: [],
        keywords: expr.keywords.map((k) => (k.name === "by" ? { ...k, value: listOrText(names, expr) } : k)),
      };
  const isPlain = given.all.every(({ time, constant, items }) => time === "fit" && (constant !== undefined || items));
  return isPlain ? { names, call: { ...expr, ...by }, isFrame: true } : undefined;
}

function listOrText(names: readonly string[], at: Expr): Expr {
  const [only, ...more] = names;
  return only !== undefined && more.length === 0 ? textOf(only, at) : listOf(names, at);
}

/** `groups[column]`, or of several. */
export function pickedOf(m: Machine, base: Bound, index: Expr, value: Bound, isOne: boolean): Bound["grouping"] {
  const { grouping } = base;
  if (!grouping) return undefined;
  const columns = textsIn(value);
  return { ...grouping, picked: codeOf(m, index, value), isFrame: !isOne, ...(columns ? { columns } : {}) };
}

/** `pd.concat([history, f])`: the rows of a declared history stand before those that are asked for in the predictor too. */
export function afterHistory(m: Machine, parts: readonly Bound[], given: Given): Bound | undefined {
  const [first, second, ...more] = parts;
  if (!m.lookBack?.at || !first || !second || more.length > 0 || given.all.length > 1) return undefined;
  const isRead = ({ code, rows, kind }: Bound): boolean =>
    kind === "frame" && code?.kind === "name" && code.id === rows?.source.version;
  const isHistory = ({ rows }: Bound): boolean => m.lookBack?.units.has(rows?.source.unit ?? -1) === true;
  if (!isRead(first) || first.rows?.parent || !isHistory(first) || !isRead(second) || isHistory(second))
    return undefined;
  const { rows } = second;
  if (!rows) return undefined;
  return { ...second, object: undefined, rows: rowsAfter(m, rows, `concat:${m.unit}`, { view: rows.view }) };
}
