import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { Path } from "./check-shape.ts";
import { projectShape } from "./project-shape.ts";
import type { RecordShape, Shape } from "./shape.ts";
import { flowText, knownOf, nearestFix, shorten, whereOf } from "./wording.ts";
import { type EntryTree, type MapTree, placeOf, placeOfKey, placeOfTree } from "./yaml-tree.ts";

/** What a record says by its keys alone: unknown, missing and excluding ones. */
export function checkKeys(shape: RecordShape, tree: MapTree, path: Path): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const where = path.length === 0 ? shape.called : `${shape.called} (${whereOf(path)})`;
  const has = (key: string): boolean => tree.entries.has(key);
  const unknown = shape.open
    ? []
    : [...tree.entries.values()].filter((entry) => !Object.hasOwn(shape.fields, entry.key));
  for (const entry of unknown) {
    const params = { key: shorten(entry.key), where, fix: unknownKeyFix(shape, entry) };
    found.push(report("CW0010", placeOfKey(entry), params));
  }
  if (shape.filled && tree.entries.size === 0) {
    const fix = `write ${knownOf(Object.keys(shape.fields))}, or remove the entry`;
    found.push(report("CW0016", placeOfTree(tree), { where: whereOf(path), fix }));
  }
  const exclude = (first: string, second: string, fix: string): void => {
    const a = tree.entries.get(first);
    const b = tree.entries.get(second);
    if (!a || !b) return;
    const [early, late] = a.keySpan.start <= b.keySpan.start ? [a, b] : [b, a];
    const related = [{ message: `\`${early.key}\` is written here`, place: placeOfKey(early) }];
    found.push(report("CW0015", placeOfKey(late), { where, first, second, fix }, { related }));
  };
  const one = shape.exactlyOne ?? [];
  const [first, ...more] = one.filter(has);
  for (const [a, b, fix] of shape.excludes ?? []) {
    // Which of the two is wrong is only clear once there is one of those of which there must be one.
    if (more.length === 0 || !(one.includes(a) || one.includes(b))) exclude(a, b, fix);
  }
  for (const other of more) if (first) exclude(first, other, "keep one of the two");
  // A misspelt key is one cause: do not also say that the right one is missing.
  const misspelt = (key: string): boolean => unknown.some((entry) => nearestFix(entry.key, [key], "") !== "");
  const missing = (key: string, fix: string): void => {
    if (!misspelt(key)) found.push(report("CW0011", startOf(tree), { where, key, fix }));
  };
  for (const key of shape.required ?? []) if (!has(key)) missing(key, exampleFix(shape, key));
  for (const [key, needed] of shape.needs ?? [])
    if (has(key) && !has(needed)) missing(needed, exampleFix(shape, needed));
  if (one.length > 0 && !first && !one.some(misspelt)) {
    const [key = "", ...others] = one;
    const rest = others.map((other) => `\`${other}\``).join(" or ");
    missing(key, `${exampleFix(shape, key)}${rest ? `, or use ${rest}` : ""}`);
  }
  return found;
}

function exampleFix(shape: RecordShape, key: string): string {
  const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
  const example = field?.examples?.[0];
  if (example === undefined) return `write \`${key}:\``;
  return `write for example \`${key}: ${flowText(example)}\``;
}

function unknownKeyFix(shape: RecordShape, { key, value }: EntryTree): string {
  // `{ sql: select a, b }` is a text, a comma and a key without a value.
  if (key.includes(" ") && value.kind === "scalar" && value.value === null) {
    return "put the whole text in quotes, if this is a part of the value before: in braces a comma ends it";
  }
  if (key === "<<") return "write the keys out; YAML 1.2 has no merge keys";
  const elsewhere = homeOf(projectShape, key);
  const otherwise = elsewhere
    ? `\`${key}\` is a key of ${elsewhere}: move it there`
    : `remove it; here may stand ${knownOf(Object.keys(shape.fields))}`;
  return nearestFix(key, Object.keys(shape.fields), otherwise);
}

/** What the record is called that has this key, searching the whole form of the file. */
function homeOf(shape: Shape, key: string): string | undefined {
  switch (shape.kind) {
    case "record":
      if (Object.hasOwn(shape.fields, key)) return shape.called;
      for (const field of Object.values(shape.fields)) {
        const home = homeOf(field, key);
        if (home) return home;
      }
      return undefined;
    case "list":
      return homeOf(shape.item, key);
    case "map":
      return homeOf(shape.value, key);
    default:
      return undefined;
  }
}

/** The first key of a map: "something is missing here" is not said about the whole block. */
function startOf(tree: MapTree): Place {
  const [first] = tree.entries.values();
  return first ? placeOfKey(first) : placeOf(tree.file, { start: tree.span.start, end: tree.span.end });
}
