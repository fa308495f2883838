import type { Expr, FStringPart, Keyword, Param } from "../ir.ts";
import { literalValue, pyRepr } from "../literals.ts";

/** Binding strengths, weakest first; the grammar of expressions in the Python reference, 6.17. */
const level = {
  walrus: 1,
  test: 2,
  or: 3,
  and: 4,
  not: 5,
  compare: 6,
  unary: 13,
  power: 14,
  await: 15,
  primary: 16,
} as const;

const binaryLevel: Readonly<Record<string, number>> = {
  "|": 7,
  "^": 8,
  "&": 9,
  "<<": 10,
  ">>": 10,
  "+": 11,
  "-": 11,
  "*": 12,
  "@": 12,
  "/": 12,
  "//": 12,
  "%": 12,
  "**": level.power,
};

/** Python source of an expression, on one line, with no more brackets than it needs. */
export function printExpr(expr: Expr): string {
  return at(expr, level.test);
}

/** The expression where a statement ends: the one place in which `yield` needs no brackets. */
export function printValue(expr: Expr): string {
  return expr.kind === "yield" ? at(expr, 0) : printExpr(expr);
}

/** The expression as part of one that binds as strongly as `least`. */
function at(expr: Expr, least: number): string {
  const [text, own] = written(expr);
  return own < least ? `(${text})` : text;
}

function written(expr: Expr): readonly [text: string, level: number] {
  switch (expr.kind) {
    case "name":
      return [expr.id, level.primary];
    case "constant": {
      const value = literalValue(expr);
      const text = value.ok ? pyRepr(value.value) : "...";
      // A number before a dot would be read as a fraction.
      return [
        text,
        expr.type === "int" || expr.type === "float" || expr.type === "complex" ? level.await : level.primary,
      ];
    }
    case "fstring":
      return [printFString(expr.parts, expr.template ? "t" : "f"), level.primary];
    case "attribute":
      return [`${at(expr.value, level.primary)}.${expr.attr}`, level.primary];
    case "subscript":
      return [`${at(expr.value, level.primary)}[${printIndex(expr.index)}]`, level.primary];
    case "slice": {
      const part = (one: Expr | undefined): string => (one ? at(one, level.test) : "");
      return [`${part(expr.lower)}:${part(expr.upper)}${expr.step ? `:${part(expr.step)}` : ""}`, level.test];
    }
    case "call":
      return [`${at(expr.func, level.primary)}(${printArguments(expr.args, expr.keywords)})`, level.primary];
    case "binary": {
      const own = binaryLevel[expr.op] ?? level.compare;
      if (expr.op === "**") return [`${at(expr.left, level.await)} ** ${at(expr.right, level.unary)}`, own];
      return [`${at(expr.left, own)} ${expr.op} ${at(expr.right, own + 1)}`, own];
    }
    case "bool": {
      const own = level[expr.op];
      return [expr.values.map((value) => at(value, own + 1)).join(` ${expr.op} `), own];
    }
    case "unary":
      return expr.op === "not"
        ? [`not ${at(expr.operand, level.not)}`, level.not]
        : [`${expr.op}${at(expr.operand, level.unary)}`, level.unary];
    case "compare": {
      const rest = expr.comparators.map((one, i) => ` ${expr.ops[i]} ${at(one, level.compare + 1)}`);
      return [at(expr.left, level.compare + 1) + rest.join(""), level.compare];
    }
    case "conditional": {
      const [test, then] = [at(expr.test, level.or), at(expr.then, level.or)];
      return [`${then} if ${test} else ${at(expr.otherwise, level.test)}`, level.test];
    }
    case "lambda": {
      const params = printParams(expr.params);
      return [`lambda${params === "" ? "" : ` ${params}`}: ${at(expr.body, level.test)}`, level.test];
    }
    case "tuple":
      return [`(${printItems(expr.items)})`, level.primary];
    case "list":
      return [`[${expr.items.map(item).join(", ")}]`, level.primary];
    case "set":
      return [`{${expr.items.map(item).join(", ")}}`, level.primary];
    case "dict": {
      const items = expr.items.map(({ key, value }) =>
        key ? `${at(key, level.test)}: ${at(value, level.test)}` : `**${at(value, level.compare + 1)}`,
      );
      return [`{${items.join(", ")}}`, level.primary];
    }
    case "comprehension": {
      const [open, close] = { list: "[]", set: "{}", dict: "{}", generator: "()" }[expr.type];
      const element = expr.key ? `${at(expr.key, level.test)}: ${at(expr.element, level.test)}` : item(expr.element);
      const clauses = expr.clauses.map((clause) => {
        const head = ` ${clause.isAsync ? "async " : ""}for ${printTarget(clause.target)} in ${at(clause.iterable, level.or)}`;
        return head + clause.conditions.map((one) => ` if ${at(one, level.or)}`).join("");
      });
      return [`${open}${element}${clauses.join("")}${close}`, level.primary];
    }
    case "walrus":
      return [`${expr.target.id} := ${at(expr.value, level.test)}`, level.walrus];
    case "starred":
      return [`*${at(expr.value, level.compare + 1)}`, level.test];
    case "await":
      return [`await ${at(expr.value, level.primary)}`, level.await];
    case "yield": {
      const value = expr.value ? ` ${at(expr.value, expr.from ? level.test : 0)}` : "";
      return [`yield${expr.from ? " from" : ""}${value}`, 0];
    }
  }
}

/** What stands between brackets and commas: `:=` may, without brackets of its own. */
function item(expr: Expr): string {
  return at(expr, level.walrus);
}

/** The items of a tuple, with the comma that makes one of one. */
function printItems(items: readonly Expr[]): string {
  return items.length === 1 && items[0] ? `${item(items[0])},` : items.map(item).join(", ");
}

function printIndex(index: Expr): string {
  return index.kind === "tuple" && index.items.length > 0 ? printItems(index.items) : at(index, level.walrus);
}

/** A target of an assignment or a loop: a tuple without brackets. */
export function printTarget(target: Expr): string {
  return target.kind === "tuple" && target.items.length > 0 ? printItems(target.items) : at(target, level.compare + 1);
}

/** What stands between the brackets of a call. */
export function printArguments(args: readonly Expr[], keywords: readonly Keyword[]): string {
  const [lone] = args;
  if (args.length === 1 && keywords.length === 0 && lone?.kind === "comprehension" && lone.type === "generator")
    return printExpr(lone).slice(1, -1);
  // `f(*a, k=1, *b)` and `f(k=1, *a)` are one to Python: stars are evaluated in the order in which they stand.
  const all = [
    ...args.map((value) => ({ start: value.span.start, text: item(value) })),
    ...keywords.map(({ name, value, span }) => ({
      start: span.start,
      text: name === undefined ? `**${at(value, level.test)}` : `${name}=${at(value, level.test)}`,
    })),
  ];
  return all.map(({ text }) => text).join(", ");
}

/** Parameters of a function or lambda, with the marks for positional-only and keyword-only ones. */
export function printParams(params: readonly Param[]): string {
  const out: string[] = [];
  params.forEach((param, i) => {
    const before = params[i - 1]?.type;
    if (param.type !== "positional-only" && before === "positional-only") out.push("/");
    if (param.type === "keyword-only" && before !== "keyword-only" && before !== "star") out.push("*");
    const stars = param.type === "star" ? "*" : param.type === "double-star" ? "**" : "";
    const annotation = param.annotation ? `: ${at(param.annotation, level.test)}` : "";
    const equals = param.annotation ? " = " : "=";
    out.push(`${stars}${param.name}${annotation}${param.default ? equals + at(param.default, level.test) : ""}`);
  });
  if (params[params.length - 1]?.type === "positional-only") out.push("/");
  return out.join(", ");
}

const quotes = ['"', "'", '"""', "'''"] as const;

/** Before Python 3.12 the quote of an f-string may not stand in its fields, so the first that does not is taken. */
function printFString(parts: readonly FStringPart[], prefix: string): string {
  const fields = parts.map(fieldTexts).join("");
  const quote = quotes.find((one) => !fields.includes(one) && !(one.length === 1 && fields.includes("\n"))) ?? '"""';
  return `${prefix}${quote}${pieces(parts, quote)}${quote}`;
}

function fieldTexts(part: FStringPart): string {
  return part.kind === "field" ? printExpr(part.value) + part.spec.map(fieldTexts).join("") : "";
}

function pieces(parts: readonly FStringPart[], quote: string): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.undecoded ? part.value : literalPiece(part.value, quote);
      const value = at(part.value, level.test);
      const conversion = part.conversion === undefined ? "" : `!${part.conversion}`;
      const spec = part.spec.length > 0 ? `:${pieces(part.spec, quote)}` : "";
      // `{{` would be a bracket of the text, and a lambda's colon the start of the format.
      const field = part.value.kind === "lambda" || part.value.kind === "yield" ? `(${printExpr(part.value)})` : value;
      return `{${field.startsWith("{") ? " " : ""}${field}${conversion}${spec}}`;
    })
    .join("");
}

function literalPiece(text: string, quote: string): string {
  // repr of the text in single quotes, without them: the quote used here is escaped, the other is free.
  const bare = pyRepr(`${text}'"`).slice(1, -1);
  const plain = bare.slice(0, bare.lastIndexOf("\\'")).replaceAll("\\'", "'");
  const mark = quote.charAt(0);
  return plain.replaceAll(mark, `\\${mark}`).replaceAll("{", "{{").replaceAll("}", "}}");
}
