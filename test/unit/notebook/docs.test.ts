import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cellMagics } from "../../../src/notebook/ipython/cell-magics.ts";
import { databricksCells } from "../../../src/notebook/ipython/databricks-cells.ts";
import { lineMagics } from "../../../src/notebook/ipython/line-magics.ts";
import { magicName } from "../../../src/notebook/ipython/policy.ts";
import { readOnlyCommands } from "../../../src/notebook/ipython/shell.ts";
import { defaultLimits } from "../../../src/notebook/read-notebook.ts";

const page = readFileSync(new URL("../../../docs/notebooks.md", import.meta.url), "utf8");

it("documents every row of the policy table as it is", () => {
  const rows = [
    ...lineMagics.map((row) => `| \`${magicName(row)}\` | ${row.policy} | ${row.why} |`),
    ...cellMagics.map((row) => `| \`${magicName(row)}\` | ${row.policy} | ${row.why} |`),
    ...databricksCells.map((row) => `| \`%${row.name}\` (Databricks) | ${row.policy} | ${row.why} |`),
  ];
  expect(page.split("\n").filter((line) => /^\| `%/.test(line))).toEqual(rows);
});

it("documents the read-only commands and the limits", () => {
  for (const command of readOnlyCommands) expect(page).toContain(`\`${command}\``);
  expect(page).toContain(`${defaultLimits.file / 2 ** 20} MB`);
  expect(page).toContain(`${defaultLimits.source / 2 ** 20} MB`);
});
