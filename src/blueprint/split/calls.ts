import type { CallExpr } from "../../python/ir.ts";
import { argumentsOf, type MethodCall, poison } from "./arguments.ts";
import { type Bound, fitted, holdsRows, isRow } from "./bound.ts";
import { callMethod, instanceOf } from "./classes.ts";
import { rowsOf } from "./combine.ts";
import { changedByMethod } from "./containers.ts";
import { applyEstimator, fitEstimator, fitTransform } from "./estimators.ts";
import { callUser } from "./functions.ts";
import { callLibrary, randomRows } from "./library.ts";
import { type Machine, now, trouble } from "./machine.ts";
import { callRowMethod } from "./methods.ts";
import { applied } from "./rules.ts";

/** What a call gives. */
export function callExpr(m: Machine, expr: CallExpr): Bound {
  const { func } = expr;
  if (func.kind === "attribute") {
    const base = m.evaluate(func.value);
    if (base.kind === "member") return callLibrary(m, expr, `${base.member}.${func.attr}`, argumentsOf(m, expr));
    const call = { expr, func, base, given: argumentsOf(m, expr) };
    return isRow(base) ? callRowMethod(m, call) : callStatic(m, call);
  }
  const callee = m.evaluate(func);
  const given = argumentsOf(m, expr);
  if (callee.fn) return callUser(m, expr, callee.fn, given);
  if (callee.kind === "class") return instanceOf(m, expr, callee, given);
  if (callee.kind === "member") return callLibrary(m, expr, callee.member ?? "", given);
  const row = given.all.find(holdsRows);
  const rows = row && rowsOf(row);
  if (rows) poison(m, expr, given.all);
  return rows ? trouble(m, "unknown operation", expr, rows, given.all) : fitted();
}

/** A method of something that training knows. */
function callStatic(m: Machine, call: MethodCall): Bound {
  const { expr, func, base, given } = call;
  const { attr } = func;
  const own = callMethod(m, call);
  if (own) return own;
  const row = given.all.filter(holdsRows);
  const [first] = row;
  const changed = changedByMethod(m, expr, attr, base, given);
  if (changed) return changed;
  if (attr === "fit" || attr === "partial_fit") return fitEstimator(m, call);
  if (!first)
    return (
      randomRows(
        m,
        expr,
        /^(?:random|normal|uniform|integers|rand|randn|randint|choice|permutation|standard_normal|poisson|exponential|binomial|beta|gamma)$/.test(
          attr,
        ),
        given,
      ) ?? staticMethod(m, attr, base)
    );
  if (attr === "fit_transform" || attr === "fit_predict" || attr === "fit_resample" || attr === "fit_sample")
    return fitTransform(m, call);
  if (applied.has(attr) && (base.kind === "estimator" || base.kind === "value")) return applyEstimator(m, call);
  // Scores, splits of folds: figures and row numbers that training knows.
  if (/^(?:score|split|get_n_splits|evaluate|staged_predict|plot|set_params|log_metric|get)$/.test(attr))
    return fitted();
  const rows = rowsOf(first);
  if (!rows) return fitted();
  poison(m, expr, given.all);
  return trouble(m, "unknown operation", expr, rows, [base, ...given.all]);
}

function staticMethod(m: Machine, attr: string, base: Bound): Bound {
  if (attr === "copy") return { ...now(m, base), object: undefined };
  if (
    (base.kind === "mapping" || base.kind === "sequence") &&
    holdsRows(base) &&
    /^(?:items|values|keys|pop|get)$/.test(attr)
  )
    return { ...base, object: undefined };
  return fitted();
}
