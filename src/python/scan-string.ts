/** How far a string literal reaches. `closed` is false when its end is missing; then `end` is the end of its line, or of the text. */
export interface StringEnd {
  readonly end: number;
  readonly closed: boolean;
}

/** Fields of f-strings nest; Python allows 150 levels, nobody writes five. */
const maxNesting = 30;
/** A longer field is taken for one that was not closed: the string then ends at its first fitting quotes. */
const maxField = 2_000;

/** Finds the end of the literal whose opening quote is at `quoteAt`; `prefix` are the letters before it, lower case. */
export function stringEnd(text: string, quoteAt: number, prefix: string): StringEnd {
  if (prefix.includes("f") || prefix.includes("t")) {
    const end = formatted(text, quoteAt, 0);
    if (end >= 0) return { end, closed: true };
  }
  return plain(text, quoteAt);
}

function plain(text: string, quoteAt: number): StringEnd {
  const quote = text.charAt(quoteAt);
  const triple = isTriple(text, quoteAt);
  if (!triple) {
    for (let i = quoteAt + 1; i < text.length; i++) {
      const c = text.charAt(i);
      if (c === "\\") i += text.charAt(i + 1) === "\r" && text.charAt(i + 2) === "\n" ? 2 : 1;
      else if (c === quote) return { end: i + 1, closed: true };
      else if (c === "\n" || c === "\r") return { end: i, closed: false };
    }
    return { end: text.length, closed: false };
  }
  const close = quote.repeat(3);
  let from = quoteAt + 3;
  for (;;) {
    const at = text.indexOf(close, from);
    if (at < 0) return { end: text.length, closed: false };
    let slashes = 0;
    while (text.charAt(at - 1 - slashes) === "\\" && at - 1 - slashes >= quoteAt + 3) slashes++;
    if (slashes % 2 === 0) return { end: at + 3, closed: true };
    from = at + 1;
  }
}

function isTriple(text: string, at: number): boolean {
  const quote = text.charAt(at);
  return text.charAt(at + 1) === quote && text.charAt(at + 2) === quote;
}

/** End of an f-string by the rules of Python 3.12, where its fields may hold the same quotes; -1 when it is not closed so. */
function formatted(text: string, quoteAt: number, depth: number): number {
  if (depth > maxNesting) return -1;
  const quote = text.charAt(quoteAt);
  const triple = isTriple(text, quoteAt);
  for (let i = quoteAt + (triple ? 3 : 1); i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "\\") i++;
    else if (c === quote && (!triple || isTriple(text, i))) return i + (triple ? 3 : 1);
    else if (c === "\n" && !triple) return -1;
    else if (c === "{") {
      if (text.charAt(i + 1) === "{") i++;
      else {
        const end = field(text, i + 1, Math.min(text.length, i + maxField), depth, quote, triple);
        if (end < 0) return -1;
        i = end - 1;
      }
    }
  }
  return -1;
}

/** End of a field (after its `}`), whose content starts at `from`. */
function field(text: string, from: number, limit: number, depth: number, quote: string, triple: boolean): number {
  let open = 0;
  for (let i = from; i < limit; i++) {
    const c = text.charAt(i);
    if (c === "(" || c === "[" || c === "{") open++;
    else if (c === "}" && open === 0) return i + 1;
    else if (c === ")" || c === "]" || c === "}") {
      if (--open < 0) return -1;
    } else if (c === "'" || c === '"') {
      const before = /[A-Za-z]{0,2}$/.exec(text.slice(Math.max(from, i - 2), i))?.[0].toLowerCase() ?? "";
      const inside = /[ft]/.test(before) ? formatted(text, i, depth + 1) : closedPlain(text, i);
      if (inside < 0) return -1;
      i = inside - 1;
    } else if (c === "#") {
      const newline = text.indexOf("\n", i);
      if (newline < 0) return -1;
      i = newline;
    } else if (c === ":" && open === 0) return spec(text, i + 1, limit, depth, quote, triple);
    else if (c === "!" && open === 0 && text.charAt(i + 1) === "=") i++;
  }
  return -1;
}

function closedPlain(text: string, at: number): number {
  const found = plain(text, at);
  return found.closed ? found.end : -1;
}

/** End of a format specification: text with fields, up to the `}` of its own field. */
function spec(text: string, from: number, limit: number, depth: number, quote: string, triple: boolean): number {
  for (let i = from; i < limit; i++) {
    const c = text.charAt(i);
    if (c === "}") return i + 1;
    if (c === "{") {
      if (depth + 1 > maxNesting) return -1;
      const end = field(text, i + 1, limit, depth + 1, quote, triple);
      if (end < 0) return -1;
      i = end - 1;
    } else if ((c === "\n" && !triple) || (c === quote && (!triple || isTriple(text, i)))) return -1;
  }
  return -1;
}
