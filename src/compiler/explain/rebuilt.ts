import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Difference, Why } from "../../engine/why.ts";
import type { Host } from "../../foundation/host.ts";
import { isWithin, relativePath } from "../../foundation/paths.ts";
import { someOf } from "../../foundation/some-of.ts";
import type { CellLayout, CellText, FileParams, ModelEntry } from "../actions/declared.ts";
import type { Incremental } from "../incremental.ts";
import type { Explanation } from "../session-contract.ts";
import { meantPaths } from "./find.ts";

interface Asked {
  readonly host: Host;
  readonly compiler: Incremental;
  /** A file or folder of a product, or a notebook of one, relative to the current folder or to the root; or the name of a model. */
  readonly file: string;
}

/** Why the product that a file belongs to was made anew by the last build that did: the first input that differs, and how. */
export function whyRebuilt({ host, compiler, file }: Asked): {
  readonly value: Explanation | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const refused = (diagnostic: Diagnostic) => ({ value: undefined, diagnostics: [diagnostic] });
  const models = compiler.lastModels()?.models ?? [];
  const paths = meantPaths(host, compiler.root, file);
  const reading = models.filter(({ notebooks }) => paths.some((path) => notebooks.includes(path)));
  const model =
    models.find(({ name, out }) => name === file || paths.some((path) => isWithin(out, path))) ??
    (reading.length === 1 ? reading[0] : undefined);
  if (!model) {
    const meant = reading.length > 0 ? reading : models;
    return refused(report("CW5140", undefined, { file, known: someOf(meant.map(({ out }) => out)) || "none" }));
  }
  const why = compiler.why(model);
  if (!why) return refused(report("CW5141", undefined, { model: model.name }));
  const way = why.code === "changed" ? why.way.map((one) => shown(compiler.root, one)) : [];
  return {
    value: {
      text: textOf(model, why, way),
      json: { explained: "rebuilt", model: model.name, out: model.out, reason: why.code, way },
    },
    diagnostics: [],
  };
}

/** One thing that differs: what it is, and the lines of it that do. */
interface Shown {
  readonly what: string;
  /** Lines with `-` for what was there and `+` for what is. */
  readonly lines: readonly string[];
}

function textOf({ name, out }: ModelEntry, why: Why, way: readonly Shown[]): string {
  if (why.code === "new")
    return `${out} (model ${name}) was made for the first time: nothing is known of an earlier one.\n`;
  const [first, ...deeper] = way;
  // What is nearest to the product says most; what it came of is named below it.
  const lines = [
    `${out} (model ${name}) was made anew because of ${first?.what ?? "a change"}:`,
    ...(way.find(({ lines: some }) => some.length > 0)?.lines ?? []).map((line) => `  ${line}`),
    ...deeper.map(({ what }) => `  which comes of ${what}`),
  ];
  return `${lines.join("\n")}\n`;
}

function shown(root: string, difference: Difference): Shown {
  const { kind, params, before, now } = difference;
  const path = typeof params === "string" ? relativePath(root, params) : ((params as Partial<FileParams>).path ?? "");
  const name = (params as { readonly name?: string }).name ?? "";
  const lines = linesOf(before.value, now.value);
  switch (kind) {
    case "cells":
      return { what: path, lines: cellLines(before.value, now.value) };
    case "notebook":
      return { what: `what is said of ${path}`, lines: [] };
    case "layout":
      return { what: `comments or blanks in what is kept of ${path}`, lines: layoutLines(before.value, now.value) };
    case "runOrder":
      return { what: `the order in which the cells of ${path} were run`, lines };
    case "settings":
    case "config":
      return { what: `the settings of ${name}`, lines };
    case "configPlaces":
    case "configFiles":
      return { what: "where the settings are written", lines: [] };
    case "pin":
      return { what: `the version of ${name}`, lines };
    case "pins":
      return { what: "the versions that the repository states", lines: [] };
    case "list":
      return { what: `the names in the folder ${path}`, lines: [] };
    case "kind":
    case "real-path":
      return { what: `whether ${path} is there`, lines: [] };
    case "env":
      return { what: `the environment variable ${String(params)}`, lines: [] };
    default:
      return { what: path === "" ? kind : `the file ${path}`, lines };
  }
}

/** The first cell that differs: the lines of it that do. */
function cellLines(before: unknown, now: unknown): readonly string[] {
  const [old, made] = [before, now].map((cells) => (cells ?? []) as readonly CellText[]);
  if (!old || !made) return [];
  const ids = new Set(old.map(({ id }) => id));
  const at = made.findIndex((cell, i) => cell.counts !== old[i]?.counts);
  const found = made[at];
  if (!found) return [`cell ${made.length + 1} and what stood below it are gone`];
  const was = old.find(({ id }) => id === found.id) ?? (ids.has(found.id) ? undefined : old[at]);
  const isNew = !ids.has(found.id) && made.length > old.length;
  const head = `cell ${at + 1}${isNew ? ", which is new" : ""}`;
  return [head, ...changedLines(isNew ? "" : (was?.source ?? ""), found.source)];
}

/** The first cell whose kept statements are laid out in another way: the lines that differ. */
function layoutLines(before: unknown, now: unknown): readonly string[] {
  const [old, made] = [before, now].map((cells) => (cells ?? []) as readonly CellLayout[]);
  const at = made?.findIndex(({ texts }, i) => JSON.stringify(texts) !== JSON.stringify(old?.[i]?.texts)) ?? -1;
  const found = made?.[at];
  if (!found) return [];
  return [`cell ${found.cell}`, ...changedLines((old?.[at]?.texts ?? []).join("\n"), found.texts.join("\n"))];
}

/** The lines of two texts between what they have in common at both ends. */
function changedLines(before: string, now: string): readonly string[] {
  const [old, made] = [before.split("\n"), now.split("\n")];
  let top = 0;
  while (top < old.length && top < made.length && old[top] === made[top]) top++;
  let end = 0;
  while (end < old.length - top && end < made.length - top && old.at(-1 - end) === made.at(-1 - end)) end++;
  const cut = (lines: readonly string[], sign: string): readonly string[] => {
    const middle = lines
      .slice(top, lines.length - end)
      .filter((line, i, all) => all.length > 1 || line !== "" || i > 0);
    return [...middle.slice(0, most).map((line) => `${sign} ${line}`), ...(middle.length > most ? [`${sign} …`] : [])];
  };
  return [...cut(old, "-"), ...cut(made, "+")];
}

const most = 8;

/** The first place at which two plain values differ. */
function linesOf(before: unknown, now: unknown, path = ""): readonly string[] {
  if (isRecord(before) && isRecord(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (JSON.stringify(before[key]) === JSON.stringify(now[key])) continue;
      return linesOf(before[key], now[key], path === "" ? key : `${path}.${key}`);
    }
    return [];
  }
  if (before === undefined && now === undefined) return [];
  const text = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value)).slice(0, 200);
  const head = path === "" ? "" : `${path}: `;
  return [`- ${head}${text(before)}`, `+ ${head}${text(now)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Map);
}
