import { tokenMatcher } from "chevrotain";
import { END, follow } from "../../grammar/follow.ts";
import { withoutHiddenLineEnds } from "../../grammar/read.ts";
import * as t from "../../grammar/tokens.ts";
import { tokenize } from "../../grammar/tools.ts";
import { EXAMPLES, FORMATS, isDirective, TYPES, WORDS, type Word } from "../../grammar/words.ts";

export interface Completion {
  /** Where the word that is being written begins, in `text`. */
  readonly from: number;
  readonly words: readonly { readonly word: string; readonly help: string }[];
  /** What could stand there that is no word: "a name", "a number", … */
  readonly expects: readonly string[];
}

/** What may stand at `offset` in a directive: `text` is its comment with or without the marker; what follows `offset` is not looked at. */
export function complete(text: string, offset: number): Completion {
  const marker = /^\s*(?:#|\/\/|--|<!--)?[ \t]*cw:/.exec(text)?.[0] ?? "";
  // Comment signs of continuation lines become blanks, so that offsets stay true.
  const signs = /(?<=\n[ \t]*)(?:#|\/\/|--)/g;
  const begun = text.slice(marker.length, offset).replace(signs, (sign) => " ".repeat(sign.length));
  const partial = /[A-Za-z_][\w]*$/.exec(begun)?.[0] ?? "";
  const from = Math.max(offset - partial.length, 0);
  const tokens = withoutHiddenLineEnds(tokenize(begun.slice(0, begun.length - partial.length)));
  const { read, expected } = follow(tokens);
  if (read < tokens.length) return { from, words: [], expects: [] };
  const words: { word: string; help: string }[] = [];
  const expects = new Set<string>();
  for (const { type, label, rule } of expected) {
    const word = /^`(\w+)`$/.exec(label)?.[1];
    if (rule === "typeAtom" && type === t.Name) {
      words.push(...Object.keys(TYPES).flatMap((name) => (name === "None" ? [] : [{ word: name, help: "type" }])));
    } else if (rule === "name" && isLast(tokens, t.word.as)) {
      words.push(...FORMATS.map((name) => ({ word: name, help: "format" })));
    } else if (word !== undefined && Object.hasOwn(WORDS, word)) {
      words.push({
        word,
        help: tokens.length === 0 && isDirective(word) ? `${WORDS[word]}: ${EXAMPLES[word]}` : WORDS[word as Word],
      });
    } else if (word !== undefined) {
      words.push({ word, help: "value" });
    } else if (type !== END) expects.add(label);
  }
  return { from, words: words.filter(({ word }) => word.startsWith(partial)), expects: [...expects] };
}

function isLast(tokens: ReturnType<typeof withoutHiddenLineEnds>, type: (typeof t.word)["as"]): boolean {
  const last = tokens.at(-1);
  return last !== undefined && tokenMatcher(last, type);
}
