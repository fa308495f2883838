import type { CallExpr, ClassStmt, FunctionStmt } from "../../python/ir.ts";
import type { Given, MethodCall } from "./arguments.ts";
import { type Bound, fitted, holdsRows } from "./bound.ts";
import { callUser } from "./functions.ts";
import { change, type Machine, now, placed } from "./machine.ts";

/** Methods by which an estimator is known: such a class is kept as a whole, and its `transform` stands for new rows. */
const estimators =
  /^(?:fit|fit_transform|transform|predict|predict_proba|__call__|__getattr__|__setattr__|__getattribute__|__new__)$/;

/** A class of the notebook whose methods can be gone through like functions: it inherits nothing and is no estimator. */
export function classOf(stmt: ClassStmt, unit: number): Bound {
  const isPlain =
    stmt.bases.length + stmt.keywords.length + stmt.decorators.length === 0 &&
    stmt.body.every((one) =>
      one.kind === "function"
        ? one.decorators.length === 0 && !estimators.test(one.name)
        : one.kind === "expr" && one.value.kind === "constant",
    );
  return fitted("class", isPlain ? { cls: { stmt, unit } } : {});
}

function methodOf({ stmt }: NonNullable<Bound["cls"]>, name: string): FunctionStmt | undefined {
  const found = stmt.body.filter((one) => one.kind === "function" && one.name === name);
  const [method] = found;
  return found.length === 1 && method?.kind === "function" ? method : undefined;
}

/** `Rates("branch")`: an object whose attributes training knows. */
export function instanceOf(m: Machine, expr: CallExpr, callee: Bound, given: Given): Bound {
  const { cls } = callee;
  if (!cls || m.depth > 0 || m.calls.length > 0 || given.all.some(holdsRows)) return fitted("estimator");
  const instance = placed(m, fitted("estimator", { cls, entries: new Map() }));
  const init = methodOf(cls, "__init__");
  if (init)
    callUser(m, expr, { definition: init, name: "__init__", unit: cls.unit, isMethod: true }, self(instance, given));
  return now(m, instance);
}

function self(instance: Bound, { positional, named, all }: Given): Given {
  return { positional: [instance, ...positional], named, all: [instance, ...all] };
}

/** A method that is given rows stands at its call; undefined where it is none of the class. */
export function callMethod(m: Machine, { expr, func, base, given }: MethodCall): Bound | undefined {
  const method = base.cls && methodOf(base.cls, func.attr);
  if (!base.cls || !method) return undefined;
  const fn = { definition: method, name: func.attr, unit: base.cls.unit, isMethod: true } as const;
  return callUser(m, expr, fn, self(base, given));
}

/** `self.a = value`: what training knows of an object of the notebook. */
export function storeAttribute(m: Machine, base: Bound, attr: string, value: Bound): void {
  const entries = new Map(base.entries);
  entries.set(attr, m.depth > 0 ? fitted() : value);
  change(m, base, { ...base, entries });
}
