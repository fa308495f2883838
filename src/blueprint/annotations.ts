import type { Heap } from "../dataflow/heap.ts";
import type { Value } from "../dataflow/value.ts";
import { commonKnowledge } from "../python/knowledge/index.ts";
import type { Import } from "./blueprint.ts";

/** A Python annotation and what must be imported for it. */
export interface Annotation {
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Stands for the product's own module of names for open types; a target puts its relative name there. */
export const kindsModule = "@kinds";

const pandas: Import = { module: "pandas", local: "pd" };
const kind = (name: string): Annotation => ({ text: name, imports: [{ module: kindsModule, name, local: name }] });
const open = (text: string): Annotation => ({ text, imports: kind("AnyObject").imports });
const known: Readonly<Record<string, Annotation>> = {
  DataFrame: { text: "pd.DataFrame", imports: [pandas] },
  "column-or-frame": { text: "pd.DataFrame", imports: [pandas] },
  "unknown-frame": { text: "pd.DataFrame", imports: [pandas] },
  Series: kind("AnySeries"),
  Index: kind("AnyIndex"),
  GroupBy: kind("AnyGroups"),
  Timestamp: { text: "pd.Timestamp", imports: [pandas] },
  ndarray: kind("AnyArray"),
  estimator: {
    text: "BaseEstimator",
    imports: [{ module: "sklearn.base", name: "BaseEstimator", local: "BaseEstimator" }],
  },
  bunch: { text: "Bunch", imports: [{ module: "sklearn.utils", name: "Bunch", local: "Bunch" }] },
  Path: { text: "Path", imports: [{ module: "pathlib", name: "Path", local: "Path" }] },
  "float-or-array": kind("AnyFloat"),
  "scalar-or-series": kind("AnyFloat"),
  "unknown-scalar": kind("AnyFloat"),
  float: kind("AnyFloat"),
  int: kind("AnyInt"),
  bool: kind("AnyBool"),
  report: { text: "str", imports: [] },
  list: open("list[AnyObject]"),
  tuple: open("tuple[AnyObject, ...]"),
  dict: open("dict[AnyObject, AnyObject]"),
  set: open("set[AnyObject]"),
};

/** Names that are open to other values anyway, `None` included. */
const openKinds = new Set([
  "AnySeries",
  "AnyArray",
  "AnyFloat",
  "AnyInt",
  "AnyBool",
  "AnyObject",
  "AnyIndex",
  "AnyGroups",
]);

/** A value of this type, or None. */
export function maybe(inner: Annotation): Annotation {
  if (openKinds.has(inner.text) || inner.text.startsWith("Maybe[")) return inner;
  return { text: `Maybe[${inner.text}]`, imports: [...inner.imports, ...kind("Maybe").imports] };
}

/** What a function gives: as far as the notebook tells, for much of what libraries give has no type of its own. */
export function likely(inner: Annotation): Annotation {
  if (openKinds.has(inner.text) || /^(?:None|BaseEstimator|Bunch|Maybe\[.*)$/.test(inner.text)) return inner;
  return { text: `Likely[${inner.text}]`, imports: [...inner.imports, ...kind("Likely").imports] };
}

/** An annotation that says nothing. */
export const anything: Annotation = kind("AnyObject");

/** The annotation of a type of the knowledge base; an open one where nothing better is known. */
export function annotationOf(type: string): Annotation {
  const found = known[type];
  if (found) return found;
  const info = commonKnowledge().typeInfo(type);
  if (info?.annotation === undefined || info.annotation.includes(".")) return anything;
  return { text: info.annotation, imports: [] };
}

/** The same, with what texts a list or a dict holds where that is known: numbers in it may be numpy's. */
export function annotationOfValue(heap: Heap, value: Value | undefined): Annotation {
  if (!value) return annotationOf("unknown");
  if (value.nullable && value.type !== "None") {
    const { nullable: _nullable, ...sure } = value;
    const inner = annotationOfValue(heap, sure);
    return maybe(inner);
  }
  if (value.type !== "list" && value.type !== "dict") return annotationOf(value.type);
  const types = new Set<string>();
  for (const id of value.objs) {
    const element = heap.get(id).element;
    types.add(element === undefined ? "unknown" : element.type);
  }
  const [only] = types;
  if (types.size !== 1 || only !== "str" || value.type === "dict") return annotationOf(value.type);
  return { text: "list[str]", imports: [] };
}
