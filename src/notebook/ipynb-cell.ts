import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { filePlace } from "./bytes.ts";
import { type CellDraft, normalizeNewlines } from "./draft.ts";
import type { JsonCursor } from "./json-cursor.ts";

/** One piece of a cell's source and the line of the file on which its JSON string stands. */
interface Chunk {
  readonly text: string;
  readonly line: number;
}

interface Fields {
  type?: string;
  id?: string;
  chunks?: Chunk[];
  tags: string[];
  title?: string;
  executionCount?: number;
}

/** Reads the cell that comes next. A malformed cell becomes an empty raw cell, so that later cells keep their numbers. */
export function readIpynbCell(
  file: string,
  cursor: JsonCursor,
  cell: number,
): { readonly draft: CellDraft; readonly diagnostics: readonly Diagnostic[] } {
  const line = cursor.line();
  const problems: { readonly line: number; readonly problem: string }[] = [];
  const fields: Fields = { tags: [] };
  const wrong = (problem: string, at = line): void => {
    problems.push({ line: at, problem });
  };
  if (cursor.kind() !== "object") {
    wrong("a cell must be an object with cell_type and source");
    cursor.skip();
  } else {
    cursor.object((key) => readField(cursor, key, fields, wrong));
    if (fields.type === undefined) wrong("it has no `cell_type` text");
    else if (!/^(?:code|markdown|raw|heading|html)$/.test(fields.type))
      wrong(`its type \`${fields.type.slice(0, 40)}\` is not code, markdown or raw`);
    if (fields.chunks === undefined && !problems.some(({ problem }) => problem.includes("`source`")))
      wrong("it has no `source`");
  }
  const usable = problems.length === 0;
  const chunks = usable ? (fields.chunks ?? []) : [];
  const draft: CellDraft = {
    kind: !usable ? "raw" : fields.type === "code" ? "code" : fields.type === "raw" ? "raw" : "markdown",
    ...sourceOf(chunks, line),
    tags: fields.tags,
    ...(fields.id === undefined ? {} : { id: fields.id }),
    ...(fields.title === undefined ? {} : { title: fields.title }),
    ...(fields.executionCount === undefined ? {} : { executionCount: fields.executionCount }),
  };
  // One cause, one diagnostic: what else is wrong shows when the first is mended.
  const first = problems[0];
  const place = (at: number): Place => ({ ...filePlace(file, 1, 1), cell, fileLine: at });
  return { draft, diagnostics: first ? [report("CW1011", place(first.line), { cell, problem: first.problem })] : [] };
}

function readField(
  cursor: JsonCursor,
  key: string,
  fields: Fields,
  wrong: (problem: string, at: number) => void,
): void {
  const kind = cursor.kind();
  const at = cursor.line();
  if (key === "cell_type" && kind === "string") fields.type = cursor.string();
  else if (key === "id" && kind === "string") {
    const id = cursor.string();
    if (/^[\w-]{1,64}$/.test(id)) fields.id = id;
  } else if (key === "execution_count" && kind === "scalar") {
    const count = cursor.scalar();
    if (typeof count === "number" && Number.isSafeInteger(count)) fields.executionCount = count;
  } else if (key === "source") {
    const chunks = readSource(cursor);
    if (chunks) fields.chunks = chunks;
    else wrong("its `source` must be a text or a list of texts", at);
  } else if (key === "metadata" && kind === "object")
    cursor.object((field) => {
      if (field === "tags" && cursor.kind() === "array")
        cursor.array(() => {
          if (cursor.kind() === "string") fields.tags.push(cursor.string());
        });
      else if (field === "application/vnd.databricks.v1+cell" && cursor.kind() === "object")
        cursor.object((inner) => {
          if (inner !== "title" || cursor.kind() !== "string") return;
          const title = cursor.string();
          if (title !== "") fields.title = title;
        });
    });
}

function readSource(cursor: JsonCursor): Chunk[] | undefined {
  const kind = cursor.kind();
  if (kind === "string") return [{ line: cursor.line(), text: cursor.string() }];
  if (kind !== "array") return undefined;
  const chunks: Chunk[] = [];
  let good = true;
  cursor.array(() => {
    if (cursor.kind() === "string") chunks.push({ line: cursor.line(), text: cursor.string() });
    else good = false;
  });
  return good ? chunks : undefined;
}

/** Joins the chunks and remembers on which line of the file each stands. */
function sourceOf(chunks: readonly Chunk[], cellLine: number): Pick<CellDraft, "source" | "fileLine"> {
  const source = normalizeNewlines(chunks.map((chunk) => chunk.text).join(""));
  const starts: number[] = [];
  let length = 0;
  let open = false;
  for (const { text } of chunks) {
    // A \r\n that is split over two chunks is one line end.
    const rest = open && text.startsWith("\n") ? text.slice(1) : text;
    starts.push(length);
    length += normalizeNewlines(rest).length;
    open = text === "" ? open : text.endsWith("\r");
  }
  return {
    source,
    fileLine(offset) {
      let low = 0;
      let high = chunks.length - 1;
      while (low < high) {
        const mid = (low + high + 1) >> 1;
        if ((starts[mid] ?? 0) <= offset) low = mid;
        else high = mid - 1;
      }
      return chunks[low]?.line ?? cellLine;
    },
  };
}
