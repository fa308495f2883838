import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Block, examplesOf } from "../../../scripts/error-pages.ts";
import { openWorkspace } from "../../../src/compiler/session.ts";
import { catalogue } from "../../../src/diagnostics/catalogue.ts";
import { defaultConfig, hostOf } from "../compiler-core/kit.ts";

const page = (code: string): string =>
  readFileSync(new URL(`../../../docs/errors/${code}.md`, import.meta.url), "utf8");

/** `text` blocks show what no file can: a command line, a disk, two processes. Everything else is run. */
const isExecutable = (blocks: readonly Block[]): boolean => blocks.some((block) => block.info !== "text");

/** Codes that the compiler says of a page's example, read as files of one repository. */
async function codesOf(blocks: readonly Block[]): Promise<readonly string[]> {
  const find = (...infos: readonly string[]) => blocks.find((block) => infos.includes(block.info))?.text;
  const notebook = find("notebook", "directive") ?? "x = 1\n";
  const files = { "requirements.txt": "" };
  const host = hostOf({ notebook, config: find("yaml crosswalk.yaml") ?? defaultConfig, files });
  const opened = await openWorkspace({
    host,
    folder: "/repo",
    toolVersion: "0.0.0",
    progress: () => {},
    signal: new AbortController().signal,
  });
  const checked = await opened.value?.check({ models: [] });
  expect(host.touched).toEqual([]);
  return [...opened.diagnostics, ...(checked?.diagnostics ?? [])].map((d) => d.code);
}

const codes = Object.keys(catalogue());
const bad = codes.filter((code) => isExecutable(examplesOf(page(code)).bad));
const good = codes.filter((code) => isExecutable(examplesOf(page(code)).good));

/** Pages whose good twin is more than a notebook and a crosswalk.yaml. */
const wider = ["CW0037", "CW3010"];

it("pages that a notebook or a crosswalk.yaml can show are executable, and their good twins too", () => {
  expect(bad.length).toBeGreaterThan(90);
  expect(bad.filter((code) => !good.includes(code))).toEqual(wider);
});

it.each(bad)("the bad example of %s gives that code", async (code) => {
  expect(await codesOf(examplesOf(page(code)).bad)).toContain(code);
});

it.each(good)("the good example of %s does not", async (code) => {
  expect(await codesOf(examplesOf(page(code)).good)).not.toContain(code);
});
