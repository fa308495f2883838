import type { Span } from "../foundation/span.ts";
import type { ClassStmt, FunctionStmt, LambdaExpr, Param, Stmt } from "../python/ir.ts";
import { type Arguments, madeArguments } from "./arguments.ts";
import { boundNames } from "./bound-names.ts";
import { goesThrough } from "./elements.ts";
import { codeIn, giveUp } from "./give-up.ts";
import { refer } from "./heap.ts";
import { fresh, type Machine, readDeep, signatureKey, useWhole } from "./machine.ts";
import { type Callable, type Frame, join, joinAll, plain, unknownValue, type Value } from "./value.ts";

const maxDepth = 12;

const classBodies = new WeakSet<Frame>();

/** The scope that a function or comprehension closes over where the code stands: the names of a class body are not seen from inside. */
export function closure(m: Machine): Frame | undefined {
  let { frame } = m;
  while (frame && classBodies.has(frame)) frame = frame.parent;
  return frame;
}

/** Calls a notebook function: its body is evaluated with the arguments, so its effects are those of this call. */
export function callFunction(
  m: Machine,
  callable: Callable & { kind: "function" },
  args: Arguments,
  span: Span,
): Value {
  const { definition } = callable;
  if (m.stack.includes(definition) || m.stack.length >= maxDepth || m.budget <= 0)
    return giveUp(m, callable, args, span);
  m.budget--;
  if (m.stack.length === 0) {
    m.callSite = span;
    m.given = { values: callable.self ? [callable.self, ...args.all] : args.all };
  }
  const isLambda = definition.kind === "lambda";
  const body: readonly Stmt[] = isLambda ? [] : definition.body;
  const scope = boundNames(body);
  const frame: Frame = { names: new Map(), parent: callable.frame, globals: scope.globals, locals: scope.bound };
  bindParameters(
    m,
    frame,
    definition.params,
    callable.self ? { ...args, positional: [callable.self, ...args.positional] } : args,
    span,
  );
  recordCall(m, definition, frame);
  const before = { frame: m.frame, returns: m.returns };
  m.frame = frame;
  m.returns = [];
  m.stack.push(definition);
  m.depth++;
  let result: Value;
  if (isLambda) result = m.see(definition.body);
  else {
    m.executeAll(body);
    result = m.returns.length > 0 ? joinAll(m.returns) : plain("None");
    if (isGenerator(body)) result = generator(m, callable, args, span, result.tags);
  }
  m.depth--;
  m.stack.pop();
  m.frame = before.frame;
  m.returns = before.returns;
  const signature = m.signatures.get(signatureKey(definition));
  if (signature) signature.result = signature.result ? join(signature.result, result) : result;
  return result;
}

const madeInPlace = new Set(["list", "dict", "set", "comprehension", "call"]);

/** Evaluates the defaults of a function where it is defined, once: an object made there lives as long as the function. */
export function keepDefaults(m: Machine, params: readonly Param[], owner: string): void {
  for (const { default: expr } of params) {
    if (!expr) continue;
    const value = m.evaluate(expr);
    m.defaults.set(expr, value);
    if (!madeInPlace.has(expr.kind)) continue;
    for (const id of value.objs) m.heap.get(id).partOf ??= `the defaults of '${owner}'`;
  }
}

function recordCall(m: Machine, definition: FunctionStmt | LambdaExpr, frame: Frame): void {
  const key = signatureKey(definition);
  const signature = m.signatures.get(key) ?? {
    params: new Map<string, Value>(),
    result: undefined,
    globals: new Set<string>(),
  };
  for (const [name, value] of frame.names) {
    const before = signature.params.get(name);
    signature.params.set(name, before ? join(before, value) : value);
  }
  m.signatures.set(key, signature);
}

function bindParameters(m: Machine, frame: Frame, params: readonly Param[], args: Arguments, span: Span): void {
  let position = 0;
  const anything = args.open ? joinAll(args.all) : undefined;
  for (const param of params) {
    if (param.type === "star") {
      const rest = args.positional.slice(position);
      frame.names.set(param.name, {
        type: "tuple",
        objs: new Set([fresh(m, span, "tuple", anything ? [...rest, anything] : rest).id]),
        tags: 0,
      });
      position = args.positional.length;
    } else if (param.type === "double-star") {
      const rest = [...args.named].filter(([name]) => !params.some((p) => p.name === name)).map(([, value]) => value);
      frame.names.set(param.name, {
        type: "dict",
        objs: new Set([fresh(m, span, "dict", anything ? [...rest, anything] : rest).id]),
        tags: 0,
      });
    } else {
      const given =
        args.named.get(param.name) ?? (param.type === "keyword-only" ? undefined : args.positional[position]);
      if (param.type !== "keyword-only" && !args.named.has(param.name)) position++;
      const fallback = param.default ? (m.defaults.get(param.default) ?? m.evaluate(param.default)) : unknownValue;
      if (given === undefined) readDeep(m, fallback, param.name);
      frame.names.set(param.name, given ?? (anything ? join(anything, fallback) : fallback));
    }
  }
}

/** What a generator function gives: its body runs when that is used. */
function generator(
  m: Machine,
  callable: Callable & { kind: "function" },
  args: Arguments,
  span: Span,
  tags: number,
): Value {
  const obj = fresh(m, span, "iterator", m.returns);
  const again = (): void => {
    callFunction(m, callable, args, span);
  };
  if (m.resuming.size === 0) goesThrough(m, obj, [...args.all, ...(callable.self ? [callable.self] : [])], again);
  return { type: "iterator", objs: new Set([obj.id]), tags };
}

function isGenerator(body: readonly Stmt[]): boolean {
  return body.some((stmt) => JSON.stringify(stmt).includes('"kind":"yield"'));
}

/** Makes an instance of a notebook class: `__init__` runs on it. */
export function instantiate(m: Machine, callable: Callable & { kind: "class" }, args: Arguments, span: Span): Value {
  const obj = fresh(m, span, `instance:${callable.name}`);
  const self: Value = { type: `instance:${callable.name}`, objs: new Set([obj.id]), tags: 0, callables: [] };
  for (const member of callable.members.values()) for (const inner of member.callables ?? []) obj.callables.add(inner);
  obj.fields.set("__class__", { ...plain("class"), callables: [callable] });
  const init = method(callable, "__init__");
  if (init) callFunction(m, { ...init, self }, args, span);
  else for (const value of args.all) for (const id of value.objs) refer(m.heap, obj, id);
  return { type: `instance:${callable.name}`, objs: new Set([obj.id]), tags: 0 };
}

/** A method of a notebook class, looked up through its notebook bases. */
export function method(
  callable: Callable & { kind: "class" },
  name: string,
): (Callable & { kind: "function" }) | undefined {
  const own = callable.members.get(name)?.callables?.find((c) => c.kind === "function");
  if (own?.kind === "function") return own;
  for (const base of callable.bases)
    for (const c of base.callables ?? [])
      if (c.kind === "class") {
        const found = method(c, name);
        if (found) return found;
      }
  return undefined;
}

/** Names of what a notebook class and its notebook bases define. */
export function methodNames(callable: Callable & { kind: "class" }): ReadonlySet<string> {
  const bases = callable.bases.flatMap((base) => base.callables ?? []);
  return new Set([
    ...callable.members.keys(),
    ...bases.flatMap((base) => (base.kind === "class" ? [...methodNames(base)] : [])),
  ]);
}

/** A static method: it gets no instance. */
export function isStatic({ definition }: Callable & { kind: "function" }): boolean {
  return (
    definition.kind === "function" && definition.decorators.some((d) => d.kind === "name" && d.id === "staticmethod")
  );
}

/** What a class body gives a name, methods aside: the attribute that the class and its instances share. */
export function classAttribute(m: Machine, value: Value, name: string): Value | undefined {
  const classes = [...classesOf(m, value), ...(value.callables ?? []).filter((c) => c.kind === "class")];
  const found = classes.map((c) => c.members.get(name)).filter((v) => v !== undefined && !v.callables);
  return found.reduce((a, b) => (a && b ? join(a, b) : (a ?? b)), undefined);
}

/** The notebook classes that a value may be an instance of. */
export function classesOf(m: Machine, value: Value): readonly (Callable & { kind: "class" })[] {
  const out: (Callable & { kind: "class" })[] = [];
  for (const id of value.objs)
    for (const c of m.heap.get(id).fields.get("__class__")?.callables ?? []) if (c.kind === "class") out.push(c);
  return out;
}

/** True when a notebook class stands on a library class that follows scikit-learn's conventions. */
export function extendsEstimator(callable: Callable & { kind: "class" }): boolean {
  return callable.bases.some(
    (base) =>
      /^sklearn\./.test(base.member ?? "") ||
      (base.callables ?? []).some((c) => c.kind === "class" && extendsEstimator(c)),
  );
}

/** Runs a class body: its functions become members. */
export function defineClass(m: Machine, stmt: ClassStmt): Value {
  const bases = stmt.bases.map((base) => m.evaluate(base));
  for (const keyword of stmt.keywords) m.evaluate(keyword.value);
  const { globals } = boundNames(stmt.body);
  const frame: Frame = { names: new Map(), parent: m.frame, globals, locals: new Set() };
  const outer = m.frame;
  classBodies.add(frame);
  m.frame = frame;
  m.executeAll(stmt.body);
  m.frame = outer;
  const members = new Map(frame.names);
  const obj = fresh(
    m,
    stmt.span,
    "class",
    [...members.values()].filter((value) => !value.callables),
  );
  for (const id of m.heap.reach(obj.contents)) m.heap.get(id).partOf ??= `the class '${stmt.name}'`;
  const made: Value = {
    ...plain("class"),
    objs: new Set([obj.id]),
    callables: [{ kind: "class", name: stmt.name, definition: stmt, members, bases }],
  };
  for (const base of bases)
    for (const c of base.callables ?? []) {
      const tell = c.kind === "class" ? method(c, "__init_subclass__") : undefined;
      if (tell) callFunction(m, { ...tell, self: made }, madeArguments([]), stmt.span);
    }
  return made;
}

/** What a decorator of the notebook makes of a definition. One that changes anything else on the way is refused: the product defines it elsewhere. */
export function decorate(m: Machine, decorator: Value, made: Value, span: Span): Value {
  const args = madeArguments([made]);
  let out = made;
  for (const callable of decorator.callables ?? []) {
    const before = new Set(m.trace.mutated);
    const effects = m.trace.writes.size + m.trace.tokenWrites.size;
    out = join(
      out,
      callable.kind === "function" ? callFunction(m, callable, args, span) : instantiate(m, callable, args, span),
    );
    const changed = [...m.trace.mutated].some(
      (id) => !before.has(id) && m.heap.get(id).history.some((unit) => unit !== m.unit),
    );
    if (changed || m.trace.writes.size + m.trace.tokenWrites.size > effects)
      m.trace.inPlace ??= `decorates a definition with '${callable.name}', which changes something else`;
  }
  return out;
}

/** A function or class of the notebook that reads an attribute as a property: what its code gives. */
export function property(m: Machine, base: Value, name: string, span: Span): Value | undefined {
  let out: Value | undefined;
  for (const c of classesOf(m, base)) {
    const own = method(c, name);
    const decorators = own?.definition.kind === "function" ? own.definition.decorators : [];
    if (
      !own ||
      !decorators.some((d) => /property$/.test(d.kind === "name" ? d.id : d.kind === "attribute" ? d.attr : ""))
    )
      continue;
    const value = callFunction(m, { ...own, self: base }, madeArguments([]), span);
    out = out ? join(out, value) : value;
  }
  return out;
}

/** Calls every function a value may be or hold with made-up arguments: what a library that takes a callback does. */
export function callBack(m: Machine, value: Value, args: Arguments, span: Span): Value | undefined {
  let out: Value | undefined;
  m.unsure++;
  for (const c of new Set(codeIn(m, value))) {
    const result = c.kind === "function" ? callFunction(m, c, args, span) : instantiate(m, c, args, span);
    out = out ? join(out, result) : result;
  }
  m.unsure--;
  // What becomes of it is for the library to know.
  if (out) useWhole(m, out, "a result");
  return out;
}
