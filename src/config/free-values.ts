import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { shorten } from "./wording.ts";
import { entriesOf, itemsOf, placeOfTree, type ScalarTree, type Tree } from "./yaml-tree.ts";

/**
 * Values whose type is not fixed (parameters, options) are taken as YAML 1.2 reads them. Where older readers, or a Python
 * programmer, would read another type, the value is refused: a wrong type would make a wrong product without a sound.
 */
export function checkFreeValue(tree: Tree): readonly Diagnostic[] {
  if (tree.kind === "list") return itemsOf(tree).flatMap(checkFreeValue);
  if (tree.kind === "map") return entriesOf(tree).flatMap((entry) => checkFreeValue(entry.value));
  const text = tree.file.text.slice(tree.span.start, tree.span.end);
  if (tree.inexact) {
    const finite = typeof tree.value === "number" && Number.isFinite(tree.value);
    const fix = finite
      ? "write a number of at most 15 digits, or the digits as a text in quotes"
      : "write a finite number, or set this value in the notebook";
    return [report("CW0021", placeOfTree(tree), { text: shorten(text), fix })];
  }
  const doubt = tree.plain ? doubtOf(tree, text) : undefined;
  return doubt ? [report("CW0020", placeOfTree(tree), { text: shorten(text), ...doubt })] : [];
}

interface Doubt {
  readonly here: string;
  readonly there: string;
  readonly fix: string;
}

function doubtOf(tree: ScalarTree, text: string): Doubt | undefined {
  if (typeof tree.value === "number") {
    const digits = text.replace(/^[-+]/, "");
    if (/^0[0-9]/.test(digits) && !digits.includes("."))
      return {
        here: `the number ${tree.value}`,
        there: "an octal number or a text",
        fix: `\`${tree.value}\`, or \`"${text}"\` if the zeros belong to it`,
      };
    if (/^0o/.test(digits))
      return { here: `the number ${tree.value}`, there: "a text", fix: `the decimal number \`${tree.value}\`` };
    return undefined;
  }
  if (typeof tree.value !== "string" || text.length > 60) return undefined;
  const word = text.toLowerCase();
  const asText = `\`"${text}"\` if the text is meant`;
  if (/^(?:y|n|yes|no|on|off)$/.test(word)) {
    const flag = word.startsWith("y") || word === "on";
    return { here: "a text", there: `the boolean ${flag}`, fix: `\`${flag}\`, or ${asText}` };
  }
  if (word === "none") return { here: "a text", there: "no value", fix: `\`null\`, or ${asText}` };
  if (/^[-+]?(?:nan|inf|infinity)$/.test(word))
    return { here: "a text", there: "a number that is not finite", fix: asText };
  if (/^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?$/.test(word) && word.includes("_"))
    return { here: "a text", there: "a number", fix: `\`${text.replaceAll("_", "")}\`, or ${asText}` };
  if (/^[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?$/.test(word))
    return { here: "a text", there: "a number to the base of 60", fix: asText };
  return undefined;
}
