import { expect, it } from "vitest";
import { likelyLabels } from "../../../src/dataflow/labels.ts";
import { tag } from "../../../src/dataflow/value.ts";
import { flowOf } from "../compiler-core/kit.ts";

const start =
  "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\nfrom sklearn.model_selection import train_test_split\ndf = pd.read_csv('a.csv')\nx = df[['a']]\ny = df['b']\n";

/** What is fitted, what the text alone shows of labels, and what the analysis finds them to be. */
const cases: readonly (readonly [how: string, code: string, shown: readonly string[], found: readonly string[]])[] = [
  ["a name", "m = LinearRegression().fit(x, y)\n", ["y"], ["y"]],
  ["a keyword", "m = LinearRegression().fit(X=x, y=y)\n", ["y"], ["y"]],
  ["another name of it", "z = y\nm = LinearRegression().fit(x, z)\n", ["y"], ["y"]],
  ["a part", "a, b, c, d = train_test_split(x, y)\nm = LinearRegression().fit(a, c)\n", ["y"], ["y"]],
  ["no label", "m = LinearRegression()\n", [], []],
  ["names in a circle", "z = y\ny = z\nm = LinearRegression().fit(x, z)\n", ["z"], ["y"]],
  // Nobody calls it: the text shows a label where there is none.
  ["what nobody calls", "def train(u, v):\n    return LinearRegression().fit(u, v)\nm = 1\n", ["v"], []],
  ["inside a function", "def train(u, v):\n    return LinearRegression().fit(u, v)\nm = train(x, y)\n", ["v"], ["y"]],
];

it.each(cases)("labels that are given by %s are found, whatever the text shows of them", (_, code, shown, found) => {
  const flow = flowOf(`${start}${code}mean = y.mean()\n`);
  expect([...likelyLabels(flow.program)]).toEqual(shown);
  expect([...flow.labels]).toEqual(found);
  const isLabel = ((flow.names.get("mean")?.value.tags ?? 0) & tag.label) !== 0;
  expect(isLabel).toBe(found.includes("y"));
});
