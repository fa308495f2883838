import fc from "fast-check";
import { expect, it } from "vitest";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { initPython, parseExpression, parseModule } from "../../../src/python/parse.ts";
import { moduleScopes, scopeProblems } from "../../../src/python/scopes.ts";
import { names, walkStmtExprs } from "../../../src/python/walk.ts";
import { cells } from "./damage.ts";

await initPython(nodeHost());

function check(text: string): ReturnType<typeof parseModule> {
  const module = parseModule(text);
  let last = 0;
  for (const stmt of module.body) {
    expect(stmt.span.start).toBeGreaterThanOrEqual(last);
    expect(stmt.span.end).toBeGreaterThanOrEqual(stmt.span.start);
    last = stmt.span.end;
  }
  expect(last).toBeLessThanOrEqual(text.length);
  expect(module.body.filter((stmt) => stmt.kind === "opaque")).toHaveLength(module.problems.length);
  for (const { span, message } of module.problems) {
    expect(span.start <= span.end && span.end <= text.length).toBe(true);
    expect(message).not.toBe("");
  }
  moduleScopes(module);
  scopeProblems(module.body);
  walkStmtExprs(module.body, names);
  return module;
}

const pieces =
  "( ) [ ] { } , : ; . = == := * ** -> @ \\ # \n \r \r\n \t \f \0 ' \" ''' \"\"\" f' f\" {x} rb' 1 1. 0x x def if else: for in lambda yield match case type print import from \u00a0 é 😀 \ud800 $ ? !".split(
    " ",
  );

it("any text is parsed: never throws, spans in order, one problem for each opaque statement", () => {
  const soup = fc.array(fc.constantFrom(...pieces, " ", "\n    ", "\n"), { maxLength: 40 }).map((all) => all.join(""));
  const text = fc.oneof(soup, fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 60 }));
  fc.assert(
    fc.property(text, (one) => void check(one)),
    { numRuns: 400, seed: 3 },
  );
});

it("any cut or doubled piece of real cells is parsed", () => {
  const cut = fc.tuple(fc.constantFrom(...cells), fc.nat(), fc.nat()).map(([cell, a, b]) => {
    const [from, to] = [a % cell.length, b % cell.length];
    return from < to ? cell.slice(0, from) + cell.slice(to) : cell.slice(to, from) + cell;
  });
  fc.assert(
    fc.property(cut, (one) => void check(one)),
    { numRuns: 200, seed: 5 },
  );
});

it("any expression text is answered", () => {
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(soup, (text) => {
      const { expr, problems } = parseExpression(text);
      expect(expr === undefined).toBe(problems.length > 0);
    }),
    { numRuns: 300, seed: 9 },
  );
});

const deep = "this statement is nested too deeply to be read";
it.each<[string, string, string | undefined]>([
  ["brackets", "(".repeat(20_000), "more than 200 brackets are open here"],
  ["calls", `${"f(".repeat(150)}1${")".repeat(150)}`, undefined],
  ["method chain", `x${".a()".repeat(5_000)}`, deep],
  ["sum", `x = ${"a + ".repeat(5_000)}a`, deep],
  ["sum that is fine", `x = ${"a + ".repeat(400)}a`, undefined],
  ["and", `x = ${"a and ".repeat(5_000)}a`, undefined],
  ["assignment", `${"a = ".repeat(5_000)}1`, undefined],
  ["not", `${"not ".repeat(5_000)}a`, deep],
  ["lambda", `${"lambda: ".repeat(5_000)}a`, deep],
  ["choice", `${"a if b else ".repeat(5_000)}a`, deep],
  ["strings", `(${'"a"\n'.repeat(5_000)})`, undefined],
  ["elif", `if a: b\n${"elif c: d\n".repeat(5_000)}`, "more than 400 elif clauses; use a dict"],
  [
    "indents",
    Array.from({ length: 200 }, (_, i) => `${" ".repeat(i)}if x:`).join("\n"),
    "more than 100 levels of indentation",
  ],
  ["f-strings", `${'f"{'.repeat(25)}x${'}"'.repeat(25)}`, undefined],
])("deep nesting has an end: %s", (_name, text, message) => {
  expect(check(text).problems[0]?.message).toBe(message);
});

function seconds(text: string): number {
  const start = performance.now();
  check(text);
  return (performance.now() - start) / 1000;
}
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

it.each<[string, (i: number) => string]>([
  ["plain", (i) => `x${i} = df["c${i % 50}"].mean() + ${i}`],
  ["unclosed brackets", (i) => `x${i} = foo(${i}`],
  ["broken", (i) => `x${i} = = ${i}`],
  ["unclosed strings", (i) => `x${i} = 'foo`],
  ["unclosed f-strings", (i) => `x${i} = f"{`],
  ["unclosed long f-strings", (i) => `f"""{x${i}`],
  ["type parameters", () => "def f[T=int](): pass"],
  ["prose", (i) => `this isn't Python but some prose, line ${i}`],
])("time grows with the length, not with its square: %s", { timeout: 60_000 }, (_name, line) => {
  seconds(lines(300, line));
  const small = Math.max(seconds(lines(1_000, line)), 0.02);
  const large = seconds(lines(4_000, line));
  // Four times the text; sixteen times the time would be quadratic.
  expect(large / small).toBeLessThan(11);
});

it("one broken line in 20,000 costs its own line only", { timeout: 60_000 }, () => {
  const text = lines(20_000, (i) => (i === 10_000 ? "x = (" : `x${i} = ${i}`));
  const module = check(text);
  expect(module.body).toHaveLength(20_000);
  expect(module.problems).toHaveLength(1);
});
