import { expect, it } from "vitest";
import { flowOf } from "../compiler-core/kit.ts";

/** Classes on a library that nobody knows, each of whose methods may call all of them: every call reaches every other. */
function web(classes: number): string {
  const methods = ["build", "call", "update", "result", "config"];
  const text = Array.from({ length: classes }, (_, i) => {
    const body = methods.map(
      (name) =>
        `    def ${name}(self, x, y=None):\n        a = super().${name}(x)\n        b = self.inner(a, y)\n        return self.add(b, self.loss(a, x))\n`,
    );
    return `class C${i}(kit.Layer):\n    def __init__(self, n):\n        super().__init__(n)\n        self.inner = C${Math.max(0, i - 1)}(n)\n${body.join("")}`;
  });
  const uses = Array.from(
    { length: classes },
    (_, i) => `m${i} = kit.Sequence([C${i}(1), C${i}(2)])\nm${i}.fit(rows)\n`,
  );
  return `import kit\nrows = kit.rows()\n${text.join("")}${uses.join("")}`;
}

it("a web of methods that all may call each other is given up on, not followed for minutes", () => {
  const start = process.cpuUsage();
  const flow = flowOf(web(6));
  // Time of the processor: other work on the machine does not count.
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(20_000);
  const last = flow.facts.at(-1);
  // Given up on, the call still counts as a change of all that it may reach.
  expect(last?.mutates.has("m5")).toBe(true);
  expect(last?.trace.deps.size).toBeGreaterThan(0);
});
