import { median } from "../lib/median.ts";
import type { Outcome, Verdict } from "./verdict.ts";

const share = (part: number, whole: number): string => (whole === 0 ? "–" : `${Math.round((100 * part) / whole)} %`);
const list = (names: readonly string[], most = 12): string =>
  names.length <= most ? names.join(" ") : `${names.slice(0, most).join(" ")} … (${names.length})`;

/** Share of the notebook's stable variables that were compared; undefined where there was nothing to compare. */
export function comparedShare({ comparison }: Verdict): number | undefined {
  if (!comparison || comparison.stable.length === 0) return undefined;
  return (comparison.equal.length + comparison.different.length) / comparison.stable.length;
}

/** What the tools complained about: "mypy --strict 3". */
export function complaints({ quality }: Verdict): readonly string[] {
  return (quality?.verdicts ?? []).filter(({ count }) => count > 0).map(({ tool, count }) => `${tool} ${count}`);
}

/** The lines that tell of one notebook. */
export function describe(verdict: Verdict): string {
  const { notebook, outcome, why, kept, comparison, missing, quality, runs } = verdict;
  const lines = [
    `${outcome.padEnd(11)} ${notebook.name}/${notebook.path}  (build ${verdict.buildSeconds.toFixed(1)} s)${why ? `  ${why}` : ""}`,
  ];
  const add = (label: string, text: string): number => lines.push(`    ${label.padEnd(12)} ${text}`);
  if (kept && outcome !== "nothing")
    add(
      "kept",
      `${kept.kept} of ${kept.statements} statements (${share(kept.kept, kept.statements)}), ${kept.steps} steps`,
    );
  if (comparison) {
    const { equal, different, stable, shown, unstable, notInNotebook } = comparison;
    const compared = equal.length + different.length;
    const aside = [
      shown.length > 0 ? `${shown.length} without a value` : "",
      unstable.length > 0 ? `${unstable.length} differ between ${runs} runs of the notebook` : "",
    ].filter((part) => part !== "");
    add(
      "compared",
      `${compared} / ${stable.length} (${share(compared, stable.length)})${aside.length > 0 ? `; left out: ${aside.join(", ")}` : ""}`,
    );
    if (different.length > 0) add("DIFFERENT", list(different));
    if (unstable.length > 0) add("unstable", list(unstable));
    if (notInNotebook.length > 0) add("extra", list(notInNotebook));
    const absent = stable.filter((name) => !equal.includes(name) && !different.includes(name));
    if (absent.length > 0) add("no artifact", list(absent));
  }
  if (missing) {
    const absent = Object.entries(missing).map(([name, kind]) => `${name} (${kind})`);
    add(
      "complete",
      `${(verdict.promised ?? 0) - absent.length} of ${verdict.promised} estimators, predictions and figures`,
    );
    if (absent.length > 0) add("MISSING", list(absent));
  }
  if (quality) {
    const said = complaints(verdict);
    add("Python", said.length === 0 ? "clean" : said.join(", "));
    const { worst } = quality;
    if (worst) add("branching", `${worst.beyond} beyond its cells (${worst.complexity} − ${worst.own}) in ${worst.at}`);
  }
  return lines.join("\n");
}

/** Counts over notebooks. */
export interface Totals {
  readonly notebooks: number;
  readonly crashed: number;
  readonly nothing: number;
  readonly refused: number;
  /** Products that were made. */
  readonly built: number;
  readonly ran: number;
  readonly equal: number;
  readonly wrong: number;
  readonly incomplete: number;
  readonly statements: number;
  readonly kept: number;
}

export function totals(verdicts: readonly Verdict[]): Totals {
  const count = (...outcomes: readonly Outcome[]): number =>
    verdicts.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const made = verdicts.filter(({ outcome }) => !["crash", "nothing", "refused"].includes(outcome));
  const sum = (of: (verdict: Verdict) => number | undefined): number => made.reduce((n, v) => n + (of(v) ?? 0), 0);
  return {
    notebooks: verdicts.length,
    crashed: count("crash"),
    nothing: count("nothing"),
    refused: count("refused"),
    built: made.length,
    ran: made.length - count("run failed"),
    equal: count("equal"),
    wrong: count("wrong"),
    incomplete: count("incomplete"),
    statements: sum((verdict) => verdict.kept?.statements),
    kept: sum((verdict) => verdict.kept?.kept),
  };
}

/** The rates, per repository and over all. */
export function summary(verdicts: readonly Verdict[]): string {
  const names = [...new Set(verdicts.map(({ notebook }) => notebook.name))];
  const row = (name: string, some: readonly Verdict[]): readonly string[] => {
    const t = totals(some);
    const rest = t.notebooks - t.nothing;
    const cells = [t.built, t.ran, t.equal].map((n) => `${n}/${rest}`);
    return [name, `${t.notebooks}`, ...cells, ...[t.refused, t.incomplete, t.wrong, t.nothing, t.crashed].map(String)];
  };
  const head = [
    "repository",
    "notebooks",
    "compiles",
    "runs",
    "equal",
    "refused",
    "incomplete",
    "WRONG",
    "nothing",
    "crash",
  ];
  const rows = [
    head,
    ...names.map((name) =>
      row(
        name,
        verdicts.filter((v) => v.notebook.name === name),
      ),
    ),
    row("all", verdicts),
  ];
  const widths = head.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  const t = totals(verdicts);
  const shares = verdicts.flatMap((verdict) => comparedShare(verdict) ?? []);
  const unclean = verdicts.filter((verdict) => complaints(verdict).length > 0);
  const branching = Math.max(...verdicts.map(({ quality }) => quality?.worst?.beyond ?? 0));
  const codes = new Map<string, number>();
  for (const { outcome, why } of verdicts)
    if (outcome === "refused")
      for (const code of why.split(":")[0]?.split(" ") ?? []) codes.set(code, (codes.get(code) ?? 0) + 1);
  return [
    rows.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")).join("\n"),
    "",
    `kept statements: ${t.kept} of ${t.statements} (${share(t.kept, t.statements)}) of the notebooks that became products`,
    `compared / in the notebook: median ${Math.round(100 * median(shares))} %`,
    `Python: ${unclean.length} of ${t.built} products with a complaint; most branching beyond the cells: ${branching}`,
    ...(codes.size > 0 ? [`refused: ${[...codes].map(([code, n]) => `${code} ×${n}`).join(", ")}`] : []),
  ].join("\n");
}
