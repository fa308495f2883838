import { nearest } from "../foundation/nearest.ts";
import type { Shape } from "./shape.ts";
import { type Tree, toJson } from "./yaml-tree.ts";

/** `data.applications.path`, with list places as `notebooks[1]`; "the file" at the root. */
export function whereOf(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return shorten(text.replace(/^\./, "")) || "the file";
}

/** One line of at most 80 characters. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}

/** "`a`, `b` or `c`". */
export function knownOf(words: readonly (string | number)[]): string {
  const marked = words.map((word) => `\`${word}\``);
  const last = marked.pop() ?? "";
  return marked.length > 0 ? `${marked.join(", ")} or ${last}` : last;
}

/** "did you mean `x`?" as a fix, or the other fix where no known word is near. */
export function nearestFix(word: string, known: readonly string[], otherwise: string): string {
  if (word.length > 60) return otherwise;
  const near = nearest(word, known);
  return near === undefined ? otherwise : `write \`${near}\`, if that is what was meant`;
}

/** A value as short text. */
export function quoted(tree: Tree): string {
  if (tree.kind === "scalar") return String(tree.value);
  return JSON.stringify(toJson(tree));
}

/** What stands there: "the number 3.11", "a list", "empty". */
export function foundOf(tree: Tree): string {
  if (tree.kind !== "scalar") return tree.kind === "list" ? "a list" : "a map";
  if (tree.value === null) return "empty (null)";
  const text = tree.plain ? tree.file.text.slice(tree.span.start, tree.span.end) : String(tree.value);
  return `the ${typeof tree.value === "string" ? "text" : typeof tree.value} ${shorten(text)}`;
}

/** What a shape asks for: "a text", "a list", "a number". */
export function expectedOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return "a text";
    case "word":
      return knownOf(shape.words);
    case "number":
      return shape.whole ? "a whole number" : "a number";
    case "flag":
      return "true or false";
    case "list":
      return "a list";
    case "record":
    case "map":
      return "a map";
    case "either":
      return [...new Set(shape.options.map(expectedOf))].join(" or ");
    case "any":
      return "a value";
  }
}

/** How to mend a value of the wrong type. */
export function unexpectedFix(shape: Shape, tree: Tree): string {
  if (tree.kind === "scalar" && tree.value === null) return "write a value, or remove the key to use the default";
  if ("instead" in shape && shape.instead)
    return `write ${shape.instead.includes(" `") ? shape.instead : `\`${shape.instead}\``}`;
  if (shape.kind === "text" && tree.kind === "scalar") {
    const text = tree.file.text.slice(tree.span.start, tree.span.end);
    return `put it in quotes: \`"${shorten(text)}"\``;
  }
  const example = shape.examples?.[0];
  if (example !== undefined) return `write for example \`${JSON.stringify(example)}\``;
  return `write ${expectedOf(shape)}`;
}
