import { type CellText, ipynb } from "./kit.ts";

const isCode = (cell: CellText): cell is string => typeof cell === "string";
const prose = (cell: CellText): readonly string[] =>
  (typeof cell === "object" && "markdown" in cell ? cell.markdown : "").split("\n");

function percent(cells: readonly CellText[]): string {
  const blocks = cells.map((cell) =>
    isCode(cell)
      ? `# %%\n${cell}\n`
      : `# %% [markdown]\n${prose(cell)
          .map((line) => `# ${line}`)
          .join("\n")}\n`,
  );
  return blocks.join("\n");
}

/** The same cells in each file format, by the name of the notebook. */
export const formats: Readonly<Record<string, (cells: readonly CellText[]) => string>> = {
  "train.ipynb": (cells) => ipynb(...cells),
  "percent.py": percent,
  "jupytext.py": (cells) =>
    `# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: percent\n# ---\n\n${percent(cells)}`,
  "databricks.py": (cells) =>
    `# Databricks notebook source\n${cells
      .map((cell) => (isCode(cell) ? cell : ["%md", ...prose(cell)].map((line) => `# MAGIC ${line}`).join("\n")))
      .join("\n\n# COMMAND ----------\n\n")}\n`,
};
