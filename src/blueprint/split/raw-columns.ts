import { type ColumnSet, has, minus, only, union } from "../../dataflow/columns/column-set.ts";
import type { Expr } from "../../python/ir.ts";
import { serving } from "./combine.ts";
import { axisIsColumns, type Known, locatedColumns, tablesBeside, textsOf, transparent } from "./demand.ts";
import type { Cut } from "./graph.ts";
import { rewritten } from "./names.ts";

/**
 * A raw row has not all the columns that training had: nobody sends the label. Lists of columns hold no more than is asked for,
 * and of a list that training made only what is there is taken, where the table may lack the label.
 */
export interface Absent {
  readonly known: Known;
  /** The labels that a version may have in training, and may lack for a raw row. */
  labelsOf(version: string): ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/** Stands for a label whose name only the data can tell. */
export const hiddenLabel = "";

/** Labels that a table has in training, by the code that makes it. */
export function labelsIn(code: Expr, absent: Absent): ReadonlySet<string> {
  const { known } = absent;
  switch (code.kind) {
    case "name":
      return code.id.includes("#") ? absent.labelsOf(code.id) : nothing;
    case "subscript": {
      const located = locatedColumns(code);
      const base = labelsIn(located?.frame ?? code.value, absent);
      const names = textsOf(located?.columns ?? code.index, known);
      return names ? new Set(names.filter((name) => base.has(name))) : base;
    }
    case "call": {
      const { func } = code;
      if (func.kind === "name" && /^%(?:present|as_table)$/.test(func.id) && code.args[0])
        return labelsIn(code.args[0], absent);
      if (func.kind !== "attribute") return nothing;
      const beside = tablesBeside(code);
      if (beside) return new Set(beside.flatMap((part) => [...labelsIn(part, absent)]));
      const base = labelsIn(func.value, absent);
      if (func.attr === "drop") {
        const names = textsOf(droppedBy(code), known) ?? [];
        return new Set([...base].filter((name) => !names.includes(name)));
      }
      return transparent.has(func.attr) || /^(?:merge|join|assign|rename)$/.test(func.attr) ? base : nothing;
    }
    default:
      return nothing;
  }
}

/** What `drop` leaves out, where it is columns. */
export function droppedBy(code: Expr & { kind: "call" }): Expr | undefined {
  return (
    code.keywords.find(({ name }) => name === "columns")?.value ?? (axisIsColumns(code) ? code.args[0] : undefined)
  );
}

/** A list of columns, written or kept by training, without those that nobody asks for; undefined where all of it is asked for. */
function shortened(list: Expr, columns: ColumnSet, absent: Absent): Expr | undefined {
  if (list.kind === "list") {
    const names = textsOf(list, absent.known);
    const items = list.items.filter((_item, i) => has(columns, names?.[i] ?? ""));
    return names && items.length < names.length ? { ...list, items } : undefined;
  }
  if (list.kind !== "name") return undefined;
  const cut = absent.known.cuts.get(list.id);
  const names = isList(cut) ? cut?.texts : undefined;
  const asked = names?.filter((name) => has(columns, name));
  if (!asked || asked.length === names?.length) return undefined;
  const { span } = list;
  return { kind: "list", items: asked.map((value): Expr => ({ kind: "constant", type: "str", value, span })), span };
}

/** The code with lists of columns of which nothing is left that nobody asks for. */
export function narrowed(code: Expr, columns: ColumnSet, absent: Absent): Expr {
  if (code.kind === "subscript") {
    const list = locatedColumns(code)?.columns ?? code.index;
    const asked = shortened(list, columns, absent);
    return asked ? { ...code, index: rewritten(code.index, (one) => (one === list ? asked : undefined)) } : code;
  }
  if (code.kind !== "call" || code.func.kind !== "attribute") return code;
  const { func } = code;
  const [list, ...rest] = code.args;
  if (list?.kind === "list" && tablesBeside(code))
    return { ...code, args: [{ ...list, items: list.items.map((item) => narrowed(item, columns, absent)) }, ...rest] };
  const inner = (asked: ColumnSet): Expr => ({
    ...code,
    func: { ...func, value: narrowed(func.value, asked, absent) },
  });
  if (func.attr === "drop") {
    const names = textsOf(droppedBy(code), absent.known);
    return names ? inner(minus(columns, only(names))) : code;
  }
  // A column that is changed by its name must be there.
  const byName = [...code.args, ...code.keywords.map(({ value }) => value)].some(({ kind }) => kind === "dict");
  if (func.attr === "merge" || func.attr === "join") {
    const by = textsOf(code.keywords.find(({ name }) => name === "left_on" || name === "on")?.value, absent.known);
    return by ? inner(union(columns, only(by))) : code;
  }
  return transparent.has(func.attr) && func.attr !== "reindex" && !byName ? inner(columns) : code;
}

/** One value of training that can list columns: no text, and none for each turn of a loop. */
function isList(cut: Cut | undefined): boolean {
  return cut !== undefined && cut.keys.length === 0 && !/^(?:str|unknown-scalar|int|bool|float)$/.test(cut.type);
}

/** The code with `present(columns, table)` where training's list may name a column that a raw row lacks. */
export function tolerant(code: Expr, absent: Absent): Expr {
  return rewritten(code, (one) => {
    if (one.kind !== "subscript" || one.index.kind !== "name") return undefined;
    const cut = absent.known.cuts.get(one.index.id);
    if (!cut || !isList(cut)) return undefined;
    const value = tolerant(one.value, absent);
    const mayName = [...labelsIn(value, absent)].some((label) => cut.texts?.includes(label) ?? true);
    return { ...one, value, index: mayName ? serving(one, "present", [one.index, value]) : one.index };
  });
}
