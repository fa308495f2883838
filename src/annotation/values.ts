import type { IToken } from "chevrotain";
import type {
  BoundCstNode,
  BoundsCstNode,
  CompareCstNode,
  DomainCstNode,
  LiteralCstNode,
  LiteralsCstNode,
  RangeCstNode,
} from "../../grammar/cst.generated.ts";
import type { Unit } from "../../grammar/words.ts";
import { report } from "../diagnostics/catalogue.ts";
import { type Builder, nodeSpan, nodeText, tokenSpan } from "./builder.ts";
import type {
  Bound,
  Bounds,
  Compare,
  CompareOperator,
  DateBound,
  Domain,
  DurationBound,
  Literal,
  NumberBound,
  Range,
} from "./directive.ts";
import { numberValue } from "./literal.ts";
import { buildText } from "./names.ts";

/** A number without its sign; a form that Python refuses is reported. */
export function buildNumber(b: Builder, token: IToken, sign: 1 | -1 = 1): NumberBound {
  const found = numberValue(token.image);
  const span = tokenSpan(b, token);
  const text = `${sign < 0 ? "-" : ""}${token.image}`;
  if (found === undefined || !Number.isFinite(found.value)) {
    const why = found === undefined ? "Python allows no zeros in front of a whole number" : "it is too large";
    b.say(report("CW1126", b.place(span), { number: token.image, why, expected: "a plain number like 12 or 0.5" }));
  }
  return { kind: "number", value: sign * (found?.value ?? 0), integer: found?.integer ?? false, text, span };
}

/** A day, checked to exist. */
export function buildDate(b: Builder, token: IToken): DateBound {
  const span = tokenSpan(b, token);
  const [year = 0, month = 0, day = 0] = token.image.split("-").map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (year < 1 || day < 1 || day > days) b.say(report("CW1111", b.place(span), { date: token.image }));
  return { kind: "date", value: token.image, text: token.image, span };
}

export function buildDuration(b: Builder, token: IToken): DurationBound {
  const [, amount = "0", unit = "d"] = /^(\d+)(\D+)$/.exec(token.image) ?? [];
  return { kind: "duration", amount: Number(amount), unit: unit as Unit, text: token.image, span: tokenSpan(b, token) };
}

export function buildBound(b: Builder, node: BoundCstNode): Bound {
  const { Number: number, Date: date, Duration: duration, Minus } = node.children;
  if (date?.[0] !== undefined) return buildDate(b, date[0]);
  if (duration?.[0] !== undefined) return buildDuration(b, duration[0]);
  const token = number?.[0];
  const span = nodeSpan(b, node);
  if (token === undefined) return { kind: "number", value: 0, integer: true, text: "0", span };
  return { ...buildNumber(b, token, Minus === undefined ? 1 : -1), span };
}

export function buildCompare(b: Builder, node: CompareCstNode): Compare {
  const operator = (node.children.Comparison[0]?.image ?? ">=") as CompareOperator;
  const [bound] = node.children.bound;
  const span = nodeSpan(b, node);
  return { kind: "compare", operator, bound: bound === undefined ? zero(span) : buildBound(b, bound), span };
}

const zero = (span: NumberBound["span"]): NumberBound => ({ kind: "number", value: 0, integer: true, text: "0", span });

function buildRange(b: Builder, node: RangeCstNode): Range {
  const [lowNode, highNode] = node.children.bound ?? [];
  const span = nodeSpan(b, node);
  const low = lowNode === undefined ? zero(span) : buildBound(b, lowNode);
  const high = highNode === undefined ? zero(span) : buildBound(b, highNode);
  const lowOpen = node.children.LeftParen !== undefined;
  const highOpen = node.children.RightParen !== undefined;
  const range = nodeText(b, node);
  if (low.kind !== high.kind) {
    b.say(report("CW1130", b.place(span), { range, low: low.kind, high: high.kind }));
  } else {
    const order = compareBounds(low, high);
    if (order > 0) b.say(report("CW1110", b.place(span), { range, why: `${low.text} is greater than ${high.text}` }));
    else if (order === 0 && (lowOpen || highOpen))
      b.say(report("CW1110", b.place(span), { range, why: "both bounds are equal and at least one is left out" }));
  }
  return { kind: "range", low, high, lowOpen, highOpen, span };
}

/** Seconds of one unit; a month and a year are taken as 30 and 365 days, only to order bounds. */
const seconds: Readonly<Record<Unit, number>> = {
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 2_592_000,
  y: 31_536_000,
};

/** Below zero when `low` is smaller; 0 for bounds of different kinds. */
export function compareBounds(low: Bound, high: Bound): number {
  if (low.kind === "number" && high.kind === "number") return low.value - high.value;
  if (low.kind === "date" && high.kind === "date") return low.value < high.value ? -1 : low.value > high.value ? 1 : 0;
  if (low.kind === "duration" && high.kind === "duration")
    return low.amount * seconds[low.unit] - high.amount * seconds[high.unit];
  return 0;
}

export function buildDomain(b: Builder, node: DomainCstNode): Domain {
  const range = node.children.range?.[0];
  if (range !== undefined) return buildRange(b, range);
  const values = (node.children.set?.[0]?.children.literal ?? []).map((literal) => buildLiteral(b, literal));
  const seen = new Set<string>();
  for (const value of values) {
    const key = "value" in value ? `${typeof value.value}:${value.value}` : value.text;
    if (seen.has(key)) b.say(report("CW1123", b.place(value.span), { what: `\`${value.text}\`` }));
    seen.add(key);
  }
  return { kind: "set", values, span: nodeSpan(b, node) };
}

/** What follows a column or a metric: a comparison, a range or a set. */
export function buildBounds(b: Builder, node: BoundsCstNode): Bounds {
  const { compare, domain } = node.children;
  if (compare?.[0] !== undefined) return buildCompare(b, compare[0]);
  if (domain?.[0] !== undefined) return buildDomain(b, domain[0]);
  return { kind: "set", values: [], span: nodeSpan(b, node) };
}

export function buildLiteral(b: Builder, node: LiteralCstNode): Literal {
  const { bound, String: text, True, False, listLiteral, tupleLiteral, dictLiteral } = node.children;
  const place = { text: nodeText(b, node), span: nodeSpan(b, node) };
  if (bound?.[0] !== undefined) {
    const value = buildBound(b, bound[0]);
    if (value.kind !== "number") return { kind: value.kind, value: value.text, ...place };
    return { kind: value.integer ? "int" : "float", value: value.value, ...place };
  }
  if (text?.[0] !== undefined) return { kind: "str", value: buildText(b, text[0]).value, ...place };
  if (True !== undefined || False !== undefined) return { kind: "bool", value: True !== undefined, ...place };
  if (listLiteral?.[0] !== undefined) {
    return { kind: "list", items: items(b, listLiteral[0].children.literals?.[0]), ...place };
  }
  if (tupleLiteral?.[0] !== undefined) {
    const inner = tupleLiteral[0].children.literals?.[0];
    const values = items(b, inner);
    const [only] = values;
    // Brackets around one value without a comma are only brackets.
    if (only !== undefined && values.length === 1 && inner?.children.Comma === undefined) return { ...only, ...place };
    return { kind: "tuple", items: values, ...place };
  }
  if (dictLiteral?.[0] !== undefined) return buildDict(b, dictLiteral[0], place);
  return { kind: "none", value: null, ...place };
}

const items = (b: Builder, node: LiteralsCstNode | undefined): readonly Literal[] =>
  (node?.children.literal ?? []).map((literal) => buildLiteral(b, literal));

type DictNode = NonNullable<LiteralCstNode["children"]["dictLiteral"]>[number];

function buildDict(
  b: Builder,
  node: DictNode,
  place: { readonly text: string; readonly span: Literal["span"] },
): Literal {
  const pairs = (node.children.entry ?? []).map((entry) =>
    entry.children.literal.map((literal) => buildLiteral(b, literal)),
  );
  const isSet = pairs.length > 0 && pairs.every((pair) => pair.length === 1);
  if (isSet) return { kind: "set", items: pairs.flat(), ...place };
  const found: { key: Literal; value: Literal }[] = [];
  const seen = new Set<string>();
  for (const [key, value] of pairs) {
    if (key === undefined) continue;
    if (value === undefined) {
      const what = { expression: place.text, why: `\`${key.text}\` has no value, although other keys have one` };
      b.say(report("CW1121", b.place(key.span), what));
      continue;
    }
    const id = "value" in key ? `${typeof key.value}:${key.value}` : key.text;
    if (seen.has(id)) b.say(report("CW1123", b.place(key.span), { what: `key \`${key.text}\`` }));
    seen.add(id);
    found.push({ key, value });
  }
  return { kind: "dict", items: found, ...place };
}
