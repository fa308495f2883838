import type { DirectiveName, FormatName, TypeName, Unit } from "../../grammar/words.ts";
import type { Span } from "../foundation/span.ts";
import type { Expr } from "../python/ir.ts";

/** The typed form of the annotation language. Every span is in UTF-16 offsets of the cell's `source`. */

/** A name (NFKC-normalised); a dotted name has dots. */
export interface Name {
  readonly name: string;
  readonly span: Span;
}
/** A text in quotes: its value, and the span with the quotes. */
export interface Text {
  readonly value: string;
  readonly span: Span;
}
/** A column: any word, or a text. */
export interface Column {
  readonly name: string;
  readonly quoted: boolean;
  readonly span: Span;
}
/** A Python expression: `text` as written (comment signs blanked), `ast` with spans in `text`; undefined when it does not parse. */
export interface Expression {
  readonly text: string;
  readonly span: Span;
  readonly ast: Expr | undefined;
}

export type Bound = NumberBound | DateBound | DurationBound;
export interface NumberBound {
  readonly kind: "number";
  /** Signed. An integer beyond 2**53 is rounded here; `text` is exact. */
  readonly value: number;
  readonly integer: boolean;
  readonly text: string;
  readonly span: Span;
}
export interface DateBound {
  readonly kind: "date";
  /** yyyy-mm-dd, a real day. */
  readonly value: string;
  readonly text: string;
  readonly span: Span;
}
export interface DurationBound {
  readonly kind: "duration";
  readonly amount: number;
  readonly unit: Unit;
  readonly text: string;
  readonly span: Span;
}

export type CompareOperator = ">=" | "<=" | ">" | "<";
export interface Compare {
  readonly kind: "compare";
  readonly operator: CompareOperator;
  readonly bound: Bound;
  readonly span: Span;
}
export interface Range {
  readonly kind: "range";
  readonly low: Bound;
  readonly high: Bound;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  readonly span: Span;
}
export interface SetDomain {
  readonly kind: "set";
  readonly values: readonly Literal[];
  readonly span: Span;
}
export type Domain = Range | SetDomain;
export type Bounds = Compare | Domain;

/** A Python literal of a directive. */
export type Literal = ScalarLiteral | SequenceLiteral | DictLiteral;
export interface ScalarLiteral {
  readonly kind: "int" | "float" | "str" | "bool" | "none" | "date" | "duration";
  /** date and duration: their text. */
  readonly value: number | string | boolean | null;
  readonly text: string;
  readonly span: Span;
}
export interface SequenceLiteral {
  readonly kind: "list" | "tuple" | "set";
  readonly items: readonly Literal[];
  readonly text: string;
  readonly span: Span;
}
export interface DictLiteral {
  readonly kind: "dict";
  readonly items: readonly { readonly key: Literal; readonly value: Literal }[];
  readonly text: string;
  readonly span: Span;
}

/** One alternative of a type, e.g. `dict[str, int]`. */
export interface TypeAtom {
  readonly name: TypeName;
  readonly args: readonly Type[];
  readonly span: Span;
}
/** `int | None`: the alternatives in their order (none where one is unknown, which is an error); `text` is canonical. */
export interface Type {
  readonly atoms: readonly TypeAtom[];
  readonly text: string;
  readonly span: Span;
}

interface Base<K extends DirectiveName> {
  readonly kind: K;
  /** From the marker to the end of the directive. */
  readonly span: Span;
}
interface Doc {
  readonly doc?: Text;
}
interface Reason {
  readonly reason?: Text;
}
interface Because {
  readonly because: Text;
}

/** `reads` and `gives` are undefined where the directive does not list them. */
export interface Step extends Base<"step">, Doc {
  readonly name: Name;
  readonly reads?: readonly Name[];
  readonly gives?: readonly Name[];
}
export interface Skip extends Base<"skip">, Reason {}
export interface Keep extends Base<"keep">, Reason {}
/** `outside` is the name by which the world outside knows the data. */
export interface Input extends Base<"input">, Doc {
  readonly name: Name;
  readonly outside?: Text;
  readonly format?: { readonly name: FormatName; readonly span: Span };
}
export interface Output extends Base<"output">, Doc {
  readonly name: Name;
  readonly outside?: Text;
  readonly format?: { readonly name: FormatName; readonly span: Span };
}
export interface Param extends Base<"param">, Doc {
  readonly name: Name;
  readonly type?: Type;
  readonly value?: Literal;
  readonly domain?: Domain;
}
export interface Secret extends Base<"secret">, Doc {
  readonly name: Name;
}
export interface Seed extends Base<"seed"> {
  readonly value: number;
  readonly valueSpan: Span;
}
export interface Entity extends Base<"entity"> {
  readonly name: Name;
  readonly key: readonly Column[];
  readonly at?: Column;
}
export interface Feature extends Base<"feature">, Doc {
  readonly column: Column;
  readonly type?: Type;
  readonly of: Name;
  readonly ttl?: DurationBound;
}
export interface Serve extends Base<"serve">, Doc {
  readonly name: Name;
  readonly takes?: readonly Name[];
  readonly gives: readonly Column[];
}
export interface Fit extends Base<"fit">, Doc {
  readonly names: readonly Name[];
}
export interface Apply extends Base<"apply">, Doc {
  readonly names: readonly Name[];
}
export interface Contract extends Base<"contract"> {
  readonly name: Name;
  readonly columns: readonly ColumnRule[];
  readonly rules: readonly TableRule[];
}
export interface ColumnRule extends Doc {
  readonly column: Column;
  readonly type: Type;
  readonly constraints: readonly Constraint[];
  readonly span: Span;
}
export type Constraint =
  | { readonly kind: "bounds"; readonly bounds: Bounds; readonly span: Span }
  | {
      readonly kind: "unique" | "nullable" | "pii" | "sensitive" | "protected" | "key" | "target";
      readonly span: Span;
    }
  | { readonly kind: "fresh"; readonly age: DurationBound; readonly span: Span }
  /** `pattern` is the text between the slashes, with `\/` unescaped. */
  | { readonly kind: "matches"; readonly pattern: string; readonly span: Span };
export type TableRule =
  | { readonly kind: "unique"; readonly columns: readonly Column[]; readonly span: Span }
  | { readonly kind: "rows"; readonly bounds: Bounds; readonly span: Span }
  | { readonly kind: "fresh"; readonly age: DurationBound; readonly span: Span }
  | { readonly kind: "expect"; readonly expression: Expression; readonly reason?: Text; readonly span: Span };
export interface Expect extends Base<"expect">, Reason {
  readonly expression: Expression;
}
export interface Metric extends Base<"metric">, Doc {
  readonly name: Name;
  readonly bounds?: Bounds;
  readonly on?: Name;
  readonly by: readonly Column[];
}
export interface Threshold extends Base<"threshold">, Because {
  readonly name: Name;
  readonly compare: Compare;
}
export interface Monotone extends Base<"monotone"> {
  readonly column: Column;
  readonly direction: "increasing" | "decreasing";
}
export interface Drift extends Base<"drift"> {
  readonly measure: "psi" | "ks" | "chi2";
  readonly compare: Compare;
  readonly on: readonly Column[];
}
export interface Test extends Base<"test"> {
  readonly title: Text;
  readonly of?: Name;
  /** In source order. */
  readonly lines: readonly TestLine[];
}
export type TestLine =
  | { readonly kind: "given"; readonly name?: Name; readonly value: Expression; readonly span: Span }
  | { readonly kind: "expect"; readonly expression: Expression; readonly reason?: Text; readonly span: Span };
/** A code as written and, where it is known, the catalogue's code. */
export interface CodeRef {
  readonly written: string;
  readonly code: string;
  readonly span: Span;
}
export interface Waive extends Base<"waive">, Because {
  readonly code: CodeRef;
  readonly until: DateBound;
}
export interface Ignore extends Base<"ignore">, Because {
  readonly codes: readonly CodeRef[];
}
export interface Statement<K extends "use" | "misuse" | "limit" | "label" | "section"> extends Base<K> {
  readonly text: Text;
}
export type Use = Statement<"use">;
export type Misuse = Statement<"misuse">;
export type Limit = Statement<"limit">;
export type Label = Statement<"label">;
export type Section = Statement<"section">;
export interface Assume extends Base<"assume"> {
  readonly text: Text;
  readonly because?: Text;
  readonly check?: Expression;
}
export interface Risk extends Base<"risk"> {
  readonly text: Text;
  readonly mitigated?: Text;
}
export interface Decide extends Base<"decide">, Because {
  readonly text: Text;
}
export interface Source extends Base<"source"> {
  readonly text: Text;
  readonly license?: Text;
}
export interface Protect extends Base<"protect">, Reason {
  readonly columns: readonly Column[];
}
export interface Monitor extends Base<"monitor"> {
  readonly text: Text;
  readonly every: DurationBound;
}
export interface Review extends Base<"review"> {
  readonly when: DateBound | DurationBound;
}

/** One annotation. */
export type Directive =
  | Step
  | Skip
  | Keep
  | Input
  | Output
  | Param
  | Secret
  | Seed
  | Entity
  | Feature
  | Serve
  | Fit
  | Apply
  | Contract
  | Expect
  | Metric
  | Threshold
  | Monotone
  | Drift
  | Test
  | Waive
  | Ignore
  | Use
  | Misuse
  | Assume
  | Limit
  | Risk
  | Decide
  | Source
  | Protect
  | Label
  | Monitor
  | Review
  | Section;

/** The directive of one kind, e.g. `DirectiveOf<"param">`. */
export type DirectiveOf<K extends DirectiveName> = Extract<Directive, { readonly kind: K }>;
