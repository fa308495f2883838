import type { Host } from "../../foundation/host.ts";
import { textIfThere } from "../../foundation/if-there.ts";
import { lineMap } from "../../foundation/lines.ts";
import { byText } from "../../foundation/order.ts";
import { joinPath } from "../../foundation/paths.ts";
import type { Origin } from "../../targets/contract/target.ts";
import type { Compiled, ProductFile } from "../compile.ts";
import type { FoundFile } from "./find.ts";
import { type StatementStory, statementsOn, storyteller } from "./statement.ts";
import { unmappedOrigins } from "./unmapped.ts";

/** Where one line of a generated file comes from. */
export interface LineStory {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly model: string;
  /** `same`: on disk it is as a build would write it now. */
  readonly disk: "same" | "differs" | "missing";
  /** The line that a build would write now; undefined when it would write no such line. */
  readonly currentLine: number | undefined;
  readonly origins: readonly OriginStory[];
  /** Cells that the file as a whole comes from: all there is to say of a line that Crosswalk writes by itself. */
  readonly cells: readonly { readonly notebook: string; readonly cell: number }[];
}

export interface OriginStory {
  readonly notebook: string;
  readonly cell: number;
  readonly cellId: string;
  readonly line: number;
  readonly endLine: number;
  readonly source: string;
  readonly statements: readonly StatementStory[];
  /** Directives that stand on these lines. */
  readonly directives: readonly string[];
}

/** Number of lines that the file has for a person who opens it; undefined and the story otherwise. */
export function storyOfLine(
  host: Host,
  root: string,
  found: FoundFile,
  line: number,
): { readonly story?: LineStory; readonly count: number } {
  const { compiled, file } = found;
  const path = joinPath(compiled.model.out, file.path);
  const disk = textIfThere(host, joinPath(root, path));
  const current = file.text;
  const shown = disk ?? current;
  const lines = linesOf(shown);
  if (line < 1 || line > lines.length) return { count: lines.length };
  const text = lines[line - 1] ?? "";
  const isSame = disk !== undefined && lines.join("\n") === linesOf(current).join("\n");
  const currentLine = isSame || disk === undefined ? line : sameLine(linesOf(current), text, line);
  const origins = currentLine === undefined ? [] : originsOf(found, currentLine);
  const state = disk === undefined ? "missing" : isSame ? "same" : "differs";
  return {
    count: lines.length,
    story: {
      file: path,
      line,
      text,
      model: compiled.model.name,
      disk: state,
      currentLine,
      origins,
      cells: cellsOf(file),
    },
  };
}

function originsOf({ compiled, file }: FoundFile, line: number): readonly OriginStory[] {
  const own = file.origins.filter((origin) => origin.line <= line && line <= origin.endLine);
  const all = own.length > 0 ? own : unmappedOrigins(compiled, file, line);
  return all.map((origin) => storyOfOrigin(compiled, origin));
}

function cellsOf({ origins }: ProductFile): LineStory["cells"] {
  const all = new Map(origins.map((o) => [`${o.notebook}#${o.cell}`, { notebook: o.notebook, cell: o.cell }]));
  return [...all.values()].sort((a, b) => byText(a.notebook, b.notebook) || a.cell - b.cell);
}

function storyOfOrigin(compiled: Compiled, origin: Origin): OriginStory {
  const { notebook, cell, cellId, span } = origin;
  const found = compiled.chain.notebooks
    .find((n) => n.notebook.path === notebook)
    ?.notebook.cells.find((c) => c.id === cellId);
  const source = found
    ? linesOf(found.source)
        .slice(span.start - 1, span.end)
        .join("\n")
    : "";
  const teller = storyteller(compiled);
  return {
    notebook,
    cell,
    cellId,
    line: span.start,
    endLine: span.end,
    source,
    statements: statementsOn(compiled, notebook, cellId, span.start, span.end).map((unit) => teller.of(unit)),
    directives: compiled.directives
      .filter((d) => {
        const at = d.cell.place(d.directive.span);
        return d.notebook.path === notebook && d.cell.id === cellId && at.line <= span.end && span.start <= at.endLine;
      })
      .map((d) => d.cell.source.slice(d.directive.span.start, d.directive.span.end)),
  };
}

/** Where a line of a file that differs stands in the file as it would be built now: the same text, if it is there just once. */
function sameLine(lines: readonly string[], text: string, line: number): number | undefined {
  if (text.trim() === "") return undefined;
  const at = lines.flatMap((other, i) => (other === text ? [i + 1] : []));
  return at.includes(line) || at.length !== 1 ? at.find((n) => n === line) : at[0];
}

function linesOf(text: string): readonly string[] {
  const map = lineMap(text);
  const all = Array.from({ length: map.count }, (_, i) => map.lineText(i + 1));
  return all.at(-1) === "" ? all.slice(0, -1) : all;
}
