import type { CallExpr, Expr } from "../../../python/ir.ts";
import { printExpr } from "../../../python/print/expressions.ts";
import { walkExpr } from "../../../python/walk.ts";
import { axisIsColumns, locatedColumns, textsOf as textsOfCode } from "../demand.ts";
import { mapNames } from "../names.ts";
import { predicting } from "../rules.ts";
import {
  code as codeNode,
  column,
  constant,
  isRowNode,
  learned,
  type Numbers,
  nodeOf,
  op,
  selected,
  unknown,
  withColumn,
} from "./nodes.ts";

/** The number of a piece of the predictor's code (fit-apply.md, part 6). Row operations are not in it any more. */
export function numberOf(n: Numbers, expr: Expr): number {
  switch (expr.kind) {
    case "name":
      return nameNumber(n, expr.id);
    case "constant":
      return constant(n, constantText(n, expr));
    case "attribute":
      return attributeNumber(n, expr);
    case "subscript":
      return subscriptNumber(n, expr);
    case "call":
      return callNumber(n, expr);
    case "binary":
      return op(n, expr.op, [numberOf(n, expr.left), numberOf(n, expr.right)], expr.span);
    case "unary":
      if (isLiteral(n, expr)) return constant(n, constantText(n, expr));
      return op(n, `${expr.op}_`, [numberOf(n, expr.operand)], expr.span);
    case "compare":
      return op(
        n,
        expr.ops.join(" "),
        [expr.left, ...expr.comparators].map((one) => numberOf(n, one)),
        expr.span,
      );
    case "lambda":
      return lambdaNumber(n, expr);
    case "list":
    case "tuple":
      if (isLiteral(n, expr)) return constant(n, constantText(n, expr));
      return op(
        n,
        `list(${expr.items.length})`,
        expr.items.map((item) => numberOf(n, item)),
        expr.span,
      );
    default:
      return isLiteral(n, expr) ? constant(n, constantText(n, expr)) : partsNumber(n, expr);
  }
}

function nameNumber(n: Numbers, id: string): number {
  if (id.startsWith("@")) return learned(n, id, []);
  if (id.startsWith("!")) return unknown(n);
  if (id.includes("#")) return n.versions.get(id) ?? unknown(n);
  const turn = n.turns.get(id);
  return turn === undefined ? codeNode(n, id) : constant(n, JSON.stringify(turn));
}

/** The texts that an expression is or lists, as far as the code says them. */
export function textsOf(n: Numbers, expr: Expr | undefined): readonly string[] | undefined {
  const texts = textsOfCode(expr, n);
  return texts ?? (expr?.kind === "name" ? n.origins.get(expr.id)?.texts : undefined);
}

/** Literals alone: nothing that is kept, computed or called. */
function isLiteral(n: Numbers, expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return true;
    case "name":
      return n.turns.has(expr.id);
    case "unary":
      return isLiteral(n, expr.operand);
    case "list":
    case "tuple":
    case "set":
      return expr.items.every((item) => isLiteral(n, item));
    case "dict":
      return expr.items.every(({ key, value }) => key !== undefined && isLiteral(n, key) && isLiteral(n, value));
    default:
      return false;
  }
}

/** The text of a literal: 0 is 0.0, a tuple is a list, and a dict has no order. */
function constantText(n: Numbers, expr: Expr): string {
  const of = (one: Expr): string => constantText(n, one);
  switch (expr.kind) {
    case "constant":
      return typeof expr.value === "string" || typeof expr.value === "number"
        ? JSON.stringify(expr.value)
        : printExpr(expr);
    case "name":
      return JSON.stringify(n.turns.get(expr.id) ?? expr.id);
    case "list":
    case "tuple":
      return `[${expr.items.map(of).join(", ")}]`;
    case "set":
      return `{${expr.items.map(of).sort().join(", ")}}`;
    case "dict":
      return `{${expr.items
        .map(({ key, value }) => `${key ? of(key) : "**"}: ${of(value)}`)
        .sort()
        .join(", ")}}`;
    case "unary":
      return `${expr.op}${of(expr.operand)}`;
    default:
      return printExpr(expr);
  }
}

/** A function of an entry: its parameters by their places, since their names mean nothing. */
function lambdaNumber(n: Numbers, expr: Expr & { kind: "lambda" }): number {
  const places = new Map(expr.params.map(({ name }, i) => [name, `_${i}`]));
  const kids: number[] = [];
  const text = printExpr(
    mapNames(expr.body, (id, span) => {
      const place = places.get(id);
      if (place === undefined && !/[@#!]/.test(id) && !n.turns.has(id)) return undefined;
      if (place === undefined) kids.push(nameNumber(n, id));
      return { kind: "name", id: place ?? `_kept${kids.length}`, span };
    }),
  );
  const body = codeNode(n, `lambda ${text}`);
  return kids.length === 0 ? body : op(n, "lambda", [body, ...kids], expr.span);
}

/** Anything else: what is left of its text without the values in it, and these. */
function partsNumber(n: Numbers, expr: Expr): number {
  const kids: number[] = [];
  const text = printExpr(
    mapNames(expr, (id, span) => {
      if (!/[@#!]/.test(id) && !n.turns.has(id)) return undefined;
      kids.push(nameNumber(n, id));
      return { kind: "name", id: `_${kids.length}`, span };
    }),
  );
  return op(n, `of ${text}`, kids, expr.span);
}

/** Attributes that give the same values in another shape. */
const sameValues: ReadonlySet<string> = new Set(["values", "array"]);

function attributeNumber(n: Numbers, expr: Expr & { kind: "attribute" }): number {
  const base = numberOf(n, expr.value);
  const of = nodeOf(n, base);
  if (!isRowNode(of))
    return of.kind === "code" ? codeNode(n, `${of.text}.${expr.attr}`) : op(n, `.${expr.attr}`, [base], expr.span);
  if (sameValues.has(expr.attr)) return base;
  const isPart = expr.value.kind === "attribute" && /^(?:str|dt|cat)$/.test(expr.value.attr);
  if (isPart || /^(?:str|dt|cat|loc|iloc|T|index)$/.test(expr.attr)) return op(n, `.${expr.attr}`, [base], expr.span);
  return column(n, base, expr.attr, expr.span);
}

function subscriptNumber(n: Numbers, expr: Expr & { kind: "subscript" }): number {
  const located = locatedColumns(expr);
  const value = located?.frame ?? expr.value;
  const index = located?.columns ?? expr.index;
  if (value.kind === "name" && value.id.startsWith("@")) return learned(n, value.id, [printKeys(n, index)]);
  const base = numberOf(n, value);
  if (!isRowNode(nodeOf(n, base))) return op(n, "[]", [base, numberOf(n, index)], expr.span);
  const one = oneName(n, index);
  if (one !== undefined) return column(n, base, one, expr.span);
  const texts = textsOf(n, index);
  if (texts && index.kind !== "constant") return selected(n, base, texts, expr.span);
  const isList = index.kind === "name" && n.cuts.get(index.id)?.type === "list";
  if (isList || located) return selected(n, base, undefined, expr.span);
  return op(n, "[]", [base, numberOf(n, index)], expr.span);
}

/** Which turn of the loops around it is. */
function printKeys(n: Numbers, index: Expr): string {
  return printExpr(
    mapNames(index, (id, span) => {
      const turn = n.turns.get(id);
      return turn === undefined ? undefined : { kind: "constant", type: "str", value: turn, span };
    }),
  );
}

/** The one column that an index names. */
function oneName(n: Numbers, index: Expr): string | undefined {
  if (index.kind === "name") return n.turns.get(index.id) ?? constantColumn(n, index.id);
  return index.kind === "constant" && typeof index.value === "string" ? index.value : undefined;
}

/** A column whose name a variable holds. */
function constantColumn(n: Numbers, id: string): string | undefined {
  const text = n.origins.get(id)?.constant;
  return typeof text === "string" ? text : undefined;
}

/** Functions and methods that give the same values, copied or in another shape. */
const same =
  /^(?:\.(?:copy|to_numpy|reset_index|ravel|reshape|flatten|squeeze|to_frame|infer_objects|convert_dtypes|toarray|todense|sort_index)|np\.(?:array|asarray|asanyarray|ascontiguousarray|ravel|squeeze|copy|float32|float64)|(?:pd\.)?(?:DataFrame|Series)|%(?:with_columns|with_parts|as_table|squeezed))$/;

/** Functions of numpy that a table has as methods too. */
const asMethods: ReadonlyMap<string, string> = new Map([
  ["np.clip", ".clip"],
  ["np.abs", ".abs"],
  ["np.absolute", ".abs"],
  ["np.round", ".round"],
  ["np.around", ".round"],
]);

/** Arguments that change nothing of the values. */
const idle: ReadonlySet<string> = new Set(["errors", "copy", "inplace", "verify_integrity", "sort", "axis_", "index"]);

/** A function by the name that everybody gives it. */
function functionText(func: Expr): string {
  return printExpr(func)
    .replace(/^numpy\./, "np.")
    .replace(/^pandas\./, "pd.");
}

function callNumber(n: Numbers, expr: CallExpr): number {
  const { func } = expr;
  const owner = func.kind === "attribute" ? ownerNumber(n, func.value) : undefined;
  const text = func.kind === "attribute" && owner !== undefined ? `.${func.attr}` : functionText(func);
  const label = asMethods.get(text) ?? text;
  if (label === "%union") return unionNumber(n, expr);
  const operands = expr.args.map((arg) => numberOf(n, arg));
  const first = owner ?? operands[0];
  const isOfRows = first !== undefined && isRowNode(nodeOf(n, first));
  if (first !== undefined && isOfRows && same.test(label)) return first;
  const known = isOfRows && owner !== undefined ? methodNumber(n, expr, label, owner) : undefined;
  if (known !== undefined) return known;
  const keywords = expr.keywords
    .filter(({ name }) => name === undefined || !idle.has(name))
    .sort((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
  const given = keywords.map(({ name, value }) => (name === "axis" ? axisNumber(n, value) : numberOf(n, value)));
  const all = [...operands, ...given];
  // What an estimator is asked about comes before the estimator.
  const kids = owner === undefined ? all : isOfRows ? [owner, ...all] : [...all, owner];
  const isMethod = owner !== undefined || asMethods.has(text);
  const count = operands.length - (isMethod && owner === undefined ? 1 : 0);
  return op(n, `${label}(${[count, ...keywords.map(({ name }) => name ?? "**")].join(",")})`, kids, expr.span);
}

/** `axis="columns"` is `axis=1`. */
function axisNumber(n: Numbers, value: Expr): number {
  const word = value.kind === "constant" ? value.value : undefined;
  return word === "columns"
    ? constant(n, "1")
    : word === "index" || word === "rows"
      ? constant(n, "0")
      : numberOf(n, value);
}

/** What a method belongs to; undefined: the name of a library. */
function ownerNumber(n: Numbers, value: Expr): number | undefined {
  let isOurs = false;
  walkExpr(value, (one) => {
    if (one.kind === "name" && /[@#!%]/.test(one.id)) isOurs = true;
  });
  return isOurs ? numberOf(n, value) : undefined;
}

/** Methods that change which columns there are, or one of several columns. */
function methodNumber(n: Numbers, expr: CallExpr, label: string, owner: number): number | undefined {
  const named = (name: string): Expr | undefined => expr.keywords.find((keyword) => keyword.name === name)?.value;
  const { span } = expr;
  switch (label) {
    case ".drop": {
      const texts = textsOf(n, named("columns") ?? (axisIsColumns(expr) ? expr.args[0] : undefined));
      if (!texts) return selected(n, owner, undefined, span);
      return texts.reduce((table, name) => withColumn(n, table, name, undefined), owner);
    }
    case ".reindex":
      return named("columns") ? selected(n, owner, textsOf(n, named("columns")), span) : undefined;
    case ".assign":
      return expr.keywords.reduce(
        (table, { name, value }) => (name === undefined ? unknown(n) : withColumn(n, table, name, numberOf(n, value))),
        owner,
      );
    case ".rename": {
      const map = named("columns");
      if (map?.kind !== "dict") return undefined;
      const pairs = map.items.map(({ key, value }) => [key && textsOf(n, key)?.[0], textsOf(n, value)?.[0]] as const);
      return renamed(n, owner, pairs, span);
    }
    case ".fillna": {
      const [by] = expr.args;
      if (by?.kind !== "dict" || expr.args.length + expr.keywords.length > 1) return undefined;
      const pairs = by.items.map(({ key, value }) => [key && textsOf(n, key)?.[0], numberOf(n, value)] as const);
      if (pairs.some(([name]) => name === undefined)) return undefined;
      return pairs.reduce(
        (table, [name = "", value]) =>
          withColumn(n, table, name, op(n, ".fillna(1)", [column(n, owner, name, span), value], span)),
        owner,
      );
    }
    case ".astype": {
      const [type] = expr.args;
      return type?.kind === "constant" && type.value === "category" ? undefined : owner;
    }
    default:
      return undefined;
  }
}

function renamed(
  n: Numbers,
  owner: number,
  pairs: readonly (readonly [string | undefined, string | undefined])[],
  span: Expr["span"],
): number | undefined {
  if (pairs.some(([from, to]) => from === undefined || to === undefined)) return undefined;
  const gone = pairs.reduce((table, [from = ""]) => withColumn(n, table, from, undefined), owner);
  return pairs.reduce((table, [from = "", to = ""]) => withColumn(n, table, to, column(n, owner, from, span)), gone);
}

/** Two tables under each other: what is done to both afterwards is one computation. */
function unionNumber(n: Numbers, expr: CallExpr): number {
  const [first, second] = expr.args.slice(2).map((part) => numberOf(n, part));
  if (first === undefined || second === undefined) return unknown(n);
  return first === second ? first : op(n, "%union", [first, second], expr.span);
}

/** Operations that take a table as a whole, all columns of it. */
const ofAll =
  /^(?:\.transform\(|pd\.get_dummies\(|pd\.concat\(|np\.(?:hstack|column_stack|concatenate)\(|list\(|[-+*/]$|\.(?:fillna|clip)\()/;

/** True of an operation that takes a table as a whole. */
export function takesAll(label: string): boolean {
  return ofAll.test(label) || predicting.has(/^\.(\w+)\(/.exec(label)?.[1] ?? "");
}
