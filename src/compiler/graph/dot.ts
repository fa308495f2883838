import type { ModelGraph, StatementNode } from "./model.ts";
import { cellTitle, statementTitle, stepNames } from "./wording.ts";

/** The graphs as one Graphviz document: a cluster for each cell, dropped statements grey and dashed. */
export function renderDot(models: readonly ModelGraph[]): string {
  const lines = [
    "digraph crosswalk {",
    "  rankdir=TB;",
    "  compound=true;",
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=10];',
    '  edge [fontname="Helvetica", fontsize=9, color="#555555"];',
  ];
  models.forEach((model, m) => {
    lines.push(`  subgraph cluster_m${m} {`, `    label=${quoted(`model ${model.model}`)};`, '    style="bold";');
    model.cells.forEach((cell, c) => {
      if (cell.statements.length === 0) return;
      lines.push(
        `    subgraph cluster_m${m}_c${c} {`,
        `      label=${quoted(cellTitle(cell))};`,
        '      style="rounded";',
      );
      for (const statement of cell.statements)
        lines.push(`      m${m}_s${statement.id} [label=${quoted(statementTitle(statement))}${look(statement)}];`);
      lines.push("    }");
    });
    for (const step of stepNames(model)) lines.push(`    // step ${step.replace(/[\r\n]/g, " ")}`);
    for (const edge of model.edges)
      lines.push(`    m${m}_s${edge.from} -> m${m}_s${edge.to} [label=${quoted(edge.names.join(", "))}];`);
    lines.push("  }");
  });
  return `${[...lines, "}"].join("\n")}\n`;
}

function look({ outcome }: StatementNode): string {
  if (outcome.kind === "kept") return ', fillcolor="#dff0d8"';
  return outcome.kind === "dropped"
    ? ', style="rounded,dashed", color="#999999", fontcolor="#777777"'
    : ', style="rounded"';
}

/** A DOT string: quotes and backslashes escaped, line ends as \n, other control characters left out. */
export function quoted(text: string): string {
  const safe = [...text.replace(/\r\n?/g, "\n")]
    .map((c) => (c === "\\" ? "\\\\" : c === '"' ? '\\"' : c === "\n" ? "\\n" : c < " " || c === "\x7f" ? " " : c))
    .join("");
  return `"${safe}"`;
}
