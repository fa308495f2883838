/** A string literal of a JSON text: its place with the quotes, its value, and where each unit of the value stands. */
export interface JsonString {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** Offset in the text of each UTF-16 unit of the value, and behind the last one. */
  readonly offsets: readonly number[];
}

/** The source of one cell of an .ipynb file, as the strings that make it. */
export type CellSource = readonly JsonString[];

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Where the sources of an .ipynb's cells stand in its text, in the order of the cells; undefined for a text that is not of that
 * form. The text is known to be JSON. As for every reader of JSON, the last of two equal keys counts.
 */
export function cellSources(text: string): readonly CellSource[] | undefined {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  const blank = (): void => {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  };
  const expect = (sign: string): void => {
    blank();
    if (text.charAt(at) !== sign) throw new FormProblem();
    at++;
  };
  const has = (sign: string): boolean => {
    blank();
    return text.charAt(at) === sign;
  };
  const string = (): JsonString => {
    blank();
    const start = at;
    expect('"');
    const parts: string[] = [];
    const offsets: number[] = [];
    for (let c = text.charAt(at); c !== '"'; c = text.charAt(at)) {
      if (c === "") throw new FormProblem();
      offsets.push(at);
      if (c !== "\\") {
        parts.push(c);
        at++;
        continue;
      }
      const next = text.charAt(at + 1);
      const isCode = next === "u";
      parts.push(
        isCode ? String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16)) : (escapes[next] ?? next),
      );
      at += isCode ? 6 : 2;
    }
    offsets.push(at);
    return { start, end: ++at, value: parts.join(""), offsets };
  };
  /** Moves behind a string without building it. */
  const passString = (): void => {
    expect('"');
    for (let c = text.charAt(at); c !== '"'; c = text.charAt(at)) {
      if (c === "") throw new FormProblem();
      at += c === "\\" ? 2 : 1;
    }
    at++;
  };
  const skip = (): void => {
    let depth = 0;
    do {
      blank();
      const c = text.charAt(at);
      if (c === "") throw new FormProblem();
      if (c === '"') passString();
      else {
        if (c === "{" || c === "[") depth++;
        else if (c === "}" || c === "]") depth--;
        at++;
        // A number or a word ends where something else begins.
        if (/[\w.+-]/.test(c)) while (/[\w.+-]/.test(text.charAt(at))) at++;
      }
    } while (depth > 0);
  };
  const object = (member: (key: string) => boolean): void => {
    expect("{");
    if (has("}")) {
      at++;
      return;
    }
    for (;;) {
      const key = string().value;
      expect(":");
      if (!member(key)) skip();
      if (!has(",")) break;
      at++;
    }
    expect("}");
  };
  const array = (item: () => void): void => {
    expect("[");
    if (has("]")) {
      at++;
      return;
    }
    for (;;) {
      item();
      if (!has(",")) break;
      at++;
    }
    expect("]");
  };
  const cell = (): CellSource => {
    let source: CellSource = [];
    if (!has("{")) {
      skip();
      return source;
    }
    object((key) => {
      if (key !== "source" || !(has('"') || has("["))) return false;
      const strings: JsonString[] = [];
      if (has('"')) strings.push(string());
      else
        array(() => {
          if (has('"')) strings.push(string());
          else skip();
        });
      source = strings;
      return true;
    });
    return source;
  };
  try {
    let cells: CellSource[] | undefined;
    object((key) => {
      if (key !== "cells" || !has("[")) return false;
      const found: CellSource[] = [];
      array(() => found.push(cell()));
      cells = found;
      return true;
    });
    return cells;
  } catch (error) {
    if (error instanceof FormProblem) return undefined;
    throw error;
  }
}

/** The text is not JSON, or not an .ipynb. Never leaves this file. */
class FormProblem extends Error {}
