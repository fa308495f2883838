import type { Json } from "../config/project.ts";
import type { ConstantExpr, Expr } from "../python/ir.ts";
import type { Literal } from "./directive.ts";

const simple: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** A faulty escape: its offset in the text with quotes, and itself. */
export interface BadEscape {
  readonly at: number;
  readonly text: string;
}

/** The value of a quoted text, with escapes as in Python; an unknown escape stays as it is written, as in Python. */
export function decodeString(quoted: string): { readonly value: string; readonly bad?: BadEscape } {
  const body = quoted.slice(1, -1);
  let bad: BadEscape | undefined;
  const value = body.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(N\{[^}]*\}|[\s\S]))/g,
    (all: string, octal?: string, x?: string, u?: string, U?: string, other = "", at = 0) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = x ?? u ?? U;
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16);
        if (point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)) return String.fromCodePoint(point);
        bad ??= { at: at + 1, text: all };
        return all;
      }
      if (/^[xuUN]/.test(other)) bad ??= { at: at + 1, text: all };
      return simple[other] ?? all;
    },
  );
  return bad === undefined ? { value } : { value, bad };
}

/** A literal as a JSON value: tuples and sets become lists, a date or duration its text, a dict's keys texts. */
export function toJson(literal: Literal): Json {
  switch (literal.kind) {
    case "list":
    case "tuple":
    case "set":
      return literal.items.map(toJson);
    case "dict":
      return Object.fromEntries(literal.items.map(({ key, value }) => [keyText(key), toJson(value)]));
    default:
      return literal.value;
  }
}

function keyText(key: Literal): string {
  return key.kind === "str" ? String(key.value) : key.text;
}

/** True when Python would call both equal; a bool is never a number here, and a list never a tuple. `source` is the code. */
export function sameLiteral(literal: Literal, expr: Expr, source: string): boolean {
  const same = (a: Literal | undefined, b: Expr | undefined): boolean =>
    a !== undefined && b !== undefined && sameLiteral(a, b, source);
  const plain = unsigned(expr);
  if (plain === undefined) return false;
  const { sign, base } = plain;
  if (base.kind === "constant") return sameScalar(literal, base, sign, source);
  if (base.kind === "list" || base.kind === "tuple") {
    if (literal.kind !== base.kind || literal.items.length !== base.items.length) return false;
    return literal.items.every((item, i) => same(item, base.items[i]));
  }
  if (base.kind === "set") {
    if (literal.kind !== "set" || literal.items.length !== base.items.length) return false;
    return literal.items.every((item) => base.items.some((other) => same(item, other)));
  }
  if (base.kind === "dict") {
    if (literal.kind !== "dict" || literal.items.length !== base.items.length) return false;
    return literal.items.every(({ key, value }) =>
      base.items.some((other) => same(key, other.key) && same(value, other.value)),
    );
  }
  return false;
}

function sameScalar(literal: Literal, base: ConstantExpr, sign: 1 | -1, source: string): boolean {
  const isNumber = base.type === "int" || base.type === "float";
  if (sign !== 1 && !isNumber) return false;
  switch (literal.kind) {
    case "int":
    case "float": {
      if (!isNumber) return false;
      const written = source.slice(base.span.start, base.span.end).replace(/_/g, "");
      // A whole number too large for JavaScript is compared digit by digit.
      if (
        base.value === undefined ||
        (!Number.isSafeInteger(base.value) && literal.kind === "int" && base.type === "int")
      )
        return literal.text.replace(/[_+]/g, "") === `${sign < 0 ? "-" : ""}${written}`;
      return typeof base.value === "number" && base.value * sign === literal.value;
    }
    case "str":
      return base.type === "str" && base.value === literal.value;
    case "bool":
      return base.type === "bool" && base.value === literal.value;
    case "none":
      return base.type === "none";
    default:
      return false;
  }
}

function unsigned(expr: Expr): { readonly sign: 1 | -1; readonly base: Expr } | undefined {
  if (expr.kind !== "unary") return { sign: 1, base: expr };
  if (expr.op === "-") return { sign: -1, base: expr.operand };
  if (expr.op === "+") return { sign: 1, base: expr.operand };
  return undefined;
}

/** True for an expression made of constants alone: what `param` may lift. */
export function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return expr.type !== "ellipsis";
    case "unary": {
      const { operand, op } = expr;
      const isNumber = operand.kind === "constant" && ["int", "float", "complex"].includes(operand.type);
      return (op === "-" || op === "+") && isNumber;
    }
    case "list":
    case "tuple":
    case "set":
      return expr.items.every(isLiteral);
    case "dict":
      return expr.items.every((item) => item.key !== undefined && isLiteral(item.key) && isLiteral(item.value));
    default:
      return false;
  }
}

/** The number that a NUMBER token stands for; undefined when Python would refuse it (007). */
export function numberValue(text: string): { readonly value: number; readonly integer: boolean } | undefined {
  const plain = text.replace(/_/g, "");
  const integer = /^\d+$/.test(plain);
  if (integer && /^0+[1-9]/.test(plain)) return undefined;
  return { value: Number(plain), integer };
}
