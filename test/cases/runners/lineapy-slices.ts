import { makers } from "../../../src/blueprint/roots.ts";
import type { Dataflow } from "../../../src/dataflow/analyse.ts";
import { unitText } from "../../../src/dataflow/program.ts";
import { slice } from "../../../src/dataflow/slice.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { flowOf } from "../../unit/compiler-core/kit.ts";
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
  const roots = artifact.startsWith("lineapy.")
    ? new Set([last])
    : makers(flow, flow.names.get(variableOf(source, artifact)));
  return textOf(flow, new Map([...roots].map((unit) => [unit, artifact])));
}

function textOf(flow: Dataflow, roots: ReadonlyMap<number, string>): string {
  const kept = slice(flow, roots);
  return flow.facts.flatMap(({ unit }) => (kept.has(unit.id) ? [unitText(unit)] : [])).join("\n");
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

/** The statements of a text without their layout. */
function statements(text: string): readonly string[] {
  return parseModule(text).body.map((stmt) =>
    JSON.stringify(stmt, (key, value) => (key === "span" || key.endsWith("Span") ? undefined : value)),
  );
}
