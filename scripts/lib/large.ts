/** Shapes of large notebooks, and the three sizes at which each is measured. */
export const largeShapes: Readonly<Record<string, readonly number[]>> = {
  "cells of many kinds": [500, 1000, 2000],
  "lines in one cell": [5000, 10_000, 20_000],
  "names, all read again": [1250, 2500, 5000],
  "branches and loops": [500, 1000, 2000],
  "sections under headings": [100, 200, 400],
};

/** The text of a notebook of one shape and size. It computes a model, so that there is something to produce. */
export function large(shape: string, size: number): string {
  const count = (make: (i: number) => string): readonly string[] => Array.from({ length: size }, (_, i) => make(i));
  const start = "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('a.csv')\n";
  const end = "m = LinearRegression().fit(df[['a']], df['b'])\np = m.predict(df[['a']])\n";
  switch (shape) {
    case "lines in one cell":
      return notebook([
        start + count((i) => (i % 2 ? `df['c${i}'] = df['a'] + ${i}` : `n${i} = df['a'].sum() + ${i}`)).join("\n"),
        end,
      ]);
    case "names, all read again":
      return notebook([
        start,
        count((i) => `n${i} = df['a'].sum() + ${i}`).join("\n"),
        `t = ${count((i) => `[n${i}, 1]`).join("; t = t + ")}`,
        end,
      ]);
    case "branches and loops":
      return notebook([
        start,
        ...count(
          (i) =>
            `if len(df) > ${i}:\n    w${i} = ${i}\nelse:\n    w${i} = df['a'].sum()\nfor k in range(3):\n    df['c'] = df['a'] * (w${i} + k)`,
        ),
        end,
      ]);
    case "sections under headings":
      return notebook([
        start,
        ...count(String).flatMap((i) => [`## Part ${i}`, `x${i} = df['a'] * ${i}\ny${i} = x${i}.mean()\nprint(y${i})`]),
        end,
      ]);
    default:
      return notebook([start, ...count(cell), end]);
  }
}

function cell(i: number): string {
  switch (i % 4) {
    case 0:
      return `df['c${i}'] = df['a'] * ${i}\nv${i} = df['c${i}'].mean()\nprint(v${i})`;
    case 1:
      return `def f${i}(t):\n    return t['a'].sum() + ${i}\nx${i} = f${i}(df)`;
    case 2:
      return `t${i} = df.copy()\nt${i}['z'] = t${i}['a'] + ${i}\nt${i}.head()`;
    default:
      return `if ${i} > 3:\n    w${i} = ${i}\nelse:\n    w${i} = df.shape[0]\nw = [k for k in range(w${i})]`;
  }
}

function notebook(sources: readonly string[]): string {
  const cells = sources.map((source, i) =>
    source.startsWith("## ")
      ? { cell_type: "markdown", id: `c${i}`, metadata: {}, source }
      : { cell_type: "code", id: `c${i}`, metadata: {}, execution_count: null, outputs: [], source },
  );
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
}
