import type { Span } from "../foundation/span.ts";
import type { Expr } from "../python/ir.ts";
import { choiceOf, readColumn, rowsLens, selectColumns, selected, selectRows } from "./columns/tables.ts";
import { sureItems } from "./elements.ts";
import { elementOf, isOfLibraries, type Lens } from "./heap.ts";
import { derive, fresh, type Machine, mutate, readToken, tagsOf, useColumns, useWhole, viewOf } from "./machine.ts";
import { operate } from "./operate.ts";
import { rowsAfter } from "./rows.ts";
import { describe } from "./targets.ts";
import { plain, tag, type Value } from "./value.ts";

/** Types whose subscripts say themselves what they read. */
const handled = new Set(["DataFrame", "column-or-frame", "list", "tuple", "dict", "GroupBy"]);

/** What stands in brackets of a value: an element, a part that may share its storage, or a copy. `which`: the indexer, if it is one. */
export function subscript(m: Machine, base: Value, index: Value, indexExpr: Expr, span: Span, which: string): Value {
  operate(m, base);
  if (!handled.has(base.type) && !(base.type === "indexer" && base.exact)) useWhole(m, base, describe(indexExpr));
  const tags = tagsOf(m, base) & ~tag.fitted;
  if (base.member !== undefined) {
    // numpy's c_, r_ and the like make arrays; any other library object may give anything.
    const type = /^numpy\.(?:c_|r_|mgrid|ogrid)$/.test(base.member) ? "ndarray" : "unknown";
    if (base.member === "numpy.s_" || base.member === "numpy.index_exp") return plain("slice");
    return { type, objs: new Set([fresh(m, span, type, [index]).id]), tags: tags | index.tags };
  }
  const shares = m.knowledge.isTable(base.type) || base.type === "indexer";
  const view = (type: string, rows = base.rows, lens?: Lens): Value => ({
    type,
    objs: shares ? viewOf(m, base, type, span, lens) : type === "unknown-pure" ? m.heap.reach(base.objs) : base.objs,
    tags,
    ...(rows === undefined ? {} : { rows }),
    ...(type === "DataFrame" ? { exact: true as const } : {}),
  });
  switch (base.type) {
    case "tuple":
    case "list": {
      const items = sureItems(m, base);
      if (items && typeof index.constant === "number") {
        const at = index.constant < 0 ? items.length + index.constant : index.constant;
        const item = items[at];
        if (item) return item;
      }
      const element = indexExpr.kind === "slice" ? undefined : elementOf(m.heap, base);
      if (!element)
        return { type: base.type, objs: new Set([fresh(m, span, base.type, [elementOf(m.heap, base)]).id]), tags };
      return { ...element, tags: element.tags | tags };
    }
    case "dict": {
      // A look at a missing key of a defaultdict makes the entry.
      mutate(
        m,
        [...base.objs].filter((id) => m.heap.get(id).type === "defaultdict"),
        "an entry",
      );
      const element = elementOf(m.heap, base);
      return { ...element, tags: element.tags | tags };
    }
    case "DataFrame":
      return frameSubscript(m, base, index, tags, span, view);
    case "column-or-frame": {
      useWhole(m, base, "a part");
      if (typeof index.constant === "string" || index.type === "str" || index.type === "int") return view("Series");
      const copy = (rows: string | undefined, bits: number): Value => ({
        type: "DataFrame",
        objs: new Set([fresh(m, span, "DataFrame").id]),
        tags: bits,
        ...(rows === undefined ? {} : { rows }),
      });
      if (index.type === "list" || index.type === "Index") return copy(base.rows, tags);
      if (m.knowledge.isTable(index.type)) return copy(rowsAfter(m, span, base.rows), tags | index.tags);
      if (index.type === "slice") return view("DataFrame", rowsAfter(m, span, base.rows));
      return view("column-or-frame");
    }
    case "Series": {
      if (index.type === "slice") return view("Series", rowsAfter(m, span, base.rows));
      if (index.type === "list" || m.knowledge.isTable(index.type))
        return {
          type: "Series",
          objs: new Set([fresh(m, span, "Series").id]),
          tags: tags | index.tags,
          rows: rowsAfter(m, span, base.rows),
        };
      // An element: a scalar, or whatever an object column holds.
      return { ...plain("unknown-scalar", tags), objs: base.objs };
    }
    case "indexer": {
      if (base.exact) return indexerSubscript(m, base, index, indexExpr, span, which, view);
      const parts = indexExpr.kind === "tuple" ? (index.items ?? []) : [index];
      const column = parts[1];
      const many = (value: Value | undefined): boolean =>
        value !== undefined && (value.type === "list" || value.type === "slice" || m.knowledge.isTable(value.type));
      const rows =
        parts[0]?.type === "slice" && indexExpr.kind === "tuple" && isFullSlice(indexExpr.items[0])
          ? base.rows
          : rowsAfter(m, span, base.rows);
      if (many(parts[0]) && many(column)) return view("DataFrame", rows);
      if (many(parts[0]) && typeof column?.constant === "string") return view("Series", rows);
      if (many(parts[0]) && column === undefined) return view("unknown-frame", rows);
      return view("unknown-frame", rows);
    }
    case "unknown":
      return { type: "unknown", objs: m.heap.reach(base.objs), tags: base.tags };
    default: {
      if (base.member === "os.environ") {
        readToken(m, "environment");
        return plain("str");
      }
      const effect = m.knowledge.subscriptEffect(base.type);
      if (!effect) {
        const objs = m.heap.reach(base.objs);
        const isTold = m.knowledge.typeInfo(base.type) !== undefined && isOfLibraries(m.heap, objs);
        return { type: isTold ? "unknown-pure" : "unknown", objs, tags };
      }
      if (effect.display || m.knowledge.isImmutable(effect.returns)) return plain(effect.returns, tags);
      if (base.type === "GroupBy") return selected(m, base, index);
      const [first] = indexExpr.kind === "tuple" ? indexExpr.items : [];
      const isAll = first ? isFullSlice(first) : index.type !== "slice" && !m.knowledge.isTable(index.type);
      const rows = isAll ? base.rows : rowsAfter(m, span, base.rows);
      return effect.view
        ? view(effect.returns, rows)
        : { type: effect.returns, objs: new Set([fresh(m, span, effect.returns).id]), tags };
    }
  }
}

/** Makes a value that may share elements with the table that is subscripted. */
type View = (type: string, rows?: string, lens?: Lens) => Value;

/** `df[…]`: a column, several, or some rows. */
function frameSubscript(m: Machine, base: Value, index: Value, tags: number, span: Span, view: View): Value {
  const isTable = m.knowledge.isTable(index.type);
  if (index.type === "list" || isTable) {
    const chooses = index.type === "list" || index.type === "Index";
    const rows = chooses ? base.rows : rowsAfter(m, span);
    const copy: Value = {
      type: "DataFrame",
      objs: new Set([fresh(m, span, "DataFrame").id]),
      tags: chooses ? tags : tags | index.tags,
      exact: true,
      ...(rows === undefined ? {} : { rows }),
    };
    if (chooses) selectColumns(m, base, index, copy);
    else selectRows(m, base, index, copy);
    if (chooses && [...base.objs].every((id) => m.heap.get(id).solid))
      for (const id of copy.objs) m.heap.get(id).solid = true;
    return copy;
  }
  if (index.type === "slice") {
    const part = view("DataFrame", rowsAfter(m, span), rowsLens);
    selectRows(m, base, index, part);
    return part;
  }
  const lens = readColumn(m, base, index);
  const isOne = typeof index.constant === "string" || index.type === "str" || index.type === "int";
  return view(isOne ? "Series" : "column-or-frame", base.rows, lens);
}

/** `df.loc[…]` and the like, of what is surely a table. */
function indexerSubscript(
  m: Machine,
  base: Value,
  index: Value,
  indexExpr: Expr,
  span: Span,
  which: string,
  view: View,
): Value {
  const found = choiceOf(m, which, index, indexExpr);
  const isPair = indexExpr.kind === "tuple";
  const rows = isPair && isFullSlice(indexExpr.items[0]) ? base.rows : rowsAfter(m, span);
  useColumns(m, base, found.columns, which);
  useColumns(m, base, found.exists, which, true);
  const isColumn = found.many && isPair && typeof index.items?.[1]?.constant === "string";
  const part = view(found.map ? "DataFrame" : isColumn ? "Series" : "unknown-frame", rows, found.lens);
  if (found.map) derive(m, base, part, found.map, which, found.shape);
  return part;
}

function isFullSlice(expr: Expr | undefined): boolean {
  return expr?.kind === "slice" && !expr.lower && !expr.upper && !expr.step;
}
