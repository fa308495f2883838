import type { Stmt } from "../../../src/python/ir.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { flowOf } from "../../unit/compiler-core/kit.ts";
import { sliceText, sliceTextFor } from "../../unit/dataflow/slices.ts";
import { type Runner, rowsOf, type Verdict } from "../material.ts";

export interface LineapyRow {
  readonly id: string;
  readonly source: string;
  readonly artifact: string;
  readonly slice: string;
}

/** The smallest program that still makes an artifact. Lines that talk to lineapy itself are no part of the program. */
export const lineapySlices: Runner = {
  suite: "lineapy_slices",
  from: "LineaLabs/lineapy",
  kind: "slices",
  judge: () =>
    lineapyRows().map((row): Verdict => {
      const ours = statements(sliceFor(row));
      const theirs = statements(withoutLineapy(row.slice));
      const missing = theirs.filter((text) => !ours.includes(text)).length;
      const extra = ours.filter((text) => !theirs.includes(text)).length;
      return missing + extra === 0 ? { id: row.id } : { id: row.id, differs: `missing ${missing} extra ${extra}` };
    }),
};

/** The rows, each under the name of its test and its artifact. */
export function lineapyRows(): readonly LineapyRow[] {
  return rowsOf<LineapyRow>("lineapy_slices").map((row) => ({
    ...row,
    id: `${row.id.replace(/ \(\d+\)$/, "")} ${row.artifact}`,
  }));
}

/** Our smallest program for an artifact. A file or a database is made by the last statement. */
export function sliceFor({ source, artifact }: LineapyRow): string {
  const flow = flowOf(withoutLineapy(source));
  const last = flow.facts.length - 1;
  if (!artifact.startsWith("lineapy.")) return sliceTextFor(flow, variableOf(source, artifact));
  return sliceText(flow, new Set(flow.parts.filter((part) => part.unit === last).map((part) => part.id)));
}

export function withoutLineapy(text: string): string {
  return text
    .split("\n")
    .map((line) => (/\blineapy\b/.test(line) ? "" : line))
    .join("\n");
}

/** The variable that is saved under an artifact's name. */
export function variableOf(source: string, artifact: string): string {
  const saved = [...source.matchAll(/lineapy\.save\((\w+), *["'](\w+)["']\)/g)];
  return saved.find(([, , name]) => name === artifact)?.[1] ?? artifact;
}

/** The statements of a text without their layout. `else: pass` says what no `else` says. */
function statements(text: string): readonly string[] {
  return parseModule(text).body.map((stmt) =>
    JSON.stringify(stmt, (key, value) => {
      if (key === "otherwise") return (value as readonly Stmt[]).filter((inner) => inner.kind !== "pass");
      return key === "span" || key.endsWith("Span") ? undefined : value;
    }),
  );
}
