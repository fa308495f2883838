import type { CellStory, ModelStory } from "./cell.ts";
import type { LineStory, OriginStory } from "./line.ts";
import type { StatementStory } from "./statement.ts";

/** Lines of a path that are shown; the rest is counted. */
const mostLinks = 6;

/** The story of a generated line, for people. */
export function lineText(story: LineStory): string {
  const out = [`${story.file}:${story.line}`, `    ${story.text.trim() === "" ? "(an empty line)" : story.text}`];
  if (story.disk === "missing") out.push("This file is not on disk: run `crosswalk build`.");
  if (story.disk === "differs")
    out.push(
      "The file on disk differs from what a build would write now: the notebook changed since, or someone edited the file (`crosswalk build --check` says which).",
      story.currentLine === undefined
        ? "A build would write no such line, so nothing can be said of where it comes from."
        : `A build would write this line as line ${story.currentLine}.`,
    );
  if (story.currentLine !== undefined && story.origins.length === 0)
    out.push(`Crosswalk writes this line itself${ofCells(story.cells)}.`);
  for (const origin of story.origins) out.push("", ...originText(origin));
  return `${out.join("\n")}\n`;
}

function ofCells(cells: LineStory["cells"]): string {
  if (cells.length === 0) return ", for the product as a whole; no cell stands behind it";
  const byNotebook = new Map<string, number[]>();
  for (const { notebook, cell } of cells) byNotebook.set(notebook, [...(byNotebook.get(notebook) ?? []), cell]);
  const list = [...byNotebook].map(([notebook, numbers]) => `${notebook}:cell ${numbers.join(", ")}`);
  return `, around what comes from ${list.join(" and ")}`;
}

function originText(origin: OriginStory): readonly string[] {
  return [
    `from ${origin.notebook}:cell ${origin.cell}:${span(origin)}`,
    ...origin.source.split("\n").map((line) => `    ${line}`),
    ...origin.statements.flatMap((statement) => [`  ${statement.rule}`, ...pathText(statement)]),
    ...origin.directives.map((text) => `  said by the directive: ${oneLine(text)}`),
  ];
}

/** The story of a cell, for people. */
export function cellText(story: CellStory): string {
  const title = story.title === undefined ? "" : ` (${story.title})`;
  const out = [`${story.notebook}:cell ${story.cell}${title}, a ${story.kind} cell`];
  for (const magic of story.magics)
    out.push(`  line ${magic.line}: ${magic.text}`, `    ${magic.policy}: ${magic.why}`);
  for (const model of story.models) {
    if (story.models.length > 1) out.push("", `model ${model.model}`);
    out.push(...modelText(model));
  }
  if (story.magics.length === 0 && story.models.every((m) => m.statements.length + m.directives.length === 0))
    out.push("  nothing of this stands for production: no statement, no directive.");
  return `${out.join("\n")}\n`;
}

function modelText(model: ModelStory): readonly string[] {
  const out: string[] = [];
  for (const directive of model.directives) out.push(`  line ${directive.line}: directive ${oneLine(directive.text)}`);
  for (const statement of model.statements) {
    out.push(`  line ${span(statement)}: ${statement.text.split("\n")[0] ?? ""}`, `    ${statement.rule}`);
    for (const columns of statement.columns) out.push(`    columns that production uses: ${columns}`);
    for (const left of statement.leftOut)
      out.push(`    line ${span(left)}: ${left.text.split("\n")[0] ?? ""}`, `      ${left.rule}`);
    for (const at of statement.generated) out.push(`    ${at.file}:${span(at)}`);
    out.push(...pathText(statement));
  }
  return out;
}

function pathText(statement: StatementStory): readonly string[] {
  const { path } = statement;
  const shown = path.length <= mostLinks ? path : [...path.slice(0, mostLinks - 2), ...path.slice(-1)];
  const left = path.length - shown.length;
  return shown.map((link, i) =>
    left > 0 && i === shown.length - 1 ? `    … ${left} more, then ${link}` : `    ${i === 0 ? "" : "then "}${link}`,
  );
}

function span(at: { readonly line: number; readonly endLine: number }): string {
  return at.line === at.endLine ? String(at.line) : `${at.line}-${at.endLine}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
