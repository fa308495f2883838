import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { columnOf, filePlace, guessFix } from "./bytes.ts";
import type { CellDraft } from "./draft.ts";
import { readIpynbCell } from "./ipynb-cell.ts";
import { type JsonCursor, JsonProblem, jsonCursor } from "./json-cursor.ts";

/** What an .ipynb file says, before the IPython layer. */
export interface Ipynb {
  readonly drafts: readonly CellDraft[];
  readonly language: string;
  readonly databricks: boolean;
}

interface Header {
  nbformat?: number;
  hasCells: boolean;
  cellsAreList: boolean;
  hasWorksheets: boolean;
  kernel?: string;
  kernelLanguage?: string;
  language?: string;
  databricks: boolean;
  databricksLanguage?: string;
}

/** Reads the JSON of an .ipynb file in one pass; outputs and attachments are checked and skipped, never built. */
export function readIpynb(
  file: string,
  bytes: Uint8Array,
  sourceLimit: number,
): { readonly value: Ipynb | undefined; readonly diagnostics: readonly Diagnostic[] } {
  try {
    return read(file, jsonCursor(bytes), sourceLimit);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return { value: undefined, diagnostics: [brokenJson(file, bytes, error)] };
  }
}

function read(file: string, cursor: JsonCursor, sourceLimit: number): ReturnType<typeof readIpynb> {
  const stop = (diagnostic: Diagnostic): ReturnType<typeof readIpynb> => ({
    value: undefined,
    diagnostics: [diagnostic],
  });
  if (cursor.kind() !== "object") {
    cursor.skip();
    cursor.end();
    return stop(report("CW1006", filePlace(file), { file, problem: "its outermost value is not an object" }));
  }
  const header: Header = { hasCells: false, cellsAreList: false, hasWorksheets: false, databricks: false };
  let drafts: CellDraft[] = [];
  let problems: Diagnostic[] = [];
  let size = 0;
  cursor.object((key) => {
    if (key === "cells") {
      header.hasCells = true;
      header.cellsAreList = cursor.kind() === "array";
      drafts = [];
      problems = [];
      if (!header.cellsAreList) return;
      cursor.array((index) => {
        const cell = readIpynbCell(file, cursor, index + 1);
        size += cell.draft.source.length;
        // Past the limit the text is not kept; the whole notebook is refused below.
        if (size <= sourceLimit) drafts.push(cell.draft);
        problems.push(...cell.diagnostics);
      });
    } else if (key === "nbformat" && cursor.kind() === "scalar") {
      const value = cursor.scalar();
      if (typeof value === "number") header.nbformat = value;
    } else if (key === "worksheets") header.hasWorksheets = true;
    else if (key === "metadata" && cursor.kind() === "object") readMetadata(cursor, header);
  });
  cursor.end();
  const { nbformat } = header;
  if (header.hasWorksheets || (nbformat !== undefined && nbformat !== 4))
    return stop(report("CW1007", filePlace(file), { file, version: nbformat ?? 3 }));
  if (!header.hasCells) return stop(report("CW1006", filePlace(file), { file, problem: "it has no list of cells" }));
  if (!header.cellsAreList)
    return stop(report("CW1006", filePlace(file), { file, problem: "its `cells` is not a list" }));
  if (nbformat === undefined)
    return stop(report("CW1006", filePlace(file), { file, problem: "it has no `nbformat` number" }));
  if (size > sourceLimit) return stop(report("CW1009", filePlace(file), { file, limit: sourceLimit / 2 ** 20 }));
  return { value: { drafts, language: languageOf(header), databricks: header.databricks }, diagnostics: problems };
}

const databricksKey = "application/vnd.databricks.v1+notebook";

function readMetadata(cursor: JsonCursor, header: Header): void {
  const word = (): string | undefined => (cursor.kind() === "string" ? cursor.string().toLowerCase() : undefined);
  const within = (take: (key: string) => void): void => {
    if (cursor.kind() === "object") cursor.object(take);
  };
  cursor.object((key) => {
    if (key === "kernelspec")
      within((field) => {
        if (field === "language") set(header, "kernelLanguage", word());
        else if (field === "name") set(header, "kernel", word());
      });
    else if (key === "language_info")
      within((field) => {
        if (field === "name") set(header, "language", word());
      });
    else if (key === databricksKey) {
      header.databricks = true;
      within((field) => {
        if (field === "language") set(header, "databricksLanguage", word());
      });
    }
  });
}

function set(
  header: Header,
  key: "kernel" | "kernelLanguage" | "language" | "databricksLanguage",
  value?: string,
): void {
  if (value !== undefined && value !== "") header[key] = value;
}

/** Kernels that say their language by name only. */
const kernels: readonly (readonly [RegExp, string])[] = [
  [/^ir\d*$/, "r"],
  [/^julia/, "julia"],
  [/^scala|^spylon|^almond/, "scala"],
  [/^\.net-(\w+)/, "c#"],
  [/^(?:deno|tslab|typescript)/, "typescript"],
  [/^(?:javascript|jslab)/, "javascript"],
  [/^bash/, "bash"],
];

function languageOf(header: Header): string {
  const said = header.language ?? header.kernelLanguage ?? header.databricksLanguage;
  if (said !== undefined) return /^i?python\d*$|^pyspark/.test(said) ? "python" : said;
  return kernels.find(([pattern]) => pattern.test(header.kernel ?? ""))?.[1] ?? "python";
}

function brokenJson(file: string, bytes: Uint8Array, problem: JsonProblem): Diagnostic {
  const place = filePlace(file, problem.line, columnOf(bytes, problem.lineStart, problem.offset));
  const guess = guessFix(bytes);
  if (guess === undefined && problem.cutShort) return report("CW1005", place, { file, problem: problem.message });
  const line = new TextDecoder().decode(bytes.subarray(problem.lineStart, problem.lineStart + 8));
  const fix = /^(?:<{7}|={7}|>{7}|\|{7})/.test(line)
    ? "resolve the merge conflict that starts here, or take one side whole and open it in Jupyter"
    : (guess ?? "restore the file from version control or its .ipynb_checkpoints folder, or mend this place by hand");
  return report("CW1004", place, { problem: problem.message, fix });
}
