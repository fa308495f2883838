import type { ExplainRequest } from "../../compiler/session-contract.ts";
import { catalogue, codeOf } from "../../diagnostics/catalogue.ts";
import { nearest } from "../../foundation/nearest.ts";

export type ExplainTarget =
  | ExplainRequest
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "unknown"; readonly text: string; readonly fix: string };

/**
 * Reads what `explain` was asked about. A place may be pasted as diagnostics print it:
 * `nb.ipynb:cell 3:2:5 (id abc)`; the column and the id are then not needed.
 */
export function parseTarget(words: string): ExplainTarget {
  const text = words.trim().replace(/\s*\(id [^)]*\)$/, "");
  const code = codeOf(text);
  if (code) return { kind: "code", code };
  const cell = /^(.+):\s*cell[ :](\d{1,9})(?::(\d{1,9}))?(?::\d{1,9})?$/.exec(text);
  if (cell?.[1] && cell[2]) {
    const line = cell[3] === undefined ? {} : { line: Number(cell[3]) };
    return { kind: "cell", file: cell[1], cell: Number(cell[2]), ...line };
  }
  const line = /^(.+?):(\d{1,9})(?::\d{1,9})?$/.exec(text);
  if (line?.[1] && line[2]) return { kind: "line", file: line[1], line: Number(line[2]) };
  return { kind: "unknown", text, fix: hint(text) };
}

function hint(text: string): string {
  const loose = /^(.+?\.(?:ipynb|py))[\s:,]+(?:cell[\s#:]*)?(\d{1,9})(?:(?:[\s:,]+(?:line\s*)?)(\d{1,9}))?$/i.exec(
    text,
  );
  if (loose?.[1] && loose[2])
    return `write \`crosswalk explain "${loose[1]}:cell ${loose[2]}${loose[3] === undefined ? "" : `:${loose[3]}`}"\``;
  if (/[./\\]/.test(text)) return `add a line or a cell: \`${text}:12\`, or "${text}:cell 3" for a notebook`;
  const known = Object.entries(catalogue()).flatMap(([code, entry]) => [code, entry.slug]);
  const near = nearest(text, known);
  return near
    ? `did you mean \`crosswalk explain ${near}\``
    : "give a code such as CW9001, `file:line`, or `notebook:cell N`";
}
