import type { Span } from "../foundation/span.ts";
import type { AttributeExpr, ComprehensionExpr, ConstantExpr, Expr, NameExpr } from "../python/ir.ts";
import { call } from "./calls.ts";
import { justRows } from "./columns/demand-map.ts";
import { isFrame, readAttribute, selected } from "./columns/tables.ts";
import { consume, goesThrough, iterated } from "./elements.ts";
import { formatted } from "./formatted.ts";
import { classAttribute, closure, keepDefaults, property } from "./functions.ts";
import { elementOf, isOfLibraries, openType } from "./heap.ts";
import {
  bind,
  bindersOf,
  builtin,
  fresh,
  grasp,
  type Machine,
  meet,
  need,
  readToken,
  signatureKey,
  siteOf,
  tagsOf,
  useColumns,
  useWhole,
  viewOf,
} from "./machine.ts";
import { boundMethod, instanceField, isChanging, isKeptMethod } from "./members.ts";
import { meetAttribute, operate } from "./operate.ts";
import { partNow } from "./parts.ts";
import { noteSettingRead } from "./settings.ts";
import { subscript } from "./subscript.ts";
import { assign, describe } from "./targets.ts";
import {
  type Frame,
  join,
  joinAll,
  joinedTexts,
  plain,
  possible,
  tag,
  textOf,
  unknownValue,
  type Value,
} from "./value.ts";

const comprehensionFrames = new WeakSet<Frame>();

/** The abstract value of an expression, all of which is read; what it reads, draws and changes is noted on the machine. */
export function evaluate(m: Machine, expr: Expr): Value {
  const value = see(m, expr);
  useWhole(m, value, describe(expr));
  return value;
}

/** The same, but the caller notes which columns of the value's tables are read. */
export function see(m: Machine, expr: Expr): Value {
  switch (expr.kind) {
    case "name":
      return readName(m, expr);
    case "constant":
      return constant(expr.type, expr.value);
    case "fstring":
      return formatted(m, expr.parts);
    case "attribute":
      return attribute(m, see(m, expr.value), expr.attr, expr.span);
    case "subscript": {
      const { value, index } = expr;
      if (value.kind === "attribute" && value.attr === "shape" && index.kind === "constant" && index.value === 0)
        return numberOfRows(m, value, expr.span);
      const which = value.kind === "attribute" ? value.attr : "";
      return subscript(m, see(m, value), evaluate(m, index), index, expr.span, which);
    }
    case "slice":
      for (const part of [expr.lower, expr.upper, expr.step]) if (part) evaluate(m, part);
      return plain("slice");
    case "call":
      return call(m, expr);
    case "binary":
      return binary(m, expr.op, evaluate(m, expr.left), evaluate(m, expr.right), expr.span);
    case "bool":
      // All but the last are asked for their truth.
      return joinAll(
        expr.values.map((value, i) => {
          const part = i === 0 ? see(m, value) : perhaps(m, value);
          if (i < expr.values.length - 1) useWhole(m, part, describe(value));
          m.operate(part);
          return part;
        }),
      );
    case "unary": {
      const operand = evaluate(m, expr.operand);
      m.operate(operand);
      if (expr.op === "not") return plain("bool", operand.tags);
      const negated = expr.op === "-" && typeof operand.constant === "number" ? { constant: -operand.constant } : {};
      const truth = expr.op === "~" && operand.truth ? { truth: true as const } : {};
      return { ...computed(m, [operand], operand.type, expr.span), ...negated, ...truth };
    }
    case "compare": {
      const parts = [expr.left, ...expr.comparators].map((part) => evaluate(m, part));
      for (const part of parts) m.operate(part);
      if (expr.ops.some((op) => op.startsWith("is"))) compareIdentity(m, parts);
      if (expr.ops.some((op) => op.endsWith("in"))) for (const part of parts) consume(m, part);
      // These ask one question of the whole, whatever it is asked of.
      if (expr.ops.every((op) => /^(?:is|in|not in)/.test(op))) return computed(m, parts, "bool", expr.span);
      const table = parts.find((part) => m.knowledge.isTable(part.type));
      const type = table
        ? table.type === "Index"
          ? "ndarray"
          : table.type
        : parts.some((p) => p.type === "unknown" || p.type === "unknown-pure")
          ? openType(m.heap, parts)
          : "bool";
      return { ...computed(m, parts, type, expr.span), ...(table ? { truth: true as const } : {}) };
    }
    case "conditional": {
      m.operate(evaluate(m, expr.test));
      return join(perhaps(m, expr.then), perhaps(m, expr.otherwise));
    }
    case "lambda":
      keepDefaults(m, expr.params, "<lambda>");
      return {
        ...plain("function"),
        callables: [{ kind: "function", name: "<lambda>", definition: expr, frame: closure(m) }],
      };
    case "tuple":
    case "list":
    case "set": {
      const parts = expr.items.map((item) =>
        item.kind === "starred" ? iterated(m, see(m, item.value)) : see(m, item),
      );
      const obj = fresh(m, expr.span, expr.kind, parts);
      const known = expr.kind !== "set" && !expr.items.some((item) => item.kind === "starred");
      return { type: expr.kind, objs: new Set([obj.id]), tags: joinTags(parts), ...(known ? { items: parts } : {}) };
    }
    case "dict": {
      const entries = new Map<string | number, Value>();
      const parts = expr.items.map((item) => {
        const key = item.key && evaluate(m, item.key).constant;
        const value = see(m, item.value);
        if (typeof key === "string" || typeof key === "number") entries.set(key, value);
        return item.key ? value : elementOf(m.heap, value);
      });
      const obj = fresh(m, expr.span, "dict", parts);
      if (entries.size === expr.items.length) obj.entries = entries;
      return { type: "dict", objs: new Set([obj.id]), tags: joinTags(parts) };
    }
    case "comprehension":
      return comprehension(m, expr);
    case "walrus": {
      const value = see(m, expr.value);
      const frame = m.frame;
      while (m.frame && comprehensionFrames.has(m.frame)) m.frame = m.frame.parent;
      bind(m, expr.target.id, value);
      m.frame = frame;
      return value;
    }
    case "starred":
      return iterated(m, see(m, expr.value));
    case "await":
      if (m.stack.length === 0) {
        m.trace.refusals.push({
          span: expr.span,
          what: "waits at the top level of a cell, which the function of a step cannot do",
        });
      }
      return evaluate(m, expr.value);
    case "yield":
      return expr.value ? evaluate(m, expr.value) : plain("None");
  }
}

/** An expression that may not be reached. */
function perhaps(m: Machine, expr: Expr): Value {
  m.unsure++;
  const value = see(m, expr);
  m.unsure--;
  return value;
}

/** Two objects that are stored and loaded apart are never the same again: to compare identities is to depend on that. */
function compareIdentity(m: Machine, parts: readonly Value[]): void {
  if (parts.filter((part) => part.objs.size > 0).length < 2) return;
  for (const part of parts)
    for (const id of part.objs) {
      const { history } = m.heap.get(id);
      if (history[history.length - 1] !== m.unit) history.push(m.unit);
    }
}

function joinTags(values: readonly Value[]): number {
  return values.reduce((tags, value) => tags | value.tags, 0) & ~tag.fitted;
}

function constant(type: string, value: unknown): Value {
  const simple = typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null;
  return {
    ...plain(type === "none" ? "None" : type === "ellipsis" ? "None" : type),
    ...(simple ? { constant: value } : {}),
  };
}

function readName(m: Machine, expr: NameExpr): Value {
  for (let frame = m.frame; frame; frame = frame.parent) {
    const local = frame.globals.has(expr.id) ? undefined : frame.names.get(expr.id);
    if (local) {
      grasp(m, local, expr.id);
      return local;
    }
    if (frame.globals.has(expr.id)) break;
  }
  const binding = m.names.get(expr.id);
  // After `exec` or a star import any name may be another one.
  if (m.tokens.has("namespace")) readToken(m, "namespace");
  if (binding) {
    if ([...binding.defs].some((unit) => unit !== m.unit)) m.trace.reads.add(expr.id);
    for (const name of m.stack) m.signatures.get(signatureKey(name))?.globals.add(expr.id);
    meet(m, expr, binding.maybe ? [...binding.defs, builtin] : binding.defs);
    need(m, bindersOf(binding), expr.id);
    if (binding.maybe) readRemoved(m, expr.id);
    grasp(m, binding.value, expr.id);
    if (binding.value.member !== undefined) noteSettingRead(m, binding.value.member);
    const family = binding.value.family ?? expr.id;
    const label = m.labels.has(family) ? tag.label : 0;
    return { ...binding.value, family, tags: binding.value.tags | label };
  }
  readRemoved(m, expr.id);
  meet(m, expr, [builtin]);
  const known = m.knowledge.functionEffect(expr.id);
  if (known) return { ...plain("member"), member: expr.id };
  if (expr.id === "__name__" || expr.id === "__file__") {
    m.trace.refusals.push({
      span: siteOf(m, expr.span),
      what: `reads ${expr.id}, which is another one in the product`,
    });
  }
  if (builtinExceptions.test(expr.id) || builtinNames.has(expr.id)) return { ...plain("member"), member: expr.id };
  // What a star import brings may be just this; it is refused at its place.
  if (m.tokens.has("namespace")) return unknownValue;
  if (!m.trace.undefined.has(expr.id)) m.trace.undefined.set(expr.id, siteOf(m, expr.span));
  return unknownValue;
}

/** A name that may have no value: whoever deleted it decides what a `try` around does, or which builtin is meant. */
function readRemoved(m: Machine, name: string): void {
  const part = partNow(m);
  if (part) part.unsure = true;
  const removers = m.removed.get(name);
  if (removers) need(m, removers, name);
}

const builtinExceptions =
  /^(?:[A-Z]\w*(?:Error|Warning|Exception|Exit|Interrupt|Iteration)|Exception|BaseException|NotImplemented|Ellipsis)$/;
const builtinNames = new Set(
  "super property staticmethod classmethod exec eval globals locals compile memoryview __name__ __file__ __doc__ __import__ get_ipython quit exit aiter anext display dbutils copyright credits license".split(
    " ",
  ),
);

/** Reading an attribute. Library members keep their qualified names; views keep their storage. */
export function attribute(m: Machine, base: Value, name: string, span: Span): Value {
  if (base.member !== undefined) {
    const member = `${base.member}.${name}`;
    noteSettingRead(m, member);
    if (member === "os.environ" || member === "os.getenv") readToken(m, "environment");
    const known = m.knowledge.functionEffect(member);
    const type = known && m.knowledge.typeInfo(known.returns)?.immutable && !known.clock ? known.returns : "member";
    return { ...plain(type), member };
  }
  const field = property(m, base, name, span) ?? instanceField(m, base, name);
  if (field) return field;
  meetAttribute(m, base, ["__getattribute__"]);
  const bound = boundMethod(m, base, name);
  if (bound) return bound;
  const lens = readAttribute(m, base, name);
  const shared = classAttribute(m, base, name);
  if (!shared) meetAttribute(m, base, ["__getattr__"]);
  if (shared)
    return base.type === "class"
      ? shared
      : join(shared, { type: "unknown", objs: m.heap.reach(base.objs), tags: base.tags });
  const isOther = lens === undefined && isKeptMethod(m, base.type, name);
  const effect = base.type === "unknown" || isOther ? undefined : m.knowledge.attributeEffect(base.type, name);
  const fittedPart = name.endsWith("_") && (tagsOf(m, base) & tag.fitted) !== 0 ? tag.score : 0;
  const isListed = lens !== undefined || m.knowledge.isListedAttribute(base.type, name);
  const isChange = !isListed && isChanging(m, base.type, name);
  if (!effect || isChange) {
    // Unknown attribute: it may be any part of the object, or a method that changes it.
    const objs = m.heap.reach(base.objs);
    const isTold = m.knowledge.typeInfo(base.type) !== undefined && !isChange;
    const type = isTold && isOfLibraries(m.heap, objs) ? "unknown-pure" : "unknown";
    return { type, objs, tags: base.tags | fittedPart };
  }
  if (effect.display) return plain(effect.returns);
  const tags = (tagsOf(m, base) & ~tag.fitted) | fittedPart;
  if (effect.view || !m.knowledge.isImmutable(effect.returns)) {
    const objs = !effect.view
      ? new Set([fresh(m, span, effect.returns).id])
      : m.knowledge.isTable(base.type) && m.knowledge.isTable(effect.returns)
        ? viewOf(m, base, effect.returns, span, lens)
        : effect.returns === "unknown-pure"
          ? m.heap.reach(base.objs)
          : base.objs;
    const value = { type: effect.returns, objs, tags, ...(base.rows === undefined ? {} : { rows: base.rows }) };
    if (effect.returns === "GroupBy") return selected(m, { ...base, ...value }, name);
    return effect.returns === "indexer" && isFrame(base) && base.exact ? { ...value, exact: true } : value;
  }
  return {
    ...plain(effect.returns, tags),
    ...(base.rows !== undefined && name === "values" ? { rows: base.rows } : {}),
  };
}

/** `df.shape[0]` asks for the rows alone. */
function numberOfRows(m: Machine, shape: AttributeExpr, span: Span): Value {
  const base = see(m, shape.value);
  if (isFrame(base)) {
    useColumns(m, base, justRows, "rows");
    return plain("int");
  }
  const index: ConstantExpr = { kind: "constant", type: "int", value: 0, span };
  return subscript(m, attribute(m, base, shape.attr, shape.span), constant("int", 0), index, span, "");
}

/** A new value computed element by element from others: never shares their storage. */
export function computed(m: Machine, parts: readonly Value[], type: string, span: Span): Value {
  const tags = parts.reduce((all, part) => all | tagsOf(m, part), 0) & ~tag.fitted;
  const rows = parts.find((part) => part.rows !== undefined)?.rows;
  const objs =
    m.knowledge.isImmutable(type) || type === "bool"
      ? new Set<number>()
      : new Set([fresh(m, span, type, /^(?:unknown|unknown-pure|list)$/.test(type) ? parts : []).id]);
  return { type, objs, tags, ...(rows === undefined ? {} : { rows }) };
}

/** `a + b` and `a * n` of lists hold what their operands hold, `a * n` several times over. */
function lists(m: Machine, op: string, parts: readonly Value[], span: Span): Value | undefined {
  if (op !== "+" && op !== "*") return undefined;
  if (parts.some((part) => m.knowledge.isTable(part.type))) return undefined;
  const elements = parts.filter((part) => part.type === "list").map((part) => elementOf(m.heap, part));
  const obj = fresh(m, span, "list", elements);
  if (op === "*") for (const element of elements) for (const id of element.objs) m.heap.get(id).repeated = true;
  return {
    type: "list",
    objs: new Set([obj.id]),
    tags: parts.reduce((all, part) => all | tagsOf(m, part), 0) & ~tag.fitted,
  };
}

function binary(m: Machine, op: string, left: Value, right: Value, span: Span): Value {
  operate(m, left);
  operate(m, right);
  const { constant: a } = left;
  const { constant: b } = right;
  if (left.type === "Path" || (right.type === "Path" && op === "/")) {
    const path =
      typeof a === "string" && typeof b === "string"
        ? { constant: b.startsWith("/") ? b : `${a.replace(/\/$/, "")}/${b}` }
        : {};
    return { ...plain("Path"), ...path };
  }
  const texts = op === "+" ? joinedTexts(possible(left), possible(right)) : undefined;
  if (texts) return { ...plain("str"), ...textOf(texts) };
  if (left.type === "str" && (op === "%" || op === "+" || op === "*"))
    return plain("str", (left.tags | right.tags) & ~tag.fitted);
  const list = left.type === "list" || right.type === "list" ? lists(m, op, [left, right], span) : undefined;
  if (list) return list;
  for (const type of [
    "DataFrame",
    "column-or-frame",
    "unknown-frame",
    "Series",
    "ndarray",
    "Index",
    "sparse",
    "float-or-array",
    "list",
  ]) {
    if (left.type === type || right.type === type)
      return computed(m, [left, right], type === "Index" ? "ndarray" : type, span);
  }
  const numbers = new Set(["int", "float", "bool", "unknown-scalar", "complex", "Timestamp", "datetime"]);
  if (numbers.has(left.type) && numbers.has(right.type)) {
    const type =
      left.type === right.type && left.type === "int" && op !== "/"
        ? "int"
        : left.type === "unknown-scalar" || right.type === "unknown-scalar"
          ? "unknown-scalar"
          : "float";
    return plain(type, tagsTogether(op, left, right));
  }
  if (left.type === "figure" || right.type === "figure") return plain("figure");
  // An operator of an unknown type may be anything that type defines; arithmetic does not change its operands.
  return computed(m, [left, right], openType(m.heap, [left, right]), span);
}

/** What two numbers mean together. The time between two looks at the clock does not depend on when they were. */
function tagsTogether(op: string, left: Value, right: Value): number {
  const tags = (left.tags | right.tags) & ~tag.fitted;
  return op === "-" && (left.tags & right.tags & tag.clock) !== 0 ? tags & ~tag.clock : tags;
}

function comprehension(m: Machine, expr: ComprehensionExpr): Value {
  const { frame } = m;
  const { element, sources } = elementsOf(m, expr);
  const type = expr.type === "generator" ? "iterator" : expr.type;
  const obj = fresh(m, expr.span, type, [element]);
  if (expr.type === "generator" && !m.resuming.has(obj.id))
    goesThrough(m, obj, sources, () => {
      const now = m.frame;
      m.frame = frame;
      useWhole(m, elementsOf(m, expr).element, "its elements");
      m.frame = now;
    });
  return { type, objs: new Set([obj.id]), tags: element.tags & ~tag.fitted };
}

function elementsOf(m: Machine, expr: ComprehensionExpr): { readonly element: Value; readonly sources: Value[] } {
  const outer = m.frame;
  const frame: Frame = { names: new Map(), parent: closure(m), globals: new Set(), locals: new Set() };
  comprehensionFrames.add(frame);
  const sources: Value[] = [];
  m.depth++;
  m.unsure++;
  expr.clauses.forEach((clause, i) => {
    if (i > 0) m.frame = frame;
    const iterable = see(m, clause.iterable);
    sources.push(iterable);
    const values = iterated(m, iterable);
    m.frame = frame;
    assign(m, clause.target, values);
    for (const condition of clause.conditions) evaluate(m, condition);
  });
  m.frame = frame;
  if (expr.key) evaluate(m, expr.key);
  const element = see(m, expr.element);
  m.frame = outer;
  m.depth--;
  m.unsure--;
  return { element, sources };
}
