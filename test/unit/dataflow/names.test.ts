import fc from "fast-check";
import { expect, it } from "vitest";
import { type NameSnapshot, nameTable } from "../../../src/dataflow/names.ts";

interface Thing {
  readonly n: number;
}

const action = fc.oneof(
  fc.record({ what: fc.constant("set" as const), name: fc.integer({ min: 0, max: 80 }), n: fc.nat(9) }),
  fc.record({ what: fc.constant("delete" as const), name: fc.integer({ min: 0, max: 80 }) }),
  fc.record({ what: fc.constant("snapshot" as const) }),
  fc.record({ what: fc.constant("restore" as const), which: fc.nat(20) }),
);

it("a table of names behaves like a map that is copied at each snapshot", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const table = nameTable<Thing>();
      let model = new Map<string, Thing>();
      const kept: (readonly [NameSnapshot<Thing>, ReadonlyMap<string, Thing>])[] = [];
      for (const one of actions) {
        if (one.what === "set") {
          const thing = { n: one.n };
          table.set(`n${one.name}`, thing);
          model.set(`n${one.name}`, thing);
        } else if (one.what === "delete") {
          table.delete(`n${one.name}`);
          model.delete(`n${one.name}`);
        } else if (one.what === "snapshot") kept.push([table.snapshot(), new Map(model)]);
        else {
          const found = kept[one.which % Math.max(kept.length, 1)];
          if (!found) continue;
          table.restore(found[0]);
          model = new Map(found[1]);
        }
      }
      const sorted = (all: Iterable<readonly [string, Thing]>) => [...all].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(sorted(table)).toEqual(sorted(model));
      expect(table.size).toBe(model.size);
      for (const [snapshot, copy] of kept) {
        expect(sorted(snapshot)).toEqual(sorted(copy));
        expect(snapshot.size).toBe(copy.size);
        for (const name of model.keys()) expect(snapshot.get(name)).toBe(copy.get(name));
        const differ = new Set([...model.keys(), ...copy.keys()].filter((name) => model.get(name) !== copy.get(name)));
        const found = [...table.differences(snapshot)];
        expect(new Set(found.map(([name]) => name))).toEqual(differ);
        for (const [name, here, there] of found) {
          expect(here).toBe(model.get(name));
          expect(there).toBe(copy.get(name));
        }
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});

it("more names than one level holds are kept in the order of their first binding", () => {
  const table = nameTable<Thing>();
  const low = table.snapshot();
  for (let n = 0; n < 40_000; n++) table.set(`n${n}`, { n });
  expect([...table.keys()].slice(0, 3)).toEqual(["n0", "n1", "n2"]);
  expect(table.get("n39999")).toEqual({ n: 39_999 });
  expect([...low]).toEqual([]);
  table.restore(low);
  expect(table.get("n5")).toBeUndefined();
  table.set("n5", { n: 1 });
  expect([...table]).toEqual([["n5", { n: 1 }]]);
});
