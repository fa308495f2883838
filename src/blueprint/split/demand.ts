import {
  allBut,
  allColumns,
  beforeRename,
  type ColumnSet,
  has,
  intersect,
  minus,
  noColumns,
  only,
  sameColumns,
  union,
} from "../../dataflow/columns/column-set.ts";
import type { ComprehensionClause, Expr, Param } from "../../python/ir.ts";
import { walkExpr, walkStmtExprs } from "../../python/walk.ts";
import type { UserFunction } from "./bound.ts";
import { chosenPart, type Taken } from "./concat.ts";
import type { Carried, Cut, Definition } from "./graph.ts";
import { nameOf } from "./machine.ts";

/** Which definitions the answer needs, and which columns of each version. */
export interface Demand {
  readonly live: ReadonlySet<Definition>;
  readonly columns: ReadonlyMap<string, ColumnSet>;
}

/** Goes backwards from the answer's code (fit-apply.md, part 3). */
export function demandOf(definitions: readonly Definition[], answers: readonly Expr[], known: Known): Demand {
  const state: State = { columns: new Map(), live: new Set(), turns: new Map(), known };
  for (const code of answers) need(state, code, allColumns);
  backwards(state, definitions);
  return state;
}

/** What is known of columns that training chooses. */
export interface Known {
  readonly cuts: ReadonlyMap<string, Cut>;
  /** Columns that models are fitted to: a list of features that training makes holds none of them. */
  readonly labels: ReadonlySet<string>;
  /** A model is fitted to a column whose name the code does not tell. */
  readonly isLabelHidden: boolean;
  /** Of tables that were put under each other, the one whose rows are answered. */
  readonly taken?: Taken;
  /** What makes a version. */
  definitionOf(version: string): Definition | undefined;
  /** A function of the notebook, by its name. */
  functionOf(name: string): UserFunction["definition"] | undefined;
}

interface State {
  readonly known: Known;
  readonly columns: Map<string, ColumnSet>;
  readonly live: Set<Definition>;
  /** Loop variables of the loops around that go over texts, and which. */
  readonly turns: Map<string, readonly string[]>;
}

function add(state: State, version: string, columns: ColumnSet): boolean {
  const before = state.columns.get(version);
  const after = before ? union(before, columns) : columns;
  if (before && sameColumns(before, after)) return false;
  state.columns.set(version, after);
  return true;
}

function backwards(state: State, definitions: readonly Definition[]): void {
  for (const definition of [...definitions].reverse()) one(state, definition);
}

function one(state: State, definition: Definition): void {
  switch (definition.kind) {
    case "assign": {
      const columns = state.columns.get(definition.version);
      if (!columns) return;
      state.live.add(definition);
      need(state, definition.code, columns);
      return;
    }
    case "store": {
      const columns = state.columns.get(definition.version);
      if (!columns) return;
      const name = constantText(definition.target);
      if (name !== undefined && !has(columns, name)) {
        add(state, definition.base, columns);
        return;
      }
      state.live.add(definition);
      const isWhole = name !== undefined && !definition.where;
      add(state, definition.base, isWhole ? minus(columns, only([name])) : columns);
      need(state, definition.value, allColumns, loopVariable(definition.target));
      if (definition.where) need(state, definition.where, allColumns);
      return;
    }
    case "loop":
    case "branch":
      around(state, definition);
  }
}

function around(outer: State, definition: Definition & { readonly kind: "loop" | "branch" }): void {
  const state = definition.kind === "loop" ? within(outer, definition.target, definition.iterable) : outer;
  const wanted = definition.carried.filter((carried) => state.columns.has(carried.after));
  if (wanted.length === 0) return;
  const bodies = definition.kind === "loop" ? [definition.body] : definition.ways;
  const pass = (carried: Carried, columns: ColumnSet): void => {
    for (const end of carried.ends) add(state, end, columns);
    add(state, carried.before, columns);
  };
  for (const carried of wanted) pass(carried, state.columns.get(carried.after) ?? allColumns);
  // What a turn needs at its start, the turn before must leave at its end.
  for (let round = 0; round < 4; round++) {
    for (const body of bodies) backwards(state, body);
    let isSettled = true;
    for (const carried of definition.carried) {
      const start = state.columns.get(carried.start);
      if (!start) continue;
      for (const end of definition.kind === "loop" ? carried.ends : []) if (add(state, end, start)) isSettled = false;
      if (add(state, carried.before, start)) isSettled = false;
    }
    if (isSettled) break;
  }
  if (bodies.some((body) => body.some((inner) => state.live.has(inner)))) {
    state.live.add(definition);
    need(state, definition.kind === "loop" ? definition.iterable : definition.test, allColumns);
  } else for (const carried of wanted) add(state, carried.before, state.columns.get(carried.after) ?? allColumns);
}

/** Inside of a loop over texts its variable is one of them. */
function within(state: State, target: Expr, iterable: Expr): State {
  if (target.kind !== "name") return state;
  const texts = textsOf(iterable, state.known);
  const turns = new Map(state.turns);
  if (texts) turns.set(target.id, texts);
  else turns.delete(target.id);
  return { ...state, turns };
}

/** The name of the loop variable that a column is chosen by. */
function loopVariable(target: Expr): string | undefined {
  return target.kind === "name" && !/[@#!%]/.test(target.id) ? target.id : undefined;
}

/** What training chooses columns by: a value that it keeps, or in a loop one of several, by the turn. */
function cutOf(state: State, index: Expr): Pick<Cut, "texts" | "lacks"> | undefined {
  const isTurn = index.kind === "subscript" && index.index.kind === "name";
  const held = isTurn ? index.value : index;
  const found = held.kind === "name" ? state.known.cuts.get(held.id) : undefined;
  return found && isTurn ? {} : found;
}

function constantText(expr: Expr): string | undefined {
  return expr.kind === "constant" && typeof expr.value === "string" ? expr.value : undefined;
}

/** The texts that an expression is or lists: written there, or in the list that training keeps. */
export function textsOf(expr: Expr | undefined, known: Pick<Known, "cuts">): readonly string[] | undefined {
  if (!expr) return undefined;
  if (expr.kind === "name") return known.cuts.get(expr.id)?.texts;
  if (expr.kind === "list" || expr.kind === "tuple") {
    const out = expr.items.flatMap((item) => constantText(item) ?? []);
    return out.length === expr.items.length ? out : undefined;
  }
  const one = constantText(expr);
  return one === undefined ? undefined : [one];
}

/** Methods that keep the columns of a table. */
export const transparent: ReadonlySet<string> = new Set(
  "copy reset_index fillna replace clip astype round abs where mask infer_objects convert_dtypes reindex sort_index".split(
    " ",
  ),
);

/** What of each version the code needs, when this much of what it gives is needed. */
function need(state: State, code: Expr, columns: ColumnSet, own?: string): void {
  const whole = (expr: Expr): void => need(state, expr, allColumns, own);
  switch (code.kind) {
    case "name":
      add(state, code.id, columns);
      return;
    case "subscript": {
      const located = locatedColumns(code);
      if (located) {
        const names = textsOf(located.columns, state.known);
        const isOne = located.columns.kind !== "list";
        if (!names) whole(located.columns);
        need(state, located.frame, names ? (isOne ? only(names) : intersect(columns, only(names))) : allColumns, own);
        return;
      }
      const names = code.index.kind === "name" ? undefined : textsOf(code.index, state.known);
      if (own !== undefined && code.index.kind === "name" && code.index.id === own && code.value.kind === "name") {
        // `f[c] = g(f[c])` feeds only itself.
        add(state, code.value.id, noColumns);
        return;
      }
      const turns = code.index.kind === "name" ? state.turns.get(code.index.id) : undefined;
      if (turns) {
        need(state, code.value, only(turns), own);
        return;
      }
      const isList = code.index.kind === "list";
      if (names) need(state, code.value, isList ? intersect(columns, only(names)) : only(names), own);
      else {
        const chosen = cutOf(state, code.index);
        const texts = chosen?.texts;
        need(
          state,
          code.value,
          texts
            ? intersect(columns, only(texts))
            : chosen
              ? allBut([...state.known.labels, ...(chosen.lacks ?? [])])
              : allColumns,
          own,
        );
        whole(code.index);
      }
      return;
    }
    case "attribute":
      if (
        code.value.kind === "name" &&
        /^[A-Za-z_]/.test(code.attr) &&
        !/^(?:str|dt|cat|values|loc|iloc|T)$/.test(code.attr) &&
        code.value.id.includes("#")
      )
        add(state, code.value.id, only([code.attr]));
      else need(state, code.value, /^(?:loc|iloc|values)$/.test(code.attr) ? columns : allColumns, own);
      return;
    case "call":
      callNeeds(state, code, columns, own);
      return;
    case "comprehension": {
      const [clause] = code.clauses;
      if (clause && rowsDemanded(state, clause, code.element, own)) return;
      const inside = clause && code.clauses.length === 1 ? within(state, clause.target, clause.iterable) : state;
      for (const child of parts(code)) need(inside, child, allColumns, own);
      return;
    }
    default:
      for (const child of parts(code)) whole(child);
  }
}

/** `[… for _, row in f.iterrows()]`: the columns that are taken of a row by name. */
function rowsDemanded(
  state: State,
  { target, iterable }: ComprehensionClause,
  element: Expr,
  own: string | undefined,
): boolean {
  const isRows = iterable.kind === "call" && iterable.func.kind === "attribute" && iterable.func.attr === "iterrows";
  const row = target.kind === "tuple" ? target.items[1] : undefined;
  if (!isRows || iterable.func.kind !== "attribute" || row?.kind !== "name") return false;
  const params: Param[] = [{ name: row.id, type: "normal", span: row.span }];
  const read = columnsOfFunction(state, { kind: "lambda", params, body: element, span: element.span });
  need(state, iterable.func.value, read ? only(read) : allColumns, own);
  need(state, element, allColumns, own);
  return true;
}

/** The tables that `pd.concat([a, b], axis=1)` puts side by side, where columns keep their names. */
export function tablesBeside({ func, args, keywords }: Expr & { kind: "call" }): readonly Expr[] | undefined {
  const [list, ...more] = args;
  const [axis, ...others] = keywords;
  const isConcat = func.kind === "attribute" && func.attr === "concat" && list?.kind === "list" && more.length === 0;
  if (!isConcat || axis?.name !== "axis" || others.some(({ name }) => name !== "join" && name !== "sort"))
    return undefined;
  return axis.value.kind === "constant" && (axis.value.value === 1 || axis.value.value === "columns")
    ? list.items
    : undefined;
}

/** True of a call with `axis=1`. */
export function axisIsColumns(code: Expr & { kind: "call" }): boolean {
  const axis = code.keywords.find(({ name }) => name === "axis")?.value ?? (isDrop(code) ? code.args[1] : undefined);
  return axis?.kind === "constant" && (axis.value === 1 || axis.value === "columns");
}

/** Of `f.loc[:, c]` the table and what chooses its columns. */
export function locatedColumns(code: Expr & { kind: "subscript" }): { frame: Expr; columns: Expr } | undefined {
  const { value, index } = code;
  if (value.kind !== "attribute" || value.attr !== "loc" || index.kind !== "tuple") return undefined;
  const [rows, columns, ...more] = index.items;
  if (rows?.kind !== "slice" || rows.lower || rows.upper || rows.step || !columns || more.length > 0) return undefined;
  return columns.kind === "slice" ? undefined : { frame: value.value, columns };
}

function isDrop({ func }: Expr & { kind: "call" }): boolean {
  return func.kind === "attribute" && func.attr === "drop";
}

function callNeeds(state: State, code: Expr & { kind: "call" }, columns: ColumnSet, own: string | undefined): void {
  const { func } = code;
  const rest = (): void => {
    for (const arg of code.args) need(state, arg, allColumns, own);
    for (const keyword of code.keywords) need(state, keyword.value, allColumns, own);
  };
  if (func.kind === "name" && func.id === "%with_columns" && code.args[0]) {
    need(state, code.args[0], columns, own);
    return;
  }
  if (func.kind === "name" && func.id === "%union") {
    const [number, , first, second] = code.args;
    const taken = state.known.taken ?? new Map();
    const chosen = chosenPart(code, taken);
    const isSecond = number?.kind === "constant" && taken.get(Number(number.value)) === 1;
    const other = isSecond ? first : second;
    // What the model is fitted to is gone from the other table: then no model takes it for a feature.
    const gone = [...state.known.labels].filter((label) => other && !mayHave(other, label, state.known));
    need(state, chosen, columns.cofinite ? minus(columns, only(gone)) : columns, own);
    return;
  }
  if (func.kind === "name" && func.id === "%as_table" && code.args[0]) {
    need(state, code.args[0], columns, own);
    return;
  }
  if (func.kind === "name" && func.id === "%by_group" && code.args[0] && code.args[1]) {
    const by = textsOf(code.args[1], state.known);
    need(state, code.args[0], by ? only(by) : allColumns, own);
    for (const arg of code.args.slice(1)) need(state, arg, allColumns, own);
    return;
  }
  if (func.kind === "name" && /^%(?:for_each|all_rows|seen_rows)$/.test(func.id) && code.args[0]?.kind === "name") {
    // How many rows there are; or columns that only a loop names.
    add(state, code.args[0].id, func.id === "%seen_rows" ? allBut(state.known.labels) : noColumns);
    for (const arg of code.args.slice(1)) need(state, arg, allColumns, own);
    return;
  }
  if (func.kind === "name" && func.id === "len" && code.args[0]?.kind === "name") {
    add(state, code.args[0].id, noColumns);
    return;
  }
  if (func.kind !== "attribute") {
    rest();
    return;
  }
  const named = (name: string): Expr | undefined => code.keywords.find((keyword) => keyword.name === name)?.value;
  const isColumns = axisIsColumns(code);
  if (func.attr === "drop") {
    const names = textsOf(named("columns") ?? (isColumns ? code.args[0] : undefined), state.known);
    need(state, func.value, names ? minus(columns, only(names)) : columns, own);
    if (!names) rest();
    return;
  }
  const beside = tablesBeside(code);
  if (beside) {
    // Which of the tables has a column that is asked for by its name nobody knows; what is left out, each may leave out.
    for (const item of beside)
      need(
        state,
        item,
        columns.cofinite || item.kind === "subscript" || item.kind === "name" ? columns : allColumns,
        own,
      );
    return;
  }
  if (func.attr === "get_dummies" && code.args[0]) {
    // It takes columns apart: what is named after one of them needs that one.
    const apart = textsOf(named("columns"), state.known);
    const isPart = (label: string): boolean => apart?.some((one) => label.startsWith(`${one}_`)) ?? true;
    const through = columns.cofinite
      ? columns
      : apart
        ? only([...[...columns.labels].filter((label) => !isPart(label)), ...apart])
        : allBut(state.known.labels);
    need(state, code.args[0], through, own);
    return;
  }
  if (func.attr === "apply" && isColumns && code.args[0]) {
    const read = columnsOfFunction(state, code.args[0]);
    need(state, func.value, read ? only(read) : allColumns, own);
    need(state, code.args[0], allColumns, own);
    return;
  }
  if (func.attr === "assign") {
    const made = code.keywords.flatMap((keyword) => keyword.name ?? []);
    need(state, func.value, minus(columns, only(made)), own);
    for (const keyword of code.keywords)
      if (keyword.name === undefined || has(columns, keyword.name)) need(state, keyword.value, allColumns, own);
    return;
  }
  if (func.attr === "rename") {
    const map = named("columns");
    const pairs =
      map?.kind === "dict"
        ? map.items.map((item) => [item.key && constantText(item.key), constantText(item.value)] as const)
        : undefined;
    const known = pairs?.flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : []));
    if (known && known.length === pairs?.length) {
      need(state, func.value, beforeRename(columns, new Map(known)), own);
      return;
    }
    // Which raw column has which name only training knows; no label is among what is asked for.
    need(state, func.value, allBut(state.known.labels), own);
    rest();
    return;
  }
  if (func.attr === "merge" || func.attr === "join") {
    // A column that both tables have gets another name; the keys are read whatever is asked for.
    const by = textsOf(named("left_on") ?? named("on"), state.known);
    const kept = columns.cofinite
      ? columns
      : union(columns, only([...columns.labels].map((one) => one.replace(/_x$/, ""))));
    need(state, func.value, by ? union(kept, only(by)) : allBut(state.known.labels), own);
    rest();
    return;
  }
  need(state, func.value, transparent.has(func.attr) ? columns : allColumns, own);
  rest();
}

/** False when a table that the code makes cannot have a column. */
function mayHave(code: Expr, column: string, known: Known): boolean {
  if (code.kind === "name") {
    const made = known.definitionOf(code.id);
    if (made?.kind === "assign") return mayHave(made.code, column, known);
    if (made?.kind !== "store") return true;
    const target = constantText(made.target);
    return target === undefined || target === column || mayHave(nameOf(made.base, code.span), column, known);
  }
  if (code.kind === "subscript") {
    const names = code.index.kind === "list" ? textsOf(code.index, known) : undefined;
    return (names?.includes(column) ?? true) && mayHave(code.value, column, known);
  }
  if (code.kind !== "call") return true;
  const { func } = code;
  if (func.kind === "name") {
    const [inner] = func.id === "%as_table" ? code.args : [];
    return inner === undefined || mayHave(inner, column, known);
  }
  if (func.kind !== "attribute") return true;
  const dropped =
    func.attr === "drop"
      ? (code.keywords.find(({ name }) => name === "columns")?.value ??
        (axisIsColumns(code) ? code.args[0] : undefined))
      : undefined;
  if (dropped && textsOf(dropped, known)?.includes(column)) return false;
  return func.attr === "drop" || transparent.has(func.attr) ? mayHave(func.value, column, known) : true;
}

/** Columns that a function of a row reads, when it takes the row apart by name and does nothing else with it. */
function columnsOfFunction(state: State, expr: Expr): readonly string[] | undefined {
  const definition = expr.kind === "lambda" ? expr : expr.kind === "name" ? state.known.functionOf(expr.id) : undefined;
  const [row, ...more] = definition?.params ?? [];
  if (!definition || !row || (expr.kind === "lambda" && more.length > 0)) return undefined;
  const read: string[] = [];
  let uses = 0;
  const look = (one: Expr): void => {
    if (one.kind === "name" && one.id === row.name) uses++;
    const base = one.kind === "subscript" || one.kind === "attribute" ? one.value : undefined;
    if (base?.kind !== "name" || base.id !== row.name) return;
    const label = one.kind === "attribute" ? one.attr : one.kind === "subscript" ? constantText(one.index) : undefined;
    if (label !== undefined) read.push(label);
  };
  if (definition.kind === "lambda") walkExpr(definition.body, look);
  else walkStmtExprs(definition.body, look);
  return uses === read.length ? read : undefined;
}

/** Parts of other expressions, all of which are needed whole. */
function parts(code: Expr): readonly Expr[] {
  switch (code.kind) {
    case "binary":
      return [code.left, code.right];
    case "bool":
      return code.values;
    case "unary":
      return [code.operand];
    case "compare":
      return [code.left, ...code.comparators];
    case "conditional":
      return [code.test, code.then, code.otherwise];
    case "tuple":
    case "list":
    case "set":
      return code.items;
    case "dict":
      return code.items.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case "comprehension":
      return [
        code.element,
        ...(code.key ? [code.key] : []),
        ...code.clauses.flatMap((clause) => [clause.iterable, ...clause.conditions]),
      ];
    case "lambda":
      return [code.body];
    case "fstring":
      return code.parts.flatMap((part) => (part.kind === "field" ? [part.value] : []));
    case "starred":
      return [code.value];
    case "slice":
      return [code.lower, code.upper, code.step].flatMap((part) => part ?? []);
    default:
      return [];
  }
}
