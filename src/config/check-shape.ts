import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../foundation/hash.ts";
import { checkFreeValue } from "./free-values.ts";
import { checkKeys } from "./record-keys.ts";
import type { EitherShape, ListShape, MapShape, NumberShape, RecordShape, Shape, WordShape } from "./shape.ts";
import { failedTest, longestText, type TextRule } from "./text-rules.ts";
import {
  expectedOf,
  flowText,
  foundOf,
  insteadText,
  knownOf,
  nearestFix,
  quoted,
  shorten,
  unexpectedFix,
  whereOf,
} from "./wording.ts";
import {
  type ListTree,
  type MapTree,
  placeOfKey,
  placeOfTree,
  type ScalarTree,
  type Tree,
  toJson,
} from "./yaml-tree.ts";

/** Where the walk stands: the keys and (from 0) list places from the root of the file. */
export type Path = readonly (string | number)[];

/** Holds a value against the form it must have. One diagnostic per cause, each at the key or value that is wrong. */
export function checkShape(shape: Shape, tree: Tree, path: Path = []): readonly Diagnostic[] {
  switch (shape.kind) {
    case "any":
      return checkFreeValue(tree);
    case "either":
      return checkEither(shape, tree, path);
    case "text":
      if (tree.kind !== "scalar" || typeof tree.value !== "string") return wrongType(shape, tree, path);
      return checkText(shape.rule, tree.value, tree);
    case "word":
      return tree.kind === "scalar" ? checkWord(shape, tree, path) : wrongType(shape, tree, path);
    case "number":
      if (tree.kind !== "scalar" || typeof tree.value !== "number") return wrongType(shape, tree, path);
      return checkNumber(shape, tree, tree.value, path);
    case "flag":
      return tree.kind === "scalar" && typeof tree.value === "boolean" ? [] : wrongType(shape, tree, path);
    case "list":
      return tree.kind === "list" ? checkList(shape, tree, path) : wrongType(shape, tree, path);
    case "record":
      return tree.kind === "map" ? checkRecord(shape, tree, path) : wrongType(shape, tree, path);
    case "map":
      return tree.kind === "map" ? checkMap(shape, tree, path) : wrongType(shape, tree, path);
  }
}

function wrongType(shape: Shape, tree: Tree, path: Path): readonly Diagnostic[] {
  const hidden = shape.kind === "text" ? shape.rule.hidden : shape.kind === "record" && shape.hidden;
  const found = hidden && tree.kind === "scalar" && tree.value !== null ? `a ${typeof tree.value}` : foundOf(tree);
  const fix = hidden ? hiddenFix(shape) : unexpectedFix(shape, tree);
  const place = hidden ? bare(placeOfTree(tree)) : placeOfTree(tree);
  return [report("CW0012", place, { where: whereOf(path), expected: expectedOf(shape), found, fix })];
}

function hiddenFix(shape: Shape): string {
  const example = shape.examples?.[0];
  return example === undefined ? `write ${expectedOf(shape)}` : `write for example \`${flowText(example)}\``;
}

/** The place without the lines that stand there. */
function bare(place: Place): Place {
  const { excerpt: _, ...rest } = place;
  return rest;
}

function checkText(rule: TextRule, text: string, tree: ScalarTree): readonly Diagnostic[] {
  const bareWhen = (hidden: boolean | undefined): Place => (hidden ? bare(placeOfTree(tree)) : placeOfTree(tree));
  if (!rule.long && text.length > longestText) {
    const found = `${text.length} characters long`;
    return [
      report("CW0022", bareWhen(rule.hidden), {
        where: "this text",
        expected: `at most ${longestText} characters long`,
        found,
      }),
    ];
  }
  const test = failedTest(rule, text);
  if (!test) return [];
  const hidden = rule.hidden || test.hidden;
  const place = bareWhen(hidden);
  const value = hidden ? "this" : `\`${shorten(text)}\``;
  if (test.code === "CW0035") return [report("CW0035", place, { value, fix: test.fix })];
  if (test.code === "CW0019") {
    const what = rule.called ?? "a name here";
    return [report("CW0019", place, { name: shorten(text), what, why: test.expected, fix: test.fix })];
  }
  return [report("CW0014", place, { value, expected: test.expected, fix: test.fix })];
}

function checkWord(shape: WordShape, tree: ScalarTree, path: Path): readonly Diagnostic[] {
  if (shape.words.some((word) => word === tree.value)) return [];
  const mistyped = tree.value === null || shape.words.some((word) => String(word) === tree.value);
  if (mistyped) return wrongType(shape, tree, path);
  const value = shorten(String(tree.value));
  const fix = nearestFix(value, shape.words.map(String), `write ${knownOf(shape.words)}`);
  return [report("CW0013", placeOfTree(tree), { value, where: whereOf(path), known: knownOf(shape.words), fix })];
}

function checkNumber(shape: NumberShape, tree: ScalarTree, value: number, path: Path): readonly Diagnostic[] {
  if (tree.inexact) return checkFreeValue(tree);
  if (shape.whole && !Number.isInteger(value)) return wrongType(shape, tree, path);
  const low = shape.min ?? Number.NEGATIVE_INFINITY;
  const high = shape.max ?? Number.POSITIVE_INFINITY;
  if (value >= low && value <= high) return [];
  const expected = [
    ...(shape.min === undefined ? [] : [`at least ${shape.min}`]),
    ...(shape.max === undefined ? [] : [`at most ${shape.max}`]),
  ].join(" and ");
  return [report("CW0022", placeOfTree(tree), { where: whereOf(path), expected, found: String(value) })];
}

function checkList(shape: ListShape, tree: ListTree, path: Path): readonly Diagnostic[] {
  if (tree.items.length < (shape.minimum ?? 0)) {
    const fix = shape.instead ? `write for example ${insteadText(shape.instead)}, or remove the key` : "remove the key";
    return [report("CW0016", placeOfTree(tree), { where: whereOf(path), fix })];
  }
  const found: Diagnostic[] = [];
  const before = new Map<string, Tree>();
  tree.items.forEach((item, index) => {
    const own = checkShape(shape.item, item, [...path, index]);
    found.push(...own);
    if (!shape.unique || own.length > 0) return;
    const json = canonicalJson(toJson(item));
    const first = before.get(json);
    if (first) {
      const related = [{ message: "first written here", place: placeOfTree(first) }];
      const params = { value: shorten(quoted(item)), where: whereOf(path) };
      found.push(report("CW0017", placeOfTree(item), params, { related }));
    } else before.set(json, item);
  });
  return found;
}

function checkRecord(shape: RecordShape, tree: MapTree, path: Path): readonly Diagnostic[] {
  const found = [...checkKeys(shape, tree, path)];
  for (const entry of tree.entries.values()) {
    const field = Object.hasOwn(shape.fields, entry.key) ? shape.fields[entry.key] : undefined;
    if (field) found.push(...checkShape(field, entry.value, [...path, entry.key]));
    else if (shape.open) found.push(...checkFreeValue(entry.value));
  }
  return found;
}

function checkMap(shape: MapShape, tree: MapTree, path: Path): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const entry of tree.entries.values()) {
    const tooLong = entry.key.length > longestText;
    const test = tooLong ? undefined : failedTest(shape.key, entry.key);
    if (tooLong || test) {
      const why = test?.expected ?? `it is longer than ${longestText} characters`;
      const params = { name: shorten(entry.key), what: shape.called, why, fix: test?.fix ?? "choose a shorter name" };
      found.push(report("CW0019", placeOfKey(entry), params));
    } else found.push(...checkShape(shape.value, entry.value, [...path, entry.key]));
  }
  return found;
}

/** Takes the option that the value's kind asks for; there is at most one for maps. */
function checkEither(shape: EitherShape, tree: Tree, path: Path): readonly Diagnostic[] {
  const kinds: readonly Shape["kind"][] =
    tree.kind === "map"
      ? ["record", "map", "any"]
      : tree.kind === "list"
        ? ["list", "any"]
        : ["text", "word", "number", "flag", "any"];
  const options = shape.options.filter((option) => kinds.includes(option.kind));
  let last: readonly Diagnostic[] | undefined;
  for (const option of options) {
    const found = checkShape(option, tree, path);
    if (found.length === 0) return [];
    if (last === undefined || last.some((d) => d.code === "CW0012")) last = found;
  }
  const mistyped = last === undefined || (tree.kind === "scalar" && last.every((d) => d.code === "CW0012"));
  return mistyped || !last ? wrongType(shape, tree, path) : last;
}
