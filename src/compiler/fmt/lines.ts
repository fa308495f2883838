/** A line of a text: what it says, and the range of that in the text, its line end left out. */
export interface TextLine {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The lines of a text as Python counts them: \n, \r\n and a lone \r end one. */
export function linesOf(text: string): readonly TextLine[] {
  const out: TextLine[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    out.push({ start, end: match.index, text: text.slice(start, match.index) });
    start = match.index + match[0].length;
  }
  return [...out, { start, end: text.length, text: text.slice(start) }];
}

/** Text `text` in the place of a range. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What differs between two lines, without what they begin and end with alike. */
export function changeOf(line: TextLine, after: string): Change {
  const before = line.text;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charAt(head) === after.charAt(head)) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start: line.start + head, end: line.end - tail, text: after.slice(head, after.length - tail) };
}

/** The text with the changes made; they do not overlap. */
export function applyChanges(text: string, changes: readonly Change[]): string {
  let out = "";
  let at = 0;
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    out += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return out + text.slice(at);
}

/** Lines of a cell that a formatter changed: index from 0, and what stands there now. undefined when lines came or went. */
export function changedLines(
  before: string,
  after: string,
): readonly { readonly index: number; readonly before: string; readonly after: string }[] | undefined {
  const old = before.split("\n");
  const now = after.split("\n");
  if (old.length !== now.length) return undefined;
  return old.flatMap((line, index) => {
    const next = now[index] ?? "";
    return next === line ? [] : [{ index, before: line, after: next }];
  });
}
