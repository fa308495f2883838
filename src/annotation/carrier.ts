import type { Cell, Notebook } from "../notebook/notebook.ts";

/** What kind of text a directive's comment stands in. */
export type Carrier = "python" | "r" | "yaml" | "typescript" | "sql" | "markdown";

/** The sign a comment begins with; in Markdown the lines of a comment have none. */
export const COMMENT_SIGN: Readonly<Record<Carrier, string>> = {
  python: "#",
  r: "#",
  yaml: "#",
  typescript: "//",
  sql: "--",
  markdown: "",
};

/** The canonical marker as a person writes it. */
export const MARKER: Readonly<Record<Carrier, string>> = {
  python: "# cw:",
  r: "# cw:",
  yaml: "# cw:",
  typescript: "// cw:",
  sql: "-- cw:",
  markdown: "<!-- cw:",
};

const languages: Readonly<Record<string, Carrier>> = {
  python: "python",
  ipython: "python",
  r: "r",
  yaml: "yaml",
  typescript: "typescript",
  javascript: "typescript",
  sql: "sql",
};

/** The carrier of a cell, or undefined for one that carries no directives (raw cells, other languages, `%%bash` bodies). */
export function carrierOf(notebook: Notebook, cell: Cell): Carrier | undefined {
  if (cell.kind === "markdown") return "markdown";
  if (cell.kind === "raw") return undefined;
  if (/^\s*(?:# MAGIC )?%%sql\b/.test(cell.source)) return "sql";
  if (notebook.format === "databricks" && /^\s*(?:# MAGIC )?%sql\b/.test(cell.source)) return "sql";
  return languages[notebook.language.toLowerCase()];
}
