import type { CellDraft } from "./draft.ts";

const separator = /^# COMMAND -{10}\s*$/;
const magicLine = /^# MAGIC ?/;

/** True for a Databricks source file in Python. */
export function isDatabricksSource(text: string): boolean {
  return /^# Databricks notebook source[ \t]*(?:\n|$)/.test(text);
}

/** Cells of a Databricks source file. Code keeps its text as it stands in the file; `%md` cells lose their `# MAGIC `. */
export function readDatabricks(text: string): readonly CellDraft[] {
  const lines = text.split("\n");
  const drafts: CellDraft[] = [];
  let from = 1;
  for (let i = 1; i <= lines.length; i++) {
    if (i < lines.length && !separator.test(lines[i] ?? "")) continue;
    const draft = cellOf(lines, from, i);
    if (draft) drafts.push(draft);
    from = i + 1;
  }
  return drafts;
}

function cellOf(lines: readonly string[], from: number, to: number): CellDraft | undefined {
  let start = from;
  let end = to;
  while (start < end && (lines[start] ?? "").trim() === "") start++;
  while (end > start && (lines[end - 1] ?? "").trim() === "") end--;
  if (start === end) return undefined;
  const own = lines.slice(start, end);
  const title = /^# DBTITLE \d+,(.*)$/.exec(own[0] ?? "")?.[1]?.trim();
  const shared = { tags: [], ...(title ? { title } : {}) };
  const first = own.findIndex((line) => line.trim() !== "" && !/^#(?! MAGIC)/.test(line));
  const head = /^# MAGIC +%md(?:-sandbox)?\b[ \t]?(.*)$/.exec(own[first] ?? "");
  if (!head) return { kind: "code", source: own.join("\n"), ...shared, fileLine: (_, line) => start + line };
  const skipped = head[1] === "" ? first + 1 : first;
  const texts = own.slice(skipped).map((line, i) => (i === 0 && head[1] ? head[1] : line.replace(magicLine, "")));
  return { kind: "markdown", source: texts.join("\n"), ...shared, fileLine: (_, line) => start + skipped + line };
}
