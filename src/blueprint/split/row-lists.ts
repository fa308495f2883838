import type { ComprehensionExpr, Expr, ForStmt, LambdaExpr, Param, Stmt } from "../../python/ir.ts";
import { targetNames, walkExpr, walkStmts } from "../../python/walk.ts";
import { type Bound, fitted, isRow, predictionsOf, type Rows, rowwise } from "./bound.ts";
import { common } from "./combine.ts";
import { functionCode } from "./kept-functions.ts";
import { bind, change, define, lookUp, type Machine, now } from "./machine.ts";
import { rewritten } from "./names.ts";

/** More than this, and a loop is no function of a row that anybody wants to read. */
const longest = 400;

/** What is gone through row by row: a column, several of them zipped, or the rows of a table. */
interface Rowwise {
  readonly code: Expr;
  readonly rows: Rows;
  readonly from: readonly Bound[];
  /** Names of labels: what they are for a given row nobody can say. */
  readonly labels: readonly string[];
}

function rowsIn(m: Machine, iterable: Expr, target: Expr): Rowwise | undefined {
  if (iterable.kind === "call" && iterable.func.kind === "name" && iterable.func.id === "zip" && !lookUp(m, "zip")) {
    if (iterable.keywords.length > 0) return undefined;
    const parts = iterable.args.map((arg) => m.evaluate(arg));
    const rows = common(parts);
    if (!rows || !parts.every((part) => isColumn(part))) return undefined;
    return { code: { ...iterable, args: parts.map((part) => part.code ?? iterable) }, rows, from: parts, labels: [] };
  }
  if (iterable.kind === "call" && iterable.func.kind === "attribute" && iterable.func.attr === "iterrows") {
    const table = m.evaluate(iterable.func.value);
    if (!isRow(table) || table.kind !== "frame" || !table.code || !table.rows) return undefined;
    const [label, row] = target.kind === "tuple" ? target.items : [];
    if (label?.kind !== "name" || row?.kind !== "name" || label.id === row.id) return undefined;
    const code: Expr = { ...iterable, func: { ...iterable.func, value: table.code } };
    return { code, rows: table.rows, from: [table], labels: [label.id] };
  }
  const one = m.evaluate(iterable);
  return isColumn(one) && one.code && one.rows
    ? { code: one.code, rows: one.rows, from: [one], labels: [] }
    : undefined;
}

/** One plain value for each row. */
function isColumn(value: Bound): boolean {
  return (
    isRow(value) && (value.kind === "series" || value.kind === "list" || (value.kind === "array" && value.width === 1))
  );
}

/** `[f(x) for x in column]`: a list with an entry for each row, made of that row alone (rule 5). */
export function rowList(m: Machine, expr: ComprehensionExpr): Bound | undefined {
  const [clause, ...more] = expr.clauses;
  if (!clause || more.length > 0 || clause.conditions.length > 0 || expr.type !== "list" || clause.isAsync)
    return undefined;
  const over = rowsIn(m, clause.iterable, clause.target);
  return over && listOf(m, expr, clause.target, expr.element, over);
}

function listOf(m: Machine, at: Expr, target: Expr, element: Expr, over: Rowwise): Bound | undefined {
  const params = targetNames(target).map((name): Param => ({ name, type: "normal", span: at.span }));
  if (params.length === 0 || !isNamesOnly(target)) return undefined;
  const lambda: LambdaExpr = { kind: "lambda", params, body: element, span: at.span };
  let isLabelUsed = false;
  walkExpr(element, (one) => {
    if (one.kind === "name" && over.labels.includes(one.id)) isLabelUsed = true;
  });
  if (isLabelUsed) return undefined;
  const kept = functionCode(m, { definition: lambda, name: "<row>", unit: m.unit }, lambda);
  if (kept?.kind !== "lambda") return undefined;
  const code: Expr = {
    kind: "comprehension",
    type: "list",
    element: kept.body,
    clauses: [{ target, iterable: over.code, conditions: [], isAsync: false }],
    span: at.span,
  };
  return rowwise("list", code, over.rows, { predictions: predictionsOf(over.from), width: 1 });
}

function isNamesOnly(target: Expr): boolean {
  return target.kind === "name" || (target.kind === "tuple" && target.items.every(({ kind }) => kind === "name"));
}

/** A loop over rows that appends once to a list in each turn is a function of a row (rule 44); false where it is anything else. */
export function rowLoop(m: Machine, stmt: ForStmt): boolean {
  if (stmt.otherwise.length > 0 || stmt.isAsync || !isNamesOnly(stmt.target)) return false;
  const lists = listsIn(m, stmt.body);
  if (lists.size === 0) return false;
  const targets = new Set(targetNames(stmt.target));
  const assigned = assignedIn(stmt.body);
  const parts = { lists: new Set(lists.keys()), assigned, targets };
  const end = through(parts, stmt.body, { names: new Map(), lists: new Map() });
  if (!end || end.lists.size !== lists.size) return false;
  const over = rowsIn(m, stmt.iterable, stmt.target);
  if (!over) return false;
  const made = [...end.lists].map(
    ([name, element]) => [name, listOf(m, stmt.iterable, stmt.target, element, over)] as const,
  );
  if (made.some(([, value]) => !value)) return false;
  for (const [name, value] of made) {
    const list = lists.get(name);
    if (list && value) change(m, list, define(m, name, value));
  }
  // What the last turn leaves is of one row, which training has.
  for (const name of [...assigned, ...targets]) bind(m, name, fitted());
  return true;
}

/** Empty lists that the body appends to. */
function listsIn(m: Machine, body: readonly Stmt[]): ReadonlyMap<string, Bound> {
  const out = new Map<string, Bound>();
  walkStmts(body, (stmt) => {
    const name = appendedTo(stmt)?.name;
    const held = name === undefined ? undefined : lookUp(m, name);
    const list = held && now(m, held);
    if (name !== undefined && list?.kind === "sequence" && list.object !== undefined && list.items?.length === 0)
      out.set(name, list);
  });
  return out;
}

function appendedTo(stmt: Stmt): { readonly name: string; readonly value: Expr } | undefined {
  const call = stmt.kind === "expr" && stmt.value.kind === "call" ? stmt.value : undefined;
  const [value, ...more] = call?.args ?? [];
  if (call?.func.kind !== "attribute" || call.func.attr !== "append" || call.func.value.kind !== "name")
    return undefined;
  return value && more.length === 0 && call.keywords.length === 0 ? { name: call.func.value.id, value } : undefined;
}

function assignedIn(body: readonly Stmt[]): ReadonlySet<string> {
  const out = new Set<string>();
  walkStmts(body, (stmt) => {
    if (stmt.kind === "assign")
      for (const target of stmt.targets) for (const name of targetNames(target)) out.add(name);
    if (stmt.kind === "augassign") for (const name of targetNames(stmt.target)) out.add(name);
  });
  return out;
}

interface Held {
  /** What a name stands for in this turn. */
  readonly names: ReadonlyMap<string, Expr>;
  /** What is appended to a list in this turn. */
  readonly lists: ReadonlyMap<string, Expr>;
}

/** A loop over rows: its lists, the names that a turn assigns, and those of the row. */
interface Loop {
  readonly lists: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

/**
 * One turn of a loop as expressions of the row: names are replaced by what they stand for, branches become conditions. undefined
 * where a statement does anything else.
 */
function through(loop: Loop, body: readonly Stmt[], start: Held): Held | undefined {
  let held: Held | undefined = start;
  for (const stmt of body) {
    held = after(loop, stmt, held);
    if (!held) return undefined;
  }
  return held;
}

function after(loop: Loop, stmt: Stmt, held: Held): Held | undefined {
  const added = appendedTo(stmt);
  if (added) {
    const isOnce = loop.lists.has(added.name) && !held.lists.has(added.name);
    const value = isOnce ? meant(loop, added.value, held) : undefined;
    return value && { ...held, lists: new Map([...held.lists, [added.name, value]]) };
  }
  switch (stmt.kind) {
    case "pass":
      return held;
    case "assign": {
      const [target, ...more] = stmt.targets;
      const value = meant(loop, stmt.value, held);
      if (!value || target?.kind !== "name" || more.length > 0 || loop.targets.has(target.id)) return undefined;
      return { ...held, names: new Map([...held.names, [target.id, value]]) };
    }
    case "if": {
      const test = meant(loop, stmt.test, held);
      const [yes, no] = [through(loop, stmt.body, held), through(loop, stmt.otherwise, held)];
      if (!test || !yes || !no) return undefined;
      const lists = either(test, yes.lists, no.lists);
      const isBoth = lists.size === yes.lists.size && lists.size === no.lists.size;
      return isBoth ? { names: either(test, yes.names, no.names), lists } : undefined;
    }
    default:
      return undefined;
  }
}

/** What names stand for after a branch: those that both ways know. */
function either(test: Expr, yes: ReadonlyMap<string, Expr>, no: ReadonlyMap<string, Expr>): ReadonlyMap<string, Expr> {
  const out = new Map<string, Expr>();
  for (const [name, then] of yes) {
    const otherwise = no.get(name);
    if (otherwise === then) out.set(name, then);
    else if (otherwise) out.set(name, { kind: "conditional", test, then, otherwise, span: test.span });
  }
  return out;
}

/** The expression with this turn's names replaced; undefined where it looks at another turn, or is too long. */
function meant(loop: Loop, expr: Expr, held: Held): Expr | undefined {
  let isPlain = true;
  walkExpr(expr, (one) => {
    if (/^(?:lambda|comprehension|walrus|yield|await)$/.test(one.kind)) isPlain = false;
    if (one.kind !== "name") return;
    if (loop.lists.has(one.id) || (loop.assigned.has(one.id) && !held.names.has(one.id))) isPlain = false;
  });
  if (!isPlain) return undefined;
  const out = rewritten(expr, (one) => (one.kind === "name" ? (held.names.get(one.id) ?? one) : undefined));
  let size = 0;
  walkExpr(out, () => {
    size++;
  });
  return size <= longest ? out : undefined;
}
