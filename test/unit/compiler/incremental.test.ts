import fc from "fast-check";
import { expect, it } from "vitest";
import { incremental } from "../../../src/compiler/incremental.ts";
import { type MemoryHost, memoryHost } from "../../../src/foundation/host-memory.ts";
import { type CellText, creditCells, ipynb } from "./kit.ts";

const config = `# the models of this team
models:
  - model: credit
    notebooks: [notebooks/train.ipynb]
  - model: other
    notebooks: [notebooks/other.py]
`;
const other = `# %%
import pandas as pd
from helper import doubled
df = pd.read_csv("a.csv")
df["b"] = doubled(df["a"])
df.to_csv("b.csv")
`;
const helper = "def doubled(x):\n    return 2 * x\n";

const start = (): Record<string, string> => ({
  "/repo/crosswalk.yaml": config,
  "/repo/requirements.txt": "pandas==2.2.3\nscikit-learn==1.5.2\nmatplotlib==3.9.2\n",
  "/repo/notebooks/train.ipynb": ipynb(...creditCells),
  "/repo/notebooks/other.py": other,
  "/repo/notebooks/helper.py": helper,
});

const fresh = (host: MemoryHost) => incremental({ host, root: "/repo", isStored: false });

/** What a build of everything would write and say. */
async function outcome(compiler: ReturnType<typeof incremental>): Promise<unknown> {
  const { models, diagnostics } = await compiler.models();
  const made = [];
  for (const model of models) {
    const product = await compiler.product(model);
    const { files, notebooks, lock } = await product.load();
    made.push({ model: model.name, files, said: product.diagnostics, notebooks, lock });
  }
  return { made, diagnostics };
}

/** Which models were compiled since the last refresh. */
const compiled = (compiler: ReturnType<typeof incremental>): readonly unknown[] =>
  compiler
    .records()
    .flatMap(({ kind, status, params }) =>
      kind === "product" && status === "ran" ? [(params as { name: string }).name] : [],
    );

async function built(host: MemoryHost) {
  const compiler = fresh(host);
  await outcome(compiler);
  return compiler;
}

/** A change of the repository, and the models that have to be compiled for it. */
const edits: readonly (readonly [name: string, change: (host: MemoryHost) => void, models: readonly string[]])[] = [
  ["nothing", () => {}, []],
  [
    "the notebook is run again",
    (host) => {
      const notebook = JSON.parse(host.text("/repo/notebooks/train.ipynb") ?? "");
      for (const [i, cell] of notebook.cells.entries()) {
        if (cell.cell_type !== "code") continue;
        cell.execution_count = 40 + i;
        cell.outputs = [{ output_type: "stream", name: "stdout", text: ["new\n"] }];
      }
      notebook.metadata = { kernelspec: { name: "python3", language: "python", display_name: "Python 3" } };
      host.writeAtomic("/repo/notebooks/train.ipynb", JSON.stringify(notebook));
    },
    [],
  ],
  [
    "its cells are run in another order",
    (host) => {
      const notebook = JSON.parse(host.text("/repo/notebooks/train.ipynb") ?? "");
      notebook.cells[2].execution_count = 99;
      host.writeAtomic("/repo/notebooks/train.ipynb", JSON.stringify(notebook));
    },
    ["credit"],
  ],
  [
    "a blank line at the end of a cell",
    (host) => replace(host, "notebooks/train.ipynb", "plt.plot(y_train)", "plt.plot(y_train)\\n  \\n"),
    [],
  ],
  ["a cell", (host) => replace(host, "notebooks/train.ipynb", "SHARE = 0.25", "SHARE = 0.3"), ["credit"]],
  ["a module that a notebook imports", (host) => replace(host, "notebooks/helper.py", "2 * x", "3 * x"), ["other"]],
  ["a comment in crosswalk.yaml", (host) => replace(host, "crosswalk.yaml", "# the models", "# our\n# models"), []],
  [
    "the version of a library that one model uses",
    (host) => replace(host, "requirements.txt", "1.5.2", "1.5.1"),
    ["credit"],
  ],
  ["a library that no model uses", (host) => replace(host, "requirements.txt", "pandas", "flask==3.0.0\npandas"), []],
  [
    "a setting of one model",
    (host) => replace(host, "crosswalk.yaml", "  - model: other", "    python: '>=3.12'\n  - model: other"),
    ["credit"],
  ],
  ["a file that nobody reads", (host) => host.writeAtomic("/repo/notes.txt", "x"), []],
  [
    "a module that hides another one",
    (host) => host.writeAtomic("/repo/notebooks/helper/__init__.py", helper),
    ["other"],
  ],
];

function replace(host: MemoryHost, path: string, from: string, to: string): void {
  const text = host.text(`/repo/${path}`) ?? "";
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  host.writeAtomic(`/repo/${path}`, text.replace(from, to));
}

it.each(edits)("after a change, just what it affects is compiled: %s", async (_name, change, models) => {
  const host = memoryHost(start());
  const compiler = await built(host);
  change(host);
  compiler.refresh();
  const now = await outcome(compiler);
  expect(compiled(compiler)).toEqual(models);
  expect(now).toEqual(await outcome(fresh(host)));
});

it("a diagnostic of a notebook that is laid out anew is shown at its new line", async () => {
  const host = memoryHost(start());
  replace(host, "notebooks/train.ipynb", "SHARE = 0.25", "SHARE = = 0.25");
  const compiler = await built(host);
  const [model] = (await compiler.models()).models;
  if (!model) throw new Error("no model");
  const lineOf = async () => (await compiler.product(model)).diagnostics.map(({ place }) => place?.fileLine);
  const before = await lineOf();
  host.writeAtomic(
    "/repo/notebooks/train.ipynb",
    JSON.stringify(JSON.parse(host.text("/repo/notebooks/train.ipynb") ?? "")),
  );
  compiler.refresh();
  expect(new Set(await lineOf())).toEqual(new Set([1]));
  expect(compiled(compiler)).toEqual([]);
  expect(before).not.toContain(1);
});

const pieces: readonly CellText[] = [
  ...creditCells,
  { markdown: "Some words" },
  { markdown: "## Part" },
  "# only a comment",
  "x = 1\nx",
  "import os\nos.getcwd()",
  "SHARE = 0.5",
  "broken = = 1",
  "# cw: step prepare\ny2 = y + 1",
];

type Change = (host: MemoryHost) => void;
const cells = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 });
const change: fc.Arbitrary<Change> = fc.oneof(
  cells.map(
    (texts): Change =>
      (host) =>
        host.writeAtomic("/repo/notebooks/train.ipynb", ipynb(...texts)),
  ),
  fc.constantFrom(...edits.slice(1).map(([, one]) => one)).map(
    (one): Change =>
      (host) => {
        try {
          one(host);
        } catch {
          // It does not fit the repository as it is now.
        }
      },
  ),
  fc.constantFrom("notebooks/helper.py", "notebooks/other.py", "requirements.txt", "notebooks/train.ipynb").map(
    (path): Change =>
      (host) => {
        if (host.stat(`/repo/${path}`)) host.remove(`/repo/${path}`);
      },
  ),
  fc.constant<Change>((host) => {
    for (const [path, text] of Object.entries(start())) host.writeAtomic(path, text);
  }),
  fc.constantFrom("pandas==2.1.0\n", "pandas>=2\nnumpy==1.26.4\n").map(
    (text): Change =>
      (host) =>
        host.writeAtomic("/repo/requirements.txt", text),
  ),
);

it("whatever is changed, moved or removed, what is compiled anew with the rest kept equals a clean build", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const host = memoryHost(start());
      const compiler = await built(host);
      for (const one of changes) {
        one(host);
        compiler.refresh();
        const clean = await outcome(fresh(host));
        expect(await outcome(compiler)).toEqual(clean);
        // A process that knows only what is stored.
        const later = incremental({ host, root: "/repo", isStored: true });
        expect(await outcome(later)).toEqual(clean);
        expect(later.store?.save()).toEqual([]);
      }
    }),
    { numRuns: 12, seed: 5 },
  );
}, 60_000);
