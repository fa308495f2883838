import { report } from "../../diagnostics/catalogue.ts";
import { cellMagics } from "./cell-magics.ts";
import { measuredOptions, unknownOutcome } from "./line-outcome.ts";
import { identifiers, type Outcome, opaqueOutcome, type PolicyRow, pythonString } from "./policy.ts";

const rows: ReadonlyMap<string, PolicyRow> = new Map(cellMagics.map((row) => [row.name, row]));

/** What becomes of a cell magic and its body. */
export interface CellOutcome extends Outcome {
  /** Python on the header line that runs before the body (`%%prun x = 1`). */
  readonly setup?: string;
}

/** What becomes of a cell that starts with `%%name rest`. */
export function cellOutcome(name: string, rest: string): CellOutcome {
  const row = rows.get(name);
  if (!row) return unknownOutcome(name, "cell");
  if (name === "time" && rest.replace(/^--no-raise-error/, "").trim() !== "")
    return opaqueOutcome(
      { ...row, why: "it takes no statement on its own line", fix: "move the statement below", stops: true },
      rest,
      "%%time",
    );
  if (name === "capture") return captureOutcome(row, rest);
  if (row.policy === "unwrap") {
    const options = measuredOptions(name, `${rest} `);
    if (options === undefined)
      return opaqueOutcome(
        { ...row, why: "it runs the cell several times", fix: "remove the option -r", stops: true },
        rest,
        `%%${name}`,
      );
    return { policy: { kind: "unwrap" }, why: row.why, setup: name === "time" ? "" : rest.slice(options) };
  }
  if (row.policy === "opaque") return opaqueOutcome(row, rest, `%%${name}`);
  return { policy: { kind: "drop" }, why: row.why };
}

/** `%%capture out` also gives the printed text a name. */
function captureOutcome(row: PolicyRow, rest: string): CellOutcome {
  const words = rest.split(/\s+/).filter((word) => word !== "");
  const names = identifiers(words.filter((word) => !word.startsWith("-")));
  return {
    policy: { kind: "unwrap" },
    why: row.why,
    python: names.map((name) => `${name} = get_ipython().run_cell_magic("capture", ${pythonString(rest)}, "")`),
  };
}

/** A Databricks cell whose first line names its language. */
export interface LanguageCell extends CellOutcome {
  readonly name: string;
  readonly rest: string;
  readonly start: number;
}

const languages: Readonly<
  Record<string, { readonly title: string; readonly why: string; readonly fix: string; readonly binds?: string }>
> = {
  sql: {
    title: "SQL",
    why: "the query runs outside Python",
    fix: "use spark.sql(…) in a Python cell, or declare the table as a dataset in crosswalk.yaml",
    binds: "_sqldf",
  },
  scala: { title: "Scala", why: "its names live in another interpreter", fix: "write it in Python" },
  r: { title: "R", why: "its names live in another interpreter", fix: "write it in Python" },
  sh: {
    title: "shell",
    why: "its effect is not known",
    fix: "do it in Python, or declare the file it makes as a dataset in crosswalk.yaml",
  },
  fs: {
    title: "file system",
    why: "it changes files",
    fix: "use dbutils.fs in a Python cell, or leave it out when production does not need it",
  },
};

/** Finds the language of a Databricks cell: `%sql`, `%md`, `%sh` … as its first line that is no comment. */
export function languageCell(text: string, from: number): LanguageCell | undefined {
  const found = /^((?:[ \t]*(?:#.*)?\n)*)%(md-sandbox|md|sql|scala|r|sh|fs|python|skip)(?:[ \t]+(.*))?(?=\n|$)/.exec(
    text.slice(from),
  );
  if (!found) return undefined;
  const word = found[2] ?? "";
  const rest = (found[3] ?? "").trimEnd();
  const at = { name: `%${word}`, rest, start: from + (found[1] ?? "").length };
  if (word === "python") return { ...at, policy: { kind: "unwrap" }, why: "the cell is Python", setup: rest };
  if (word === "skip") return { ...at, policy: { kind: "drop" }, why: "the cell is switched off" };
  if (word.startsWith("md")) return { ...at, policy: { kind: "drop" }, why: "it only shows text" };
  const language = languages[word];
  if (!language) return undefined;
  if (word === "fs" && /^(?:ls|head|help|mounts)\b/.test(rest))
    return { ...at, policy: { kind: "drop" }, why: "it only shows files" };
  const { title, why, fix, binds } = language;
  return {
    ...at,
    policy: { kind: "opaque" },
    why,
    ...(binds === undefined
      ? {}
      : { python: [`${binds} = get_ipython().run_cell_magic(${pythonString(word)}, "", "")`] }),
    report: (place) => report("CW1050", place, { language: title, why, fix }),
  };
}
