import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openWorkspace } from "../../../src/compiler/session.ts";
import { compileRepository, hostOf } from "./kit.ts";

const seed = 20_240_601;
const example = readFileSync(new URL("../../../examples/credit-risk/notebooks/train.ipynb", import.meta.url), "utf8");

interface NotebookJson {
  readonly cells: { readonly cell_type: string; readonly source: string | readonly string[] }[];
}

const cells = (JSON.parse(example) as NotebookJson).cells.map((cell) => ({
  isCode: cell.cell_type === "code",
  source: typeof cell.source === "string" ? cell.source : cell.source.join(""),
}));

const text = (list: readonly { readonly isCode: boolean; readonly source: string }[]): string =>
  list.map(({ isCode, source }) => `${isCode ? "# %%" : "# %% [markdown]"}\n${source}\n`).join("");

/** The files that hold the notebook's code, without what cites cells and lines. */
async function code(notebook: string): Promise<Readonly<Record<string, string>>> {
  const { compiled } = await compileRepository({ notebook });
  const files = compiled?.files.filter((f) => /\/steps\/|helpers\.py$|parameters\.py$/.test(f.path)) ?? [];
  return Object.fromEntries(
    files.map((f) => [f.path, f.text.replace(/cells? \d[\d, andto]*|cite="[^"]*"/g, "cell N")]),
  );
}

async function built(root: string) {
  const host = hostOf({ notebook: text(cells), root });
  const opened = await openWorkspace({
    host,
    folder: root,
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  });
  const choices = { adopt: [], overwrite: [], eject: [] } as const;
  const build = async () => (await opened.value?.build({ models: [], checkOnly: false, choices }))?.value.models[0];
  return { host, build, root };
}

it("building twice writes once", async () => {
  const { host, build } = await built("/repo");
  expect((await build())?.outcome).toBe("written");
  const written = host.touched.length;
  expect(written).toBeGreaterThan(20);
  expect(await build()).toMatchObject({ outcome: "unchanged", written: [], removed: [] });
  expect(host.touched.slice(written).filter((path) => !path.includes("/.crosswalk/"))).toEqual([]);
});

it("the same bytes come of the same repository in another folder", async () => {
  const products = await Promise.all(
    ["/repo", "/home/someone/a long way/down"].map(async (root) => {
      const { host, build } = await built(root);
      await build();
      return [...host.files]
        .filter(([path]) => path.startsWith(`${root}/production/`))
        .map(([path, bytes]) => [path.slice(root.length), new TextDecoder().decode(bytes)]);
    }),
  );
  expect(products[0]?.length).toBeGreaterThan(20);
  expect(products[1]).toEqual(products[0]);
  expect(JSON.stringify(products)).not.toContain("someone");
});

it("text cells without headings, blank lines and comments change no code", async () => {
  const plain = await code(text(cells));
  expect(Object.keys(plain).length).toBeGreaterThan(3);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(cells.length), fc.constantFrom("a word", "- a list\n- of two", "*more*")), {
        maxLength: 3,
      }),
      fc.array(fc.tuple(fc.nat(cells.length - 1), fc.constantFrom("\n\n", "\n# a note at the end\n", "\n   \n"))),
      async (added, trailing) => {
        const list = cells.map((cell, i) => {
          const more = cell.isCode ? trailing.filter(([at]) => at === i).map(([, end]) => end) : [];
          return { ...cell, source: cell.source + more.join("") };
        });
        for (const [at, source] of added) list.splice(at, 0, { isCode: false, source });
        expect(await code(text(list))).toEqual(plain);
      },
    ),
    { seed, numRuns: 4 },
  );
});

it("whatever the notebook, the compiler answers and never makes half a product", async () => {
  const pieces = [
    "(",
    ")",
    "'''",
    "\n",
    "\t",
    "del df\n",
    "import os as df\n",
    "%run x\n",
    "!ls\n",
    "# cw: step a\n",
    "# cw: skip\n",
    "\\",
    "lambda",
    "global x\n",
    "df = df\n",
    "@",
    "yield",
    "# cw: param",
    "\u0000",
    "é",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(cells.length - 1), fc.nat(400), fc.constantFrom(...pieces), fc.nat(30)), {
        minLength: 1,
        maxLength: 4,
      }),
      async (damage) => {
        const list = cells.map((cell) => ({ ...cell }));
        for (const [at, offset, piece, cut] of damage) {
          const cell = list[at];
          if (cell) cell.source = cell.source.slice(0, offset) + piece + cell.source.slice(offset + cut);
        }
        const { diagnostics, compiled } = await compileRepository({ notebook: text(list) });
        const isSound = !diagnostics.some((d) => d.severity === "error");
        expect((compiled?.files.length ?? 0) > 0).toBe(isSound);
        expect(diagnostics.map((d) => d.code)).not.toContain("CW5001");
        for (const d of diagnostics) expect(d.message).not.toMatch(/\{\w+\}|undefined|\[object/);
      },
    ),
    { seed, numRuns: 8 },
  );
});

it("cells may be left out or change places: the compiler answers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(cells, { minLength: 5 }), async (list) => {
      const { diagnostics, compiled } = await compileRepository({ notebook: text(list) });
      expect((compiled?.files.length ?? 0) > 0).toBe(!diagnostics.some((d) => d.severity === "error"));
    }),
    { seed, numRuns: 4 },
  );
});
