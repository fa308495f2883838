import type { NameExpr } from "../python/ir.ts";
import type { ObjId, Value } from "./value.ts";

/** A call that was not followed, and what was known then. */
export interface GivenUp {
  readonly unit: number;
  readonly part: number;
  /** `heap.grown` and the number of names written when it was done. */
  readonly grown: number;
  readonly writes: number;
  /** All that it could get at, and so may have read and changed. */
  readonly reached: ReadonlySet<ObjId>;
  readonly result: Value;
}

/** What is known of calls that were not followed for want of budget. */
export interface GivenUpCalls {
  /** Each definition as it was last taken. */
  readonly last: Map<object, GivenUp>;
  /** Where one of them counted for all others last, and how many names the unit had written then. */
  lostIn: { readonly unit: number; readonly part: number; readonly writes: number } | undefined;
  /** In how many units one did. */
  units: number;
  /** Definitions whose names met what they are bound to, and when. */
  readonly mentioned: WeakMap<object, string>;
  /** What the uses of a name in a definition last met. */
  readonly lastMet: WeakMap<readonly NameExpr[], ReadonlySet<number>>;
}

/**
 * How many calls of one unit are followed, and how many more are given up one by one before the next one counts for all. In a notebook
 * that has lost its way often (libraries that are handed code are handed code in turn) the rest is followed less far.
 */
export function limitsOf({ units }: GivenUpCalls): { readonly followed: number; readonly givenUp: number } {
  return units < 4 ? { followed: 600, givenUp: 100 } : { followed: 60, givenUp: 20 };
}
