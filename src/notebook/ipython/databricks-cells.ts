import { report } from "../../diagnostics/catalogue.ts";
import type { CellOutcome } from "./cell-outcome.ts";
import { type PolicyRow, pythonString } from "./policy.ts";
import { shellOutcome } from "./shell.ts";

/** A Databricks cell whose first line names its language. */
export interface LanguageCell extends CellOutcome {
  readonly name: string;
  readonly rest: string;
  /** Offset of the line that names it. */
  readonly start: number;
}

interface Row extends Pick<PolicyRow, "name" | "policy" | "why" | "fix"> {
  /** For opaque rows: the language, for people. */
  readonly language?: string;
  /** The name that Databricks gives the result. */
  readonly result?: string;
}

const foreign = { policy: "opaque", why: "its names live in another interpreter", fix: "write it in Python" } as const;

/** The first lines that give a whole Databricks cell its language. `%md` cells are markdown cells already. */
export const databricksCells: readonly Row[] = [
  { name: "md", policy: "drop", why: "it only shows text" },
  { name: "md-sandbox", policy: "drop", why: "it only shows text" },
  { name: "skip", policy: "drop", why: "the cell is switched off" },
  { name: "python", policy: "unwrap", why: "the cell is Python" },
  {
    name: "sql",
    policy: "opaque",
    why: "the query runs outside Python",
    fix: "use spark.sql(…) in a Python cell, or declare the table as a dataset in crosswalk.yaml",
    language: "SQL",
    result: "_sqldf",
  },
  { name: "scala", ...foreign, language: "Scala" },
  { name: "r", ...foreign, language: "R" },
  {
    name: "sh",
    policy: "opaque",
    why: "its effect is not known",
    fix: "do it in Python, or declare the file it makes as a dataset in crosswalk.yaml",
    language: "shell",
  },
  {
    name: "fs",
    policy: "opaque",
    why: "it changes files",
    fix: "use dbutils.fs in a Python cell, or leave it out when production does not need it",
    language: "file system",
  },
];

const names = [...databricksCells.map((row) => row.name)].sort((a, b) => b.length - a.length).join("|");
const header = new RegExp(`^((?:[ \\t]*(?:#.*)?\\n)*)%(${names})(?:[ \\t]+(.*))?(?=\\n|$)`);

/** Finds the language of a Databricks cell: `%sql`, `%md`, `%sh` … as its first line that is no comment. */
export function languageCell(text: string, from: number): LanguageCell | undefined {
  const found = header.exec(text.slice(from));
  const row = databricksCells.find(({ name }) => name === found?.[2]);
  if (!found || !row) return undefined;
  const rest = (found[3] ?? "").trimEnd();
  const body = text.slice(from + found[0].length).trim();
  return { name: `%${row.name}`, rest, start: from + (found[1] ?? "").length, ...outcome(row, rest, body) };
}

function outcome(row: Row, rest: string, body: string): CellOutcome {
  if (row.policy === "unwrap") return { policy: { kind: "unwrap" }, why: row.why, setup: rest };
  if (row.policy === "drop") return { policy: { kind: "drop" }, why: row.why };
  if (row.name === "fs" && body === "" && /^(?:ls|head|help|mounts)\b/.test(rest))
    return { policy: { kind: "drop" }, why: "it only shows files" };
  if (row.name === "sh") {
    const shell = shellOutcome(`${rest.replace(/^-e\b/, "")}\n${body}`);
    if (shell.policy.kind !== "opaque") return shell;
  }
  const params = { language: row.language ?? row.name, why: row.why, fix: row.fix ?? "write it in Python" };
  const call = `get_ipython().run_cell_magic(${pythonString(row.name)}, "", "")`;
  return {
    policy: { kind: "opaque" },
    why: row.why,
    ...(row.result === undefined ? {} : { python: [`${row.result} = ${call}`] }),
    report: (place) => report("CW1050", place, params),
  };
}
