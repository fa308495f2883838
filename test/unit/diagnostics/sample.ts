import type { Diagnostic, Place } from "../../../src/diagnostics/diagnostic.ts";
import type { FormatContext } from "../../../src/diagnostics/formats/context.ts";

/** Diagnostics that every format must cope with: in a cell, in a file, nowhere, and with hostile text. */
export const inCell: Place = {
  file: "notebooks/train.ipynb",
  cell: 3,
  cellId: "abc",
  line: 2,
  column: 1,
  endLine: 2,
  endColumn: 8,
  fileLine: 57,
  excerpt: ["df['x'] = df['y']"],
};

export const inFile: Place = {
  file: "crosswalk.yaml",
  line: 4,
  column: 3,
  endLine: 4,
  endColumn: 9,
  fileLine: 4,
  excerpt: ["  notbooks: [a.ipynb]"],
};

export const samples: readonly Diagnostic[] = [
  {
    code: "CW9001",
    slug: "internal-error",
    severity: "error",
    message: "Feature 'x' depends on label 'y'.",
    place: inCell,
    fix: "compute it after the split.",
    related: [{ message: "label defined here", place: { ...inCell, cell: 2, cellId: "def", line: 1, fileLine: 31 } }],
  },
  {
    code: "CW0010",
    slug: "config-unknown-key",
    severity: "warning",
    message: '`notbooks` is not a key: 100 %, <b> & "c".\nSecond line.',
    place: inFile,
    fix: "did you mean `notebooks`.",
    related: [],
  },
  {
    code: "acme/no-owner",
    slug: "no-owner",
    severity: "note",
    message: "escape \u001b[31m, rtl \u202e, nul \u0000, lone \ud800.",
    fix: "name an owner.",
    related: [],
  },
];

export const context: FormatContext = { version: "1.2.3", color: false, width: 100, exitCode: 1 };
