import type { FStringPart } from "../python/ir.ts";
import type { Machine } from "./machine.ts";
import { noteText } from "./settings.ts";
import { plain, tag, type Value } from "./value.ts";

/** The text of an f-string, with its value where all of its parts are known. */
export function formatted(m: Machine, parts: readonly FStringPart[]): Value {
  let text: string | undefined = "";
  let tags = 0;
  for (const part of parts) {
    if (part.kind === "text") {
      if (text !== undefined) text += part.value;
      continue;
    }
    const value = m.evaluate(part.value);
    noteText(m, value);
    tags |= value.tags;
    if (part.spec.length > 0) formatted(m, part.spec);
    const simple = typeof value.constant === "string" && part.spec.length === 0 && part.conversion === undefined;
    text = text !== undefined && simple ? text + String(value.constant) : undefined;
  }
  return { ...plain("str", tags & ~tag.fitted), ...(text === undefined ? {} : { constant: text }) };
}
