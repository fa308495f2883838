import { readDirective } from "../../grammar/read.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase, Place } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { Cell } from "../notebook/notebook.ts";
import type { PyModule } from "../python/ir.ts";
import { buildDirective } from "./build.ts";
import type { ParsePython } from "./builder.ts";
import { type Carrier, MARKER } from "./carrier.ts";
import { type FindCode, findInCatalogue } from "./codes.ts";
import { scanComments, scanMarkdown } from "./comments.ts";
import type { Directive } from "./directive.ts";
import { type RawDirective, type Scan, scanLines, scanMarkdownLines } from "./scan.ts";
import { wordFault } from "./wording.ts";

/** What reading directives needs from outside. */
export interface AnnotationTools {
  readonly parse: ParsePython;
  /** Where codes of `ignore` and `waive` are looked up; the catalogue, unless a test says otherwise. */
  readonly findCode?: FindCode;
}

/** A directive and where its comment stands in the text that was scanned: the cell's Python, or its source. */
export interface ReadFrom {
  readonly directive: Directive;
  readonly raw: RawDirective;
}

/** Finds directives in a text: from a Python module's own comments, else by a scan of the text. */
export function scanText(text: string, carrier: Carrier, module?: PyModule): Scan {
  if (carrier === "markdown") return scanMarkdownLines(text, scanMarkdown(text));
  if (carrier === "python" && module !== undefined) {
    return scanLines(
      text,
      module.comments.map(({ span, ownLine }) => ({ ...span, ownLine })),
      carrier,
    );
  }
  return scanLines(text, scanComments(text, carrier), carrier);
}

/** Reads the directives of one cell. `module` is the cell's Python (for the carrier "python"). */
export function readCell(
  cell: Cell,
  carrier: Carrier,
  module: PyModule | undefined,
  tools: AnnotationTools,
): Phase<readonly ReadFrom[]> {
  const isPython = carrier === "python" && module !== undefined;
  const text = isPython ? module.text : cell.source;
  const source = (span: Span): Span => (isPython ? cell.sourceSpan(span) : span);
  const scan = scanText(text, carrier, module);
  const diagnostics: Diagnostic[] = [];
  const place = (span: Span): Place => cell.place(source(span));
  for (const near of scan.nearMisses) {
    diagnostics.push(report("CW1104", place(near.span), { found: near.found.trim(), marker: MARKER[carrier] }));
  }
  for (const span of scan.unclosed) diagnostics.push(report("CW1122", place(span), {}));
  const value = scan.directives.flatMap((raw) => {
    const read = readRaw(raw, source, (span) => cell.place(span), tools);
    diagnostics.push(...read.diagnostics);
    return read.value === undefined ? [] : [{ directive: read.value, raw }];
  });
  return { value, diagnostics };
}

/** Reads one directive. `source` maps a span of the scanned text to the cell's source, `place` a span of the source to a place. */
export function readRaw(
  raw: RawDirective,
  source: (span: Span) => Span,
  place: (span: Span) => Place,
  tools: AnnotationTools,
): Phase<Directive | undefined> {
  const locate = (start: number, end: number): Span =>
    source({ start: raw.bodyStart + start, end: raw.bodyStart + end });
  const at = (start: number, end: number): Place => place(locate(start, end));
  if (raw.open !== undefined) {
    const { at: offset, bracket, closedBy } = raw.open;
    const expected = bracket === "(" ? ")" : bracket === "[" ? "]" : "}";
    return {
      value: undefined,
      diagnostics: [report("CW1103", at(offset, offset + 1), { bracket, closedBy, expected })],
    };
  }
  const { cst, faults } = readDirective(raw.text);
  if (cst === undefined) return { value: undefined, diagnostics: faults.map((fault) => wordFault(fault, at)) };
  const diagnostics: Diagnostic[] = [];
  const builder = {
    text: raw.text,
    parse: tools.parse,
    locate,
    place,
    say: (d: Diagnostic) => void diagnostics.push(d),
  };
  const value = buildDirective(builder, cst, source(raw.span), tools.findCode ?? findInCatalogue);
  return { value, diagnostics };
}
