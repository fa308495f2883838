import fc from "fast-check";
import { expect, it } from "vitest";
import {
  allBut,
  allColumns,
  beforeRename,
  type ColumnSet,
  complement,
  contains,
  has,
  intersect,
  isAll,
  isEmpty,
  minus,
  noColumns,
  only,
  overlaps,
  sameColumns,
  union,
  unionAll,
} from "../../../../src/dataflow/columns/column-set.ts";

// Three labels that the sets may name and one that none of them does.
const named = ["a", "b", "c"];
const universe = [...named, "another"];
const members = (set: ColumnSet): readonly string[] => universe.filter((label) => has(set, label));
const set = fc
  .tuple(fc.boolean(), fc.subarray(named))
  .map(([cofinite, labels]) => (cofinite ? allBut(labels) : only(labels)));
const check = (property: fc.IPropertyWithHooks<[ColumnSet, ColumnSet]>) => fc.assert(property, { seed: 7 });
const pair = (judge: (a: ColumnSet, b: ColumnSet) => void) => check(fc.property(set, set, judge));

it("unites, intersects and subtracts as sets do", () => {
  pair((a, b) => {
    expect(members(union(a, b))).toEqual(universe.filter((x) => has(a, x) || has(b, x)));
    expect(members(intersect(a, b))).toEqual(universe.filter((x) => has(a, x) && has(b, x)));
    expect(members(minus(a, b))).toEqual(universe.filter((x) => has(a, x) && !has(b, x)));
    expect(members(complement(a))).toEqual(universe.filter((x) => !has(a, x)));
    expect(members(unionAll([a, b, a]))).toEqual(members(union(a, b)));
  });
});

it("is a Boolean algebra: each law gives the same set, not only the same members", () => {
  fc.assert(
    fc.property(set, set, set, (a, b, c) => {
      const laws: readonly (readonly [ColumnSet, ColumnSet])[] = [
        [union(a, b), union(b, a)],
        [intersect(a, union(b, c)), union(intersect(a, b), intersect(a, c))],
        [union(a, intersect(b, c)), intersect(union(a, b), union(a, c))],
        [complement(union(a, b)), intersect(complement(a), complement(b))],
        [union(a, complement(a)), allColumns],
        [intersect(a, complement(a)), noColumns],
        [union(a, noColumns), a],
        [intersect(a, allColumns), a],
      ];
      for (const [left, right] of laws) expect(sameColumns(left, right)).toBe(true);
    }),
    { seed: 7 },
  );
});

it("answers questions as sets do", () => {
  pair((a, b) => {
    expect(overlaps(a, b)).toBe(members(intersect(a, b)).length > 0);
    expect(contains(a, b)).toBe(members(minus(b, a)).length === 0);
    expect(sameColumns(a, b)).toBe(members(a).join() === members(b).join());
    expect(isEmpty(a)).toBe(members(a).length === 0);
    expect(isAll(a)).toBe(members(a).length === universe.length);
  });
});

it.each([
  ["a column that is renamed", only(["b"]), { a: "b" }, only(["a", "b"])],
  ["a column that the rename takes away", only(["a"]), { a: "b" }, noColumns],
  ["two that change names", only(["a"]), { a: "b", b: "a" }, only(["b"])],
  ["all", allColumns, { a: "b" }, allColumns],
  ["all but a new name", allBut(["b"]), { a: "b" }, allBut(["a", "b"])],
  ["all but an old name", allBut(["a"]), { a: "b" }, allColumns],
])("goes back through a rename: %s", (_what, demanded, names, expected) => {
  expect(beforeRename(demanded, new Map(Object.entries(names)))).toEqual(expected);
});

it("goes back through a rename: what is made of a demanded column is demanded, and nothing else", () => {
  fc.assert(
    fc.property(set, fc.dictionary(fc.constantFrom(...named), fc.constantFrom(...named)), (demanded, names) => {
      const before = beforeRename(demanded, new Map(Object.entries(names)));
      expect(members(before)).toEqual(universe.filter((old) => has(demanded, names[old] ?? old)));
    }),
    { seed: 7 },
  );
});
