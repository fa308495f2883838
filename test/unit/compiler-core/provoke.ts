import { expect, it } from "vitest";
import { catalogue } from "../../../src/diagnostics/catalogue.ts";
import { compileNotebook, type Repository } from "./kit.ts";

/** A notebook that provokes a code at an exact place, and a twin that is all right. */
export interface Provocation {
  /** `CW2003 2:1:9`: code, cell, line, column; `-` for what is not in a notebook. */
  readonly says: string;
  readonly bad: string;
  /** The innocent twin. */
  readonly good: string;
  readonly files?: Repository["files"];
  readonly config?: string;
  /** What the twin has in place of `files` or `config`. */
  readonly goodFiles?: Repository["files"];
  readonly goodConfig?: string;
  /** A part of the message. */
  readonly message?: string;
}

/** Registers two tests for each provocation, and one that no code of the range is left out. */
export function provoke(range: string, table: readonly Provocation[], elsewhere: readonly string[] = []): void {
  it.each(table)("$says", async ({ says, bad, message, files = {}, config }) => {
    const { diagnostics, said, compiled } = await compileNotebook(bad, { files, ...(config ? { config } : {}) });
    expect(said).toContain(says);
    const found = diagnostics[said.indexOf(says)];
    if (message !== undefined) expect(found?.message).toContain(message);
    expect(`${found?.message} ${found?.fix}`).not.toMatch(/\{\w+\}|undefined/);
    // Nothing is ever made of a notebook with errors.
    if (found?.severity === "error") expect(compiled?.files ?? []).toEqual([]);
  });
  it.each(table)("not $says", async ({ says, good, goodFiles, goodConfig, files, config }) => {
    const settings = goodConfig ?? config;
    const twin = { files: goodFiles ?? files ?? {}, ...(settings ? { config: settings } : {}) };
    const { said, compiled } = await compileNotebook(good, twin);
    expect(said.filter((d) => d.startsWith(says.slice(0, 6)))).toEqual([]);
    expect(compiled?.files.length).toBeGreaterThan(20);
  });
  it(`every code of ${range}xx is provoked`, () => {
    const mine = Object.keys(catalogue()).filter((code) => code.startsWith(range));
    const shown = new Set([...table.map((p) => p.says.slice(0, 6)), ...elsewhere]);
    expect(mine.filter((code) => !shown.has(code))).toEqual([]);
  });
}
