import type { Span } from "../foundation/span.ts";
import type { Cell, Notebook } from "../notebook/notebook.ts";
import type { Expr, PyModule, Stmt } from "../python/ir.ts";
import type { Carrier } from "./carrier.ts";
import type { Directive } from "./directive.ts";

/** A cell with its parsed Python. */
export interface ParsedCell {
  readonly cell: Cell;
  readonly module: PyModule;
}
export interface ParsedNotebook {
  readonly notebook: Notebook;
  readonly cells: readonly ParsedCell[];
}

/**
 * A directive and what it is about.
 *
 * - `cell`: the whole cell (`skip` and `keep` above its first statement).
 * - `statement`: `statement` itself (the one below, or the one on whose line or in whose brackets the comment stands).
 * - `before`, `after`: the moment just before or after `statement`; without one, before or after all of the cell.
 * - `name`: a name; `statement` is the first from here on, in this cell, that binds it, where there is one.
 * - `model`: the model as a whole; the cell is evidence.
 */
export type Target = "cell" | "statement" | "before" | "after" | "name" | "model";

export interface Attached<D extends Directive = Directive> {
  readonly directive: D;
  readonly notebook: Notebook;
  /** 0-based place of the notebook in the chain, and of the cell in its list. */
  readonly notebookIndex: number;
  readonly cellIndex: number;
  readonly cell: Cell;
  readonly carrier: Carrier;
  readonly target: Target;
  readonly statement?: Stmt;
  /** For `input`, `output` and `source`: every statement from the one below on, in source order; who knows loads and writes picks one. */
  readonly candidates: readonly Stmt[];
  /** For `param` and `secret`: the literal to lift, with its span in `cell.python`. */
  readonly value?: Expr;
  /** Where the comment begins in `cell.python`; 0 for carriers other than Python. */
  readonly anchorOffset: number;
  /** The comment in `cell.source`. */
  readonly span: Span;
}

/** The attached directives of one kind. */
export function attachedOf<K extends Directive["kind"]>(
  all: readonly Attached[],
  kind: K,
): readonly Attached<Extract<Directive, { readonly kind: K }>>[] {
  return all.filter((one): one is Attached<Extract<Directive, { readonly kind: K }>> => one.directive.kind === kind);
}
