import { readFileSync } from "node:fs";
import { notebookFacts } from "../../../src/notebook/facts.ts";
import { type Resolved, resolveCell } from "../../../src/notebook/ipython/resolve.ts";
import type { Cell, ReadNotebook } from "../../../src/notebook/notebook.ts";
import { readNotebook } from "../../../src/notebook/read-notebook.ts";

/** Bytes of a notebook with these code cells, each line a text of its own, as Jupyter writes it. */
export function ipynb(...sources: readonly string[]): Uint8Array {
  const cells = sources.map((source) => ({
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: source.split(/(?<=\n)/),
  }));
  return bytes(JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }, undefined, 1));
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function read(...sources: readonly string[]): ReadNotebook {
  return readNotebook("train.ipynb", ipynb(...sources));
}

export function fixture(name: string): ReadNotebook {
  return readNotebook(name, readFileSync(new URL(`../../fixtures/notebook/${name}`, import.meta.url)));
}

export type Dialect = "jupyter" | "percent" | "databricks";

/** One cell through the IPython layer alone. */
export function resolve(source: string, dialect: Dialect = "jupyter", others: readonly string[] = []): Resolved {
  const drafts = [source, ...others].map((text) => ({
    kind: "code" as const,
    source: text,
    tags: [],
    fileLine: (_: number, line: number) => line,
  }));
  const facts = notebookFacts(drafts, {
    format: dialect,
    databricks: dialect === "databricks",
    commentMagics: dialect === "percent",
  });
  return resolveCell(source, facts);
}

/** The codes of what the resolver has to say. */
export function codesOf(resolved: Resolved): readonly string[] {
  const place = { file: "f", line: 1, column: 1, endLine: 1, endColumn: 1, fileLine: 1 };
  return resolved.findings.map((finding) => finding.report(place).code);
}

export function cellOf(result: ReadNotebook, index: number): Cell {
  const cell = result.value?.cells[index - 1];
  if (!cell) throw new Error(`no cell ${index}`);
  return cell;
}
