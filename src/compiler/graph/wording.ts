import type { CellNode, ModelGraph, StatementNode } from "./model.ts";

/** The label of a cell: "train.ipynb cell 3: Load data". */
export function cellTitle(cell: CellNode): string {
  const title = cell.title === undefined ? "" : `: ${cell.title}`;
  return `${cell.notebook} cell ${cell.cell}${title}`;
}

/** The label of a statement: its text, and below it where it went. */
export function statementTitle(statement: StatementNode): string {
  const text = statement.text.length > 60 ? `${statement.text.slice(0, 59)}…` : statement.text;
  return `${statement.line}: ${text}${went(statement)}`;
}

function went({ outcome }: StatementNode): string {
  if (outcome.kind === "dropped") return ` (${outcome.reason})`;
  if (outcome.kind === "undecided") return "";
  return ` (${outcome.step ?? outcome.as})`;
}

/** The steps of a model in the order of their first statements. */
export function stepNames(model: ModelGraph): readonly string[] {
  const all = model.cells.flatMap((cell) =>
    cell.statements.flatMap((s) => (s.outcome.kind === "kept" && s.outcome.step !== undefined ? [s.outcome.step] : [])),
  );
  return [...new Set(all)];
}
