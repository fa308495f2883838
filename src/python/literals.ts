import type { ConstantExpr, Expr } from "./ir.ts";

/**
 * A Python constant as data. An integral number is an int; floats and all that JSON lacks are marked. Strings are
 * str, arrays are lists.
 */
export type PyValue =
  | null
  | boolean
  | string
  | number
  | readonly PyValue[]
  | { readonly kind: "float"; readonly value: number }
  /** An int beyond 2**53, in decimal. */
  | { readonly kind: "int"; readonly digits: string }
  | { readonly kind: "complex"; readonly real: number; readonly imag: number }
  /** One character per byte. */
  | { readonly kind: "bytes"; readonly value: string }
  | { readonly kind: "tuple" | "set"; readonly items: readonly PyValue[] }
  | { readonly kind: "dict"; readonly items: readonly (readonly [PyValue, PyValue])[] }
  | { readonly kind: "ellipsis" };

export type Literal = { readonly ok: true; readonly value: PyValue } | { readonly ok: false };

const no: Literal = { ok: false };

function yes(value: PyValue): Literal {
  return { ok: true, value };
}

/** The value of an expression of constants only: literals, signs, tuples, lists, sets and dicts. Nothing is computed. */
export function literalValue(expr: Expr): Literal {
  switch (expr.kind) {
    case "constant":
      return constantValue(expr);
    case "fstring": {
      if (expr.template) return no;
      const texts = expr.parts.map((part) => (part.kind === "text" && !part.undecoded ? part.value : undefined));
      return texts.includes(undefined) ? no : yes(texts.join(""));
    }
    case "unary":
      return signed(expr.op, literalValue(expr.operand));
    case "binary":
      return complexSum(expr.op, literalValue(expr.left), literalValue(expr.right));
    case "tuple":
    case "list":
    case "set": {
      const items = allOf(expr.items);
      if (!items) return no;
      return yes(expr.kind === "list" ? items : { kind: expr.kind, items });
    }
    case "dict": {
      const keys = allOf(expr.items.map((item) => item.key));
      const values = allOf(expr.items.map((item) => item.value));
      if (!keys || !values) return no;
      return yes({ kind: "dict", items: keys.map((key, i) => [key, values[i] ?? null] as const) });
    }
    default:
      return no;
  }
}

function allOf(exprs: readonly (Expr | undefined)[]): readonly PyValue[] | undefined {
  const out: PyValue[] = [];
  for (const expr of exprs) {
    const one = expr ? literalValue(expr) : no;
    if (!one.ok) return undefined;
    out.push(one.value);
  }
  return out;
}

function constantValue(expr: ConstantExpr): Literal {
  const { value, detail } = expr;
  switch (expr.type) {
    case "str":
      return typeof value === "string" ? yes(value) : no;
    case "bytes":
      return detail === undefined ? no : yes({ kind: "bytes", value: detail });
    case "int":
      if (typeof value === "number") return yes(value);
      return detail !== undefined && /^[0-9]+$/.test(detail) ? yes({ kind: "int", digits: detail }) : no;
    case "float":
      return typeof value === "number" ? yes({ kind: "float", value }) : no;
    case "complex":
      return detail === undefined ? no : yes({ kind: "complex", real: 0, imag: Number(detail) });
    case "bool":
      return yes(value === true);
    case "none":
      return yes(null);
    case "ellipsis":
      return yes({ kind: "ellipsis" });
  }
}

function kindOf(value: PyValue): string {
  if (typeof value === "number") return "int";
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "other";
  return "kind" in value ? value.kind : "other";
}

function signed(op: string, operand: Literal): Literal {
  if (!operand.ok || (op !== "-" && op !== "+")) return no;
  const { value } = operand;
  const kind = kindOf(value);
  if (kind !== "int" && kind !== "float" && kind !== "complex") return no;
  return op === "+" ? operand : yes(negate(value));
}

function negate(value: PyValue): PyValue {
  if (typeof value === "number") return value === 0 ? 0 : -value;
  if (value === null || typeof value !== "object" || !("kind" in value)) return value;
  if (value.kind === "float") return { kind: "float", value: -value.value };
  if (value.kind === "complex") return { kind: "complex", real: -value.real, imag: -value.imag };
  if (value.kind !== "int") return value;
  return { kind: "int", digits: value.digits.startsWith("-") ? value.digits.slice(1) : `-${value.digits}` };
}

/** `1 + 2j`, the only sum that is a literal. */
function complexSum(op: string, left: Literal, right: Literal): Literal {
  if (!left.ok || !right.ok || (op !== "+" && op !== "-")) return no;
  const real = realOf(left.value);
  const { value } = right;
  if (real === undefined || value === null || typeof value !== "object" || !("kind" in value)) return no;
  if (value.kind !== "complex" || value.real !== 0) return no;
  return yes({ kind: "complex", real, imag: op === "+" ? value.imag : -value.imag });
}

function realOf(value: PyValue): number | undefined {
  if (typeof value === "number") return value;
  return value !== null && typeof value === "object" && "kind" in value && value.kind === "float"
    ? value.value
    : undefined;
}

/** Python source of a value, as Python's own `repr` writes it; infinities as numbers too great to hold. */
export function pyRepr(value: PyValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return stringRepr(value);
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value).toString() : floatRepr(value);
  if (isList(value)) return `[${value.map(pyRepr).join(", ")}]`;
  switch (value.kind) {
    case "float":
      return floatRepr(value.value);
    case "int":
      return value.digits;
    case "complex":
      return complexRepr(value.real, value.imag);
    case "bytes":
      return bytesRepr(value.value);
    case "tuple":
      return value.items.length === 1 ? `(${value.items.map(pyRepr)},)` : `(${value.items.map(pyRepr).join(", ")})`;
    case "set":
      return value.items.length === 0 ? "set()" : `{${value.items.map(pyRepr).join(", ")}}`;
    case "dict":
      return `{${value.items.map(([key, item]) => `${pyRepr(key)}: ${pyRepr(item)}`).join(", ")}}`;
    case "ellipsis":
      return "...";
  }
}

function isList(value: PyValue): value is readonly PyValue[] {
  return Array.isArray(value);
}

function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? "1e309" : "-1e309";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", power = "0"] = Math.abs(value).toExponential().split("e");
  const exponent = Number(power);
  const digits = mantissa.replace(".", "");
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function complexRepr(real: number, imag: number): string {
  const short = (value: number): string => floatRepr(value).replace(/\.0$/, "");
  if (real === 0 && !Object.is(real, -0)) return `${short(imag)}j`;
  const sign = imag < 0 || Object.is(imag, -0) ? "" : "+";
  return `(${short(real)}${sign}${short(imag)}j)`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What Python does not print as it is: controls, blanks other than the space, surrogates, what no version assigns. */
const unprintable = /[\p{C}\p{Z}]/u;

function stringRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (const c of value) {
    const known = escapes[c];
    if (known !== undefined) out += known;
    else if (c === quote) out += `\\${c}`;
    else if (c !== " " && unprintable.test(c)) out += escaped(c.codePointAt(0) ?? 0);
    else out += c;
  }
  return out + quote;
}

function escaped(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function bytesRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = `b${quote}`;
  for (const c of value) {
    const code = c.charCodeAt(0);
    out += escapes[c] ?? (c === quote ? `\\${c}` : code < 32 || code > 126 ? escaped(code) : c);
  }
  return out + quote;
}
