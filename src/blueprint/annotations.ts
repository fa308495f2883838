import { typeInfo } from "../python/knowledge/index.ts";
import type { Import } from "./blueprint.ts";

/** A Python annotation and what must be imported for it. */
export interface Annotation {
  readonly text: string;
  readonly imports: readonly Import[];
}

const numpy: Import = { module: "numpy", local: "np" };
const pandas: Import = { module: "pandas", local: "pd" };
const known: Readonly<Record<string, Annotation>> = {
  DataFrame: { text: "pd.DataFrame", imports: [pandas] },
  "column-or-frame": { text: "pd.DataFrame", imports: [pandas] },
  "unknown-frame": { text: "pd.DataFrame | pd.Series", imports: [pandas] },
  Series: { text: "pd.Series", imports: [pandas] },
  Index: { text: "pd.Index", imports: [pandas] },
  Timestamp: { text: "pd.Timestamp", imports: [pandas] },
  ndarray: { text: "npt.NDArray[np.float64]", imports: [numpy, { module: "numpy.typing", local: "npt" }] },
  estimator: {
    text: "BaseEstimator",
    imports: [{ module: "sklearn.base", name: "BaseEstimator", local: "BaseEstimator" }],
  },
  Path: { text: "Path", imports: [{ module: "pathlib", name: "Path", local: "Path" }] },
  "float-or-array": { text: "float", imports: [] },
  "unknown-scalar": { text: "float", imports: [] },
  report: { text: "str", imports: [] },
  list: { text: "list[object]", imports: [] },
  tuple: { text: "tuple[object, ...]", imports: [] },
  dict: { text: "dict[str, object]", imports: [] },
  set: { text: "set[object]", imports: [] },
};

/** The annotation of a type of the knowledge base; `object` where nothing better is known. */
export function annotationOf(type: string): Annotation {
  const found = known[type];
  if (found) return found;
  const info = typeInfo(type);
  return {
    text: info?.annotation !== undefined && !info.annotation.includes(".") ? info.annotation : "object",
    imports: [],
  };
}
