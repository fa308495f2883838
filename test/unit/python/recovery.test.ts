import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import { cells, damages } from "./damage.ts";
import { dumpStmts } from "./oracle.ts";

/** How many of the other statements are found exactly, and in order, when each statement in turn is broken. */
function survival(name: string): { others: number; found: number; problems: number[] } {
  let others = 0;
  let found = 0;
  const problems: number[] = [];
  for (const cell of cells) {
    const whole = parseModule(cell);
    expect(whole.problems).toEqual([]);
    for (const victim of whole.body) {
      const broken = damages[name]?.(cell.slice(victim.span.start, victim.span.end));
      if (broken === undefined) continue;
      const text = cell.slice(0, victim.span.start) + broken + cell.slice(victim.span.end);
      const parsed = parseModule(text);
      if (parsed.problems.length === 0) continue;
      problems.push(parsed.problems.length);
      const rest = whole.body.filter((one) => one !== victim).map((one) => JSON.stringify(dumpStmts([one])));
      const got = parsed.body.map((one) => JSON.stringify(dumpStmts([one])));
      let from = 0;
      for (const one of rest) {
        const at = got.indexOf(one, from);
        if (at >= 0) {
          found++;
          from = at + 1;
        }
      }
      others += rest.length;
    }
  }
  return { others, found, problems };
}

it.each(Object.keys(damages))("one broken statement leaves at least 19 of 20 others: %s", (name) => {
  const { others, found } = survival(name);
  expect(others).toBeGreaterThan(30);
  expect(found / others).toBeGreaterThanOrEqual(0.95);
});

it("most broken statements give exactly one problem", () => {
  const all = Object.keys(damages).flatMap((name) => survival(name).problems);
  expect(all.filter((count) => count === 1).length / all.length).toBeGreaterThan(0.9);
});

it.each([
  ["x = foo(1\ny = 2\n", ["opaque", "assign"]],
  ["x = [1,\n  2\nprint(x)\nz = 1\n", ["opaque", "expr", "assign"]],
  ["a = 1\nif a\n    b = 2\nc = 3\n", ["assign", "opaque", "assign"]],
  ["x = \ny = 2\n", ["opaque", "assign"]],
  ["def f():\n    return (1\n\ny = 2\n", ["opaque", "assign"]],
  ["try:\n    x = (\nexcept E:\n    pass\ny = 1\n", ["opaque", "assign"]],
  ["@deco(\ndef f(): pass\nx = 1\n", ["opaque", "function", "assign"]],
  ["s = '''abc\nx = 1\ny = 2\n", ["opaque", "assign", "assign"]],
  ["f(a=1,\nb=2)\n$\n", ["expr", "opaque"]],
  ["  x = 1\ny = 2\n", ["opaque", "assign"]],
])("breaks %j into %j", (text, kinds) => {
  expect(parseModule(text).body.map((stmt) => stmt.kind)).toEqual(kinds);
});

it("an opaque statement covers its own text and no more", () => {
  const text = "a = 1\nx = foo(1, # why\n\nb = 2\n";
  const module = parseModule(text);
  const spans = module.body.map((stmt) => text.slice(stmt.span.start, stmt.span.end));
  expect(spans).toEqual(["a = 1", "x = foo(1, # why", "b = 2"]);
  expect(module.comments.map((one) => one.text)).toEqual(["# why"]);
});
