import { expect } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { dumpStmts } from "./oracle.ts";

/** The tree of a text without problems, as CPython's `ast` would tell it. */
export function dump(text: string): unknown {
  const module = parseModule(text);
  expect(module.problems).toEqual([]);
  return dumpStmts(module.body);
}

/** A name, an integer and a body of one `pass`, as `dump` tells them. */
export const n = (id: string) => ["name", id];
export const i = (value: number) => ["int", `0x${value.toString(16)}`];
export const pass = [["pass"]];
