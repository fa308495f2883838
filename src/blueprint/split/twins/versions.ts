import type { Expr } from "../../../python/ir.ts";
import type { BranchDefinition, Definition, LoopDefinition, StoreDefinition } from "../graph.ts";
import { branchLabel, column, type Numbers, op, selected, unknown, withColumn } from "./nodes.ts";
import { numberOf, textsOf } from "./number.ts";

/** More turns than this are not gone through one by one. */
const mostTurns = 40;

/** Gives a number to each version that the definitions make, in the order of the notebook. */
export function numberAll(n: Numbers, definitions: readonly Definition[]): void {
  for (const one of definitions) {
    n.unit = one.unit;
    n.call = one.call;
    switch (one.kind) {
      case "assign":
        n.versions.set(one.version, numberOf(n, one.code));
        break;
      case "store":
        n.versions.set(one.version, stored(n, one));
        break;
      case "loop":
        loop(n, one);
        break;
      case "branch":
        branch(n, one);
    }
  }
}

function versionNumber(n: Numbers, version: string): number {
  return n.versions.get(version) ?? unknown(n);
}

function stored(n: Numbers, { base, target, where, value }: StoreDefinition): number {
  const before = versionNumber(n, base);
  const put = numberOf(n, value);
  const { span } = value;
  const masked = (name: string): number =>
    where ? op(n, ".loc[]=", [column(n, before, name, span), numberOf(n, where), put], span) : put;
  const one = target.kind === "name" ? n.turns.get(target.id) : undefined;
  const names = one === undefined ? textsOf(n, target) : [one];
  if (!names) return op(n, "[…]=", [before, numberOf(n, target), put, ...(where ? [numberOf(n, where)] : [])], span);
  if (target.kind !== "list" && !(target.kind === "name" && target.id.startsWith("@"))) {
    const [name = ""] = names;
    return withColumn(n, before, name, masked(name));
  }
  // Several columns at once: each is a part of what is put into them.
  return names.reduce(
    (table, name) => withColumn(n, table, name, where ? masked(name) : column(n, put, name, span)),
    before,
  );
}

function loop(n: Numbers, { target, iterable, body, carried, unit, call }: LoopDefinition): void {
  const texts = textsOf(n, iterable);
  const variable = target.kind === "name" ? target.id : undefined;
  const over = numberOf(n, iterable);
  const known = texts && variable !== undefined && texts.length <= mostTurns;
  const turns = known ? texts : [`*${over}`];
  const outer = variable === undefined ? undefined : n.turns.get(variable);
  const held = new Map(carried.map((one) => [one, versionNumber(n, one.before)]));
  for (const turn of turns) {
    if (variable !== undefined) n.turns.set(variable, turn);
    for (const one of carried) n.versions.set(one.start, held.get(one) ?? unknown(n));
    numberAll(n, body);
    for (const one of carried) held.set(one, versionNumber(n, one.ends[0] ?? one.start));
  }
  if (variable !== undefined) {
    if (outer === undefined) n.turns.delete(variable);
    else n.turns.set(variable, outer);
  }
  n.unit = unit;
  n.call = call;
  for (const one of carried) n.versions.set(one.after, held.get(one) ?? unknown(n));
}

function branch(n: Numbers, { test, ways, carried, unit, call }: BranchDefinition): void {
  const over = numberOf(n, test);
  const before = new Map(carried.map((one) => [one.start, versionNumber(n, one.before)]));
  const ends = ways.map((way, i) => {
    for (const [start, number] of before) n.versions.set(start, number);
    numberAll(n, way);
    return carried.map((one) => versionNumber(n, one.ends[i] ?? one.start));
  });
  n.unit = unit;
  n.call = call;
  carried.forEach((one, i) => {
    const [yes, no] = ends.map((all) => all[i]);
    const after =
      yes === undefined || no === undefined
        ? unknown(n)
        : yes === no
          ? yes
          : op(n, branchLabel, [over, yes, no], test.span);
    n.versions.set(one.after, after);
  });
}

/** The number of what is handed to a model, with the columns alone that it takes; "some": nobody knows which. */
export function handedOver(
  n: Numbers,
  unit: number,
  data: Expr,
  takes: readonly string[] | "some" | undefined,
): number {
  n.unit = unit;
  n.call = undefined;
  const whole = numberOf(n, data);
  return takes === undefined ? whole : selected(n, whole, takes === "some" ? undefined : takes, data.span);
}
