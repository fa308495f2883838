import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { identifier } from "../identifiers.ts";
import { type Demand, demandOf, type Known } from "./demand.ts";
import type { Carried, Cut, Definition, LoopDefinition } from "./graph.ts";
import { mapNames } from "./names.ts";
import type { Served } from "./served.ts";

/** The predictor as text, and what it takes. */
export interface Written {
  /** Lines of the function's body, with the unit that each comes from. */
  readonly lines: readonly { readonly text: string; readonly unit: number }[];
  readonly cuts: readonly { readonly cut: Cut; readonly field: string }[];
  /** Ids of troubles that the answer needs. */
  readonly troubles: Set<string>;
  /** Versions that the code reads though nothing makes them: then it is not written. */
  readonly lost: ReadonlySet<string>;
  /** Names of the notebook that the code uses: libraries and functions. */
  readonly names: ReadonlySet<string>;
  /** Functions of the product's own that it uses. */
  readonly own: ReadonlySet<string>;
  readonly demand: Demand;
}

interface Writer {
  readonly demand: Demand;
  readonly cuts: ReadonlyMap<string, Cut>;
  readonly fields: Map<string, string>;
  /** Cuts that this answer reads. */
  readonly used: Set<string>;
  /** Versions that are read and were never written down. */
  readonly lost: Set<string>;
  readonly troubles: Set<string>;
  readonly names: Set<string>;
  readonly own: Set<string>;
  readonly lines: { readonly text: string; readonly unit: number }[];
  /** Version → the variable that holds it. */
  readonly variables: Map<string, string>;
  /** Version → position of its last use. */
  readonly lastUse: Map<string, number>;
  /** Versions that are written in place later on. */
  readonly written: Set<string>;
  /** Loop or branch → position of the last definition in it. */
  readonly ends: Map<Definition, number>;
  position: number;
}

/** Writes down the answers' functions, which share the fields of the state. */
export function writeAll(
  served: readonly Served[],
  definitions: readonly Definition[],
  known: Known,
): readonly Written[] {
  const fields = new Map<string, string>();
  return served.map((one) => write(one, definitions, known, fields));
}

/** Writes down one answer's function: every version that is needed, in the order of the notebook. */
function write(served: Served, definitions: readonly Definition[], known: Known, fields: Map<string, string>): Written {
  const { cuts } = known;
  const answers = served.values.map((value) => value.code);
  const demand = demandOf(definitions, answers, known);
  const w: Writer = {
    demand,
    cuts,
    fields,
    used: new Set(),
    lost: new Set(),
    troubles: new Set(),
    names: new Set(),
    own: new Set(),
    lines: [],
    variables: new Map([[served.source.version, "frame"]]),
    lastUse: new Map(),
    written: new Set(),
    ends: new Map(),
    position: 0,
  };
  for (const definition of definitions) uses(w, definition);
  for (const code of answers) note(w, code);
  w.position = 0;
  block(w, definitions, 0);
  const items = served.values.map(({ name, code }) => `${JSON.stringify(name)}: ${text(w, code)}`);
  w.lines.push({ text: `return {${items.join(", ")}}`, unit: served.prediction?.unit ?? 0 });
  return {
    lines: w.lines,
    cuts: [...w.used].flatMap((id) => {
      const cut = cuts.get(id);
      const field = fields.get(id);
      return cut && field !== undefined ? [{ cut, field }] : [];
    }),
    troubles: w.troubles,
    lost: w.lost,
    names: w.names,
    own: w.own,
    demand,
  };
}

/** Notes where each version is used last; what a loop uses from outside of it, it uses to its end. */
function uses(w: Writer, definition: Definition): void {
  if (!w.demand.live.has(definition)) return;
  w.position++;
  switch (definition.kind) {
    case "assign":
      note(w, definition.code);
      return;
    case "store":
      w.written.add(definition.base);
      w.lastUse.set(definition.base, w.position);
      for (const expr of [definition.target, definition.value, ...(definition.where ? [definition.where] : [])])
        note(w, expr);
      return;
    case "loop":
    case "branch": {
      note(w, definition.kind === "loop" ? definition.iterable : definition.test);
      for (const carried of wanted(w, definition)) {
        w.written.add(carried.before);
        w.lastUse.set(carried.before, w.position);
      }
      const start = w.position;
      for (const body of definition.kind === "loop" ? [definition.body] : definition.ways)
        for (const inner of body) uses(w, inner);
      w.ends.set(definition, w.position);
      const own = new Set(wanted(w, definition).map((carried) => carried.before));
      for (const [version, at] of w.lastUse) if (at > start && !own.has(version)) w.lastUse.set(version, w.position);
    }
  }
}

function note(w: Writer, expr: Expr): void {
  mapNames(expr, (id) => {
    if (id.includes("#")) w.lastUse.set(id, w.position);
    return undefined;
  });
}

function block(w: Writer, definitions: readonly Definition[], depth: number): void {
  for (const definition of definitions) {
    if (!w.demand.live.has(definition)) {
      // A store that nobody needs: the version is the one before.
      if (definition.kind === "store") alias(w, definition.base, definition.version);
      else if (definition.kind === "loop" || definition.kind === "branch")
        for (const carried of definition.carried) alias(w, carried.before, carried.after);
      continue;
    }
    w.position++;
    one(w, definition, depth);
  }
}

function alias(w: Writer, from: string, to: string): void {
  const variable = w.variables.get(from);
  if (variable !== undefined) w.variables.set(to, variable);
  const last = Math.max(w.lastUse.get(from) ?? 0, w.lastUse.get(to) ?? 0);
  w.lastUse.set(from, last);
}

function line(w: Writer, depth: number, unit: number, written: string): void {
  w.lines.push({ text: `${"    ".repeat(depth)}${written}`, unit });
}

function one(w: Writer, definition: Definition, depth: number): void {
  switch (definition.kind) {
    case "assign": {
      const code = text(w, definition.code);
      // At the end of a turn or a way it is the variable that goes round.
      const variable = w.variables.get(definition.version) ?? freeName(w, definition.name);
      w.variables.set(definition.version, variable);
      const isPart = isSelection(definition.code) && w.written.has(definition.version);
      line(w, depth, definition.unit, `${variable} = ${code}${isPart ? ".copy()" : ""}`);
      return;
    }
    case "store": {
      const variable = owned(w, definition.base, definition.name, depth, definition.unit);
      const value = text(w, definition.value);
      const target = text(w, definition.target);
      const index = definition.where ? `.loc[${text(w, definition.where)}, ${target}]` : `[${target}]`;
      w.variables.set(definition.version, variable);
      line(w, depth, definition.unit, `${variable}${index} = ${value}`);
      return;
    }
    case "loop": {
      for (const carried of wanted(w, definition)) {
        const variable = owned(w, carried.before, carried.name, depth, definition.unit, w.ends.get(definition));
        for (const version of [carried.start, ...carried.ends, carried.after]) w.variables.set(version, variable);
      }
      const [first] = wanted(w, definition);
      const over = text(w, definition.iterable);
      const target = printExpr(definition.target);
      const frame = first ? w.variables.get(first.start) : undefined;
      const isByColumn = frame !== undefined && choosesColumns(definition);
      if (isByColumn) w.own.add("present");
      line(w, depth, definition.unit, `for ${target} in ${isByColumn ? `present(${over}, ${frame})` : over}:`);
      block(w, definition.body, depth + 1);
      return;
    }
    case "branch": {
      for (const carried of wanted(w, definition)) {
        const variable = owned(w, carried.before, carried.name, depth, definition.unit, w.ends.get(definition));
        for (const version of [carried.start, ...carried.ends, carried.after]) w.variables.set(version, variable);
      }
      const test = text(w, definition.test);
      const [yes, no] = definition.ways;
      const isLive = (way: readonly Definition[]): boolean => way.some((inner) => w.demand.live.has(inner));
      if (isLive(yes)) {
        line(w, depth, definition.unit, `if ${test}:`);
        block(w, yes, depth + 1);
        if (isLive(no)) {
          line(w, depth, definition.unit, "else:");
          block(w, no, depth + 1);
        }
      } else if (isLive(no)) {
        line(w, depth, definition.unit, `if not (${test}):`);
        block(w, no, depth + 1);
      }
    }
  }
}

/** The loop writes columns that its variable names: of a raw row, the label is not there. */
function choosesColumns({ target, body }: LoopDefinition): boolean {
  return (
    target.kind === "name" &&
    body.some((inner) => inner.kind === "store" && inner.target.kind === "name" && inner.target.id === target.id)
  );
}

/** What goes round in a loop, or through a branch, and is needed. */
function wanted(w: Writer, { carried }: Definition & { readonly kind: "loop" | "branch" }): readonly Carried[] {
  return carried.filter(({ start, after }) => w.demand.columns.has(start) || w.demand.columns.has(after));
}

/** The variable of a version that may be changed in place; a copy where the version itself is still needed. */
function owned(w: Writer, base: string, name: string, depth: number, unit: number, until = w.position): string {
  const variable = w.variables.get(base) ?? name;
  if ((w.lastUse.get(base) ?? 0) <= until) return variable;
  const copy = freeName(w, name);
  line(w, depth, unit, `${copy} = ${variable}.copy()`);
  return copy;
}

/** The wanted name, unless a version that is still needed has it. */
function freeName(w: Writer, wanted: string): string {
  const base = wanted.replace(/^_(\d+)$/, "part_$1");
  const isTaken = (name: string): boolean =>
    [...w.variables].some(([version, variable]) => variable === name && (w.lastUse.get(version) ?? 0) > w.position);
  if (base !== "state" && !isTaken(base)) return base;
  for (let i = 2; ; i++) if (!isTaken(`${base}_${i}`)) return `${base}_${i}`;
}

function isSelection(code: Expr): boolean {
  return code.kind === "subscript" || code.kind === "name";
}

/** Text of an expression: versions by their variables, cuts by their fields. */
function text(w: Writer, expr: Expr): string {
  return printExpr(
    mapNames(expr, (id, span) => {
      if (id.startsWith("@"))
        return {
          kind: "attribute",
          value: { kind: "name", id: "state", span },
          attr: field(w, id),
          attrSpan: span,
          span,
        };
      if (id.startsWith("!")) {
        w.troubles.add(id);
        return undefined;
      }
      if (id.startsWith("%")) {
        w.own.add(id.slice(1));
        return { kind: "name", id: id.slice(1), span };
      }
      if (id.includes("#")) {
        const variable = w.variables.get(id);
        // A version that was not written down: nothing may stand in for it.
        if (variable === undefined) w.lost.add(id);
        return { kind: "name", id: variable ?? "_", span };
      }
      w.names.add(id);
      return undefined;
    }),
  );
}

function field(w: Writer, id: string): string {
  w.used.add(id);
  const known = w.fields.get(id);
  if (known !== undefined) return known;
  const hint = w.cuts.get(id)?.hint ?? "value";
  const base = /^[^\W\d]\w*$/u.test(hint) ? hint : identifier(hint, "value");
  const taken = new Set(w.fields.values());
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`;
  w.fields.set(id, name);
  return name;
}
