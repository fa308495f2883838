import { entries } from "../define.ts";

/** CW50xx: what targets find. */
export const targetEntries = entries(() => ({
  CW5001: {
    slug: "emitted-code-broken",
    severity: "error",
    title: "Generated Python does not parse",
    message: "The generated file '{path}' is not valid Python: {problem}.",
    cause:
      "Crosswalk parses all that it writes before it writes it; this is a fault of Crosswalk, and nothing was written.",
    fix: "Report it with the cell that the file comes from; until then mark that statement with '# cw: skip'.",
  },
}));
