import type { OpaqueStmt, Stmt, SyntaxProblem } from "../ir.ts";
import type { RawNode, RawTree } from "../tree.ts";
import { lowerAnnotation } from "./annotations.ts";
import { compoundStatements } from "./compound.ts";
import { LowerError, type Lowering, spanOf } from "./context.ts";
import { lowerExpr } from "./expressions.ts";
import { simpleStatements } from "./statements.ts";
import { walrusRules } from "./walrus.ts";

/** A lowering over one text. */
export function lowering(text: string, typeDefaults: Lowering["typeDefaults"]): Lowering {
  const cx: Lowering = {
    text,
    typeDefaults,
    expr: (node) => lowerExpr(cx, node),
    annotation: (node) => lowerAnnotation(cx, node),
    block: (node) => (node ? statementsOf(cx, node) : []),
  };
  return cx;
}

function statementsOf(cx: Lowering, block: RawNode): readonly Stmt[] {
  const out: Stmt[] = [];
  for (const child of block.children) if (child.named) out.push(lowerStatement(cx, child));
  return out;
}

function lowerStatement(cx: Lowering, node: RawNode): Stmt {
  const lower = simpleStatements.get(node.type) ?? compoundStatements.get(node.type);
  if (!lower) throw new LowerError(node, "this statement cannot be read");
  return lower(cx, node);
}

export interface LoweredStmt {
  readonly stmt: Stmt;
  readonly problem?: SyntaxProblem;
}

/** One top-level statement after the other; what cannot be lowered is opaque, with its problem. */
export function lowerTopLevel(cx: Lowering, tree: RawTree): readonly LoweredStmt[] {
  const out: LoweredStmt[] = [];
  for (const child of tree.root.children) {
    if (!child.named) continue;
    if (tree.tooDeep.has(child)) {
      out.push(opaque(child, spanOf(child), "this statement is nested too deeply to be read"));
      continue;
    }
    try {
      if (cx.text.slice(child.start, child.end).includes(":=")) walrusRules(child);
      out.push({ stmt: lowerStatement(cx, child) });
    } catch (error) {
      if (error instanceof LowerError) out.push(opaque(child, error.span, error.message));
      else if (error instanceof RangeError)
        out.push(opaque(child, spanOf(child), "this statement is nested too deeply to be read"));
      else throw error;
    }
  }
  return out;
}

function opaque(node: RawNode, span: OpaqueStmt["span"], message: string): LoweredStmt {
  return {
    stmt: { kind: "opaque", span: spanOf(node) },
    problem: { span: { start: span.start, end: span.end }, message },
  };
}
