import { lineOutcome, lineRow } from "./line-outcome.ts";
import type { Facts, Outcome } from "./policy.ts";

/** A magic that was written without its `%`. */
export interface Automagic {
  readonly name: string;
  readonly rest: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}

/**
 * IPython takes a magic without `%` where it is the only line of its cell, the word is no name of the notebook, and what
 * follows does not make it an assignment or a call.
 */
export function automagic(text: string, facts: Facts): Automagic | undefined {
  const found = /^(\s*)([A-Za-z_]\w*)(?:[ \t]+(.*))?\s*$/.exec(text);
  const name = found?.[2] ?? "";
  const rest = (found?.[3] ?? "").trim();
  if (!found || !lineRow(name)?.builtin || /^[=,([.:]|^(?:[-+*/%&|^@]|\/\/|\*\*|<<|>>)=/.test(rest)) return undefined;
  const installs = /^(?:pip|conda|mamba|uv)$/.test(name) && /^\w/.test(rest);
  if (!installs && facts.uses(name)) return undefined;
  const outcome = lineOutcome(name, rest, false);
  // `time f()` would need its statement mapped; a bare word is the only form seen in practice.
  if (outcome.policy.kind === "unwrap") return undefined;
  const start = (found[1] ?? "").length;
  return { name, rest, start, end: text.trimEnd().length, outcome };
}
