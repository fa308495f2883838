import type { Span } from "../../foundation/span.ts";
import type { Expr, NameExpr, Stmt } from "../ir.ts";
import type { RawNode } from "../tree.ts";

/** What every lowering function needs. The functions of other files come through here, so that files need no cycles. */
export interface Lowering {
  /** The whole text, unmasked; all offsets are its offsets. */
  readonly text: string;
  /** Defaults of type parameters that were masked before parsing (the grammar does not know them), by the offset where the parameter starts. */
  readonly typeDefaults: ReadonlyMap<number, Expr>;
  expr(node: RawNode): Expr;
  /** An annotation: the grammar gives these shapes of their own. */
  annotation(node: RawNode): Expr;
  block(node: RawNode | undefined): readonly Stmt[];
}

/** Thrown by lowering on what the grammar accepts and Python does not; caught where a top-level statement is lowered. */
export class LowerError extends Error {
  readonly span: Span;
  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

export function spanOf(node: Span): Span {
  return { start: node.start, end: node.end };
}

export function textOf(cx: Lowering, node: Span): string {
  return cx.text.slice(node.start, node.end);
}

export function fieldOf(node: RawNode, field: string): RawNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

/** The child in a field that the grammar always fills. */
export function need(node: RawNode, field: string): RawNode {
  const found = fieldOf(node, field);
  if (!found) throw new LowerError(node, "this statement is incomplete");
  return found;
}

export function namedOf(node: RawNode): readonly RawNode[] {
  return node.children.filter((child) => child.named);
}

export function has(node: RawNode, token: string): boolean {
  return node.children.some((child) => child.type === token && !child.named);
}

/** The only named child of a wrapper such as parentheses. */
export function inner(node: RawNode): RawNode {
  const found = node.children.find((child) => child.named);
  if (!found) throw new LowerError(node, "an expression is missing here");
  return found;
}

/** Where a bare tuple ends: after its trailing comma, when the owner's last comma follows the last item. */
export function tupleEnd(cx: Lowering, owner: RawNode, last: RawNode): number {
  const marks = owner.children.filter((child) => child === last || child.type === ",");
  return marks[marks.length - 1] === last ? last.end : cx.text.indexOf(",", last.end) + 1;
}

/** An identifier as Python knows it: NFKC-normalised. */
export function identifier(cx: Lowering, node: Span): string {
  const text = cx.text.slice(node.start, node.end);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return text.normalize("NFKC");
  return text;
}

export function nameExpr(cx: Lowering, node: RawNode): NameExpr {
  return { kind: "name", id: identifier(cx, node), span: spanOf(node) };
}
