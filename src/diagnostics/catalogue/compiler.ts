import { entries } from "../define.ts";

/** CW51xx: explain, init, lock and fmt. */
export const compilerEntries = entries({
  CW5101: {
    slug: "explain-unknown-file",
    severity: "error",
    title: "a file that nothing here knows",
    message: "`{file}` is neither a generated file nor a notebook of this workspace.",
    cause:
      "`explain` follows generated lines to their cells and cells to what was made of them; it knows the notebooks of crosswalk.yaml and the files that `build` writes.",
    fix: "{fix}.",
  },
  CW5102: {
    slug: "explain-line-outside",
    severity: "error",
    title: "a line that the file does not have",
    message: "`{file}` has no line {line}: it has {count}.",
    cause: "Lines are counted from 1, in the file as it is on disk.",
    fix: "name a line from 1 to {count}.",
  },
  CW5103: {
    slug: "explain-unknown-cell",
    severity: "error",
    title: "a cell that the notebook does not have",
    message: "`{file}` has no cell {cell}: it has {count} cells.",
    cause: "Cells are counted from 1 over all cells of the notebook, Markdown cells too.",
    fix: "name a cell from 1 to {count}.",
  },
  CW5104: {
    slug: "explain-cell-line-outside",
    severity: "error",
    title: "a line that the cell does not have",
    message: "cell {cell} of `{file}` has no line {line}: it has {count}.",
    cause: "Behind the cell stands the line within the cell, counted from 1.",
    fix: "name a line from 1 to {count}, or the cell alone.",
  },
  CW5105: {
    slug: "explain-without-product",
    severity: "error",
    title: "no product to explain",
    message: "`{file}` cannot be explained: the model `{model}` has errors, so no product is made of it.",
    cause:
      "Where a generated line comes from is known only for the notebook as it is now, and that cannot be compiled.",
    fix: "mend the errors that `crosswalk check --model {model}` shows, then ask again.",
  },
  CW5106: {
    slug: "explain-file-not-generated",
    severity: "error",
    title: "a file of the product that is not generated",
    message: "`{file}` stands in the product folder of the model `{model}`, but a build does not make it.",
    cause: "It was written by hand, left over from an older build, or made by a run of the product.",
    fix: "{fix}.",
  },
});
