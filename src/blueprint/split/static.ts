import { typeOfExpr } from "../../dataflow/normal/context.ts";
import type { Expr } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { walkExpr } from "../../python/walk.ts";
import { type Bound, fitted, holdsRows, isRow } from "./bound.ts";
import { around, cut, isTemporary, lookUp, lostRows, type Machine, trouble } from "./machine.ts";
import { noteOrigin } from "./twins/origins.ts";

/** The predictor's code for an operand: row code as it is, literals in place, everything else read from the state. */
export function codeOf(m: Machine, expr: Expr, value: Bound): Expr {
  if (expr.kind === "starred") return { ...expr, value: codeOf(m, expr.value, value) };
  if (isRow(value) && value.code) return value.code;
  if (holdsRows(value)) return partsCode(m, expr, value);
  if (isLiteral(m, expr)) return expr;
  const isOfArgument =
    expr.kind === "name"
      ? m.scope.names.has(expr.id)
      : expr.kind === "attribute" && expr.value.kind === "name" && lookUp(m, expr.value.id)?.cls !== undefined;
  const argument = isOfArgument && m.calls.length > 0 && value.object === undefined ? literal(value, expr) : undefined;
  if (argument) return argument;
  if (value.taint) {
    const [source] = m.sources;
    if (source) {
      const code = value.taint === "clock" ? "clock" : "foreign file";
      return trouble(m, code, expr, lostRows(source)).code ?? expr;
    }
  }
  if (value.stands && isRenaming(value.stands)) {
    const [pairs] = value.stands.args;
    const [old, names] = pairs?.kind === "call" ? pairs.args : [];
    if (old && names)
      return cut(m, "column_names", "dict", {
        kind: "around",
        unit: m.unit,
        span: names.span,
        call: "keep_renames",
        also: printExpr(old),
      });
  }
  if (value.stands) return codeOf(m, value.stands, { ...value, stands: undefined });
  if (value.kind === "function" || value.kind === "class" || value.kind === "member") return expr;
  const field = cut(m, fieldName(m, expr), typeOf(m, expr), around(m, expr, "keep"), textsOf(value), "", value.lacks);
  noteOrigin(m, field, expr, value);
  return field;
}

/** What a call hands over as a literal is one in the function too; a variable may be a parameter of the product. */
function literal({ constant }: Bound, { span }: Expr): Expr | undefined {
  if (typeof constant === "string") return { kind: "constant", type: "str", value: constant, span };
  if (typeof constant === "boolean") return { kind: "constant", type: "bool", value: constant, span };
  if (typeof constant !== "number" || constant < 0) return undefined;
  return { kind: "constant", type: Number.isInteger(constant) ? "int" : "float", value: constant, span };
}

/** The texts of a list that is known item by item. */
function textsOf({ items }: Bound): readonly string[] | undefined {
  const texts = items?.flatMap(({ constant }) => (typeof constant === "string" ? constant : []));
  return texts && texts.length === items?.length ? texts : undefined;
}

/** `dict(zip(f.columns, names))`, as the normal form writes `f.columns = names`. */
function isRenaming(expr: Expr): expr is Expr & { kind: "call" } {
  if (expr.kind !== "call" || expr.func.kind !== "name" || expr.func.id !== "dict") return false;
  const [pairs] = expr.args;
  return pairs?.kind === "call" && pairs.func.kind === "name" && pairs.func.id === "zip" && pairs.args.length === 2;
}

/** A list, tuple or dict some parts of which are row values. */
function partsCode(m: Machine, expr: Expr, value: Bound): Expr {
  if ((expr.kind === "list" || expr.kind === "tuple") && value.items)
    return { ...expr, items: expr.items.map((item, i) => codeOf(m, item, value.items?.[i] ?? fitted())) };
  if (expr.kind === "dict")
    return {
      ...expr,
      items: expr.items.map((item) => {
        const key = item.key?.kind === "constant" ? String(item.key.value) : "";
        return { ...item, value: codeOf(m, item.value, value.entries?.get(key) ?? fitted()) };
      }),
    };
  if (value.items?.every((item) => item.code !== undefined))
    return { kind: "list", items: value.items.flatMap((item) => item.code ?? []), span: expr.span };
  if (value.entries && [...value.entries.values()].every((item) => item.code !== undefined))
    return {
      kind: "dict",
      items: [...value.entries].flatMap(([key, item]) =>
        item.code
          ? [{ key: { kind: "constant", type: "str", value: key, span: expr.span } as const, value: item.code }]
          : [],
      ),
      span: expr.span,
    };
  return expr;
}

/** The columns of the table that training makes at this place, as a list named after `named`. */
export function keptColumns(m: Machine, expr: Expr, named: Expr = expr): Expr {
  return cut(m, `${fieldName(m, named)}_columns`, "list", around(m, expr, "keep_columns"));
}

/** Nothing but literals and names of libraries: the same text means the same in the predictor. */
export function isLiteral(m: Machine, expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return true;
    case "unary":
      return isLiteral(m, expr.operand);
    case "tuple":
    case "list":
    case "set":
      return expr.items.every((item) => isLiteral(m, item));
    case "dict":
      return expr.items.every(({ key, value }) => key !== undefined && isLiteral(m, key) && isLiteral(m, value));
    case "slice":
      return [expr.lower, expr.upper, expr.step].every((part) => part === undefined || isLiteral(m, part));
    case "name": {
      if (m.keys.includes(expr.id)) return true;
      const found = lookUp(m, expr.id);
      return found ? found.kind === "member" : !expr.id.includes("#");
    }
    case "attribute":
      return isMember(m, expr);
    default:
      return false;
  }
}

/** A name of a library, or a part of one: `np.inf`. */
function isMember(m: Machine, expr: Expr): boolean {
  if (expr.kind === "attribute") return isMember(m, expr.value);
  return expr.kind === "name" && (lookUp(m, expr.id)?.kind ?? "member") === "member";
}

/** A field's name: the notebook's own where it has one, else what it is of which column, by which loop variable. */
export function fieldName(m: Machine, expr: Expr): string {
  const { of, what, by } = described(m, expr);
  const words = [...(of !== undefined && (by === undefined || what.length === 0) ? [of] : []), ...what];
  if (by !== undefined) words.push("by", by);
  const name = words.join("_").replace(/\W+/g, "_");
  return name === "" || name === "_" ? "value" : name;
}

interface Described {
  readonly of?: string | undefined;
  readonly what: readonly string[];
  readonly by?: string | undefined;
}

function described(m: Machine, expr: Expr): Described {
  switch (expr.kind) {
    case "name":
      return isTemporary(expr.id) ? { what: [] } : { of: expr.id, what: [] };
    case "constant":
      return { of: typeof expr.value === "string" ? expr.value : undefined, what: [] };
    case "attribute": {
      const inner = described(m, expr.value);
      return { ...inner, what: [...inner.what, expr.attr] };
    }
    case "subscript": {
      const inner = described(m, expr.value);
      const { index } = expr;
      if (index.kind === "constant")
        return typeof index.value === "string" && inner.what.length === 0 ? { of: index.value, what: [] } : inner;
      if (index.kind === "name" && m.keys.includes(index.id)) return { ...inner, by: index.id };
      return inner;
    }
    case "call": {
      const [argument] = expr.args;
      const number =
        argument?.kind === "constant" && typeof argument.value === "number" ? [String(argument.value)] : [];
      if (expr.func.kind === "attribute") {
        const inner = isMember(m, expr.func.value) ? { what: [] } : described(m, expr.func.value);
        return { ...inner, what: [...inner.what, expr.func.attr, ...number] };
      }
      return { what: expr.func.kind === "name" ? [expr.func.id] : [] };
    }
    case "binary":
      return described(m, expr.left);
    default:
      return { what: [] };
  }
}

/** The type of an expression, as the dataflow knows it; inside of a function "unknown". */
export function typeOf(m: Machine, expr: Expr): string {
  const before = m.flow.before[m.unit] ?? m.flow.names;
  const own = new Map<string, string>();
  walkExpr(expr, (one) => {
    if (one.kind === "name" && m.calls.length > 0) own.set(one.id, "unknown");
  });
  return typeOfExpr(
    expr,
    {
      knowledge: m.knowledge,
      typeOf: (name) => before.get(name)?.value.type ?? "unknown",
      memberOf: (name) => before.get(name)?.value.member,
      aliases: () => [],
      isHeld: () => false,
      isShared: () => false,
      hasColumn: () => undefined,
      copyOnWrite: undefined,
    },
    own,
  );
}
