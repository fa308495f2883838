/** The triple quote that is open at the end of a line, given the one that was open at its start. */
export function openTripleQuote(line: string, open: string | undefined): string | undefined {
  let quote = open;
  let i = 0;
  while (i < line.length) {
    if (quote !== undefined) {
      if (line.charAt(i) === "\\") i += 2;
      else if (line.startsWith(quote, i)) {
        i += 3;
        quote = undefined;
      } else i++;
      continue;
    }
    const c = line.charAt(i);
    if (c === "#") return undefined;
    if (c === '"' || c === "'") {
      if (line.startsWith(c.repeat(3), i)) {
        quote = c.repeat(3);
        i += 3;
      } else i = plainStringEnd(line, i);
    } else i++;
  }
  return quote;
}

function plainStringEnd(line: string, start: number): number {
  const quote = line.charAt(start);
  let i = start + 1;
  while (i < line.length && line.charAt(i) !== quote) i += line.charAt(i) === "\\" ? 2 : 1;
  return i + 1;
}
