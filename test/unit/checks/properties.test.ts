import { readdirSync, readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { intake } from "../../../src/blueprint/intake.ts";
import { select } from "../../../src/blueprint/select.ts";
import { judge } from "../../../src/checks/judge.ts";
import { compileNotebook, compileRepository } from "../compiler-core/kit.ts";
import { fixtures } from "./fixtures.ts";

const root = new URL("../../fixtures/soundness/", import.meta.url);

/** The notebooks of the soundness fixtures: whatever they do, a law looks at it. */
const notebooks = readdirSync(root)
  .filter((name) => statSync(new URL(name, root)).isDirectory())
  .flatMap((name) =>
    readdirSync(new URL(`${name}/`, root))
      .filter((file) => /\.(?:py|ipynb)$/.test(file))
      .map((file) => ({ name: `${name}/${file}`, file, text: readFileSync(new URL(`${name}/${file}`, root), "utf8") })),
  );

it("no law throws on a soundness fixture, and each finding has a place in the notebook", async () => {
  expect(notebooks.length).toBeGreaterThan(50);
  for (const { name, file, text } of notebooks) {
    const { diagnostics } = await compileRepository({
      config: `model: m\nnotebooks: [notebooks/${file}]\n`,
      files: { [`notebooks/${file}`]: text },
    });
    for (const { code, place, message } of diagnostics) {
      if (!/^CW4[01]/.test(code)) continue;
      expect([name, code, place?.file]).toEqual([name, code, `notebooks/${file}`]);
      expect(message).not.toMatch(/\{\w+\}|undefined/);
    }
  }
}, 60_000);

const lines = [...fixtures("caught"), ...fixtures("innocent")]
  .flatMap(({ files }) => Object.entries(files))
  .filter(([path]) => path.endsWith(".py"))
  .flatMap(([, text]) => text.split(/^# %%\n/m).filter((cell) => cell.trim() !== ""));

it("no law throws on cells in any order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 8 }), async (cells) => {
      const { diagnostics } = await compileRepository({ notebook: cells.map((cell) => `# %%\n${cell}`).join("") });
      for (const { place } of diagnostics) if (place?.cell !== undefined) expect(place.line).toBeGreaterThan(0);
    }),
    { seed: 20_240_601, numRuns: 25 },
  );
});

/** A notebook of `size` cells with work for every law. */
function long(size: number): string {
  const cell = (i: number): string => `# %%
import mod_${i}
def change_${i}(x):
    table["c${i}"] = x
    log.append(missing_${i})
draw_${i} = table.sample(10)
draw_${i}.to_csv("draw_${i}.csv")
change_${i}(draw_${i}["a"])
print(later_${i}, time.time())
max_${i} = max(log)
try:
    model_${i} = LinearRegression().fit(table[["a"]], table["b"])
except Exception:
    pass
score_${i} = model_${i}.score(table[["a"]], table["b"])
# cw: feature age_${i} of nowhere_${i}
`;
  const head = `# %%
import time
import pandas as pd
from sklearn.linear_model import LinearRegression
table = pd.read_csv("rows.csv")
log = []
`;
  return head + Array.from({ length: size }, (_, i) => cell(i)).join("");
}

it("eight times the notebook is judged in far less than sixty-four times the time", async () => {
  const seconds = async (size: number): Promise<number> => {
    const { compiled } = await compileNotebook(long(size));
    if (!compiled?.flow) throw new Error("no dataflow");
    const { flow, model, built, directives } = compiled;
    const asked = intake(flow, directives);
    const findings = { flow, model, built, asked, selection: select(flow, asked) };
    const started = process.cpuUsage();
    expect(judge(findings).length).toBeGreaterThan(4 * size);
    return process.cpuUsage(started).user / 1e6;
  };
  await seconds(10);
  const small = await seconds(25);
  expect(await seconds(200)).toBeLessThan(Math.max(24 * small, 0.5));
}, 60_000);
