import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRepository } from "../lib/repository.ts";
import { type Answered, answersOf, expectedOf, notebookOf, splitFixtures } from "../lib/split-fixtures.ts";
import { exampleEnv } from "../python-env.mjs";
import type { Group, Row } from "./number.ts";

/** Rows that each notebook has to hold out. */
const least = 200;
/** What a notebook may need to be served. */
const mostDirectives = 3;
/** Notebooks that are tried at the same time. */
const atOnce = 3;
/** Every pattern that has to be served: issue by issue they are named in `expect.json`. */
const patterns: readonly string[] = [
  "fills",
  "dummies",
  "factorize",
  "counted or grouped values",
  "cut and qcut",
  "clipping at quantiles",
  "scalers and encoders",
  "imputers",
  "vectorizers",
  "PCA and selectors",
  "ColumnTransformer and Pipeline",
  "FunctionTransformer",
  "custom transformer",
  "fit_transform in two",
  "DictVectorizer",
  "column names",
  "loops over columns",
  "helper functions",
  "dates",
  "string cleaning",
  "joins",
  "groups",
  "row drops and sampling",
  "label work",
  "several values",
  "two models",
  "label-only table",
  "threshold",
  "calibration",
  "better of several",
  "ensembles",
  "k-fold",
  "pickles",
];

/** Notebooks that are examples of a pattern, and must be answered; the other notebooks of the split are tested without HTTP. */
export function parityFixtures(): readonly string[] {
  return splitFixtures.filter((name) => expectedOf(name).patterns !== undefined);
}

/** How many directives a notebook has. */
export const directivesOf = (name: string): number => notebookOf(name).match(/^\s*# cw:|\S\s+# cw:/gm)?.length ?? 0;

/** Held-out rows of the fixture notebooks: the notebook's values against batch and HTTP answers. */
export const parity: Group = {
  name: "parity",
  title: "Held-out rows of fixture notebooks: batch and HTTP answers beside the notebook's",
  async measure({ log, count }) {
    const { python } = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
    const names = parityFixtures().slice(0, count);
    const at = mkdtempSync(join(tmpdir(), "parity-"));
    const all: Answered[] = [];
    try {
      // Most of the time one of them waits for its server or for a file.
      const part = async (first: number): Promise<readonly Answered[]> => {
        const some = names.filter((_name, i) => i % atOnce === first);
        const answered = await answersOf(some, { at: join(at, String(first)), python, http: true });
        for (const one of answered) log(`${one.name}: ${one.failed ?? `${one.rows} rows, ${one.dirty} dirty`}`);
        return answered;
      };
      all.push(...(await Promise.all(Array.from({ length: atOnce }, (_, i) => part(i)))).flat());
    } finally {
      rmSync(at, { recursive: true, force: true });
    }
    return rowsOf(names, all);
  },
};

function rowsOf(names: readonly string[], all: readonly Answered[]): readonly Row[] {
  const equal = all.filter(({ failed }) => failed === undefined);
  const missed = names.filter((name) => !equal.some((one) => one.name === name));
  const rows = equal.reduce((sum, one) => sum + (one.rows ?? 0), 0);
  const dirty = equal.reduce((sum, one) => sum + (one.dirty ?? 0), 0);
  const messy = equal.filter(({ name }) => expectedOf(name).messy).length;
  const bare = equal.filter(({ name }) => directivesOf(name) === 0).length;
  const most = Math.max(0, ...equal.map(({ name }) => directivesOf(name)));
  const fewest = Math.min(...equal.map((one) => one.rows ?? 0));
  const clean = equal.filter((one) => !one.dirty).map(({ name }) => name);
  const found = patterns.map(
    (pattern) => [pattern, equal.filter(({ name }) => expectedOf(name).patterns?.includes(pattern)).length] as const,
  );
  const lacking = found.filter(([, number]) => number === 0).map(([pattern]) => pattern);
  return [
    {
      what: "notebooks whose every held-out row is answered as the notebook does, to 1e-9: as CSV in two orders, as JSON, one by one, and over HTTP all at once, in another order and (200 of them) one by one",
      value: `${equal.length} of ${names.length}${missed.length > 0 ? ` (not ${missed.join(", ")})` : ""}`,
      goal: "all, of at least 24",
      holds: missed.length === 0 && equal.length >= 24,
    },
    { what: "of them messy and realistic", value: `${messy}`, goal: "≥ 12", holds: messy >= 12 },
    {
      what: "held-out rows compared; the fewest of one notebook",
      value: `${rows}; ${fewest}`,
      goal: `≥ ${least} each`,
      holds: fewest >= least,
    },
    {
      what: "rows with gaps or stray blanks among them; notebooks without any",
      value: `${dirty}; ${clean.length}`,
      goal: "0 notebooks without",
      holds: clean.length === 0,
    },
    {
      what: "notebooks without a directive; the most directives of one",
      value: `${bare}; ${most}`,
      goal: `≥ 20; ≤ ${mostDirectives}`,
      holds: bare >= 20 && most <= mostDirectives,
    },
    {
      what: "patterns with a notebook",
      value: `${patterns.length - lacking.length} of ${patterns.length}${lacking.length > 0 ? ` (not ${lacking.join(", ")})` : ""}`,
      goal: "all",
      holds: lacking.length === 0,
    },
    ...found.map(([pattern, number]) => ({ what: `notebooks: ${pattern}`, value: `${number}`, goal: "", holds: true })),
  ];
}
