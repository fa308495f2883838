import { expect, it } from "vitest";
import { findRoots } from "../../../src/blueprint/roots.ts";
import { flowOf } from "../compiler-core/kit.ts";

const kept = (code: string): readonly string[] => [...findRoots(flowOf(code), new Map(), new Set()).names.keys()];

const load = "import pandas as pd\ndf = pd.read_csv('a.csv')\n";
const show = "def show(s):\n    out = pd.Series([1])\n    out['more'] = s.mean()\n    print(out)\n";

it.each([
  ["what is only shown in the end is unread", `${load}${show}show(df['a'])\n`, ["df"]],
  ["what is read for a value is not", `${load}${show}show(df['a'])\nm = df['a'].mean()\n`, ["m"]],
  [
    "a function that leaves something behind reads for it",
    `${load}seen = []\ndef note(s):\n    seen.append(s.mean())\nnote(df['a'])\n`,
    ["seen"],
  ],
])("without a model: %s", (_, code, names) => {
  expect(kept(code)).toEqual(names);
});
