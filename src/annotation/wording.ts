import type { Expected } from "../../grammar/follow.ts";
import type { SyntaxFault } from "../../grammar/read.ts";
import { CONSTRAINTS, DIRECTIVES, type DirectiveName, EXAMPLES, isDirective } from "../../grammar/words.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";
import { didYouMean } from "./types.ts";

/** What a fault of form is called, with what was expected. `place` maps a range of the directive's text. */
export function wordFault(fault: SyntaxFault, place: (start: number, end: number) => Place): Diagnostic {
  const at = place(fault.start, fault.end);
  const head = fault.before[0]?.image ?? "";
  if (fault.kind === "too-deep") return report("CW1132", at, { what: "has brackets nested more than 50 deep" });
  if (fault.kind === "too-long") return report("CW1132", at, { what: "is longer than 100,000 characters" });
  if (fault.kind === "open-string" && fault.before.length > 0) {
    return report("CW1105", at, { quote: fault.found.slice(0, 1) });
  }
  if (!isDirective(head)) {
    const known = Object.keys(DIRECTIVES);
    const word = fault.found === "" ? "(nothing)" : fault.found;
    return report("CW1102", at, { word, hint: didYouMean(fault.found, known), known: known.join(", ") });
  }
  const found = fault.found === "" ? "the end" : `\`${fault.found}\``;
  const near = nearest(fault.found, wordsOf(fault.expected));
  const expected = `${list(expectations(fault.expected, head))}${near === undefined ? "" : ` (did you mean \`${near}\`?)`}`;
  return report("CW1101", at, { directive: head, found, expected, example: EXAMPLES[head] });
}

const wordsOf = (expected: readonly Expected[]): readonly string[] =>
  expected.flatMap(({ label }) => /^`([a-z]\w+)`$/.exec(label)?.[1] ?? []);

/** What was expected, in words, the likeliest first: parts of one thing are named by the thing. */
function expectations(expected: readonly Expected[], head: DirectiveName): readonly string[] {
  const constraints = new Set<string>(CONSTRAINTS);
  const named = expected.map(({ label, rule }) => {
    const word = label.slice(1, -1);
    if (rule === "typeAtom" && (label === "a name" || label === "`None`")) return "a type like int or str";
    if (rule === "constraint" && constraints.has(word)) return "a constraint like `unique` or `in 0..1`";
    if (head === "contract" && rule === "compare") return "a constraint like `unique` or `in 0..1`";
    if (["expressionPart", "innerPart", "brackets"].includes(rule)) return "a Python expression";
    if (rule === "bound" && (label === "`-`" || label === "`+`")) return "a number";
    if (rule === "column" && (label === "a name" || label === "a text in quotes")) return "a column";
    if (label === "`(`" && rule === "tupleLiteral") return "a tuple";
    if (label === "`[`" && rule === "listLiteral") return "a list";
    if (label === "`{`" && rule === "dictLiteral") return "a dict";
    if (rule === "tableRule") return "a rule of the table (`unique (`, `rows`, `fresh`, `expect (`)";
    return label;
  });
  const all = [...new Set(named)];
  const isFigure = head === "metric" || head === "threshold" || head === "drift";
  // A dot, a bar or a bracket could go on almost anywhere; they are named only when nothing else is left.
  const rare = new Set(["`.`", "`|`", "`[`", "`-`", "`:`"]);
  const likely = all.filter((label) => !rare.has(label) && !(isFigure && /^a (?:date|duration) /.test(label)));
  return likely.length > 0 ? likely : all;
}

function list(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "something else";
  return `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
