import type { Edit } from "./edits.ts";
import type { LogicalLine } from "./scan.ts";
import { stringEnd } from "./scan-string.ts";

/** `= default` of one type parameter (PEP 696), which the grammar does not know: blanked out before parsing. */
export interface TypeDefaultText {
  /** Where the parameter starts. */
  readonly owner: number;
  /** What is blanked out, from `=` on. */
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
}

const head = /(?:async[ \t]+)?(?:def|class|type)[ \t]+[\p{L}_][\p{L}\p{N}_]*[ \t]*\[/uy;

/** The defaults in the type parameters of one logical line; almost always none. */
export function typeDefaultsOf(text: string, line: LogicalLine): readonly TypeDefaultText[] {
  const c = text.charAt(line.start);
  if (c !== "d" && c !== "c" && c !== "t" && c !== "a") return [];
  head.lastIndex = line.start;
  const found = head.exec(text);
  if (!found) return [];
  const out: TypeDefaultText[] = [];
  let depth = 1;
  let owner = skipBlanks(text, line.start + found[0].length);
  let equals = -1;
  const close = (end: number): void => {
    if (equals >= 0) out.push({ owner, start: equals, end, valueStart: equals + 1 });
    equals = -1;
  };
  for (let i = line.start + found[0].length; i < line.end; i++) {
    const at = text.charAt(i);
    if (at === "'" || at === '"') i = stringEnd(text, i, "").end - 1;
    else if (at === "#") i = Math.max(i, text.indexOf("\n", i));
    else if (at === "(" || at === "[" || at === "{") depth++;
    else if (at === ")" || at === "]" || at === "}") {
      if (--depth === 0) {
        close(i);
        return out;
      }
    } else if (depth === 1 && at === ",") {
      close(i);
      owner = skipBlanks(text, i + 1);
    } else if (depth === 1 && at === "=" && equals < 0) equals = i;
  }
  return [];
}

function skipBlanks(text: string, from: number): number {
  let i = from;
  for (;;) {
    while (/\s/.test(text.charAt(i)) && i < text.length) i++;
    if (text.charAt(i) !== "#") return i;
    const newline = text.indexOf("\n", i);
    if (newline < 0) return i;
    i = newline;
  }
}

/** What blanks a default out. */
export function blank(text: string, one: TypeDefaultText): Edit {
  return { start: one.start, text: text.slice(one.start, one.end).replace(/[^\n\r]/g, " ") };
}
