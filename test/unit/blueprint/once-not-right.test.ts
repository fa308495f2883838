import { expect, it } from "vitest";
import { compileNotebook } from "../compiler-core/kit.ts";

/** Notebooks of which once no faithful product was made, and nobody said so. Each must be right, or be refused. */
const refused: readonly (readonly [what: string, notebook: string])[] = [
  ["a product cannot ask a person", "n = int(input())\ny = n + 1\n"],
];

it.each(refused)("refused: %s", async (_what, notebook) => {
  const { diagnostics } = await compileNotebook(notebook);
  expect(diagnostics.some((d) => d.severity === "error")).toBe(true);
});

it("a cached function of its arguments alone stays as it is", async () => {
  const { diagnostics } = await compileNotebook(
    "import functools\n@functools.lru_cache\ndef f(k):\n    return k * 2\n# %%\ny = f(3)\n",
  );
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
});

it("await at the top level is refused at its cell", async () => {
  const { diagnostics } = await compileNotebook("async def f():\n    return 3\nx = await f()\ny = x + 1\n");
  expect(diagnostics.find((d) => d.severity === "error")?.place?.cell).toBe(1);
});

it("a relative file opened by Path is a dataset, or a warning says that it is not", async () => {
  const { blueprint, diagnostics } = await compileNotebook(
    "from pathlib import Path\nx = len(Path('a.txt').read_text())\n",
  );
  expect((blueprint?.datasets.length ?? 0) > 0 || diagnostics.some((d) => d.code === "CW3009")).toBe(true);
});

it("a file opened in a function is warned of where it is opened, not where the function is called", async () => {
  const { said } = await compileNotebook(
    "import pandas as pd\ndef read():\n    return pd.read_csv('rows.csv')\n# %%\nx = read()['a'].sum()\n",
  );
  expect(said).toContain("CW3009 1:3:12");
});
