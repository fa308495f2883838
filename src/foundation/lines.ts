/** Maps offsets of one text to lines and columns. Built in one pass; look-ups are a binary search. */
export interface LineMap {
  /** 1-based line and column (UTF-16 units) of an offset; offsets outside the text are clamped to it. */
  position(offset: number): { readonly line: number; readonly column: number };
  /** Offset of the first character of a 1-based line. */
  lineStart(line: number): number;
  /** Text of a 1-based line without its line end. */
  lineText(line: number): string;
  readonly count: number;
}

export function lineMap(text: string): LineMap {
  const starts = [0];
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  const lineStart = (line: number): number => starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0;
  return {
    count: starts.length,
    lineStart,
    lineText(line) {
      const start = lineStart(line);
      const end = line < starts.length ? lineStart(line + 1) - 1 : text.length;
      return text.slice(start, end).replace(/\r$/, "");
    },
    position(offset) {
      const at = Math.min(Math.max(offset, 0), text.length);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const mid = (low + high + 1) >> 1;
        if ((starts[mid] ?? 0) <= at) low = mid;
        else high = mid - 1;
      }
      return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
    },
  };
}
