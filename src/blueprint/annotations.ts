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
const abstract = (name: string, text: string): Annotation => ({
  text,
  imports: [{ module: "collections.abc", name, local: name }],
});
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
  "float-or-array": { text: "float", imports: [] },
  "scalar-or-series": { text: "float", imports: [] },
  "unknown-scalar": { text: "float", imports: [] },
  report: { text: "str", imports: [] },
  list: abstract("Sequence", "Sequence[object]"),
  tuple: { text: "tuple[object, ...]", imports: [] },
  dict: abstract("Mapping", "Mapping[str, object]"),
  set: { text: "set[object]", imports: [] },
};
const elements = new Set(["str", "int", "float", "bool"]);

/** The annotation of a type of the knowledge base; `object` where nothing better is known. */
export function annotationOf(type: string): Annotation {
  const found = known[type];
  if (found) return found;
  const info = commonKnowledge().typeInfo(type);
  return {
    text: info?.annotation !== undefined && !info.annotation.includes(".") ? info.annotation : "object",
    imports: [],
  };
}

/** The same, with the element type of lists and dicts where it is known. */
export function annotationOfValue(heap: Heap, value: Value | undefined): Annotation {
  if (!value) return annotationOf("unknown");
  if (value.nullable && value.type !== "None") {
    const { nullable: _nullable, ...sure } = value;
    const inner = annotationOfValue(heap, sure);
    return inner.text === "object" ? inner : { ...inner, text: `${inner.text} | None` };
  }
  if (value.type !== "list" && value.type !== "dict") return annotationOf(value.type);
  const types = new Set<string>();
  for (const id of value.objs) {
    const element = heap.get(id).element;
    types.add(element === undefined ? "unknown" : element.type);
  }
  const [only] = types;
  if (types.size !== 1 || only === undefined || !elements.has(only)) return annotationOf(value.type);
  return { text: value.type === "list" ? `list[${only}]` : `dict[str, ${only}]`, imports: [] };
}
