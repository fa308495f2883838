import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { MissReason } from "./contract.ts";

/** What went wrong with the bytes that a server gave, as against the connection to it. */
const words: Readonly<Partial<Record<MissReason, string>>> = {
  unsigned: "carries no signature",
  "unknown-key": "is signed with a key that is not trusted here",
  "wrong-signature": "has a signature that does not fit",
  malformed: "is not an entry of Crosswalk",
  "unsafe-path": "names a path that is not allowed",
};

const connection: Readonly<Partial<Record<MissReason, string>>> = {
  unreachable: "could not be reached",
  timeout: "did not answer in time",
  "too-large": "sent more than was to be expected",
  truncated: "broke off in the middle of an answer",
  encoded: "sent a packed answer, which is never unpacked",
  redirect: "sent the request elsewhere, which is not followed",
  denied: "refused access",
  "server-error": "answered with an error",
};

/** Collects what there is to say about a cache: each cause once, with the number of times. */
export class Findings {
  private readonly reasons = new Map<MissReason, number>();
  private readonly differing: string[] = [];

  add(reason: MissReason): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /** A result for this key that is not the one which lies there, though both are signed. */
  differs(key: string): void {
    this.differing.push(key);
  }

  diagnostics(cache: string, place: Place | undefined, off: "failures" | "budget" | undefined): readonly Diagnostic[] {
    const out: Diagnostic[] = [];
    const failed: string[] = [];
    const untrusted: string[] = [];
    for (const [reason, count] of this.reasons) {
      const times = count === 1 ? "" : ` (${count} times)`;
      const failure = connection[reason];
      const fault = words[reason];
      if (failure !== undefined) failed.push(`${failure}${times}`);
      else if (fault !== undefined) untrusted.push(`${fault}${times}`);
      else if (reason === "wrong-bytes") out.push(report("CW6102", place, { cache, count }));
    }
    const treatment = off === undefined ? "what it did not give was computed" : "it was not asked any more in this run";
    if (failed.length > 0) out.push(report("CW6101", place, { cache, problem: failed.join(", "), treatment }));
    else if (off === "budget") {
      const problem = "took more time than the run gives it";
      out.push(report("CW6101", place, { cache, problem, treatment }));
    }
    if (untrusted.length > 0) out.push(report("CW6103", place, { cache, problem: untrusted.join("; another ") }));
    const [first] = this.differing;
    if (first !== undefined) {
      out.push(report("CW6104", place, { cache, count: this.differing.length, key: first.slice(0, 16) }));
    }
    return out;
  }
}
