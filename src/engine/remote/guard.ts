import type { MissReason, Statistics } from "./contract.ts";

/** When a cache is not asked any more in this run. */
export interface Limits {
  /** Failures one after the other, of whatever kind; an honest "not there" ends the row. */
  readonly failures: number;
  /** Milliseconds that all waiting together may take. */
  readonly budget: number;
}

export const standardLimits: Limits = { failures: 3, budget: 10_000 };

/** Counts what a cache costs and how it behaves, and switches it off for the rest of the run when it is not worth asking. */
export class Guard {
  private readonly limits: Limits;
  private readonly clock: () => number;
  private readonly misses = new Map<MissReason, number>();
  private failed = 0;
  private active = 0;
  private since = 0;
  private waited = 0;
  private counts = { hits: 0, stored: 0, bytesRead: 0, bytesWritten: 0 };
  /** Why it is off; undefined while it is on. */
  private off: "failures" | "budget" | undefined;

  constructor(limits: Limits, clock: () => number) {
    this.limits = limits;
    this.clock = clock;
  }

  get switchedOff(): "failures" | "budget" | undefined {
    if (this.off === undefined && this.spent() > this.limits.budget) this.off = "budget";
    return this.off;
  }

  /** Runs one request and counts the time in which at least one is under way. */
  async waiting<T>(request: () => Promise<T>): Promise<T> {
    if (this.active++ === 0) this.since = this.clock();
    try {
      return await request();
    } finally {
      if (--this.active === 0) this.waited += this.clock() - this.since;
    }
  }

  missed(reason: MissReason): void {
    this.misses.set(reason, (this.misses.get(reason) ?? 0) + 1);
    if (reason === "absent") this.failed = 0;
    else if (reason !== "switched-off" && ++this.failed >= this.limits.failures) this.off ??= "failures";
  }

  hit(bytes: number): void {
    this.failed = 0;
    this.counts.hits++;
    this.counts.bytesRead += bytes;
  }

  stored(bytes: number): void {
    this.failed = 0;
    this.counts.stored++;
    this.counts.bytesWritten += bytes;
  }

  statistics(): Statistics {
    return { ...this.counts, misses: Object.fromEntries(this.misses), waited: this.spent() };
  }

  private spent(): number {
    return this.waited + (this.active > 0 ? this.clock() - this.since : 0);
  }
}
