/** Decoding the text between a literal's quotes, exactly as Python does. */
export interface Decoded {
  readonly value: string;
  /** False where JavaScript cannot hold the value (a `\N{name}`, a surrogate pair written as two escapes). */
  readonly exact: boolean;
  readonly problem?: string;
}

const simple: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const hexLength: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Decodes a literal's body. `braces`: `{{` and `}}` of an f-string's text stand for one brace. */
export function decodeBody(
  body: string,
  mode: { readonly raw: boolean; readonly bytes: boolean; readonly braces: boolean },
): Decoded {
  const source = body.includes("\r") ? body.replace(/\r\n?/g, "\n") : body;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what bytes may hold
  if (mode.bytes && /[^\x00-\x7f]/.test(source))
    return { value: "", exact: false, problem: "bytes can only contain ASCII literal characters" };
  const escapes = !mode.raw && source.includes("\\");
  if (!escapes && !mode.braces) return { value: source, exact: true };
  let out = "";
  let exact = true;
  let problem: string | undefined;
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (mode.braces && (c === "{" || c === "}")) {
      if (source.charAt(i + 1) === c) i++;
      else problem ??= `a single '${c}' stands alone in this f-string; write '${c}${c}'`;
      out += c;
    } else if (c === "\\" && escapes) {
      const read = readEscape(source, i + 1, mode.bytes);
      out += read.value;
      if (read.exact === false) exact = false;
      problem ??= read.problem;
      i = read.end - 1;
    } else out += c;
  }
  if (exact && escapes && madePair(source)) exact = false;
  return problem === undefined ? { value: out, exact } : { value: out, exact, problem };
}

interface Escape {
  readonly value: string;
  readonly end: number;
  readonly exact?: false;
  readonly problem?: string;
}

function readEscape(source: string, at: number, bytes: boolean): Escape {
  const c = source.charAt(at);
  const plain = simple[c];
  if (plain !== undefined) return { value: plain, end: at + 1 };
  if (c >= "0" && c <= "7") {
    const digits = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0] ?? c;
    const code = Number.parseInt(digits, 8);
    return { value: String.fromCharCode(bytes ? code & 255 : code), end: at + digits.length };
  }
  const length = bytes && c !== "x" ? undefined : hexLength[c];
  if (length !== undefined) {
    const digits = source.slice(at + 1, at + 1 + length);
    if (digits.length !== length || !/^[0-9a-fA-F]*$/.test(digits))
      return { value: "", end: at + 1, problem: `\\${c} needs ${length} hexadecimal digits` };
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) return { value: "", end: at + 1 + length, problem: `\\U${digits} is no Unicode character` };
    return { value: String.fromCodePoint(code), end: at + 1 + length };
  }
  if (c === "N" && !bytes) {
    const name = /^\{[A-Za-z0-9 -]+\}/.exec(source.slice(at + 1, at + 120))?.[0];
    if (!name) return { value: "", end: at + 1, problem: "\\N must be followed by a character's name in braces" };
    return { value: `\\N${name}`, end: at + 1 + name.length, exact: false };
  }
  return { value: `\\${c}`, end: at + 1 };
}

/** Two escapes of surrogates side by side: Python keeps two characters, JavaScript would make one. */
function madePair(source: string): boolean {
  return /\\u[dD][89abAB]/.test(source) && /\\u[dD][c-fC-F]/.test(source);
}
