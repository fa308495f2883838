import { box, type Machine } from "./machine.ts";
import { type Box, type Call, either, type Scope, type UserFunction, unknown, type Value } from "./values.ts";

/** Runs a function of the notebook on values, where it is called. */
export function enter(
  m: Machine,
  fn: UserFunction,
  given: readonly Box[],
  named: ReadonlyMap<string, Box>,
  call: Call,
): Value {
  const { definition } = fn;
  if (m.running.has(definition) || m.calls.length > 8 || m.steps < 0) return unknown;
  const scope: Scope = { names: new Map(), outer: fn.scope };
  let place = 0;
  for (const param of definition.params) {
    const arg = named.get(param.name) ?? (param.type === "keyword-only" ? undefined : given[place++]);
    const value = arg ?? (param.default ? box(m.evaluate(param.default)) : box(unknown));
    scope.names.set(param.name, value);
  }
  const [outer, unit, calls] = [m.scope, m.unit, m.calls];
  m.running.add(definition);
  m.scope = scope;
  m.unit = fn.unit;
  m.calls = [...calls, call];
  let out: Value;
  if (definition.kind === "lambda") out = m.evaluate(definition.body);
  else {
    m.returns.push([]);
    m.execute(definition.body);
    const all = m.returns.pop() ?? [];
    out = all.length === 0 ? unknown : all.reduce(either);
  }
  [m.scope, m.unit, m.calls] = [outer, unit, calls];
  m.running.delete(definition);
  return out;
}
