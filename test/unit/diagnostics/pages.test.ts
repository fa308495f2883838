import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorIndex, errorPage, examplesOf } from "../../../scripts/error-pages.ts";
import { catalogue } from "../../../src/diagnostics/catalogue.ts";
import type { Entry } from "../../../src/diagnostics/define.ts";

const folder = new URL("../../../docs/errors/", import.meta.url);
const read = (name: string): string | undefined => {
  const url = new URL(name, folder);
  return existsSync(url) ? readFileSync(url, "utf8") : undefined;
};
const all = Object.entries(catalogue()) as [string, Entry][];
const kinds = /^(notebook|yaml crosswalk\.yaml|directive|text)$/;

it("every code has a page whose head is fresh, and no page is without a code", () => {
  const stale = all.filter(([code, entry]) => errorPage(code, entry, read(`${code}.md`)) !== read(`${code}.md`));
  expect(stale.map(([code]) => code)).toEqual([]);
  expect(read("README.md")).toBe(errorIndex(catalogue()));
  const pages = readdirSync(folder).filter((name) => name !== "README.md");
  expect(pages.filter((name) => !Object.hasOwn(catalogue(), name.replace(/\.md$/, "")))).toEqual([]);
});

it("every page has a bad and a good example of a known kind", () => {
  const without = all.filter(([code]) => {
    const { bad, good } = examplesOf(read(`${code}.md`) ?? "");
    const known = [...bad, ...good].every((block) => kinds.test(block.info) && block.text.trim() !== "");
    return bad.length === 0 || good.length === 0 || !known;
  });
  expect(without.map(([code]) => code)).toEqual([]);
});

it("what people wrote is kept when the head is made anew, and a new page asks for both examples", () => {
  const entry: Entry = { slug: "a-b", severity: "error", title: "t", message: "m {x}.", cause: "c.", fix: "f." };
  const fresh = errorPage("CW0001", entry, undefined);
  expect(examplesOf(fresh)).toEqual({ bad: [], good: [] });
  const written = fresh
    .replace("## Bad\n", "## Bad\n\n```notebook\nx = 1\n```\n\nwords\n\n```yaml crosswalk.yaml\na: 1\n```\n")
    .replace("## Good\n", "## Good\n\n````text\n```\n````\n");
  const again = errorPage("CW0001", { ...entry, title: "other" }, written);
  expect(again).toContain("**error**: other");
  expect(examplesOf(again)).toEqual({
    bad: [
      { info: "notebook", text: "x = 1\n" },
      { info: "yaml crosswalk.yaml", text: "a: 1\n" },
    ],
    good: [{ info: "text", text: "```\n" }],
  });
});
