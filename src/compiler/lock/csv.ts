import type { LockColumn } from "../lock-file.ts";
import { type ColumnLearner, columnLearner } from "./column-type.ts";

/** Longer fields are text for sure; no more of them is kept in memory. */
const longestField = 64 * 1024;

export interface CsvForm {
  readonly columns: readonly LockColumn[];
  readonly rows: number;
}

/** Learns the form of a CSV text that comes in pieces: memory is bounded by its widest row, not by its length. */
export interface CsvLearner {
  take(piece: Uint8Array): void;
  /** The form, or why it cannot be told. */
  finish(): CsvForm | string;
}

/** Reads as pandas does by default: one header line, `"` quotes, doubled quotes in them, blank lines passed over. */
export function csvLearner(separator: string): CsvLearner {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let problem: string | undefined;
  let columns: readonly ColumnLearner[] | undefined;
  let rows = 0;
  let fields: string[] = [];
  let field = "";
  let state: "start" | "plain" | "quoted" | "quote" = "start";
  let isAfterReturn = false;
  /** Quoted fields make a line a row even where it is empty. */
  let wasQuoted = false;

  const endField = (): void => {
    fields.push(field);
    field = "";
    state = "start";
  };
  const endRow = (): void => {
    endField();
    const isBlank = fields.length === 1 && fields[0]?.trim() === "" && !wasQuoted;
    if (!isBlank) takeRow();
    fields = [];
    wasQuoted = false;
  };
  const takeRow = (): void => {
    if (!columns) {
      const names = fields.map((name, i) => (name === "" ? `Unnamed: ${i}` : name));
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) problem = `two of its columns are called \`${twice}\``;
      columns = names.map(columnLearner);
      return;
    }
    rows++;
    if (fields.length > columns.length)
      problem = `its row ${rows} has ${fields.length} fields, and its header ${columns.length}`;
    else for (const [i, column] of columns.entries()) column.see(fields[i] ?? "");
  };
  const read = (text: string): void => {
    for (let i = 0; i < text.length && problem === undefined; i++) {
      const c = text.charAt(i);
      const isSecondEnd = isAfterReturn && c === "\n";
      isAfterReturn = false;
      if (isSecondEnd) continue;
      if (state === "quoted") {
        if (c === '"') state = "quote";
        else if (field.length < longestField) field += c;
        continue;
      }
      if (state === "quote" && c === '"') {
        if (field.length < longestField) field += c;
        state = "quoted";
        continue;
      }
      if (c === separator) endField();
      else if (c === "\n" || c === "\r") {
        isAfterReturn = c === "\r";
        endRow();
      } else if (state === "start" && c === '"') {
        state = "quoted";
        wasQuoted = true;
      } else {
        state = "plain";
        if (field.length < longestField) field += c;
      }
    }
  };
  const decode = (piece: Uint8Array | undefined): void => {
    if (problem !== undefined) return;
    try {
      read(piece ? decoder.decode(piece, { stream: true }) : decoder.decode());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      problem = "it is not UTF-8 text";
    }
  };
  return {
    take: decode,
    finish() {
      decode(undefined);
      if (problem === undefined && state === "quoted") problem = "a quote opens in it and is never closed";
      else if (problem === undefined && (field !== "" || fields.length > 0 || state !== "start")) endRow();
      if (problem !== undefined) return problem;
      if (!columns) return "it is empty";
      return { columns: columns.map((column) => column.column()), rows };
    },
  };
}
