/** One page for each code: a head made from the catalogue, and below it a part that people write and this never touches. */

import { headEnd, withPlaces } from "../src/cli/explain/code.ts";
import type { Entry } from "../src/diagnostics/define.ts";
import { byText } from "../src/foundation/order.ts";

/** The page of a code, with the handwritten part of the page as it was; a new page gets empty `## Bad` and `## Good`. */
export function errorPage(code: string, entry: Entry, before: string | undefined): string {
  const at = before?.indexOf(headEnd) ?? -1;
  const own = before !== undefined && at >= 0 ? before.slice(at + headEnd.length) : "\n\n## Bad\n\n## Good\n";
  return `${head(code, entry)}\n${headEnd}${own}`;
}

function head(code: string, entry: Entry): string {
  return [
    "<!-- Made from src/diagnostics/catalogue by `node scripts/generate-error-pages.ts`; the part below the head is written by hand. -->",
    `# ${code} ${entry.slug}`,
    "",
    `**${entry.severity}**: ${entry.title}`,
    "",
    `> ${withPlaces(entry.message)}`,
    "",
    `**Why.** ${withPlaces(entry.cause)}`,
    "",
    `**Fix.** ${withPlaces(entry.fix)}`,
    "",
  ].join("\n");
}

/** The list of all pages. */
export function errorIndex(table: Readonly<Record<string, Entry>>): string {
  const rows = Object.entries(table)
    .sort(([a], [b]) => byText(a, b))
    .map(([code, entry]) => `| [${code}](${code}.md) | ${entry.slug} | ${entry.severity} | ${entry.title} |`);
  return [
    "# Everything Crosswalk can say",
    "",
    "Made by `node scripts/generate-error-pages.ts`. `crosswalk explain CODE` prints a page without a network.",
    "",
    "| code | slug | severity | title |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** A fenced block of a page. `info` is what stands behind the fence, e.g. `yaml crosswalk.yaml`. */
export interface Block {
  readonly info: string;
  readonly text: string;
}

/** The fenced blocks below `## Bad` and `## Good` of a page. */
export function examplesOf(page: string): { readonly bad: readonly Block[]; readonly good: readonly Block[] } {
  const below = (title: string): string => {
    const section = new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m").exec(
      page.slice(page.indexOf(headEnd)),
    );
    return section?.[1] ?? "";
  };
  const blocks = (text: string): readonly Block[] =>
    [...text.matchAll(/^(`{3,})(\S[^\n]*)\n([\s\S]*?)^\1$/gm)].map(([, , info = "", body = ""]) => ({
      info: info.trim(),
      text: body,
    }));
  return { bad: blocks(below("Bad")), good: blocks(below("Good")) };
}

/** The .ipynb file of a `notebook` or `directive` block: cells are separated by lines `# %%` or `# %% [markdown]`. */
export function ipynbOf(text: string): string {
  const parts = text.split(/^(# %%.*)\n/m);
  const first = parts[0] === "" && parts.length > 1 ? [] : [["# %%", parts[0] ?? ""] as const];
  const rest = parts.slice(1).flatMap((mark, i) => (i % 2 === 0 ? [[mark, parts[i + 2] ?? ""] as const] : []));
  const cells = [...first, ...rest].map(([mark, source], i) => {
    const common = { id: `cell-${i + 1}`, metadata: {}, source: source.replace(/\n+$/, "") };
    return mark.includes("[markdown]")
      ? { cell_type: "markdown", ...common }
      : { cell_type: "code", ...common, execution_count: null, outputs: [] };
  });
  return `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}
