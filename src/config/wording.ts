import { nearest } from "../foundation/nearest.ts";
import type { Json } from "./project.ts";
import type { Shape } from "./shape.ts";
import { failedTest } from "./text-rules.ts";
import { type Tree, toJson } from "./yaml-tree.ts";

/** "`data.applications.path`", with list places as "`notebooks[1]`"; "the file" at the root. */
export function whereOf(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text === "" ? "the file" : `\`${shorten(text.replace(/^\./, ""))}\``;
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
  const near = word.length > 1 ? (nearest(word, known) ?? known.find((one) => isSlip(word, one))) : undefined;
  return near === undefined ? otherwise : `write \`${near}\`, if that is what was meant`;
}

/** Letters left out or added in several places (`ouput` for `out`), which a count of changes judges too harshly. */
function isSlip(word: string, known: string): boolean {
  const [short, long] = word.length < known.length ? [word, known] : [known, word];
  if (short.length < 3 || short.length * 2 < long.length || short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** A value as it would be written in one line of YAML. */
export function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, one]) => `${key}: ${flowText(one)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" && !/^[A-Za-z][\w./-]*$/.test(value) ? JSON.stringify(value) : String(value);
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
  const text = shorten(tree.file.text.slice(tree.span.start, tree.span.end));
  return `the ${typeof tree.value === "string" ? "text" : typeof tree.value} \`${text}\``;
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

/** An example as code, unless it is a sentence. */
export function insteadText(text: string): string {
  return text.includes(" `") ? text : `\`${text}\``;
}

/** How to mend a value of the wrong type. */
export function unexpectedFix(shape: Shape, tree: Tree): string {
  if (tree.kind === "scalar" && tree.value === null) return "write a value, or remove the key to use the default";
  if ("instead" in shape && shape.instead) return `write ${insteadText(shape.instead)}`;
  if (tree.kind === "scalar") {
    const text = tree.file.text.slice(tree.span.start, tree.span.end);
    if (shape.kind === "text" && !failedTest(shape.rule, text)) return `put it in quotes: \`"${shorten(text)}"\``;
    if (shape.kind === "word" && shape.words.some((word) => String(word) === tree.value)) {
      return `write \`${tree.value}\` without quotes`;
    }
  }
  const example = shape.examples?.[0];
  if (example !== undefined) return `write for example \`${flowText(example)}\``;
  return `write ${expectedOf(shape)}`;
}
