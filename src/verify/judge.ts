import type { Compared, Finding, LeftOut, Verdict } from "./record.ts";

/** A verdict with its reasons. */
export interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly compared: readonly Compared[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Judges what was found. One difference is enough for *different*. *Equal* needs evidence: something compared at all, and every
 * value that a directive promises, in every way in which it can be asked for.
 */
export function judge(findings: readonly Finding[], promised: readonly string[]): Judged {
  const compared = findings.flatMap((finding): readonly Compared[] => {
    const { outcome } = finding;
    return outcome === "equal" || outcome === "different" ? [{ ...finding, outcome }] : [];
  });
  const leftOut = findings.flatMap(({ kind, name, how, outcome, reason = "" }): readonly LeftOut[] =>
    outcome === "equal" || outcome === "different"
      ? []
      : [{ kind, name, ...(how === undefined ? {} : { how }), reason }],
  );
  const done = (verdict: Verdict, reasons: readonly string[]): Judged => ({ verdict, reasons, compared, leftOut });
  const different = compared.filter(({ outcome }) => outcome === "different");
  if (different.length > 0) return done("different", different.map(differenceText));
  const missing = promised.filter((name) => !compared.some((one) => one.kind === "answer" && one.name === name));
  if (missing.length > 0) {
    return done(
      "not comparable",
      missing.map((name) => {
        const why = leftOut.find((one) => one.kind === "answer" && one.name === name)?.reason;
        return `no answer '${name}' was compared${why === undefined ? "" : `: ${why}`}`;
      }),
    );
  }
  if (compared.length === 0) {
    const whys = leftOut.slice(0, 5).map(({ name, reason }) => `${name}: ${reason}`);
    return done("not comparable", whys.length > 0 ? whys : ["the product leaves nothing that could be compared"]);
  }
  return done("equal", []);
}

/** A difference in one sentence. */
export function differenceText({ kind, name, how, rows, unequal, at, notebook, product }: Compared): string {
  const many = unequal === undefined ? "" : ` for ${unequal} of ${rows} rows`;
  const way = how === undefined ? "" : ` (${how})`;
  return `${kind} ${name}${way} differs${many}, first at ${at || name}: ${notebook} in the notebook, ${product} in the product`;
}
