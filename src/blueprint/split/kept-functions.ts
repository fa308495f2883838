import type { Expr } from "../../python/ir.ts";
import { walkExpr, walkStmtExprs, walkStmts } from "../../python/walk.ts";
import type { UserFunction } from "./bound.ts";
import { holdsRows } from "./bound.ts";
import { mutators } from "./containers.ts";
import { cut, globalScope, lookUp, type Machine, nameOf, now } from "./machine.ts";
import { mapNames, namesIn } from "./names.ts";
import { clock } from "./rules.ts";

/**
 * The predictor's code for a function that is called for each entry: as it is written, with the variables of the notebook
 * that it reads handed over from the state. undefined where it reads rows.
 */
export function functionCode(m: Machine, fn: UserFunction, written: Expr): Expr | undefined {
  const { definition } = fn;
  if (!isPure(m, definition)) return undefined;
  const fields = new Map<string, Expr>();
  for (const name of [...namesIn(definition)].sort()) {
    const value = lookUp(m, name);
    if (!value || value.kind === "member" || m.keys.includes(name)) continue;
    if (holdsRows(value)) return undefined;
    if (value.kind === "class") continue;
    if (value.fn) {
      // A function that is called inside: it may read variables too.
      if (!isClosed(m, value.fn, new Set([fn.name]))) return undefined;
      continue;
    }
    fields.set(
      name,
      cut(
        m,
        name,
        "unknown",
        { kind: "before", unit: m.unit, span: written.span, call: "keep", value: name },
        undefined,
        name,
      ),
    );
  }
  if (fields.size === 0) return written;
  if (definition.kind === "lambda") return mapNames(written, (id) => fields.get(id));
  const argument = nameOf("value", written.span);
  const call: Expr = {
    kind: "call",
    func: written,
    args: [argument],
    keywords: [...fields].map(([name, value]) => ({ name, value, span: written.span })),
    span: written.span,
  };
  const [param] = definition.params;
  if (!param) return undefined;
  return {
    kind: "lambda",
    params: [{ name: "value", type: "normal", span: written.span }],
    body: call,
    span: written.span,
  };
}

/** It does the same for an entry whatever came before it: it changes nothing that it did not make, draws nothing, reads no clock. */
function isPure(m: Machine, definition: UserFunction["definition"]): boolean {
  const free = namesIn(definition);
  let isSame = true;
  const look = (expr: Expr): void => {
    if (expr.kind !== "call") return;
    const { func } = expr;
    const member = memberOf(m, func);
    if (
      member !== undefined &&
      (/^(?:numpy\.random|random)\.|^(?:next|input|open)$/.test(member) || clock.test(member))
    )
      isSame = false;
    if (func.kind === "attribute" && mutators.has(func.attr) && func.value.kind === "name" && free.has(func.value.id))
      isSame = false;
    // A method of the notebook's own may count its calls.
    if (
      func.kind === "attribute" &&
      func.value.kind === "name" &&
      free.has(func.value.id) &&
      lookUp(m, func.value.id)?.cls
    )
      isSame = false;
  };
  if (definition.kind === "lambda") walkExpr(definition.body, look);
  else {
    walkStmtExprs(definition.body, look);
    walkStmts(definition.body, (stmt) => {
      if (stmt.kind === "global" || stmt.kind === "nonlocal") isSame = false;
      const targets = stmt.kind === "assign" ? stmt.targets : stmt.kind === "augassign" ? [stmt.target] : [];
      for (const target of targets)
        if (
          (target.kind === "subscript" || target.kind === "attribute") &&
          target.value.kind === "name" &&
          free.has(target.value.id)
        )
          isSame = false;
    });
  }
  return isSame;
}

/** The name in a library, or of a builtin, that is called. */
function memberOf(m: Machine, func: Expr): string | undefined {
  if (func.kind === "attribute") {
    const base = memberOf(m, func.value);
    return base === undefined ? undefined : `${base}.${func.attr}`;
  }
  if (func.kind !== "name") return undefined;
  const found = lookUp(m, func.id);
  return found ? found.member : func.id;
}

/** It reads no variable of the notebook, nor does a function that it calls. */
function isClosed(m: Machine, fn: UserFunction, seen: Set<string>): boolean {
  if (seen.has(fn.name)) return true;
  seen.add(fn.name);
  return [...namesIn(fn.definition)].every((name) => {
    const held = globalScope(m).names.get(name);
    const value = held && now(m, held);
    if (!value || value.kind === "member" || value.kind === "class") return true;
    return value.fn !== undefined && isClosed(m, value.fn, seen);
  });
}
