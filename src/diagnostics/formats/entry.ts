import { type Code, catalogue } from "../catalogue.ts";
import type { Entry } from "../define.ts";

/** The catalogue's entry for a code; undefined for the codes of targets from elsewhere (`vendor/slug`). */
export function entryOf(code: string): Entry | undefined {
  return Object.hasOwn(catalogue(), code) ? catalogue()[code as Code] : undefined;
}

/** The first sentence of a text, at most `limit` characters, cut at a word. */
export function firstSentence(text: string, limit = 160): string {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  if (sentence.length <= limit) return sentence;
  const cut = sentence.lastIndexOf(" ", limit);
  return `${sentence.slice(0, cut > 0 ? cut : limit).replace(/[,;:]$/, "")} …`;
}
