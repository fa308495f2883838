import type { IToken } from "chevrotain";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { PyModule } from "../python/ir.ts";

/** Parses Python text; `parseModule` of the python room. */
export type ParsePython = (text: string) => PyModule;

/** What turning one directive into its typed form needs, and where it puts what there is to say. */
export interface Builder {
  /** The directive's text, behind its marker; comment signs of continuation lines are blanks. */
  readonly text: string;
  readonly parse: ParsePython;
  /** A range of `text` as a span of the cell's source. */
  locate(start: number, end: number): Span;
  place(span: Span): Place;
  say(diagnostic: Diagnostic): void;
}

/** Where a token stands in the cell's source. */
export function tokenSpan(b: Builder, token: IToken): Span {
  return b.locate(token.startOffset, token.startOffset + token.image.length);
}

interface Located {
  readonly startOffset: number;
  readonly endOffset?: number;
}
interface HasLocation {
  readonly location?: Located;
}

/** The range of `text` that a node of the syntax tree covers. */
export function nodeRange(node: HasLocation): { readonly start: number; readonly end: number } {
  const start = node.location?.startOffset ?? 0;
  return { start, end: (node.location?.endOffset ?? start - 1) + 1 };
}

/** Where a node of the syntax tree stands in the cell's source. */
export function nodeSpan(b: Builder, node: HasLocation): Span {
  const { start, end } = nodeRange(node);
  return b.locate(start, end);
}

/** The text that a node of the syntax tree covers. */
export function nodeText(b: Builder, node: HasLocation): string {
  const { start, end } = nodeRange(node);
  return b.text.slice(start, end);
}
