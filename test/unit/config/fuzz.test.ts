import fc from "fast-check";
import { expect, it } from "vitest";
import { knownTargets } from "../../../src/compiler/known-targets.ts";
import { checkTargetOptions } from "../../../src/compiler/schema.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import { namesIn, repository, textOf } from "./judges.ts";

const seeds = (["good", "bad", "bad-semantic"] as const).flatMap((kind) =>
  namesIn(kind).map((name) => Buffer.from(textOf(kind, name))),
);
const pieces = [
  "\t",
  "\0",
  "&a ",
  "*a",
  "- ",
  ": ",
  "? ",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "|\n",
  ">-\n",
  "#",
  "!!str ",
  "!x ",
  "<<: ",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "\r",
  "\ufeff",
  "\u2028",
  "__proto__: 1\n",
  "constructor: 1\n",
  "~",
  "0x",
  ".inf",
  "\ud83c",
  "\\",
  "../",
  "*",
  "**/",
  "1e999",
  "\n  ",
];

const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("cut", "insert", "byte", "copy"),
  length: fc.integer({ min: 0, max: 30 }),
  piece: fc.constantFrom(...pieces),
  byte: fc.integer({ min: 0, max: 255 }),
});

/** `from` with a few bytes cut, inserted, changed or repeated. */
function mutate(from: Buffer, edits: readonly (typeof edit extends fc.Arbitrary<infer T> ? T : never)[]): Uint8Array {
  let bytes = from;
  for (const { at, kind, length, piece, byte } of edits) {
    const start = at % (bytes.length + 1);
    const [before, after] = [bytes.subarray(0, start), bytes.subarray(start)];
    if (kind === "cut") bytes = Buffer.concat([before, after.subarray(length)]);
    else if (kind === "insert") bytes = Buffer.concat([before, Buffer.from(piece), after]);
    else if (kind === "byte") bytes = Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    else bytes = Buffer.concat([before, after.subarray(0, length), after]);
  }
  return bytes;
}

it("never throws, always places what it says, and gives no model where it says an error of the root", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (from, edits) => {
      const host = repository(mutate(from, edits));
      const { value, diagnostics } = loadWorkspace(host, ".");
      const said = [...diagnostics, ...(value ? checkTargetOptions(value, knownTargets) : [])];
      if (said.length > 0) refused++;
      for (const { place, message, fix } of said) {
        expect(`${message}${fix}`).not.toMatch(/undefined|\[object|\{(?:where|key|value|fix)\}/);
        if (place) {
          expect(place.line).toBeGreaterThanOrEqual(1);
          expect(place.endLine).toBeGreaterThanOrEqual(place.line);
          expect(place.column).toBeGreaterThanOrEqual(1);
        }
      }
      for (const model of value?.models ?? []) {
        expect(model.notebooks.length).toBeGreaterThan(0);
        for (const path of [model.out, ...model.notebooks]) expect(path).not.toMatch(/^(?:\/|\.\.(?:\/|$))/);
        model.place("data", "x", 0, "__proto__");
      }
      expect(host.touched).toEqual([]);
    }),
    { seed: 20_240_601, numRuns: 1500 },
  );
  expect(refused).toBeGreaterThan(700);
});
