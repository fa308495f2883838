import type { Span } from "../foundation/span.ts";

/**
 * The typed IR of Python source, close to CPython's `ast`. Every span is in UTF-16 offsets of the text that was parsed.
 * Plain readonly data: it outlives the parser's own tree. What could not be parsed is an `opaque` statement.
 */
export interface PyModule {
  readonly text: string;
  readonly body: readonly Stmt[];
  readonly comments: readonly Comment[];
  /** Problems found; each damaged chunk is also an `opaque` statement in `body`. */
  readonly problems: readonly SyntaxProblem[];
}

export interface Comment {
  /** From `#` to the end of the line. */
  readonly span: Span;
  readonly text: string;
  /** True when nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

export interface SyntaxProblem {
  readonly span: Span;
  /** What was wrong and what was expected, one sentence without a full stop. */
  readonly message: string;
}

interface Base {
  readonly span: Span;
}

export type Expr =
  | NameExpr
  | ConstantExpr
  | FStringExpr
  | AttributeExpr
  | SubscriptExpr
  | SliceExpr
  | CallExpr
  | BinaryExpr
  | BoolExpr
  | UnaryExpr
  | CompareExpr
  | ConditionalExpr
  | LambdaExpr
  | SequenceExpr
  | DictExpr
  | ComprehensionExpr
  | WalrusExpr
  | StarredExpr
  | AwaitExpr
  | YieldExpr;

export interface NameExpr extends Base {
  readonly kind: "name" /** NFKC-normalised. */;
  readonly id: string;
}
/** `text` is the source text of the literal (of all parts, for implicitly joined strings); `value` its value where JS can hold it. */
export interface ConstantExpr extends Base {
  readonly kind: "constant";
  readonly type: "str" | "bytes" | "int" | "float" | "complex" | "bool" | "none" | "ellipsis";
  /** str: its value; int, float: the number (int beyond 2**53: undefined); bool; none: null; others: undefined. */
  readonly value: string | number | boolean | null | undefined;
  /** What `value` cannot hold. bytes: one character per byte; int beyond 2**53: its decimal digits; complex: the imaginary part. */
  readonly detail?: string;
}
/** f"…" and t"…"; `parts` are the embedded expressions and the literal pieces (as constants), in order. */
export interface FStringExpr extends Base {
  readonly kind: "fstring";
  readonly parts: readonly FStringPart[];
  readonly template: boolean;
}
export type FStringPart =
  /** `undecoded`: it holds a `\\N{name}` escape, which stands in `value` as it was written. */
  | { readonly kind: "text"; readonly value: string; readonly span: Span; readonly undecoded?: true }
  | {
      readonly kind: "field";
      readonly value: Expr;
      readonly conversion?: string;
      readonly spec: readonly FStringPart[];
      readonly span: Span;
    };
export interface AttributeExpr extends Base {
  readonly kind: "attribute";
  readonly value: Expr;
  readonly attr: string;
  readonly attrSpan: Span;
}
export interface SubscriptExpr extends Base {
  readonly kind: "subscript";
  readonly value: Expr;
  readonly index: Expr;
}
export interface SliceExpr extends Base {
  readonly kind: "slice";
  readonly lower?: Expr;
  readonly upper?: Expr;
  readonly step?: Expr;
}
/** `args` hold StarredExpr for `*x`; a keyword without a name is `**x`. */
export interface CallExpr extends Base {
  readonly kind: "call";
  readonly func: Expr;
  readonly args: readonly Expr[];
  readonly keywords: readonly Keyword[];
}
export interface Keyword extends Base {
  readonly name?: string;
  readonly value: Expr;
}
export interface BinaryExpr extends Base {
  readonly kind: "binary";
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface BoolExpr extends Base {
  readonly kind: "bool";
  readonly op: "and" | "or";
  readonly values: readonly Expr[];
}
export interface UnaryExpr extends Base {
  readonly kind: "unary";
  readonly op: "not" | "-" | "+" | "~";
  readonly operand: Expr;
}
/** `ops` are "<", "==", "in", "not in", "is", "is not" …; ops[i] stands before comparators[i]. */
export interface CompareExpr extends Base {
  readonly kind: "compare";
  readonly left: Expr;
  readonly ops: readonly string[];
  readonly comparators: readonly Expr[];
}
export interface ConditionalExpr extends Base {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
export interface LambdaExpr extends Base {
  readonly kind: "lambda";
  readonly params: readonly Param[];
  readonly body: Expr;
}
export interface SequenceExpr extends Base {
  readonly kind: "tuple" | "list" | "set";
  readonly items: readonly Expr[];
}
/** An item without a key is `**value`. */
export interface DictExpr extends Base {
  readonly kind: "dict";
  readonly items: readonly { readonly key?: Expr; readonly value: Expr }[];
}
export interface ComprehensionExpr extends Base {
  readonly kind: "comprehension";
  readonly type: "list" | "set" | "dict" | "generator";
  /** For a dict the value; its key is in `key`. */
  readonly element: Expr;
  readonly key?: Expr;
  readonly clauses: readonly ComprehensionClause[];
}
export interface ComprehensionClause {
  readonly target: Expr;
  readonly iterable: Expr;
  readonly conditions: readonly Expr[];
  readonly isAsync: boolean;
}
export interface WalrusExpr extends Base {
  readonly kind: "walrus";
  readonly target: NameExpr;
  readonly value: Expr;
}
export interface StarredExpr extends Base {
  readonly kind: "starred";
  readonly value: Expr;
}
export interface AwaitExpr extends Base {
  readonly kind: "await";
  readonly value: Expr;
}
export interface YieldExpr extends Base {
  readonly kind: "yield";
  readonly from: boolean;
  readonly value?: Expr;
}

export interface Param extends Base {
  readonly name: string;
  readonly type: "positional-only" | "normal" | "keyword-only" | "star" | "double-star";
  readonly annotation?: Expr;
  readonly default?: Expr;
}

export type Stmt =
  | ExprStmt
  | AssignStmt
  | AugAssignStmt
  | AnnAssignStmt
  | DeleteStmt
  | ReturnStmt
  | RaiseStmt
  | AssertStmt
  | ImportStmt
  | ImportFromStmt
  | ScopeStmt
  | SimpleStmt
  | IfStmt
  | ForStmt
  | WhileStmt
  | WithStmt
  | TryStmt
  | MatchStmt
  | FunctionStmt
  | ClassStmt
  | TypeAliasStmt
  | OpaqueStmt;

export interface ExprStmt extends Base {
  readonly kind: "expr";
  readonly value: Expr;
}
/** `a = b = value`: targets [a, b]. */
export interface AssignStmt extends Base {
  readonly kind: "assign";
  readonly targets: readonly Expr[];
  readonly value: Expr;
}
export interface AugAssignStmt extends Base {
  readonly kind: "augassign";
  readonly target: Expr;
  readonly op: string;
  readonly value: Expr;
}
export interface AnnAssignStmt extends Base {
  readonly kind: "annassign";
  readonly target: Expr;
  readonly annotation: Expr;
  readonly value?: Expr;
}
export interface DeleteStmt extends Base {
  readonly kind: "delete";
  readonly targets: readonly Expr[];
}
export interface ReturnStmt extends Base {
  readonly kind: "return";
  readonly value?: Expr;
}
export interface RaiseStmt extends Base {
  readonly kind: "raise";
  readonly exception?: Expr;
  readonly cause?: Expr;
}
export interface AssertStmt extends Base {
  readonly kind: "assert";
  readonly test: Expr;
  readonly message?: Expr;
}
/** `import a.b as c`: {name: "a.b", as: "c"}. */
export interface ImportStmt extends Base {
  readonly kind: "import";
  readonly names: readonly ImportName[];
}
/** `module` is "" for `from . import x`; `level` counts the dots; a star import has the one name "*". */
export interface ImportFromStmt extends Base {
  readonly kind: "importfrom";
  readonly module: string;
  readonly level: number;
  readonly names: readonly ImportName[];
}
export interface ImportName {
  readonly name: string;
  readonly as?: string;
  readonly span: Span;
}
export interface ScopeStmt extends Base {
  readonly kind: "global" | "nonlocal";
  readonly names: readonly string[];
}
export interface SimpleStmt extends Base {
  readonly kind: "pass" | "break" | "continue";
}
/** elif is an IfStmt alone in `otherwise` whose `isElif` is true. */
export interface IfStmt extends Base {
  readonly kind: "if";
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
  readonly isElif: boolean;
}
export interface ForStmt extends Base {
  readonly kind: "for";
  readonly target: Expr;
  readonly iterable: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
  readonly isAsync: boolean;
}
export interface WhileStmt extends Base {
  readonly kind: "while";
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly otherwise: readonly Stmt[];
}
export interface WithStmt extends Base {
  readonly kind: "with";
  readonly items: readonly { readonly context: Expr; readonly target?: Expr }[];
  readonly body: readonly Stmt[];
  readonly isAsync: boolean;
}
export interface TryStmt extends Base {
  readonly kind: "try";
  readonly body: readonly Stmt[];
  readonly handlers: readonly {
    readonly type?: Expr;
    readonly name?: string;
    readonly body: readonly Stmt[];
    readonly span: Span;
  }[];
  readonly otherwise: readonly Stmt[];
  readonly finally: readonly Stmt[];
  readonly isStar: boolean;
}
export interface MatchStmt extends Base {
  readonly kind: "match";
  readonly subject: Expr;
  readonly cases: readonly MatchCase[];
}
export interface MatchCase extends Base {
  readonly pattern: Pattern;
  readonly guard?: Expr;
  readonly body: readonly Stmt[];
}
export type Pattern =
  | (Base & { readonly kind: "value"; readonly value: Expr })
  /** `name` undefined is the wildcard `_`; `pattern` is what `as` follows. */
  | (Base & { readonly kind: "capture"; readonly name?: string; readonly pattern?: Pattern })
  | (Base & { readonly kind: "sequence" | "or"; readonly patterns: readonly Pattern[] })
  | (Base & { readonly kind: "star"; readonly name?: string })
  | (Base & {
      readonly kind: "mapping";
      readonly keys: readonly Expr[];
      readonly patterns: readonly Pattern[];
      readonly rest?: string;
    })
  | (Base & {
      readonly kind: "class";
      readonly cls: Expr;
      readonly patterns: readonly Pattern[];
      readonly keywords: readonly { readonly name: string; readonly pattern: Pattern }[];
    });
/** `span` starts at the first decorator. */
export interface FunctionStmt extends Base {
  readonly kind: "function";
  readonly name: string;
  readonly nameSpan: Span;
  readonly params: readonly Param[];
  /** Span of the text between the parentheses. */
  readonly paramsSpan: Span;
  readonly returns?: Expr;
  readonly decorators: readonly Expr[];
  readonly typeParams: readonly TypeParam[];
  readonly body: readonly Stmt[];
  readonly isAsync: boolean;
}
export interface ClassStmt extends Base {
  readonly kind: "class";
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly Expr[];
  readonly keywords: readonly Keyword[];
  readonly decorators: readonly Expr[];
  readonly typeParams: readonly TypeParam[];
  readonly body: readonly Stmt[];
}
export interface TypeParam extends Base {
  readonly name: string;
  readonly type: "plain" | "star" | "double-star";
  readonly bound?: Expr;
  readonly default?: Expr;
}
export interface TypeAliasStmt extends Base {
  readonly kind: "typealias";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly value: Expr;
}
/** Text that could not be parsed. It reads and writes the unknown, and `build` refuses its cell. */
export interface OpaqueStmt extends Base {
  readonly kind: "opaque";
}
