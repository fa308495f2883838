import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";
import { notNeededFor } from "./slices.ts";

/**
 * Programs of which every statement is needed, and of which the analysis misses some: a wrong product, said by nobody.
 * Whoever mends one moves its row to nothing-lost.test.ts; until then the row fails as it must.
 */
const cases: readonly (readonly [what: string, code: string, name: string])[] = [
  [
    "set_config: a setting that estimators feel",
    "import sklearn\nfrom sklearn.preprocessing import StandardScaler\nimport pandas as pd\ndf = pd.read_csv('a.csv')\nsklearn.set_config(transform_output='pandas')\nX = StandardScaler().fit_transform(df)\n",
    "X",
  ],
  [
    "stripplot: a plot that draws random numbers",
    "import numpy as np\nimport seaborn as sns\nnp.random.seed(0)\nsns.stripplot(x=[1])\nt = np.random.rand()\n",
    "t",
  ],
  [
    "Categorical: it can be changed",
    "import pandas as pd\nc = pd.Categorical(['a', 'b'])\nc[0] = 'b'\nt = list(c)\n",
    "t",
  ],
];

it.fails.each(cases)("not seen yet: %s", (_what, code, name) => {
  expect(notNeededFor(flowOf(code), name)).toEqual([]);
});
