/** A call that names a magic or a shell command, as nbconvert writes it. */
export interface MagicCall {
  readonly method: "line" | "cell" | "system";
  readonly name: string;
  readonly rest: string;
  readonly body: string;
}

const methods: Readonly<Record<string, MagicCall["method"]>> = {
  run_line_magic: "line",
  magic: "line",
  line_magic: "line",
  run_cell_magic: "cell",
  cell_magic: "cell",
  system: "system",
  getoutput: "system",
};

/**
 * Reads `get_ipython().run_line_magic("time", "f()")` and its kin as a whole statement. Gives "computed" where the call is
 * one of these but its text is not literal, and undefined for everything else.
 */
export function readMagicCall(statement: string, shells: ReadonlySet<string>): MagicCall | "computed" | undefined {
  const found = /^(get_ipython\(\)|[A-Za-z_]\w*)\s*\.\s*(\w+)\s*\(/.exec(statement);
  const method = methods[found?.[2] ?? ""];
  if (!found || !method || (found[1] !== "get_ipython()" && !shells.has(found[1] ?? ""))) return undefined;
  const args = readStrings(statement.slice(found[0].length));
  if (!args || args.length === 0) return "computed";
  const [first = "", second = "", third = ""] = args;
  if (method === "system") return { method, name: "!", rest: first, body: "" };
  if (method === "cell") return { method, name: first, rest: second, body: third };
  if (found[2] !== "magic") return { method, name: first, rest: second, body: "" };
  const split = /^%?(\S+)\s*(.*)$/s.exec(first.trim());
  return { method, name: split?.[1] ?? "", rest: split?.[2] ?? "", body: "" };
}

/** String literals between commas up to the closing parenthesis and the end; undefined for anything else. */
function readStrings(text: string): string[] | undefined {
  const values: string[] = [];
  let i = 0;
  const blanks = (): void => {
    while (/[\s]/.test(text.charAt(i))) i++;
  };
  for (;;) {
    blanks();
    if (text.charAt(i) === ")") break;
    let value = "";
    let pieces = 0;
    for (;;) {
      const literal = /^([uU]|[rR])?('''|"""|'|")/.exec(text.slice(i, i + 5));
      if (!literal) break;
      const raw = /r/i.test(literal[1] ?? "");
      const quote = literal[2] ?? "'";
      const start = i + literal[0].length;
      const end = closingQuote(text, start, quote);
      if (end === undefined) return undefined;
      const inner = text.slice(start, end);
      value += raw ? inner : unescaped(inner);
      pieces++;
      i = end + quote.length;
      blanks();
    }
    if (pieces === 0) return undefined;
    values.push(value);
    if (text.charAt(i) === ",") i++;
    else if (text.charAt(i) !== ")") return undefined;
  }
  return /^\)\s*;?\s*(?:#.*)?$/.test(text.slice(i)) ? values : undefined;
}

function closingQuote(text: string, start: number, quote: string): number | undefined {
  for (let i = start; i < text.length; i++) {
    if (text.charAt(i) === "\\") i++;
    else if (text.startsWith(quote, i)) return i;
    else if (text.charAt(i) === "\n" && quote.length === 1) return undefined;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, wide?: string, octal?: string, c?: string) => {
      const hex = x ?? u ?? wide;
      if (hex !== undefined)
        return Number.parseInt(hex, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(hex, 16)) : whole;
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return escapes[c ?? ""] ?? whole;
    },
  );
}
