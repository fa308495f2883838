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
