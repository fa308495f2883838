import { expect, it } from "vitest";
import { ipynbOf } from "../../../scripts/error-pages.ts";
import { compileNotebook } from "../compiler-core/kit.ts";

const chain = async (first: string, second: string) => {
  const { diagnostics, blueprint } = await compileNotebook(first, {
    config: "model: credit-risk\nnotebooks: [notebooks/train.ipynb, notebooks/score.ipynb]\n",
    files: { "notebooks/score.ipynb": ipynbOf(second) },
  });
  return {
    said: diagnostics.filter((d) => /^CW(?:1040|2\d\d\d|4009)$/.test(d.code)).map((d) => `${d.code} ${d.place?.cell}`),
    outputs: blueprint?.steps.flatMap((s) => s.outputs.map((o) => o.name)),
    code: blueprint?.steps.flatMap((s) => s.body.map((c) => c.text)).join("\n"),
  };
};

it("what one notebook stores and the next fetches is one value, as it was when it was stored", async () => {
  const { said, code, outputs } = await chain(
    "x = [len('a')]\n%store x\n# %%\nx.append(2)\nn = len(x)\n",
    "%store -r x\n# %%\ny = len(x) * 10\n",
  );
  expect(said).toEqual([]);
  expect(outputs).toContain("y");
  expect(code).toMatch(/_stored_x = _deepcopy\(x\)[\s\S]*x = _stored_x[\s\S]*y = len\(x\) \* 10/);
});

it("a value fetched twice is two", async () => {
  const { code } = await chain(
    "x = [len('a')]\n%store x\n",
    "%store -r x\na = x\n# %%\n%store -r x\nx.append(1)\ny = len(a) + len(x)\n",
  );
  expect(code?.match(/x = _deepcopy\(_stored_x\)/g)).toHaveLength(2);
});

const open: readonly (readonly [what: string, first: string, second: string, said: readonly string[]])[] = [
  ["nothing before stores it", "a = 1\n", "%store -r x\ny = len(x)\n", ["CW1040 1", "CW2004 1"]],
  [
    "it is stored later",
    "%store -r x\ny = len(x)\n",
    "x = [1]\n%store x\nz = 1\n",
    ["CW1040 1", "CW1040 1", "CW2004 1"],
  ],
  ["another name is", "a = [1]\n%store a\n", "%store -r x\ny = len(x)\n", ["CW1040 1", "CW1040 1", "CW2004 1"]],
  [
    "it is forgotten again",
    "x = [1]\n%store x\n%store -d x\n",
    "%store -r x\ny = len(x)\n",
    ["CW1040 1", "CW1040 1", "CW1040 1", "CW2004 1"],
  ],
  [
    "it is stored on some way only",
    "x = [1]\nif len(x) > 3:\n    %store x\n",
    "%store -r x\ny = len(x)\n",
    ["CW1040 1", "CW1040 1", "CW2004 1"],
  ],
];

it.each(open)("a fetched value stays unknown: %s", async (_what, first, second, said) => {
  expect((await chain(first, second)).said).toEqual(said);
});
