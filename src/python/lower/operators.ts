import type { BinaryExpr, Expr } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { fieldOf, inner, LowerError, type Lowering, need, spanOf } from "./context.ts";

/** Python's own precedences: the grammar has `^` above `&`. */
const precedence: Readonly<Record<string, number>> = {
  "|": 1,
  "^": 2,
  "&": 3,
  "<<": 4,
  ">>": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "@": 6,
  "/": 6,
  "%": 6,
  "//": 6,
  "**": 7,
};

interface Operand {
  readonly expr: Expr;
  /** Of the text with its parentheses. */
  readonly start: number;
  readonly end: number;
}

/** Binds less than `|`; the grammar lets it stand beside one in an annotation. */
const looser: ReadonlySet<string> = new Set(
  "not_operator boolean_operator comparison_operator conditional_expression lambda named_expression list_splat splat_type yield constrained_type".split(
    " ",
  ),
);

function isChain(node: RawNode): boolean {
  return node.type === "binary_operator" || node.type === "union_type";
}

/** Operands and operators of a tree of binary operators, left to right; parentheses are not looked into. */
function flatten(cx: Lowering, root: RawNode): { operands: Operand[]; operators: string[] } {
  const operands: Operand[] = [];
  const operators: string[] = [];
  const work: (RawNode | string)[] = [root];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    if (typeof item === "string") {
      operators.push(item);
      continue;
    }
    // Inside a union of types each side is wrapped in a `type` node.
    let node = item;
    while (node.type === "type") node = inner(node);
    if (!isChain(node)) {
      if (item.type === "type" && looser.has(node.type))
        throw new LowerError(node, "this side of '|' must stand in parentheses");
      const isPlain = item.type !== "type";
      operands.push({ expr: isPlain ? cx.expr(node) : cx.annotation(node), start: node.start, end: node.end });
      continue;
    }
    const [left, operator, right] = node.children;
    if (!left || !operator || !right) throw new LowerError(node, "an operand is missing here");
    work.push(right, operator.type, left);
  }
  return { operands, operators };
}

/** Binary operators, grouped as Python groups them. Long chains cost no recursion here. `awaited` waits for the first operand. */
export function lowerBinary(cx: Lowering, node: RawNode, awaited?: RawNode): Expr {
  const { operands, operators } = flatten(cx, node);
  const first = operands[0];
  if (awaited && first) {
    const span = { start: awaited.start, end: first.end };
    operands[0] = { expr: { kind: "await", value: first.expr, span }, ...span };
  }
  const values: Operand[] = [];
  const waiting: string[] = [];
  const reduce = (): void => {
    const right = values.pop();
    const left = values.pop();
    const op = waiting.pop();
    if (!left || !right || op === undefined) throw new LowerError(node, "an operand is missing here");
    const span = { start: left.start, end: right.end };
    const expr: BinaryExpr = { kind: "binary", op, left: left.expr, right: right.expr, span };
    values.push({ expr, ...span });
  };
  operands.forEach((operand, i) => {
    const op = operators[i - 1];
    if (op !== undefined) {
      const mine = precedence[op] ?? 0;
      for (let top = waiting[waiting.length - 1]; top !== undefined; top = waiting[waiting.length - 1]) {
        const theirs = precedence[top] ?? 0;
        if (theirs < mine || (theirs === mine && op === "**")) break;
        reduce();
      }
      waiting.push(op);
    }
    values.push(operand);
  });
  while (waiting.length > 0) reduce();
  const only = values[0];
  if (!only || values.length !== 1) throw new LowerError(node, "an operand is missing here");
  return only.expr;
}

export function lowerUnary(cx: Lowering, node: RawNode): Expr {
  const op = node.children[0]?.type;
  const operand = cx.expr(need(node, "argument"));
  if (op !== "-" && op !== "+" && op !== "~" && op !== "not") throw new LowerError(node, "an operator is missing here");
  return { kind: "unary", op, operand, span: spanOf(node) };
}

/** `a and b and c` is one node with three values. */
export function lowerBool(cx: Lowering, node: RawNode): Expr {
  const op = node.children[1]?.type;
  if (op !== "and" && op !== "or") throw new LowerError(node, "an operator is missing here");
  const values: Expr[] = [];
  let at = node;
  for (;;) {
    values.push(cx.expr(need(at, "right")));
    const left = need(at, "left");
    if (left.type === "boolean_operator" && left.children[1]?.type === op) at = left;
    else {
      values.push(cx.expr(left));
      break;
    }
  }
  return { kind: "bool", op, values: values.reverse(), span: spanOf(node) };
}

export function lowerCompare(cx: Lowering, node: RawNode): Expr {
  const ops: string[] = [];
  const values: Expr[] = [];
  for (const child of node.children) {
    if (!child.named) ops.push(child.type);
    else values.push(cx.expr(child));
  }
  if (ops.includes("<>")) throw new LowerError(node, "<> is Python 2; write !=");
  const [left, ...comparators] = values;
  if (!left || comparators.length !== ops.length) throw new LowerError(node, "an operand is missing here");
  return { kind: "compare", left, ops, comparators, span: spanOf(node) };
}

/** `await a ** b` is `(await a) ** b`: the grammar has it the other way round. */
export function lowerAwait(cx: Lowering, node: RawNode): Expr {
  const value = inner(node);
  if (value.type === "unary_operator" || value.type === "await" || value.type === "list_splat")
    throw new LowerError(node, "what await waits for must stand in parentheses");
  if (value.type !== "binary_operator") return { kind: "await", value: cx.expr(value), span: spanOf(node) };
  return lowerBinary(cx, value, node);
}

/** `x := a if b else c` names the whole choice: the grammar has it the other way round. */
export function lowerConditional(cx: Lowering, node: RawNode): Expr {
  const [then, test, otherwise] = node.children.filter((child) => child.named);
  if (!then || !test || !otherwise) throw new LowerError(node, "a part of 'a if b else c' is missing here");
  const rest = (first: Expr, start: number): Expr => ({
    kind: "conditional",
    test: cx.expr(test),
    // biome-ignore lint/suspicious/noThenProperty: the name of the IR; never a function
    then: first,
    otherwise: cx.expr(otherwise),
    span: { start, end: node.end },
  });
  if (then.type !== "named_expression") return rest(cx.expr(then), node.start);
  const value = fieldOf(then, "value");
  const named = cx.expr(then);
  if (named.kind !== "walrus" || !value) throw new LowerError(node, "a part of 'a if b else c' is missing here");
  return { ...named, value: rest(named.value, value.start), span: spanOf(node) };
}
