import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { identifier } from "../identifiers.ts";
import { chosenPart, type Taken } from "./concat.ts";
import { type Demand, demandOf, type Known } from "./demand.ts";
import {
  allDefinitions,
  type BranchDefinition,
  type Carried,
  type Cut,
  type Definition,
  type LoopDefinition,
} from "./graph.ts";
import {
  hasLag,
  type LagCode,
  type LagPlace,
  lagCode,
  lagResults,
  overGroups,
  versionsBefore,
} from "./history-code.ts";
import { nameOf } from "./machine.ts";
import { mapNames } from "./names.ts";
import { type Absent, hiddenLabel, labelsIn, narrowed, tolerant } from "./raw-columns.ts";
import type { Served } from "./served.ts";
import {
  hold,
  isNeeded,
  isTaken,
  neededIn,
  newVariables,
  promise,
  use,
  useToEnd,
  type Variables,
} from "./variables.ts";

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
  /** It looks at rows before those that are asked for. */
  readonly looksBack: boolean;
  /** The first lag among what it needs. */
  readonly lag?: LagPlace;
  /** The raw columns that lags read, where the code names them. */
  readonly lookedAt?: ReadonlySet<string>;
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
  readonly variables: Variables;
  readonly known: Known;
  /** Labels that a version may have in training, and lack for a raw row. */
  readonly labels: Map<string, ReadonlySet<string>>;
  readonly absent: Absent;
  readonly taken: Taken;
  /** Versions that are written in place later on. */
  readonly written: Set<string>;
  /** Where lags are computed, if they are. */
  readonly lags: LagCode | undefined;
  /** Versions that nobody needs made: the one before stands for each. */
  readonly before: ReadonlyMap<string, string>;
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
  const demand = demandOf(definitions, answers, { ...known, taken: served.taken });
  const hidden = known.isLabelHidden ? [hiddenLabel] : [];
  const labels = new Map<string, ReadonlySet<string>>([[served.source.version, new Set([...known.labels, ...hidden])]]);
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
    variables: newVariables(served.source.version),
    known,
    labels,
    absent: { known, labelsOf: (version) => labels.get(version) ?? new Set() },
    taken: served.taken,
    written: new Set(),
    lags: lagCode(definitions, demand.live),
    before: versionsBefore(definitions, demand.live),
    position: 0,
  };
  for (const definition of definitions) {
    uses(w, definition);
    if (definition === w.lags?.last) use(w.variables, w.lags.view, w.position);
  }
  // The answers are read after all else.
  w.position++;
  for (const code of answers) note(w, code);
  w.position = 0;
  block(w, definitions, 0);
  // What is answered must be known row by row.
  if (answers.some(hasLag)) w.lost.add(served.source.version);
  const items = served.values.map(({ name, code }) => `${JSON.stringify(name)}: ${text(w, tolerant(code, w.absent))}`);
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
    looksBack: w.lags !== undefined,
    ...(w.lags ? { lag: w.lags.first } : {}),
    ...lookedAt(w, definitions, served.source.version),
  };
}

/** Notes where each version is used. */
function uses(w: Writer, definition: Definition): void {
  if (!w.demand.live.has(definition)) return;
  w.position++;
  switch (definition.kind) {
    case "assign":
      note(w, definition.code);
      return;
    case "store":
      w.written.add(definition.base);
      use(w.variables, definition.base, w.position);
      for (const expr of [definition.target, definition.value, ...(definition.where ? [definition.where] : [])])
        note(w, expr);
      return;
    case "branch": {
      note(w, definition.test);
      const carried = wanted(w, definition);
      for (const { before } of carried) w.written.add(before);
      const ends = definition.ways.map((way, i) => {
        for (const inner of way) uses(w, inner);
        for (const { before, ends: versions } of carried)
          if (versions[i] !== undefined && versions[i] !== before) use(w.variables, versions[i], w.position);
        return w.position;
      });
      w.variables.ends.set(definition, ends);
      return;
    }
    case "loop": {
      note(w, definition.iterable);
      const carried = wanted(w, definition);
      for (const { before } of carried) {
        w.written.add(before);
        use(w.variables, before, w.position);
      }
      const start = w.position;
      for (const inner of definition.body) uses(w, inner);
      w.variables.ends.set(definition, [w.position]);
      const own = new Set(carried.flatMap(({ before, start: first, ends }) => [before, first, ...ends]));
      for (const inner of allDefinitions(definition.body)) {
        own.add(inner.version);
        if (inner.kind === "loop" || inner.kind === "branch")
          for (const { start: first, ends, after } of inner.carried)
            for (const version of inner.kind === "loop" ? [first, ...ends, after] : [...ends, after]) own.add(version);
      }
      for (const one of carried) for (const version of one.ends) use(w.variables, version, w.position);
      const inside = [...w.variables.uses].flatMap(([version, at]) => ((at.at(-1) ?? 0) > start ? [version] : []));
      useToEnd(w.variables, inside, own, w.position);
    }
  }
}

function note(w: Writer, expr: Expr): void {
  mapNames(chosenPart(expr, w.taken), (id) => {
    if (id.includes("#")) use(w.variables, id, w.position);
    return undefined;
  });
}

function block(w: Writer, definitions: readonly Definition[], depth: number): void {
  for (const definition of definitions) {
    if (!w.demand.live.has(definition)) {
      // A store that nobody needs: the version is the one before.
      if (definition.kind === "store") same(w, definition.base, definition.version, depth, definition.unit);
      else if (definition.kind === "loop" || definition.kind === "branch")
        for (const carried of definition.carried) same(w, carried.before, carried.after, depth, definition.unit);
      continue;
    }
    w.position++;
    one(w, definition, depth);
    if (w.lags && definition.version === w.lags.view) leaveOthers(w, w.lags, definition.unit);
    if (definition === w.lags?.last) leaveHistory(w, w.lags, definition.unit);
  }
}

/** The columns of the raw rows that lags read. */
function lookedAt(w: Writer, definitions: readonly Definition[], source: string): Pick<Written, "lookedAt"> {
  const results = w.lags && lagResults(definitions, w.demand.live);
  const columns = results && demandOf(definitions, results, w.known).columns.get(source);
  return columns && !columns.cofinite ? { lookedAt: columns.labels } : {};
}

/** No lag is left to compute: each row that is asked for goes on by itself. */
function leaveHistory(w: Writer, { view }: LagCode, unit: number): void {
  const seen = w.variables.of.get(view);
  if (seen === undefined) {
    w.lost.add(view);
    return;
  }
  w.own.add("asked_rows");
  for (const variable of neededLater(w)) line(w, 0, unit, `${variable} = asked_rows(${variable}, ${seen})`);
}

/** The rows are known: those of other groups than the ones asked for are left out before anything is computed of them. */
function leaveOthers(w: Writer, { view, keys }: LagCode, unit: number): void {
  const seen = w.variables.of.get(view);
  const needed = neededLater(w);
  if (seen === undefined || !keys || needed.length === 0) return;
  w.own.add("nearby_rows");
  line(w, 0, unit, `${[seen, ...needed].join(", ")} = nearby_rows(${seen}, ${text(w, keys)}, ${needed.join(", ")})`);
}

/** Variables that hold row values which something later needs. */
function neededLater({ variables, before, position }: Writer): readonly string[] {
  // A version that nobody stores into any more is the one before.
  const needed = [...variables.uses.keys()].flatMap((version) => {
    if (version.startsWith("rows#") || !isNeeded(variables, version, position)) return [];
    let at: string | undefined = version;
    while (at !== undefined && !variables.made.has(at)) at = before.get(at);
    return at === undefined ? [] : (variables.of.get(at) ?? []);
  });
  return [...new Set(needed)].sort();
}

/** A version with the same content as another one that is there. */
function same(w: Writer, from: string, to: string, depth: number, unit: number): void {
  w.labels.set(to, w.absent.labelsOf(from));
  const variable = w.variables.of.get(from);
  if (variable === undefined) return;
  const promised = w.variables.of.get(to);
  if (promised === undefined || promised === variable || !w.demand.columns.has(to)) {
    if (promised === undefined) hold(w.variables, to, variable);
    else w.variables.made.add(to);
    return;
  }
  line(w, depth, unit, `${promised} = ${variable}.copy()`);
  hold(w.variables, to, promised);
}

function line(w: Writer, depth: number, unit: number, written: string): void {
  w.lines.push({ text: `${"    ".repeat(depth)}${written}`, unit });
}

function one(w: Writer, definition: Definition, depth: number): void {
  switch (definition.kind) {
    case "assign": {
      const made = shaped(w, definition.version, definition.code);
      const code = text(w, made);
      // At the end of a turn or a way it is the variable that goes round.
      const promised = w.variables.of.get(definition.version);
      const variable = promised ?? freeName(w, definition.name);
      if (promised !== undefined) save(w, promised, definition.version, depth, definition.unit);
      hold(w.variables, definition.version, variable);
      const isPart = (made.kind === "subscript" && w.written.has(definition.version)) || made.kind === "name";
      line(w, depth, definition.unit, `${variable} = ${code}${isPart ? ".copy()" : ""}`);
      return;
    }
    case "store": {
      const promised = w.variables.of.get(definition.version);
      const held = w.variables.of.get(definition.base);
      if (promised !== undefined && held !== promised) {
        line(
          w,
          depth,
          definition.unit,
          `${promised} = ${text(w, nameOf(definition.base, definition.target.span))}.copy()`,
        );
        hold(w.variables, definition.base, promised);
      }
      if (promised !== undefined) save(w, promised, definition.version, depth, definition.unit);
      const variable = promised ?? owned(w, definition.base, definition.name, depth, definition.unit);
      const value = text(w, tolerant(definition.value, w.absent));
      const target = text(w, definition.target);
      const name = definition.target.kind === "constant" ? definition.target.value : undefined;
      const labels = w.absent.labelsOf(definition.base);
      const isLabel = typeof name === "string" && w.known.labels.has(name);
      w.labels.set(definition.version, isLabel ? new Set([...labels, name]) : labels);
      const index = definition.where ? `.loc[${text(w, definition.where)}, ${target}]` : `[${target}]`;
      hold(w.variables, definition.version, variable);
      line(w, depth, definition.unit, `${variable}${index} = ${value}`);
      return;
    }
    case "loop": {
      const carried = wanted(w, definition);
      for (const one of carried) {
        const variable = owned(w, one.before, one.name, depth, definition.unit);
        hold(w.variables, one.start, variable);
        w.labels.set(one.start, w.absent.labelsOf(one.before));
        for (const version of [...one.ends, one.after]) promise(w.variables, version, variable);
      }
      const [first] = carried;
      const over = text(w, definition.iterable);
      const target = printExpr(definition.target);
      const frame = first ? w.variables.of.get(first.start) : undefined;
      const isByColumn = frame !== undefined && choosesColumns(w, definition, carried);
      if (isByColumn) w.own.add("present");
      line(w, depth, definition.unit, `for ${target} in ${isByColumn ? `present(${over}, ${frame})` : over}:`);
      block(w, definition.body, depth + 1);
      for (const one of carried) {
        carryLabels(w, one);
        w.variables.made.add(one.after);
      }
      return;
    }
    case "branch":
      branch(w, definition, depth);
  }
}

/** The code of a version with no more columns than are asked for, and than a raw row may have. */
function shaped(w: Writer, version: string, written: Expr): Expr {
  const code = chosenPart(written, w.taken);
  const columns = w.demand.columns.get(version);
  w.labels.set(version, labelsIn(code, w.absent));
  return tolerant(columns ? narrowed(code, columns, w.absent) : code, w.absent);
}

/** What goes round may have the labels of any of its versions. */
function carryLabels(w: Writer, { before, start, ends, after }: Carried): void {
  const all = new Set([before, ...ends].flatMap((version) => [...w.absent.labelsOf(version)]));
  for (const version of [start, after]) w.labels.set(version, all);
}

/** Both ways change the variable that holds the version before; a copy is kept where that one is needed after them. */
function branch(w: Writer, definition: BranchDefinition, depth: number): void {
  const { skipped } = w.variables;
  const start = w.position;
  const [middle = start, end = start] = w.variables.ends.get(definition) ?? [];
  const carried = wanted(w, definition);
  for (const one of carried) {
    const variable = w.variables.of.get(one.before);
    if (variable === undefined) {
      w.lost.add(one.before);
      continue;
    }
    save(w, variable, "", depth, definition.unit, end);
    for (const version of [...one.ends, one.after])
      if (!w.variables.made.has(version)) promise(w.variables, version, variable);
  }
  const test = text(w, definition.test);
  const [yes, no] = definition.ways;
  const isLive = (way: readonly Definition[]): boolean => way.some((inner) => w.demand.live.has(inner));
  const held = new Map(carried.map(({ before }) => [before, w.variables.of.get(before)]));
  const [isYes, isNo] = [isLive(yes), isLive(no)];
  if (isYes) line(w, depth, definition.unit, `if ${test}:`);
  skipped.push([middle, end]);
  block(w, yes, depth + 1);
  skipped.pop();
  // The other way begins with what was held before this one.
  for (const [version, variable] of held) if (variable !== undefined) hold(w.variables, version, variable);
  if (isNo) line(w, depth, definition.unit, isYes ? "else:" : `if not (${test}):`);
  skipped.push([start, middle]);
  block(w, no, depth + 1);
  skipped.pop();
  for (const one of carried) {
    carryLabels(w, one);
    w.variables.made.add(one.after);
  }
}

/** The loop does nothing but write columns that its variable names: of a raw row, the label is not there, and its turn is left out. */
function choosesColumns(w: Writer, { target, body }: LoopDefinition, [first, ...more]: readonly Carried[]): boolean {
  const stores = [...allDefinitions(body)].filter((inner) => inner.kind === "store" && w.demand.live.has(inner));
  const isOfTurn = (inner: Definition): boolean =>
    inner.kind === "store" && inner.target.kind === "name" && target.kind === "name" && inner.target.id === target.id;
  return first !== undefined && more.length === 0 && stores.length > 0 && stores.every(isOfTurn);
}

/** What goes round in a loop, or through a branch, and is needed. */
function wanted(w: Writer, { carried }: Definition & { readonly kind: "loop" | "branch" }): readonly Carried[] {
  return carried.filter(({ start, after }) => w.demand.columns.has(start) || w.demand.columns.has(after));
}

/** The variable of a version that may be changed in place; a copy where it is still needed as it is. */
function owned(w: Writer, base: string, name: string, depth: number, unit: number): string {
  const variable = w.variables.of.get(base);
  if (variable === undefined) {
    w.lost.add(base);
    return name;
  }
  if (neededIn(w.variables, variable, w.position).length === 0) return variable;
  const copy = freeName(w, name);
  line(w, depth, unit, `${copy} = ${variable}.copy()`);
  return copy;
}

/** A variable is going to be changed: what it holds and is needed afterwards is kept in another one. */
function save(w: Writer, variable: string, but: string, depth: number, unit: number, until = w.position): void {
  const needed = neededIn(w.variables, variable, until, but);
  if (needed.length === 0) return;
  const copy = freeName(w, variable);
  line(w, depth, unit, `${copy} = ${variable}.copy()`);
  for (const version of needed) hold(w.variables, version, copy);
}

/** Names of the predictor's own. */
const reserved = new Set(
  (
    "state present as_table squeezed with_columns with_parts as_category apply_bins apply_codes by_group " +
    "all_rows kept_rows complete_rows distinct_rows sorted_rows seen_rows for_each asked_rows nearby_rows"
  ).split(" "),
);

/** The wanted name, unless a version that is still needed has it. */
function freeName(w: Writer, wanted: string): string {
  const base = wanted.replace(/^_(\d+)$/, "part_$1");
  if (!reserved.has(base) && !isTaken(w.variables, base, w.position)) return base;
  for (let i = 2; ; i++) if (!isTaken(w.variables, `${base}_${i}`, w.position)) return `${base}_${i}`;
}

/** Text of an expression: versions by their variables, cuts by their fields. */
function text(w: Writer, code: Expr): string {
  return printExpr(
    mapNames(overGroups(chosenPart(code, w.taken), w.lags), (id, span) => {
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
        const variable = w.variables.of.get(id);
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
