import type { ModelGraph, StatementNode } from "./model.ts";
import { cellTitle, statementTitle } from "./wording.ts";

/** The graphs as one Mermaid flowchart: a subgraph for each cell, a class for kept and for dropped statements. */
export function renderMermaid(models: readonly ModelGraph[]): string {
  const lines = ["flowchart TB"];
  const kept: string[] = [];
  const dropped: string[] = [];
  const sort = (id: string, { outcome }: StatementNode): void => {
    if (outcome.kind === "kept") kept.push(id);
    else if (outcome.kind === "dropped") dropped.push(id);
  };
  models.forEach((model, m) => {
    lines.push(`  subgraph m${m}["${escaped(`model ${model.model}`)}"]`);
    model.cells.forEach((cell, c) => {
      if (cell.statements.length === 0) return;
      lines.push(`    subgraph m${m}c${c}["${escaped(cellTitle(cell))}"]`);
      for (const statement of cell.statements) {
        const id = `m${m}s${statement.id}`;
        lines.push(`      ${id}["${escaped(statementTitle(statement))}"]`);
        sort(id, statement);
      }
      lines.push("    end");
    });
    lines.push("  end");
    for (const edge of model.edges) {
      const label = edge.names.length === 0 ? "" : `|"${escaped(edge.names.join(", "))}"|`;
      lines.push(`  m${m}s${edge.from} -->${label} m${m}s${edge.to}`);
    }
  });
  lines.push(
    "  classDef kept fill:#dff0d8,stroke:#3c763d,color:#222222",
    "  classDef dropped fill:#f5f5f5,stroke:#999999,color:#777777,stroke-dasharray:4 3",
  );
  if (kept.length > 0) lines.push(`  class ${kept.join(",")} kept`);
  if (dropped.length > 0) lines.push(`  class ${dropped.join(",")} dropped`);
  return `${lines.join("\n")}\n`;
}

/** Text inside Mermaid's quotes: whatever might mean something there is written as its number. */
export function escaped(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} _.,()=+\-/]/gu, (c) =>
    c < " " || c === "\x7f" ? " " : `#${c.codePointAt(0)};`,
  );
  // An empty label is a syntax error.
  return safe.trim() === "" ? "#160;" : safe;
}
