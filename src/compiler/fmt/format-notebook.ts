import { carrierOf } from "../../annotation/carrier.ts";
import { formatCell } from "../../annotation/format.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { decodeUtf8 } from "../../foundation/host.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import { readNotebook } from "../../notebook/read-notebook.ts";
import { parseModule } from "../../python/parse.ts";
import { rewriteSources, type Wanted } from "./rewrite.ts";

/** What came of formatting one notebook. `unsafe`: something else than the directives would have changed. */
export type FormattedNotebook =
  | { readonly kind: "same" }
  | { readonly kind: "unsafe" }
  | { readonly kind: "changed"; readonly text: string }
  | { readonly kind: "unreadable"; readonly diagnostics: readonly Diagnostic[] };

/** The bytes of a notebook with its directives in their one form. `initPython` must have been awaited. */
export function formatNotebook(path: string, bytes: Uint8Array): FormattedNotebook {
  const { value: notebook, diagnostics } = readNotebook(path, bytes);
  const text = decodeUtf8(bytes);
  if (!notebook || text === undefined) return { kind: "unreadable", diagnostics };
  const wanted = wantedOf(notebook);
  if (wanted.length === 0) return { kind: "same" };
  const made = rewriteSources(notebook, text, wanted);
  if (made === undefined || !isAsWanted(notebook, made, wanted)) return { kind: "unsafe" };
  return { kind: "changed", text: made };
}

function wantedOf(notebook: Notebook): readonly Wanted[] {
  return notebook.cells.flatMap((cell): Wanted[] => {
    const carrier = carrierOf(notebook, cell);
    // Most cells have no directive: they need no parser.
    if (carrier === undefined || !cell.source.includes("cw:")) return [];
    const source = formatCell(cell, parseModule(cell.kind === "code" ? cell.python : ""), carrier);
    return source === cell.source ? [] : [{ cell, source }];
  });
}

/** The last guard: read again, the notebook has the wanted sources and the old ones everywhere else. */
function isAsWanted(notebook: Notebook, text: string, wanted: readonly Wanted[]): boolean {
  const again = readNotebook(notebook.path, new TextEncoder().encode(text)).value;
  const sources = new Map(wanted.map(({ cell, source }) => [cell.index, source]));
  return (
    again !== undefined &&
    again.cells.length === notebook.cells.length &&
    again.cells.every((cell, i) => {
      const before = notebook.cells[i];
      return before?.kind === cell.kind && cell.source === (sources.get(cell.index) ?? before.source);
    })
  );
}
