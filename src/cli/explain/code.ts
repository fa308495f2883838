import { entryOf } from "../../diagnostics/formats/entry.ts";
import type { Outcome } from "../command.ts";
import type { PackageInfo } from "../package-info.ts";

/** Ends the generated head of an error page; the handwritten part follows. */
export const headEnd = "<!-- end of the generated head -->";

/** The page of a code: what the catalogue says, then the examples of docs/errors when the package has them. */
export function explainCode(code: string, info: PackageInfo): Pick<Outcome, "text" | "result"> {
  const entry = entryOf(code);
  if (!entry) return {};
  const page = info.read(`docs/errors/${code}.md`);
  const examples = page?.includes(headEnd) ? page.slice(page.indexOf(headEnd) + headEnd.length).trim() : "";
  const text = [
    `${code} ${entry.slug} (${entry.severity}): ${entry.title}`,
    `  ${withPlaces(entry.message)}`,
    `why: ${withPlaces(entry.cause)}`,
    `fix: ${withPlaces(entry.fix)}`,
    ...(examples ? [examples] : []),
  ];
  return { text: `${text.join("\n\n")}\n`, result: { code, ...entry, examples } };
}

/** A text of the catalogue with its holes shown as what they are: places for a word of the real message. */
export function withPlaces(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_, hole: string) => `‹${hole}›`);
}
