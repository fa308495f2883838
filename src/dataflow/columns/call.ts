import type { Arguments } from "../arguments.ts";
import { type ChangedColumns, derive, type Machine, note, useColumns, useWhole } from "../machine.ts";
import type { Value } from "../value.ts";
import { allColumns, only } from "./column-set.ts";
import { justRows, sameNames } from "./demand-map.ts";
import { labelsOf } from "./labels.ts";
import { joined, type Plan, planOf } from "./plan.ts";
import { sameRows } from "./shape.ts";
import { isOne } from "./store.ts";
import { groupKeys, isFrame } from "./tables.ts";

/** Runs a call, told what it changes if it works in place. */
type Run = (changed: ChangedColumns) => Value;

const everything: ChangedColumns = { columns: allColumns };

/** A method of what may be a table: notes which columns it reads and changes, and what its result is made of. */
export function methodOnTable(m: Machine, self: Value, attr: string, args: Arguments, run: Run): Value {
  if (self.type === "GroupBy" && self.by && /^(?:size|ngroup|cumcount)$/.test(attr)) {
    useColumns(m, self, self.by, attr);
    useAll(m, args.all, attr);
    return run(everything);
  }
  if (isFrame(self) && attr === "groupby") {
    const by = args.open ? undefined : groupKeys(m, args.positional[0] ?? args.named.get("by"));
    useAll(m, args.all, attr);
    if (by && !args.named.has("axis") && !args.named.has("level")) {
      useColumns(m, self, by, attr);
      return { ...run(everything), by };
    }
  }
  const plan = isFrame(self) ? planOf(m, attr, args, self) : undefined;
  return plan ? follow(m, self, attr, args, plan, run) : unplanned(m, self, attr, args, run);
}

/** A function of a library: the same. */
export function functionOnTables(m: Machine, callee: string, args: Arguments, run: Run): Value {
  const [first] = args.positional;
  if (callee === "len" && first && isFrame(first)) {
    useColumns(m, first, justRows, callee);
    return run(everything);
  }
  if (callee === "sklearn.model_selection.train_test_split") {
    // Its parts are made of the tables, which is noted where they are made.
    const others = args.all.filter((value) => !args.positional.includes(value) || !isFrame(value));
    useAll(m, args.open ? args.all : others, callee);
    return run(everything);
  }
  const plan = first && isFrame(first) ? functionPlan(m, callee, args, first) : undefined;
  return plan && first ? follow(m, first, callee, args, plan, run) : unplanned(m, undefined, callee, args, run);
}

function functionPlan(m: Machine, callee: string, args: Arguments, first: Value): Plan | undefined {
  const rest: Arguments = { ...args, positional: args.positional.slice(1) };
  const base = { uses: only([]), exists: only([]), others: [], changed: everything, shape: sameRows };
  switch (callee) {
    case "pandas.merge":
      return joined(m, rest, first);
    case "pandas.get_dummies": {
      const found = labelsOf(m.heap, args.named.get("columns"));
      if (!found || rest.positional.length > 0 || args.open) return undefined;
      const columns = only(found.labels);
      const map = { plus: columns, ...(found.sure ? { without: columns } : {}) };
      return { ...base, exists: columns, map, keepsRows: true, shape: { ...sameRows, columns: "open" } };
    }
    case "pandas.DataFrame":
    case "copy.copy":
    case "copy.deepcopy":
      return args.all.length === 1 ? { ...base, map: sameNames, keepsRows: true } : undefined;
    default:
      return undefined;
  }
}

function follow(m: Machine, self: Value, what: string, args: Arguments, plan: Plan, run: Run): Value {
  for (const table of [self, ...plan.others]) {
    useColumns(m, table, plan.uses, what);
    useColumns(m, table, plan.exists, what, true);
  }
  useAll(
    m,
    args.all.filter((value) => value !== self && !plan.others.includes(value)),
    what,
  );
  const given = args.named.get("inplace");
  const inPlace = given === undefined || given.constant === false ? "no" : given.constant === true ? "yes" : "perhaps";
  const sure = isOne(self) && inPlace !== "perhaps";
  const { columns } = plan.changed;
  const result = opened(m, what, run(sure ? plan.changed : { columns }));
  if (inPlace !== "no")
    for (const obj of self.objs)
      if (m.heap.get(obj).table) note(m, { kind: "change", obj, map: plan.map, shape: plan.shape, sure });
  if (inPlace === "yes") return result;
  for (const table of [self, ...plan.others]) derive(m, table, result, plan.map, what, plan.shape);
  if (plan.keepsRows && [...self.objs].every((id) => m.heap.get(id).solid))
    for (const id of result.objs) m.heap.get(id).solid = true;
  return result;
}

/** Which columns their results have depends on what stands in the rows. */
const opening = /^(?:pandas\.)?(?:get_dummies|crosstab|pivot_table|pivot|unstack)$/;

function unplanned(m: Machine, self: Value | undefined, what: string, args: Arguments, run: Run): Value {
  if (self) useWhole(m, self, what);
  useAll(m, args.all, what);
  return opened(m, what, run(everything));
}

function opened(m: Machine, what: string, result: Value): Value {
  if (opening.test(what)) for (const id of result.objs) m.heap.get(id).opened = true;
  return result;
}

function useAll(m: Machine, values: readonly Value[], what: string): void {
  for (const value of values) useWhole(m, value, what);
}
