/**
 * A replacement of equal length in the text that the parser sees, so that offsets stay. The grammar has traps that are
 * simplest avoided by never showing them: see README.md of this folder.
 */
export interface Edit {
  readonly start: number;
  readonly text: string;
}

/** `text[start, end)` with edits made; they are in order, and one that starts inside another is left out. */
export function edited(text: string, edits: readonly Edit[], start: number, end: number): string {
  const out: string[] = [];
  let at = start;
  for (const edit of edits) {
    if (edit.start < at) continue;
    if (edit.start >= end) break;
    out.push(text.slice(at, edit.start), edit.text);
    at = edit.start + edit.text.length;
  }
  out.push(text.slice(at, end));
  return out.join("");
}
