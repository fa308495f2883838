import type { FStringPart } from "../python/ir.ts";
import type { Machine } from "./machine.ts";
import { noteText } from "./settings.ts";
import { joinedTexts, plain, possible, tag, textOf, type Value } from "./value.ts";

/** The text of an f-string, with all that it can be where its parts are known. */
export function formatted(m: Machine, parts: readonly FStringPart[]): Value {
  let texts: ReadonlySet<string> | undefined = new Set([""]);
  let tags = 0;
  for (const part of parts) {
    if (part.kind === "text") {
      texts = joinedTexts(texts, new Set([part.value]));
      continue;
    }
    const value = m.evaluate(part.value);
    noteText(m, value);
    tags |= value.tags;
    if (part.spec.length > 0) formatted(m, part.spec);
    const isPlain = part.spec.length === 0 && part.conversion === undefined;
    texts = isPlain ? joinedTexts(texts, possible(value)) : undefined;
  }
  return { ...plain("str", tags & ~tag.fitted), ...textOf(texts) };
}
