import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Thrown while the command line is read; `diagnose` is lazy, so that a good command line never loads the catalogue. */
export class UsageProblem extends Error {
  readonly diagnose: () => Promise<Diagnostic>;
  constructor(diagnose: () => Promise<Diagnostic>) {
    super("wrong usage");
    this.diagnose = diagnose;
  }
}
