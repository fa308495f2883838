/** A place where bytes stop being JSON. Thrown inside this room only; `readIpynb` turns it into a diagnostic. */
export class JsonProblem extends Error {
  readonly offset: number;
  readonly line: number;
  readonly lineStart: number;
  /** True when the text simply stops: a half-written file. */
  readonly cutShort: boolean;
  constructor(detail: string, at: { offset: number; line: number; lineStart: number }, cutShort: boolean) {
    super(detail);
    this.offset = at.offset;
    this.line = at.line;
    this.lineStart = at.lineStart;
    this.cutShort = cutShort;
  }
}

export type JsonKind = "object" | "array" | "string" | "scalar";

/** Walks the bytes of one JSON text once, forwards. What is not asked for is checked and skipped without being built. */
export interface JsonCursor {
  /** Kind of the value that comes next. */
  kind(): JsonKind;
  /** 1-based line of the value that comes next. */
  line(): number;
  /** Calls `member` at each value; a value it does not take is skipped. */
  object(member: (key: string) => void): void;
  /** Calls `item` at each element; an element it does not take is skipped. */
  array(item: (index: number) => void): void;
  string(): string;
  /** A number, true, false or null. */
  scalar(): number | boolean | null;
  skip(): void;
  /** Checks that nothing but blanks is left. */
  end(): void;
}

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** Deeper nesting is no notebook, and would only cost memory. */
const deepest = 10_000;

/** A cursor at the start of `bytes`, which must be UTF-8 (checked by the caller). */
export function jsonCursor(bytes: Uint8Array): JsonCursor {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const size = bytes.length;
  let pos = 0;
  let line = 1;
  let lineStart = 0;
  // Newlines may stand between tokens only; the next one is looked up once, not once per string.
  let nextNewline = -1;

  const fail = (expected: string): never => {
    const cut = pos >= size;
    const found = cut ? "the end of the file" : describe(bytes, pos, decoder);
    throw new JsonProblem(`expected ${expected} but found ${found}`, { offset: pos, line, lineStart }, cut);
  };
  /** Skips blanks; gives the next byte, or -1 at the end. */
  const next = (): number => {
    while (pos < size) {
      const c = bytes[pos] as number;
      if (c > 0x20) return c;
      if (c === newline) {
        line++;
        lineStart = pos + 1;
      } else if (c !== 0x20 && c !== 0x09 && c !== 0x0d) return c;
      pos++;
    }
    return -1;
  };
  /** Moves behind a string and gives the offset of its first character. */
  const passString = (): number => {
    const start = ++pos;
    for (;;) {
      let end = pos;
      const near = Math.min(pos + 24, size);
      while (end < near && bytes[end] !== quote) end++;
      if (end === near) end = bytes.indexOf(quote, near);
      if (nextNewline < start && nextNewline !== size) {
        const found = bytes.indexOf(newline, start);
        nextNewline = found < 0 ? size : found;
      }
      if (end < 0 || nextNewline < end) {
        const cut = end < 0 && nextNewline === size;
        const at = { offset: start - 1, line, lineStart };
        throw new JsonProblem("a string opens here and is not closed on its line", at, cut);
      }
      let slashes = 0;
      while (bytes[end - 1 - slashes] === backslash && end - 1 - slashes >= start) slashes++;
      pos = end + 1;
      if (slashes % 2 === 0) return start;
    }
  };
  const text = (): string => {
    if (next() !== quote) fail("a string");
    const at = { offset: pos, line, lineStart };
    const start = passString();
    const raw = decoder.decode(bytes.subarray(start, pos - 1));
    if (!raw.includes("\\") && !hasControl(raw)) return raw;
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      throw new JsonProblem("a string holds an escape or a control character that JSON does not know", at, false);
    }
  };
  /** Python's own writer puts NaN and Infinity into outputs, and its reader takes them: so do we. */
  const word = (): string => {
    const start = pos;
    while (pos < size && pos - start < 64 && isWord(bytes[pos] as number)) pos++;
    const found = decoder.decode(bytes.subarray(start, pos));
    if (/^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)$/.test(found)) return found;
    // A file cut inside `tru` or `12.` simply stops.
    if (pos < size) pos = start;
    return fail("a value");
  };
  const passWord = (): void => {
    const start = pos;
    const long = size - pos;
    let n = 0;
    while (n < long && isWord(bytes[pos + n] as number)) n++;
    if (n <= 64) word();
    else if (isNumberByte(bytes[start] as number)) pos = start + n;
    else fail("a value");
  };
  const passKey = (): void => {
    if (next() !== quote) fail('a key in double quotes or "}"');
    passString();
    if (next() !== colon) fail('":"');
    pos++;
  };
  const skip = (): void => {
    const open: number[] = [];
    for (;;) {
      const c = next();
      if (c === openBrace || c === openBracket) {
        pos++;
        const close = c === openBrace ? closeBrace : closeBracket;
        if (next() === close) pos++;
        else {
          if (open.length >= deepest) fail(`at most ${deepest} brackets inside each other`);
          open.push(close);
          if (close === closeBrace) passKey();
          continue;
        }
      } else if (c === quote) passString();
      else if (c < 0) fail("a value");
      else passWord();
      for (;;) {
        const close = open.at(-1);
        if (close === undefined) return;
        const d = next();
        if (d === comma) {
          pos++;
          if (close === closeBrace) passKey();
          break;
        }
        if (d !== close) fail(close === closeBrace ? '"," or "}"' : '"," or "]"');
        pos++;
        open.pop();
      }
    }
  };
  const items = (close: number, each: () => void): void => {
    pos++;
    if (next() === close) {
      pos++;
      return;
    }
    for (;;) {
      each();
      const c = next();
      if (c !== comma && c !== close) fail(close === closeBrace ? '"," or "}"' : '"," or "]"');
      pos++;
      if (c === close) return;
    }
  };
  const kind = (): JsonKind => {
    const c = next();
    if (c < 0) fail("a value");
    return c === openBrace ? "object" : c === openBracket ? "array" : c === quote ? "string" : "scalar";
  };
  return {
    kind,
    line() {
      next();
      return line;
    },
    object(member) {
      if (next() !== openBrace) fail('"{"');
      items(closeBrace, () => {
        if (next() !== quote) fail('a key in double quotes or "}"');
        const key = text();
        if (next() !== colon) fail('":"');
        pos++;
        next();
        const before = pos;
        member(key);
        if (pos === before) skip();
      });
    },
    array(item) {
      if (next() !== openBracket) fail('"["');
      let index = 0;
      items(closeBracket, () => {
        next();
        const before = pos;
        item(index++);
        if (pos === before) skip();
      });
    },
    string: text,
    scalar() {
      next();
      const found = word();
      return found === "null" ? null : found === "true" ? true : found === "false" ? false : Number(found);
    },
    skip,
    end() {
      if (next() >= 0) fail("the end of the file");
    },
  };
}

function isNumberByte(c: number): boolean {
  return c === 0x2d || (c >= 0x30 && c <= 0x39);
}

function isWord(c: number): boolean {
  return (
    (c >= 0x30 && c <= 0x39) ||
    (c >= 0x41 && c <= 0x5a) ||
    (c >= 0x61 && c <= 0x7a) ||
    c === 0x2d ||
    c === 0x2b ||
    c === 0x2e
  );
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

/** A few characters of what stands at `pos`, for a message. */
function describe(bytes: Uint8Array, pos: number, decoder: InstanceType<typeof TextDecoder>): string {
  const shown = /^[\w.+-]+|^[^\s]/u.exec(decoder.decode(bytes.subarray(pos, pos + 24)))?.[0];
  return shown === undefined ? "a control character" : `"${shown.slice(0, 16)}"`;
}
