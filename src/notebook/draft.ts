import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { sha256 } from "../foundation/hash.ts";
import { lineMap } from "../foundation/lines.ts";
import type { Span } from "../foundation/span.ts";
import { bareCode } from "./bare-code.ts";
import type { Facts } from "./ipython/policy.ts";
import { resolveCell } from "./ipython/resolve.ts";
import { identityMap } from "./ipython/text-map.ts";
import type { Cell } from "./notebook.ts";

/** A cell as a format gives it, before ids and the IPython layer. */
export interface CellDraft {
  readonly kind: Cell["kind"];
  /** Line ends are \n. */
  readonly source: string;
  readonly id?: string;
  readonly tags: readonly string[];
  readonly title?: string;
  readonly executionCount?: number;
  /** True line in the file of an offset of `source`, which stands on `line` (1-based) of it. */
  fileLine(offset: number, line: number): number;
}

/** Line ends as \n; Python reads a lone \r as a line end too. */
export function normalizeNewlines(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** Makes the cells of a notebook: ids, places, and the IPython layer of code cells when `facts` are given. */
export function finishCells(
  file: string,
  drafts: readonly CellDraft[],
  facts: Facts | undefined,
): { readonly cells: readonly Cell[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const owner = new Map<string, number>();
  const ranks = new Map<string, number>();
  const cells = drafts.map((draft, i) => {
    const index = i + 1;
    const first = draft.id === undefined ? undefined : owner.get(draft.id);
    const own = draft.id !== undefined && first === undefined ? draft.id : derivedId(draft, ranks);
    owner.set(own, index);
    const { cell, findings } = finishCell(file, draft, index, own, facts);
    if (first !== undefined)
      diagnostics.push(report("CW1015", cell.place({ start: 0, end: 0 }), { id: draft.id ?? "", first }));
    diagnostics.push(...findings);
    return cell;
  });
  return { cells, diagnostics };
}

/** Stable under edits of other cells, of comments and of blanks: the digest of its code or text, and a rank among cells where that is equal. */
function derivedId(draft: CellDraft, ranks: Map<string, number>): string {
  const { kind, source } = draft;
  const bare = kind === "code" ? bareCode(source) : undefined;
  const text = bare ? bare.pieces.map(({ start, end }) => source.slice(start, end)).join("\n") : source;
  const digest = sha256(`${kind}\n${text}`).slice(0, 12);
  const rank = (ranks.get(digest) ?? 0) + 1;
  ranks.set(digest, rank);
  return rank === 1 ? digest : `${digest}-${rank}`;
}

function finishCell(file: string, draft: CellDraft, index: number, id: string, facts: Facts | undefined) {
  const { source } = draft;
  const lines = lineMap(source);
  const place = (span: Span): Place => {
    const start = lines.position(span.start);
    const end = lines.position(Math.max(span.end, span.start));
    const shown = Math.min(end.line, start.line + 2);
    return {
      file,
      cell: index,
      cellId: id,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      fileLine: draft.fileLine(Math.min(Math.max(span.start, 0), source.length), start.line),
      excerpt: Array.from({ length: shown - start.line + 1 }, (_, i) => lines.lineText(start.line + i)),
    };
  };
  const findings: Diagnostic[] = textProblems(source, place);
  const resolved = draft.kind === "code" && facts ? resolveCell(source, facts) : undefined;
  for (const finding of resolved?.findings ?? []) findings.push(finding.report(place(finding.span)));
  const map = resolved?.map ?? identityMap(0);
  const sourceSpan = (span: Span): Span => map.sourceSpan(span);
  const cell: Cell = {
    id,
    index,
    kind: draft.kind,
    source,
    tags: draft.tags,
    ...(draft.title === undefined ? {} : { title: draft.title }),
    ...(draft.executionCount === undefined ? {} : { executionCount: draft.executionCount }),
    python: resolved?.python ?? "",
    magics: resolved?.magics ?? [],
    place,
    sourceSpan,
    pythonPlace: (span) => place(sourceSpan(span)),
  };
  return { cell, findings };
}

/** Characters that Python refuses in source text. */
function textProblems(source: string, place: (span: Span) => Place): Diagnostic[] {
  const found: Diagnostic[] = [];
  const nul = source.indexOf("\0");
  if (nul >= 0) found.push(report("CW1014", place({ start: nul, end: nul + 1 }), {}));
  if (!source.isWellFormed()) {
    const at = source.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    const code = `\\u${source.charCodeAt(at).toString(16)}`;
    found.push(report("CW1013", place({ start: at, end: at + 1 }), { code }));
  }
  return found;
}
