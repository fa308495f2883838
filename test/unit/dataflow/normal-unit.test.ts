import { expect, it } from "vitest";
import { normalUnit } from "../../../src/dataflow/normal/of-unit.ts";
import { printStmts } from "../../../src/python/print/statements.ts";
import { flowOf } from "../compiler-core/kit.ts";

const facts = { copyOnWrite: false, hasColumn: () => true };
const start = "import pandas as pd\ndf = pd.read_csv('a.csv')\n";

const cases: readonly (readonly [what: string, source: string, normal: string])[] = [
  ["types come from the analysis", "df.dropna(inplace=True)\n", "df = df.dropna()\n"],
  ["aliases too", "twin = df\ntwin.drop(columns='a', inplace=True)\n", "twin = twin.drop(columns='a')\ndf = twin\n"],
  ["a table in a list stays", "all_of = [df]\ndf.dropna(inplace=True)\n", "df.dropna(inplace=True)\n"],
  [
    "elements that a selection shares stay",
    "v = df['a']\ndf.fillna(0, inplace=True)\n",
    "df.fillna(0, inplace=True)\n",
  ],
  ["rows are another matter", "v = df['a']\ndf.dropna(inplace=True)\n", "df = df.dropna()\n"],
  [
    "either of two tables stays",
    "if len(df) > 1:\n    t = df\nelse:\n    t = df.copy()\nt.dropna(inplace=True)\n",
    "t.dropna(inplace=True)\n",
  ],
  ["members of modules are known", "x = pd.concat([df]).head()\n", "_1 = pd.concat([df])\nx = _1.head()\n"],
];

it.each(cases)("normal form of a unit: %s", (_what, source, normal) => {
  const flow = flowOf(start + source);
  const last = flow.program.units.length - 1;
  expect(printStmts(normalUnit(flow, last, facts).stmts)).toBe(normal);
});
