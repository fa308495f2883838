import type { Span } from "../../foundation/span.ts";
import type { Expr, ForStmt, IfStmt, Stmt } from "../../python/ir.ts";
import { targetNames, walkStmtExprs } from "../../python/walk.ts";
import { type Bound, fitted, holdsRows, isRow, type Rows, rowwise } from "./bound.ts";
import { never, rowsOf } from "./combine.ts";
import { grownFrom } from "./containers.ts";
import { bindNames } from "./expressions.ts";
import { allDefinitions, type Carried, type Definition } from "./graph.ts";
import { around, change, cut, define, lookUp, type Machine, nameOf, next, now, trouble } from "./machine.ts";
import { rowLoop } from "./row-lists.ts";
import { fieldName, isLiteral } from "./static.ts";
import { noteOrigin } from "./twins/origins.ts";

/** Only one way is gone when the test is known; training decides where rows hang on it. */
export function branch(m: Machine, stmt: IfStmt): void {
  const test = m.evaluate(stmt.test);
  if (typeof test.constant === "boolean") {
    m.execute(test.constant ? stmt.body : stmt.otherwise);
    return;
  }
  const before = snapshot(m);
  const definitions = m.definitions;
  m.depth++;
  const ways = ([stmt.body, stmt.otherwise] as const).map((way) => {
    restore(m, before);
    m.definitions = [];
    m.execute(way);
    return { definitions: m.definitions, after: snapshot(m) };
  });
  m.depth--;
  m.definitions = definitions;
  const [yes, no] = ways;
  if (!yes || !no) return;
  if (isRow(test)) {
    restore(m, before);
    spoilChanged(m, before, [yes.after, no.after], stmt.test, "branch");
    return;
  }
  const carried = joinWays(m, before, [yes, no], stmt);
  if (carried.length === 0) return;
  const flag = isLiteral(m, stmt.test)
    ? stmt.test
    : cut(m, `${fieldName(m, stmt.test)}_flag`, "bool", around(m, stmt.test, "keep_flag"));
  const last = carried[carried.length - 1];
  if (!last) return;
  m.definitions.push({
    kind: "branch",
    version: last.after,
    name: last.name,
    unit: m.unit,
    test: flag,
    ways: [yes.definitions, no.definitions],
    carried,
  });
}

interface Snapshot {
  readonly names: ReadonlyMap<string, Bound>;
  readonly objects: ReadonlyMap<number, Bound>;
}

function snapshot(m: Machine): Snapshot {
  return { names: new Map(m.scope.names), objects: new Map(m.objects) };
}

function restore(m: Machine, to: Snapshot): void {
  m.scope.names.clear();
  for (const [name, value] of to.names) m.scope.names.set(name, value);
  for (const [id, value] of to.objects) m.objects.set(id, value);
}

/** The state at the end of a way, name by name. */
function valueIn(state: Snapshot, name: string): Bound | undefined {
  const value = state.names.get(name);
  return value?.object === undefined ? value : (state.objects.get(value.object) ?? value);
}

/** What one way through a branch, or a turn of a loop, has defined, and how things are at its end. */
interface Way {
  readonly definitions: Definition[];
  readonly after: Snapshot;
}

/** Versions at the ends of a way: one that was made elsewhere, or that two names have, gets a version of its own. */
function endsOfWay(
  m: Machine,
  { definitions }: Way,
  span: Span,
): (code: string, start: string, name: string) => string {
  const own = new Set<string>();
  for (const one of allDefinitions(definitions)) {
    own.add(one.version);
    if (one.kind === "loop" || one.kind === "branch") for (const { after } of one.carried) own.add(after);
  }
  return (code, start, name) => {
    if (code === start || own.delete(code)) return code;
    const version = `${name}#${next(m)}`;
    definitions.push({ kind: "assign", version, name, unit: m.unit, code: nameOf(code, span) });
    return version;
  };
}

/** After two ways: names that are the same stay, versions that differ are carried, the rest is nobody's. */
function joinWays(m: Machine, before: Snapshot, both: readonly Way[], stmt: Stmt): Carried[] {
  const ways = both.map(({ after }) => after);
  const endOf = both.map((way) => endsOfWay(m, way, stmt.span));
  const carried: Carried[] = [];
  const done = new Set<number>();
  restore(m, before);
  const names = new Set(ways.flatMap((way) => [...way.names.keys()]));
  for (const name of names) {
    const was = valueIn(before, name);
    const ends = ways.map((way) => valueIn(way, name));
    const [first] = ends;
    if (!first || ends.every((end) => end === was)) continue;
    if (ends.every((end) => end !== undefined && !holdsRows(end))) {
      const { object } = was ?? {};
      const after = fitted(first.kind, { object, ...(first.member === undefined ? {} : { member: first.member }) });
      m.scope.names.set(name, after);
      if (object !== undefined) m.objects.set(object, after);
      continue;
    }
    const codes = ends.map((end) => (end?.code?.kind === "name" ? end.code.id : undefined));
    const isSame = codes.every((code) => code !== undefined && code === codes[0]);
    const rows = first.rows;
    if (isSame && rows) {
      const held = { ...first };
      m.scope.names.set(name, held);
      if (first.object !== undefined) m.objects.set(first.object, held);
      continue;
    }
    const isCarried =
      was?.code?.kind === "name" &&
      rows &&
      codes.every((code) => code !== undefined && !code.startsWith("!")) &&
      ends.every((end) => end?.kind === was.kind);
    if (isCarried && was.code?.kind === "name") {
      const held = was.object;
      if (held !== undefined && done.has(held)) continue;
      const after = `${name}#${next(m)}`;
      const start = was.code.id;
      const versions = codes.map((code, i) => endOf[i]?.(code ?? start, start, name) ?? start);
      carried.push({ name, before: start, start, ends: versions, after });
      const to: Bound = {
        ...was,
        twins: twinsOf(m, name, was, ends, ways, stmt.span),
        rows: ends.every((end) => end?.rows?.id === rows.id) ? rows : (was.rows ?? rows),
        code: nameOf(after, stmt.span),
      };
      if (held === undefined) m.scope.names.set(name, to);
      else {
        done.add(held);
        m.objects.set(held, to);
        m.scope.names.set(name, to);
      }
      continue;
    }
    const some = ends.find((end) => end !== undefined && holdsRows(end));
    const any = some && rowsOf(some);
    if (any) m.scope.names.set(name, trouble(m, "branch", nameOf(name, stmt.span), any, some ? [some] : []));
  }
  return carried;
}

/** A way may have given a name the object of another one: a change of either would be seen through both. */
function twinsOf(
  m: Machine,
  name: string,
  was: Bound,
  ends: readonly (Bound | undefined)[],
  ways: readonly Snapshot[],
  span: Span,
): Bound["twins"] {
  const twins = new Map(was.twins);
  ends.forEach((end, i) => {
    if (end?.object === undefined || end.object === was.object || was.object === undefined) return;
    for (const [other, held] of ways[i]?.names ?? []) {
      if (other === name || held.object !== end.object) continue;
      twins.set(end.object, nameOf(other, span));
      const twin = m.objects.get(end.object);
      if (twin)
        m.objects.set(end.object, {
          ...twin,
          twins: new Map([...(twin.twins ?? []), [was.object, nameOf(name, span)]]),
        });
    }
  });
  return twins.size === 0 ? undefined : twins;
}

/** What the ways of a branch that rows decide have changed is nobody's any more. */
function spoilChanged(
  m: Machine,
  before: Snapshot,
  ways: readonly Snapshot[],
  at: Expr,
  code: "branch" | "unknown operation",
  over?: Rows,
): void {
  for (const way of ways)
    for (const name of way.names.keys()) {
      const was = valueIn(before, name);
      const is = valueIn(way, name);
      if (!is || is === was) continue;
      // A list that is filled row by row has an entry for each of them.
      const rows = rowsOf(is) ?? (was && rowsOf(was)) ?? (was?.kind === "sequence" ? over : undefined);
      const to = rows ? trouble(m, code, at, rows, [is]) : fitted();
      if (is.object !== undefined) change(m, is, to);
      m.scope.names.set(name, to);
    }
}

/** Code that runs perhaps, or nobody knows how often: what it changes is nobody's, unless training alone is concerned. */
export function guarded(m: Machine, stmt: Stmt & { kind: "while" | "try" | "match" }, over?: Rows): void {
  const before = snapshot(m);
  const definitions = m.definitions;
  m.definitions = [];
  m.depth++;
  const blocks =
    stmt.kind === "while"
      ? [stmt.body]
      : stmt.kind === "try"
        ? [[...stmt.body, ...stmt.otherwise, ...stmt.finally], ...stmt.handlers.map((handler) => handler.body)]
        : stmt.cases.map((one) => one.body);
  const after = blocks.map((block) => {
    restore(m, before);
    m.execute(block);
    return snapshot(m);
  });
  m.depth--;
  m.definitions = definitions;
  restore(m, before);
  const at: Expr = stmt.kind === "while" ? stmt.test : stmt.kind === "match" ? stmt.subject : nameOf("try", stmt.span);
  spoilChanged(m, before, after, at, "unknown operation", over);
}

/** A loop over what training knows: what it does to rows stays a loop, what it learns is kept turn by turn. */
export function loop(m: Machine, stmt: ForStmt): void {
  if (rowLoop(m, stmt)) return;
  const iterable = m.evaluate(stmt.iterable);
  const row = holdsRows(iterable) && !isOfOtherTable(m, iterable, stmt);
  if (row && iterable.kind !== "frame") {
    spoilParts(m, iterable, stmt.iterable);
    const rows = rowsOf(iterable);
    for (const name of targetNames(stmt.target))
      m.scope.names.set(name, rows ? trouble(m, "container", stmt.iterable, rows, [iterable]) : fitted());
    guarded(m, { kind: "while", test: stmt.iterable, body: stmt.body, otherwise: [], span: stmt.span }, rows);
    return;
  }
  let before = snapshot(m);
  const definitions = m.definitions;
  // Turns are told apart by the loop variable, or by their number where there are several.
  const isCounted = stmt.target.kind !== "name" || isSplitter(stmt.iterable);
  const turn = `turn_${m.keys.length + 1}`;
  const loopFrom = m.loopFrom;
  m.loopFrom = Math.min(loopFrom, m.counter);
  m.depth++;
  m.keys.push(stmt.target.kind === "name" && !isCounted ? stmt.target.id : turn);
  // Once to see what changes, once with what it is then.
  let starts = new Map<string, { readonly before: string; readonly start: string; readonly value: Bound }>();
  let moving: ReadonlyMap<string, Bound> = new Map();
  let body: Definition[] = [];
  let after = before;
  for (let round = 0; round < 2; round++) {
    restore(m, before);
    bindNames(m, stmt.target);
    for (const [name, value] of moving) setVersion(m, name, value);
    for (const [name, one] of starts) setVersion(m, name, { ...one.value, code: nameOf(one.start, stmt.span) });
    m.definitions = [];
    m.execute(stmt.body);
    body = m.definitions;
    after = snapshot(m);
    if (round === 0 && starts.size === 0) {
      const grown = grownIn(m, before, after, definitions, stmt, m.loopFrom);
      if (grown) {
        before = grown;
        round--;
        continue;
      }
    }
    if (round === 0) {
      moving = movingIn(before, after);
      starts = new Map(
        changedVersions(before, after).map((name) => {
          const was = valueIn(before, name);
          const code = was?.code?.kind === "name" ? was.code.id : "";
          return [
            name,
            {
              before: code,
              start: `${name}#${next(m)}`,
              value: { ...(valueIn(after, name) ?? was ?? fitted()), object: was?.object },
            },
          ] as const;
        }),
      );
    }
  }
  m.keys.length -= 1;
  m.loopFrom = loopFrom;
  m.depth--;
  m.definitions = definitions;
  restore(m, before);
  const carried: Carried[] = [];
  const done = new Set<number>();
  const endOf = endsOfWay(m, { definitions: body, after }, stmt.span);
  for (const [name, end] of endsOf(after)) {
    const was = valueIn(before, name);
    if (end === was) continue;
    const start = starts.get(name);
    const code = end.code?.kind === "name" ? end.code.id : undefined;
    if (start && code && !code.startsWith("!") && was && was.kind === end.kind) {
      if (was.object !== undefined && done.has(was.object)) continue;
      if (was.object !== undefined) done.add(was.object);
      const version = `${name}#${next(m)}`;
      const ends = [endOf(code, start.start, name)];
      carried.push({ name, before: start.before, start: start.start, ends, after: version });
      const twins = twinsOf(m, name, was, [end], [after], stmt.span);
      setVersion(m, name, { ...end, object: was.object, twins, code: nameOf(version, stmt.span) });
    } else if (holdsRows(end)) {
      const rows = rowsOf(end) ?? never();
      const to = trouble(m, "container", nameOf(name, stmt.span), rows, [end]);
      m.scope.names.set(name, to);
      if (was?.object !== undefined) m.objects.set(was.object, { ...to, object: was.object });
    } else {
      m.scope.names.set(name, end);
      if (end.object !== undefined) m.objects.set(end.object, end);
    }
  }
  const last = carried[carried.length - 1];
  if (!last) return;
  m.definitions.push({
    kind: "loop",
    version: last.after,
    name: last.name,
    unit: m.unit,
    target: isCounted ? nameOf(turn, stmt.span) : stmt.target,
    iterable: isCounted ? countCode(m, stmt, turn) : iterableCode(m, stmt, iterable),
    body,
    carried,
  });
}

/**
 * Lists that a turn appends row values to, and numbers to which it adds them, are versions before the loop too, or nothing could go
 * round. undefined where there are none.
 */
function grownIn(
  m: Machine,
  before: Snapshot,
  after: Snapshot,
  outside: Definition[],
  stmt: ForStmt,
  loopFrom: number,
): Snapshot | undefined {
  restore(m, before);
  const inside = m.definitions;
  m.definitions = outside;
  let isAny = false;
  for (const name of before.names.keys()) {
    const was = valueIn(before, name);
    const is = valueIn(after, name);
    if (!was || was.code || !is || !isRow(is) || !is.rows || is === was) continue;
    if (is.rows.id > loopFrom) continue;
    const start =
      is.kind === "stack"
        ? grownFrom(was, is, nameOf(name, stmt.span))
        : typeof was.constant === "number" && /^(?:array|series)$/.test(is.kind)
          ? rowwise(
              is.kind,
              {
                kind: "constant",
                type: Number.isInteger(was.constant) ? "int" : "float",
                value: was.constant,
                span: stmt.span,
              },
              is.rows,
            )
          : undefined;
    if (!start) continue;
    isAny = true;
    setVersion(m, name, {
      ...define(m, name, { ...start, ...(is.width ? { width: is.width } : {}) }),
      object: was.object,
    });
  }
  m.definitions = inside;
  return isAny ? snapshot(m) : undefined;
}

/** Literals, lists and dicts that a turn changes are not in the next one what they are before the loop. */
function movingIn(before: Snapshot, after: Snapshot): ReadonlyMap<string, Bound> {
  const out = new Map<string, Bound>();
  for (const name of before.names.keys()) {
    const was = valueIn(before, name);
    const is = valueIn(after, name);
    if (!was || isRow(was) || holdsRows(was)) continue;
    if (is?.constant === was.constant && is?.items === was.items && is?.entries === was.entries) continue;
    const { constant: _constant, items: _items, entries: _entries, ...rest } = was;
    out.set(name, rest);
  }
  return out;
}

/**
 * The loop goes through rows of a table that its body does not touch, and does nothing but store into other ones: the rows are
 * training's then. A list that it fills would have an entry for each of them.
 */
function isOfOtherTable(m: Machine, iterable: Bound, stmt: ForStmt): boolean {
  const source = rowsOf(iterable)?.source;
  if (iterable.kind !== "unknown" || source === undefined) return false;
  const isOther = (name: string): boolean => {
    const rows = rowsOf(lookUp(m, name) ?? fitted());
    return rows !== undefined && rows.source !== source;
  };
  const stores = (target: Expr): boolean => {
    if (target.kind === "name") return true;
    const held = target.kind === "subscript" ? target.value : undefined;
    const table = held?.kind === "attribute" && held.attr === "loc" ? held.value : held;
    return table?.kind === "name" && isOther(table.id);
  };
  if (!stmt.body.every((one) => one.kind === "assign" && one.targets.every(stores))) return false;
  let isApart = true;
  walkStmtExprs(stmt.body, (expr) => {
    const value = expr.kind === "name" ? lookUp(m, expr.id) : undefined;
    // What a function of the notebook reads stands elsewhere.
    if (value && (value.fn !== undefined || (holdsRows(value) && rowsOf(value)?.source === source))) isApart = false;
  });
  return isApart;
}

/** Folds: arrays of row numbers, by which nothing can be kept. */
function isSplitter(expr: Expr): boolean {
  return expr.kind === "call" && expr.func.kind === "attribute" && expr.func.attr === "split";
}

/** As many turns as training took. */
function countCode(m: Machine, stmt: ForStmt, turn: string): Expr {
  const count = cut(m, `${turn}_count`, "int", around(m, stmt.iterable, "keep_turns"));
  return { kind: "call", func: nameOf("range", stmt.span), args: [count], keywords: [], span: stmt.span };
}

/** What the predictor's loop goes over: the list as it is written, or what training went over. */
function iterableCode(m: Machine, stmt: ForStmt, value: Bound): Expr {
  if (isLiteral(m, stmt.iterable)) return stmt.iterable;
  const list = cut(m, fieldName(m, stmt.iterable), "list", around(m, stmt.iterable, "keep_list"));
  noteOrigin(m, list, stmt.iterable, value);
  return list;
}

function setVersion(m: Machine, name: string, value: Bound): void {
  m.scope.names.set(name, value);
  if (value.object !== undefined) m.objects.set(value.object, value);
}

function* endsOf(state: Snapshot): Iterable<readonly [string, Bound]> {
  for (const name of state.names.keys()) {
    const value = valueIn(state, name);
    if (value) yield [name, value];
  }
}

/** Names whose version of row values a turn replaces. */
function changedVersions(before: Snapshot, after: Snapshot): string[] {
  const out: string[] = [];
  const seen = new Set<number>();
  for (const name of before.names.keys()) {
    const was = valueIn(before, name);
    const is = valueIn(after, name);
    if (!was || !is || was.code?.kind !== "name" || is.code?.kind !== "name" || was.code.id === is.code.id) continue;
    if (was.object !== undefined && seen.has(was.object)) continue;
    if (was.object !== undefined) seen.add(was.object);
    out.push(name);
  }
  return out;
}

/** Tables in a container that code goes through: nobody follows what it does to them. */
function spoilParts(m: Machine, value: Bound, at: Expr): void {
  for (const part of [...(value.items ?? []), ...(value.entries?.values() ?? []), ...(value.of ? [value.of] : [])]) {
    const is = now(m, part);
    if (isRow(is) && is.rows) change(m, is, trouble(m, "container", at, is.rows, [is]));
    else spoilParts(m, part, at);
  }
}
