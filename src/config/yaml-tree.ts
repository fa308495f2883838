import type { Place } from "../diagnostics/diagnostic.ts";
import type { LineMap } from "../foundation/lines.ts";
import type { Span } from "../foundation/span.ts";
import type { Json } from "./project.ts";

/** One crosswalk.yaml as text. Paths are relative to the workspace root. */
export interface ConfigFile {
  readonly path: string;
  /** Folder of the file ("." at the root): what the paths written in it are relative to. */
  readonly folder: string;
  readonly text: string;
  readonly lines: LineMap;
}

interface Written {
  readonly file: ConfigFile;
  readonly span: Span;
}

/** A value of a crosswalk.yaml that knows where it was written. */
export type Tree = ScalarTree | ListTree | MapTree;

export interface ScalarTree extends Written {
  readonly kind: "scalar";
  readonly value: null | boolean | number | string;
  /** Written without quotes and not as a block: its type was read off its looks. */
  readonly plain: boolean;
  /** The integer has more digits than a number can hold exactly. */
  readonly inexact: boolean;
}

export interface ListTree extends Written {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

export interface MapTree extends Written {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, EntryTree>;
}

export interface EntryTree {
  readonly key: string;
  readonly keySpan: Span;
  /** The file the key stands in: after inheritance not always that of the map. */
  readonly file: ConfigFile;
  readonly value: Tree;
}

/** The value under a key of a map; undefined when it is not there or `tree` is no map. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === "map" ? tree.entries.get(key)?.value : undefined;
}

/** The items of a list, or none. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === "list" ? tree.items : [];
}

/** The entries of a map in the order they were written, or none. */
export function entriesOf(tree: Tree | undefined): readonly EntryTree[] {
  return tree?.kind === "map" ? [...tree.entries.values()] : [];
}

/** The text of a scalar; undefined for anything else. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" && typeof tree.value === "string" ? tree.value : undefined;
}

/** The plain value of a tree, without places. */
export function toJson(tree: Tree): Json {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(toJson);
  return Object.fromEntries(entriesOf(tree).map((entry) => [entry.key, toJson(entry.value)]));
}

/** The place of a span of a config file, with at most three lines of excerpt. */
export function placeOf(file: ConfigFile, span: Span): Place {
  const start = file.lines.position(span.start);
  const end = file.lines.position(Math.max(span.start, span.end));
  const last = Math.min(end.line, start.line + 2);
  const excerpt: string[] = [];
  for (let line = start.line; line <= last; line++) excerpt.push(file.lines.lineText(line));
  return {
    file: file.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    fileLine: start.line,
    excerpt,
  };
}

/** The place of a value. */
export function placeOfTree(tree: Tree): Place {
  return placeOf(tree.file, tree.span);
}

/** The place of a key. */
export function placeOfKey(entry: EntryTree): Place {
  return placeOf(entry.file, entry.keySpan);
}

/** The place of `key: value` where both are on one line, else of the key. */
export function placeOfEntry(entry: EntryTree): Place {
  const { file, keySpan, value } = entry;
  const whole = { start: keySpan.start, end: value.span.end };
  const together = value.file === file && whole.end >= keySpan.end;
  const line = (offset: number): number => file.lines.position(offset).line;
  return placeOf(file, together && line(whole.start) === line(whole.end) ? whole : keySpan);
}

/** The place of a path of keys below `tree`, or of its nearest parent that is written; `start` is the place of the tree itself. */
export function placeAt(tree: Tree, start: Place, path: readonly (string | number)[]): Place {
  let [at, place]: [Tree, Place] = [tree, start];
  for (const part of path) {
    if (at.kind === "map") {
      const entry = at.entries.get(String(part));
      if (!entry) return place;
      [at, place] = [entry.value, placeOfEntry(entry)];
    } else {
      const item = itemsOf(at)[Number(part)];
      if (!item) return place;
      [at, place] = [item, placeOfTree(item)];
    }
  }
  return place;
}

/** The characters of a plain value as they stand in the file: tells `1.0` from `1`. undefined for lists, maps and quoted texts. */
export function writtenAs(tree: Tree | undefined, path: readonly (string | number)[]): string | undefined {
  let at = tree;
  for (const part of path) at = at?.kind === "list" ? at.items[Number(part)] : child(at, String(part));
  if (at?.kind !== "scalar" || !at.plain) return undefined;
  return at.file.text.slice(at.span.start, at.span.end);
}
