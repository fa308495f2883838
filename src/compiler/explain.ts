import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { lineMap } from "../foundation/lines.ts";
import { nearest } from "../foundation/nearest.ts";
import { baseName, joinPath } from "../foundation/paths.ts";
import type { Compiled } from "./compile.ts";
import { cellAtFileLine, storyOfCell } from "./explain/cell.ts";
import { type FoundNotebook, findGenerated, findNotebook, knownFiles, meantPaths, ownerOf } from "./explain/find.ts";
import { storyOfLine } from "./explain/line.ts";
import { cellText, lineText } from "./explain/text.ts";
import type { ExplainRequest, Explanation } from "./session-contract.ts";

export interface ExplainInput {
  readonly host: Host;
  readonly root: string;
  readonly request: ExplainRequest;
  readonly compiled: readonly Compiled[];
}

interface Explained {
  readonly value: Explanation | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a generated line comes from, or what came of a cell. Asked about what is not there, it says what is. */
export function explain({ host, root, request, compiled }: ExplainInput): Explained {
  const paths = meantPaths(host, root, request.file);
  for (const path of paths) {
    const notebook = findNotebook(compiled, path);
    if (notebook) return request.kind === "cell" ? cellOf(notebook, request) : notebookLine(notebook, request.line);
    const generated = findGenerated(compiled, path);
    if (!generated) continue;
    if (request.kind === "cell") return refused(report("CW5101", undefined, { file: path, fix: cellFix(path) }));
    const { story, count } = storyOfLine(host, root, generated, request.line);
    if (!story) return refused(report("CW5102", undefined, { file: path, line: request.line, count }));
    return { value: { text: lineText(story), json: { explained: "line", ...story } }, diagnostics: [] };
  }
  return refused(unknownFile(host, root, compiled, paths[0] ?? request.file, request.file));
}

function refused(diagnostic: Diagnostic): Explained {
  return { value: undefined, diagnostics: [diagnostic] };
}

function cellOf({ notebook, users }: FoundNotebook, request: ExplainRequest & { readonly kind: "cell" }): Explained {
  const cell = notebook.cells[request.cell - 1];
  const file = notebook.path;
  if (!cell) return refused(report("CW5103", undefined, { file, cell: request.cell, count: notebook.cells.length }));
  const count = lineMap(cell.source).count;
  if (request.line !== undefined && (request.line < 1 || request.line > count))
    return refused(report("CW5104", undefined, { file, cell: cell.index, line: request.line, count }));
  const story = storyOfCell(notebook, users, cell, request.line);
  return { value: { text: cellText(story), json: { explained: "cell", ...story } }, diagnostics: [] };
}

/** A line of the notebook's own file: of a .py notebook as people see it, of an .ipynb in its JSON. */
function notebookLine({ notebook, users }: FoundNotebook, line: number): Explained {
  const at = cellAtFileLine(notebook, line);
  if (!at) {
    const fix = `name a cell: "${notebook.path}:cell 1" to "${notebook.path}:cell ${notebook.cells.length}"`;
    return refused(report("CW5101", undefined, { file: `${notebook.path}:${line}`, fix }));
  }
  const story = storyOfCell(notebook, users, at.cell, at.line);
  return { value: { text: cellText(story), json: { explained: "cell", ...story } }, diagnostics: [] };
}

function cellFix(path: string): string {
  return `a generated file has lines, not cells: write \`${path}:1\``;
}

function unknownFile(host: Host, root: string, compiled: readonly Compiled[], path: string, asked: string): Diagnostic {
  const owner = ownerOf(compiled, path);
  if (owner && owner.files.length === 0) return report("CW5105", undefined, { file: path, model: owner.model.name });
  const known = knownFiles(compiled);
  const sameName = known.filter((file) => baseName(file) === baseName(path));
  const near = sameName.length === 1 ? sameName[0] : nearest(path, known);
  const fix =
    near === undefined
      ? `name one of ${known.slice(0, 5).join(", ") || "the notebooks of crosswalk.yaml"}`
      : `did you mean \`${near}\``;
  const isThere = host.stat(joinPath(root, path))?.kind === "file";
  if (owner && isThere) return report("CW5106", undefined, { file: path, model: owner.model.name, fix });
  return report("CW5101", undefined, { file: asked, fix });
}
