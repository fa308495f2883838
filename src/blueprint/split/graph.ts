import type { Span } from "../../foundation/span.ts";
import type { Expr } from "../../python/ir.ts";

/**
 * The predictor before it is written down: definitions of versions, in the order in which the notebook computes them. A version
 * is never changed; who writes a column makes a new one.
 */
export type Definition = AssignDefinition | StoreDefinition | LoopDefinition | BranchDefinition;

interface Base {
  /** The version that it makes: "df#3". */
  readonly version: string;
  /** Name that it should have: the notebook's. */
  readonly name: string;
  readonly unit: number;
  /** The call of a function of the notebook inside which it is made; of several the outermost. */
  readonly call?: CallPlace;
}

/** A version that is made as a whole: `name = code`. */
export interface AssignDefinition extends Base {
  readonly kind: "assign";
  readonly code: Expr;
}

/** `base` with one or more columns replaced: `f[target] = value`, or `f.loc[where, target] = value`. */
export interface StoreDefinition extends Base {
  readonly kind: "store";
  readonly base: string;
  readonly target: Expr;
  /** Rows that are written, where not all are. */
  readonly where?: Expr;
  readonly value: Expr;
}

/** A version that goes round in a loop, or through a branch: what it is before, at the end of each way, and after. */
export interface Carried {
  readonly name: string;
  /** Before it. */
  readonly before: string;
  /** At the start of a turn (of a loop). */
  readonly start: string;
  /** At the end of the turn, or of each way of a branch. */
  readonly ends: readonly string[];
  /** After it. */
  readonly after: string;
}

/** A loop over what training knows: `version` is the last of the versions that it makes. */
export interface LoopDefinition extends Base {
  readonly kind: "loop";
  readonly target: Expr;
  readonly iterable: Expr;
  readonly body: readonly Definition[];
  readonly carried: readonly Carried[];
}

/** A branch that training decides. */
export interface BranchDefinition extends Base {
  readonly kind: "branch";
  readonly test: Expr;
  readonly ways: readonly [readonly Definition[], readonly Definition[]];
  readonly carried: readonly Carried[];
}

/** How the text of the training code is changed so that a value is kept. */
export type Capture =
  /** `keep("name", EXPR)`: around an expression. */
  | {
      readonly kind: "around";
      readonly unit: number;
      readonly span: Span;
      readonly call: string;
      readonly also?: string;
    }
  /** `; keep("name", variable)`: behind a simple statement. */
  | {
      readonly kind: "behind";
      readonly unit: number;
      readonly span: Span;
      readonly call: string;
      readonly value: string;
    }
  /** `keep("name", variable); `: before a simple statement. */
  | {
      readonly kind: "before";
      readonly unit: number;
      readonly span: Span;
      readonly call: string;
      readonly value: string;
    }
  /** `learn(EXPR…)` instead of the function that is called: `pd.qcut(` becomes `learn_bins("name", pd.qcut, `. */
  | { readonly kind: "callee"; readonly unit: number; readonly span: Span; readonly call: string };

/** A value that training computes and the predictor needs. */
export interface Cut {
  /** "@3" */
  readonly id: string;
  /** Name that its field should have. */
  readonly hint: string;
  /** Short type of what is kept. */
  readonly type: string;
  readonly capture: Capture;
  /** The texts that it is a list of, where the code says so. */
  readonly texts?: readonly string[];
  /** Where it does not: texts that are not among them. */
  readonly lacks?: ReadonlySet<string> | undefined;
  /** Loop variables by whose values it is kept: those of the loops around the calls, then those at the place itself. */
  readonly keys: readonly string[];
  /** Of `keys`, those that are in force at the place of the capture. */
  readonly ownKeys: readonly string[];
  /** Calls of the notebook's functions inside which the value is computed, the outermost first. */
  readonly calls: readonly CallPlace[];
}

/** One call of a function of the notebook, among the several that it may have. */
export interface CallPlace {
  readonly unit: number;
  /** The function's name where it is called. */
  readonly span: Span;
  /** Name of the call: "prep_test". */
  readonly name: string;
  /** Loop variables of the loops around it. */
  readonly keys: readonly string[];
}

/** Something on the way that nobody can compute for a given row; refused only when the answer needs it. */
export interface Trouble {
  /** "!3" */
  readonly id: string;
  readonly code: TroubleCode;
  readonly unit: number;
  readonly span: Span;
  /** What it is, as the notebook writes it. */
  readonly text: string;
}

/** The kinds of trouble; `say.ts` has the code and the words of each. */
export type TroubleCode =
  | "unknown operation"
  | "other rows"
  | "row position"
  | "index"
  | "random"
  | "clock"
  | "foreign file"
  | "label"
  | "pandas version"
  | "other row set"
  | "branch"
  | "container"
  | "no transform"
  | "row labels";

/** Definitions with those inside loops and branches. */
export function* allDefinitions(definitions: readonly Definition[]): Iterable<Definition> {
  for (const one of definitions) {
    yield one;
    if (one.kind === "loop") yield* allDefinitions(one.body);
    else if (one.kind === "branch") for (const way of one.ways) yield* allDefinitions(way);
  }
}
