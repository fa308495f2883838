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

/** A model class of an unknown library that is fitted and asked again and again. */
function asked(times: number): string {
  const rounds = Array.from(
    { length: times },
    (_, i) =>
      `h${i} = model.fit([x${i % 5}, x${(i + 1) % 5}], callbacks=[kit.Stop(${i})])\np${i} = model.predict((x0, h${i}))\n`,
  );
  const rows = Array.from({ length: 5 }, (_, i) => `x${i} = kit.rows(${i})\n`);
  return `import kit\n${rows.join("")}class Deep(kit.Model):\n    def __init__(self, n):\n        super().__init__(n)\n        self.a = kit.Dense(n)\n        self.b = kit.Dense(1)\n    def call(self, inputs):\n        wide, deep = inputs\n        one = self.a(wide)\n        two = self.b(one)\n        both = kit.join([one, two])\n        return self.a(both), self.b(deep)\nmodel = Deep(3)\n${rounds.join("")}`;
}

it("what an unknown library is given together is one web, not one web per call", () => {
  const start = performance.now();
  const flow = flowOf(asked(20));
  expect(performance.now() - start).toBeLessThan(20_000);
  const last = flow.facts.at(-2);
  for (const name of ["model", "x0", "h1"]) expect(last?.mutates.has(name)).toBe(true);
  let edges = 0;
  for (let id = 0; id < flow.heap.size; id++) edges += flow.heap.get(id).contents.size;
  expect(edges).toBeLessThan(4 * flow.heap.size);
});

/** Data sets of an unknown library that are made of each other, each by a function which asks the library again. */
function piped(times: number): string {
  const lines = Array.from(
    { length: times },
    (_, i) =>
      `d${i + 1} = d${i}.map(lambda x: kit.pad(d0.take(1), kit.more(d${i}, x)))\nd${i + 1} = d${i + 1}.flat(lambda s: s.map(lambda p: kit.text(p, d${i}).skip(1)))\n`,
  );
  return `import kit\napart = [1]\ntold = {}\ndef note(x):\n    told["last"] = x\n    return kit.keep(x)\nd0 = kit.read("a").map(note)\n${lines.join("")}len(apart)\n`;
}

it("a library that is handed code, which hands code on to it, is not followed for minutes", () => {
  const start = process.cpuUsage();
  const flow = flowOf(piped(12));
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(20_000);
  const facts = flow.facts.slice(-10, -1);
  // Every call still counts as a change of what the code that was handed over reads, and of all that it changes.
  for (const { mutates } of facts) for (const name of ["d0", "told"]) expect(mutates.has(name)).toBe(true);
  // Where calls were given up for all, whatever has a name may have changed, even what was handed to nobody.
  expect(facts.some(({ mutates }) => mutates.has("apart"))).toBe(true);
});

it("where calls are given up for all, each statement inside a compound one still needs those whose names its code may read", () => {
  const text = `${piped(6)}if apart:
    e = d6.map(lambda x: kit.pad(d0.take(1), kit.more(d6, x)))
    f = e.flat(lambda s: s.map(lambda p: kit.text(p, d6).skip(1)))
    scale = 2.5
    g = f.map(lambda x: kit.times(x, scale))
`;
  const flow = flowOf(text);
  const parts = flow.parts.filter(({ unit }) => unit === flow.facts.at(-1)?.unit.id);
  const [scale, g] = parts.slice(-2);
  expect(g?.needs.has(scale?.id ?? -1)).toBe(true);
});
