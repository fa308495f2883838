import type { Measured } from "./measure.ts";

/** What came of several chains together. */
export interface Sum {
  readonly chains: number;
  /** Chains that ran to their end. */
  readonly whole: number;
  readonly units: number;
  readonly ran: number;
  readonly observed: number;
  readonly missed: number;
  readonly refused: number;
  readonly claims: number;
  readonly unseen: number;
}

export function sum(all: readonly Measured[]): Sum {
  const add = (of: (one: Measured) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    chains: all.length,
    whole: all.filter(({ stopped }) => stopped === undefined).length,
    units: add((one) => one.units),
    ran: add((one) => one.ran),
    observed: add((one) => one.observed),
    missed: add((one) => one.missed.length),
    refused: add((one) => one.refused),
    claims: add((one) => one.claims),
    unseen: add((one) => one.unseen.length),
  };
}

/** The part of the claimed mutations that were never observed. */
export function shareOf({ claims, unseen }: Sum): string {
  return claims === 0 ? "none claimed" : `${((100 * unseen) / claims).toFixed(1)} %`;
}
