/** One logical line of Python, found without parsing it: strings, brackets and comments only. */
export interface LogicalLine {
  /** Offset of the line end that closes it, or of the end of the text. */
  readonly end: number;
  /** Offset of a `!` or `%name` behind the first `=` outside brackets: an assignment from IPython. The scan stops there. */
  readonly escape?: number;
  /** True when it ends in `?` outside strings and comments. */
  readonly asksHelp: boolean;
  /** True when a bracket or a triple-quoted string is still open at the end of the text. */
  readonly open: boolean;
}

/** Scans the logical line that starts at `start`, as Python's tokenizer groups tokens. */
export function scanLogicalLine(text: string, start: number): LogicalLine {
  let depth = 0;
  let assigned = false;
  let last = "";
  let i = start;
  let wordStart = -1;
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === "\n") {
      if (depth === 0) return { end: i, asksHelp: last === "?", open: false };
      i++;
      wordStart = -1;
      continue;
    }
    if (c === "#") {
      i = lineEnd(text, i);
      last = "#";
      continue;
    }
    if (c === '"' || c === "'") {
      const prefix = wordStart >= 0 ? text.slice(wordStart, i) : "";
      const string = scanString(text, i, /^(?:[ft]r?|r[ft])$/i.test(prefix));
      if (!string.closed && string.end >= text.length)
        return { end: text.length, asksHelp: false, open: string.triple };
      i = string.end;
      last = c;
      wordStart = -1;
      continue;
    }
    if (c === "\\" && text.charAt(i + 1) === "\n") {
      i += 2;
      wordStart = -1;
      continue;
    }
    if (isWordChar(c)) {
      if (wordStart < 0) wordStart = i;
    } else wordStart = -1;
    if (c === "(" || c === "[" || c === "{") depth++;
    else if (c === ")" || c === "]" || c === "}") depth = Math.max(0, depth - 1);
    else if (c === "=" && depth === 0 && !assigned && isAssign(text, i, start)) {
      assigned = true;
      const value = skipBlanks(text, i + 1);
      if (text.charAt(value) === "!" || /^%[A-Za-z_]/.test(text.slice(value, value + 2)))
        return { end: continuedEnd(text, value), escape: value, asksHelp: false, open: false };
    }
    if (c !== " " && c !== "\t" && c !== "\r" && c !== "\f") last = c;
    i++;
  }
  return { end: text.length, asksHelp: last === "?" && depth === 0, open: depth > 0 };
}

/** Offset of the end of the physical line that holds `from`. */
export function lineEnd(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? text.length : found;
}

/** End of a command that goes on over lines ending in a backslash. */
export function continuedEnd(text: string, from: number): number {
  let end = lineEnd(text, from);
  while (text.charAt(end - 1) === "\\" && end < text.length && end > from) end = lineEnd(text, end + 1);
  return end;
}

/** Where the string at `start` (its first quote) ends; f-strings are followed into their fields. */
export function scanString(
  text: string,
  start: number,
  formatted: boolean,
  level = 0,
): { readonly end: number; readonly closed: boolean; readonly triple: boolean } {
  const quote = text.charAt(start);
  const triple = text.startsWith(quote.repeat(3), start);
  const delimiter = triple ? quote.repeat(3) : quote;
  let i = start + delimiter.length;
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === "\\") i += 2;
    else if (c === "\n" && !triple) return { end: i, closed: false, triple };
    else if (text.startsWith(delimiter, i)) return { end: i + delimiter.length, closed: true, triple };
    else if (formatted && c === "{" && text.charAt(i + 1) === "{") i += 2;
    else if (formatted && c === "{") {
      const field = scanField(text, i, level);
      // Before 3.12 a quote inside a field ends the string; text that reads as neither is left to the parser.
      // Only the outermost string is read again: otherwise each level would double the work.
      if (field === undefined) return level === 0 ? scanString(text, start, false) : { end: i, closed: false, triple };
      i = field;
    } else i++;
  }
  return { end: text.length, closed: false, triple };
}

/** Fields are short; a bound keeps damaged text from being scanned over and over. */
const longestField = 20_000;
const deepestField = 40;

/** Offset behind the field that opens at `start`, or undefined when it does not close. */
function scanField(text: string, start: number, level: number): number | undefined {
  if (level > deepestField) return undefined;
  let depth = 0;
  let i = start;
  const limit = Math.min(text.length, start + longestField);
  while (i < limit) {
    const c = text.charAt(i);
    if (c === "{" || c === "(" || c === "[") depth++;
    else if (c === "}" || c === ")" || c === "]") {
      depth--;
      if (depth === 0) return i + 1;
    } else if (c === "'" || c === '"') {
      const inner = scanString(text, i, /[ft]r?$|r[ft]$/i.test(text.slice(Math.max(start, i - 2), i)), level + 1);
      if (!inner.closed) return undefined;
      i = inner.end;
      continue;
    }
    i++;
  }
  return undefined;
}

function isAssign(text: string, at: number, start: number): boolean {
  if (text.charAt(at + 1) === "=") return false;
  return at > start && !"=!<>+-*/%&|^@:~".includes(text.charAt(at - 1));
}

function skipBlanks(text: string, from: number): number {
  let i = from;
  while (text.charAt(i) === " " || text.charAt(i) === "\t") i++;
  return i;
}

function isWordChar(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || (c >= "0" && c <= "9") || c >= "\u0080";
}
