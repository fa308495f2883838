import { type Runner, rowsOf, sorted, type Verdict } from "../material.ts";
import { outside } from "./names.ts";

interface Row {
  readonly id: string;
  readonly code: string;
  readonly defs: readonly string[];
  readonly refs: readonly string[];
}

/** References and definitions of a snippet. Names that marimo has made private to their cell (`_cell_ID_name`) refer to no other. */
export const marimoVisitor: Runner = {
  suite: "marimo_visitor",
  from: "marimo-team/marimo",
  kind: "scopes and dependencies",
  judge: () =>
    rowsOf<Row>("marimo_visitor").map(({ id, code, defs, refs }): Verdict => {
      const ours = outside(code);
      const others = [...ours.refs].filter((name) => !name.startsWith("_cell_"));
      const isEqual = sorted(ours.defs) === sorted(defs) && sorted(others) === sorted(refs);
      return isEqual ? { id } : { id, differs: `refs ${sorted(others)}; defs ${sorted(ours.defs)}` };
    }),
};
