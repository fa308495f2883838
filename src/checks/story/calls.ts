import type { CallExpr } from "../../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { all } from "./combine.ts";
import { asked, made } from "./estimators.ts";
import { enter } from "./functions.ts";
import { library } from "./library.ts";
import { box, figure, lookUp, type Machine } from "./machine.ts";
import { method } from "./methods.ts";
import { splitMethod } from "./splits.ts";
import { boxOf } from "./targets.ts";
import { type Box, lessonsOf, unknown, type Value } from "./values.ts";

/** What a call gives. */
export function call(m: Machine, expr: CallExpr): Value {
  const { func } = expr;
  const args = argumentsOf(m, expr);
  if (func.kind === "attribute") {
    const self = boxOf(m, func.value);
    if (self.value.kind === "member") {
      const member = `${self.value.member}.${func.attr}`;
      return ofLibrary(m, member, args, expr);
    }
    if (self.value.estimator) return asked(m, self.value, func.attr, args, expr);
    if (self.value.split) return splitMethod(m, self.value.split, func.attr, args, expr);
    if (self.value.kind === "function" || self.value.kind === "other") return figure(all(args.all));
    return method(m, self, func, args, expr);
  }
  if (func.kind === "name") {
    const held = lookUp(m, func.id)?.value;
    if (!held) return ofLibrary(m, func.id, args, expr);
    return invoke(m, held, args, expr, func.id);
  }
  return invoke(m, m.evaluate(func), args, expr, "");
}

function invoke(m: Machine, callee: Value, args: Arguments, expr: CallExpr, name: string): Value {
  if (callee.fn)
    return enter(m, callee.fn, args.positional, args.named, {
      unit: m.unit,
      span: expr.span,
      name: name || callee.fn.name,
    });
  if (callee.kind === "member" && callee.member !== undefined) return ofLibrary(m, callee.member, args, expr);
  return args.all.length > 0 ? figure(all(args.all)) : unknown;
}

function ofLibrary(m: Machine, member: string, args: Arguments, expr: CallExpr): Value {
  return made(m, member, args, expr) ?? library(m, member, args, expr);
}

/** Evaluates the arguments of a call, each once. */
export function argumentsOf(m: Machine, expr: CallExpr): Arguments {
  const positional: Box[] = [];
  for (const arg of expr.args) {
    if (arg.kind !== "starred") positional.push(boxOf(m, arg));
    else positional.push(...(m.evaluate(arg.value).items ?? [box(unknown)]));
  }
  const named = new Map<string, Box>();
  let open: Value | undefined;
  for (const { name, value } of expr.keywords) {
    if (name !== undefined) named.set(name, boxOf(m, value));
    else {
      open = m.evaluate(value);
      for (const [key, held] of open.entries ?? []) named.set(key, held);
    }
  }
  const values = [...positional, ...named.values()].map(({ value }) => value);
  return { positional, named, all: open && lessonsOf(open).size > 0 ? [...values, open] : values };
}
