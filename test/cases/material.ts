import { existsSync, readFileSync } from "node:fs";

const shared = new URL("../../../shared/cases/", import.meta.url);
const own = new URL("exceptions.json", import.meta.url);

/** True where the suites of other projects lie beside the repository; they are not part of it. */
export const haveCases = existsSync(shared);

/** Said in the title of every test that needs them. */
export const where = haveCases ? "" : " (skipped: ../shared/cases is not there)";

/** One row of a suite as we answer it. */
export interface Verdict {
  readonly id: string;
  /** What differs from the suite's answer; undefined where nothing does. */
  readonly differs?: string;
}

/** One suite, read and answered row by row. */
export interface Runner {
  /** Name of its file, without the ending. */
  readonly suite: string;
  /** Whose suite it is. */
  readonly from: string;
  /** Scope and dependency suites share one budget of exceptions. */
  readonly kind: "scopes and dependencies" | "slices";
  judge(): readonly Verdict[];
}

/** The rows of a suite; none where it is not there. */
export function rowsOf<T extends { readonly id: string }>(name: string): readonly T[] {
  const url = new URL(`${name}.json`, shared);
  if (!existsSync(url)) return [];
  const seen = new Map<string, number>();
  return (JSON.parse(readFileSync(url, "utf8")) as T[]).map((row) => {
    // One test of a suite may give several rows.
    const n = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, n);
    return n === 1 ? row : { ...row, id: `${row.id} (${n})` };
  });
}

interface Exception {
  readonly differs: string;
  /** The rule of Python that decides. */
  readonly why: string;
}

/** Rows that we answer differently, with the reason. A row that is right again must leave the list. */
export function exceptions(suite: string): Readonly<Record<string, Exception>> {
  const all = JSON.parse(readFileSync(own, "utf8")) as Record<string, Record<string, Exception>>;
  return all[suite] ?? {};
}

/** What differs beyond the known exceptions, and which of these are right now. */
export function surprises(suite: string, verdicts: readonly Verdict[]): readonly string[] {
  const known = exceptions(suite);
  const found = new Map(verdicts.flatMap((v) => (v.differs === undefined ? [] : [[v.id, v.differs] as const])));
  return [
    ...[...found].filter(([id, differs]) => known[id]?.differs !== differs).map(([id, differs]) => `${id}: ${differs}`),
    ...Object.keys(known)
      .filter((id) => !found.has(id))
      .map((id) => `${id}: is right now; take it out of test/cases/exceptions.json`),
  ];
}

/** Names in one order and one text, to compare sets of them. */
export function sorted(names: Iterable<string>): string {
  return [...new Set(names)].sort().join(" ");
}
