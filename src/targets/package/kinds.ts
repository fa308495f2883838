import type { Import } from "../../blueprint/blueprint.ts";

const numpy: Import = { module: "numpy", local: "np" };
const pandas: Import = { module: "pandas", local: "pd" };

const kindNames = [
  "AnySeries",
  "AnyArray",
  "AnyFloat",
  "AnyInt",
  "AnyBool",
  "AnyIndex",
  "AnyGroups",
  "AnyObject",
  "Maybe",
  "Likely",
];

/** What the annotations of generated signatures need; `dots` leads from the module to the package. */
export function importsOfAnnotation(annotation: string, dots: string): readonly Import[] {
  const out: Import[] = [];
  if (/\bpd\./.test(annotation)) out.push(pandas);
  for (const name of kindNames) {
    if (annotation.includes(name)) out.push({ module: `${dots}kinds`, name, local: name });
  }
  if (/\bBaseEstimator\b/.test(annotation))
    out.push({ module: "sklearn.base", name: "BaseEstimator", local: "BaseEstimator" });
  if (annotation === "Bunch") out.push({ module: "sklearn.utils", name: "Bunch", local: "Bunch" });
  if (/\bPath\b/.test(annotation)) out.push({ module: "pathlib", name: "Path", local: "Path" });
  return out;
}

/** The blueprint's imports with our own modules under their relative names. */
export function placed(imports: readonly Import[], dots: string): readonly Import[] {
  return imports.map((i) => (i.module.startsWith("@") ? { ...i, module: dots + i.module.slice(1) } : i));
}

const concrete: Readonly<Record<string, string>> = {
  AnyArray: "np.ndarray",
  AnySeries: "pd.Series",
  AnyIndex: "pd.Index",
  AnyFloat: "float",
  AnyInt: "int",
  AnyBool: "bool",
  AnyObject: "object",
};

/** The class that a step's input is asked for by: what `Context.load` takes. */
export function loadKind(annotation: string): { readonly text: string; readonly imports: readonly Import[] } {
  const base = annotation.replace(/^(?:Maybe|Likely)\[(.*)\]$/, "$1").replace(/\[.*$/, "");
  const text = concrete[base] ?? base;
  return {
    text,
    imports: text.startsWith("np.") ? [numpy] : text.startsWith("pd.") ? [pandas] : importsOfAnnotation(text, "."),
  };
}
