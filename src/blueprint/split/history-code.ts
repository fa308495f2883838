import type { Span } from "../../foundation/span.ts";
import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { walkExpr } from "../../python/walk.ts";
import { allDefinitions, type Definition } from "./graph.ts";
import { nameOf } from "./machine.ts";
import { rewritten } from "./names.ts";

/** Where the notebook computes a lag. */
export interface LagPlace {
  readonly unit: number;
  readonly span: Span;
  /** The column or variable that it goes into. */
  readonly text: string;
}

/** How the lags of one answer are written down. */
export interface LagCode {
  /** The definition of the notebook's own level after which no lag is computed any more. */
  readonly last: Definition;
  /** The rows that are looked at last. */
  readonly view: string;
  readonly first: LagPlace;
  /** Rows of other groups than those that are asked for are never looked at. */
  readonly isByOne: boolean;
  /** The columns of these groups, where they can be told apart as soon as the rows are known. */
  readonly keys?: Expr;
}

interface Found {
  readonly at: number;
  readonly place: LagPlace;
  readonly definition: Definition;
  readonly view: string;
  readonly by?: Expr;
}

/** Looks for lags among the definitions that an answer needs; undefined where there is none. */
export function lagCode(definitions: readonly Definition[], live: ReadonlySet<Definition>): LagCode | undefined {
  const found: Found[] = [];
  const stores: { readonly target: string; readonly at: number }[] = [];
  const made = new Map<string, number>();
  let count = 0;
  for (const definition of definitions)
    for (const one of allDefinitions([definition])) {
      count++;
      if (!live.has(one)) continue;
      if (one === definition) made.set(one.version, count);
      if (one.kind === "store" && one.target.kind === "constant")
        stores.push({ target: String(one.target.value), at: count });
      const at = count;
      for (const code of codesIn(one))
        walkExpr(code, (expr) => {
          if (expr.kind !== "call" || expr.func.kind !== "name" || expr.func.id !== "%seen_rows") return;
          const [, seen, by] = expr.args;
          if (seen?.kind !== "name") return;
          const text = one.kind === "store" ? printExpr(one.target) : one.name;
          const place = { unit: one.unit, span: expr.span, text };
          found.push({ at, place, definition, view: seen.id, ...(by ? { by } : {}) });
        });
    }
  const [first] = found;
  const last = found.at(-1);
  if (!first || !last) return undefined;
  const { view, by } = last;
  const names = new Set(textsOf(by));
  const isSame = by !== undefined && found.every((one) => one.by && printExpr(one.by) === printExpr(by));
  const isOneView = found.every((one) => one.view === view);
  const from = Math.min(first.at, isOneView ? (made.get(view) ?? 0) : Number.POSITIVE_INFINITY);
  const isStored = stores.some(({ target, at }) => names.has(target) && from < at && at <= last.at);
  const isByOne = isSame && !isStored;
  const maker = definitions.find((one) => one.version === view);
  const table = isByOne && isOneView && maker?.kind === "assign" ? tableOf(maker.code) : undefined;
  const has = table && [...names].every((name) => textsOf(table.index).includes(name));
  const keys: Pick<LagCode, "keys"> = table && has && by ? { keys: { ...table, index: by } } : {};
  return { last: last.definition, view, first: first.place, isByOne, ...keys };
}

/** The table by whose columns rows are put in order. */
function tableOf(code: Expr): (Expr & { kind: "subscript" }) | undefined {
  const isSort = code.kind === "call" && code.func.kind === "name" && code.func.id === "%sorted_rows";
  const table = isSort ? code.args[0] : undefined;
  return table?.kind === "subscript" ? table : undefined;
}

function textsOf(list: Expr | undefined): readonly string[] {
  return list?.kind === "list" ? list.items.flatMap((one) => (one.kind === "constant" ? String(one.value) : [])) : [];
}

function codesIn(one: Definition): readonly Expr[] {
  switch (one.kind) {
    case "assign":
      return [one.code];
    case "store":
      return [one.target, one.value, ...(one.where ? [one.where] : [])];
    case "loop":
      return [one.iterable];
    case "branch":
      return [one.test];
  }
}

/** What the lags are computed into, as code that asks for it; undefined where a loop or branch computes them. */
export function lagResults(
  definitions: readonly Definition[],
  live: ReadonlySet<Definition>,
): readonly Expr[] | undefined {
  const out: Expr[] = [];
  for (const one of definitions) {
    if (!live.has(one)) continue;
    const { kind } = one;
    if (kind === "loop" || kind === "branch") {
      if ([...allDefinitions([one])].some((inner) => live.has(inner) && codesIn(inner).some(hasLag))) return undefined;
    } else if (codesIn(one).some(hasLag)) {
      const value = nameOf(one.version, codesIn(one)[0]?.span ?? { start: 0, end: 0 });
      if (kind === "assign") out.push(value);
      else if (one.target.kind !== "constant") return undefined;
      else out.push({ kind: "subscript", value, index: one.target, span: value.span });
    }
  }
  return out;
}

/** Versions of definitions that are left out, with the version that each is then. */
export function versionsBefore(
  definitions: readonly Definition[],
  live: ReadonlySet<Definition>,
): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const one of definitions) {
    if (live.has(one)) continue;
    if (one.kind === "store") out.set(one.version, one.base);
    else if (one.kind === "loop" || one.kind === "branch")
      for (const { before, after } of one.carried) out.set(after, before);
  }
  return out;
}

/** The code with a look at the rows of all groups, unless all lags are of the same ones. */
export function overGroups(code: Expr, lags: LagCode | undefined): Expr {
  if (!lags || lags.isByOne) return code;
  return rewritten(code, (one) => {
    if (one.kind !== "call" || one.func.kind !== "name" || one.func.id !== "%seen_rows") return undefined;
    return { ...one, args: one.args.slice(0, 2).map((arg) => overGroups(arg, lags)) };
  });
}

/** True where the code itself computes a lag. */
export function hasLag(code: Expr): boolean {
  let found = false;
  walkExpr(code, (expr) => {
    if (expr.kind === "name" && expr.id === "%for_each") found = true;
  });
  return found;
}
