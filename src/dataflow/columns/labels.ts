import { type Heap, isAsMade } from "../heap.ts";
import { possible, type Value } from "../value.ts";
import { allColumns, type ColumnSet, only } from "./column-set.ts";

/** The columns that a value names: at most these and, when `sure`, each of them. */
export interface Labels {
  readonly labels: ReadonlySet<string>;
  readonly sure: boolean;
}

/** How a column label is written in a set: a number is another label than its digits. */
export function label(key: string | number): string {
  return typeof key === "number" ? `\u0001${key}` : key;
}

/** How a label is shown to people. */
export function shownLabel(key: string): string {
  return key.startsWith("\u0001") ? key.slice(1) : `'${key}'`;
}

/** The pseudo-column of an attribute that a table may have beside its columns: `df.x = …` where no column is called `x`. */
export function attributeLabel(name: string): string {
  return `\u0000.${name}`;
}

const lists = new Set(["list", "tuple", "set"]);

/** The labels that a text or a list of texts names; undefined when only the data can tell. */
export function labelsOf(heap: Heap, value: Value | undefined): Labels | undefined {
  if (!value) return undefined;
  const texts = possible(value);
  if (texts) return { labels: new Set([...texts].map(label)), sure: texts.size === 1 };
  // A list that was changed after it was made may hold anything.
  if (!lists.has(value.type) || !isAsMade(heap, value)) return undefined;
  if (value.items) return together(value.items.map((item) => columnLabels(heap, item)));
  const parts = [...value.objs].map((id) => heap.get(id).element);
  if (parts.length === 0) return undefined;
  const found = together(parts.map((part) => part && columnLabels(heap, part)));
  return found && { ...found, sure: false };
}

function together(parts: readonly (Labels | undefined)[]): Labels | undefined {
  const labels = new Set<string>();
  let sure = true;
  for (const part of parts) {
    if (!part) return undefined;
    sure &&= part.sure;
    for (const one of part.labels) labels.add(one);
  }
  return { labels, sure };
}

/** The label of `df[key]`: of a tuple, which names a column of several levels, the first part stands for all. */
export function columnLabels(heap: Heap, key: Value): Labels | undefined {
  if (key.type !== "tuple") return lists.has(key.type) ? undefined : labelsOf(heap, key);
  const first = key.items?.[0] && labelsOf(heap, key.items[0]);
  return first && { labels: first.labels, sure: false };
}

/** At most these columns. */
export function atMost(found: Labels | undefined): ColumnSet {
  return found ? only(found.labels) : allColumns;
}

/** Keys and values of a dict whose keys are all written out and that nobody changed since; undefined when that is not known. */
export function entriesOf(heap: Heap, value: Value | undefined): ReadonlyMap<string | number, Value> | undefined {
  if (value?.type !== "dict" || value.objs.size !== 1) return undefined;
  const [id] = value.objs;
  const obj = id === undefined ? undefined : heap.get(id);
  return obj && obj.changes === 0 && !obj.several ? obj.entries : undefined;
}
