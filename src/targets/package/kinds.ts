import type { Import } from "../../blueprint/blueprint.ts";

const numpy: Import = { module: "numpy", local: "np" };
const pandas: Import = { module: "pandas", local: "pd" };

/** What the annotations of generated signatures need. */
export function importsOfAnnotation(annotation: string): readonly Import[] {
  const out: Import[] = [];
  if (/\bpd\./.test(annotation)) out.push(pandas);
  if (/\bnpt?\./.test(annotation)) out.push(numpy);
  if (/\bnpt\./.test(annotation)) out.push({ module: "numpy.typing", local: "npt" });
  if (/\bBaseEstimator\b/.test(annotation))
    out.push({ module: "sklearn.base", name: "BaseEstimator", local: "BaseEstimator" });
  if (/\bPath\b/.test(annotation)) out.push({ module: "pathlib", name: "Path", local: "Path" });
  return out;
}

/** The class that a step's input is asked for by: what `Context.load` takes. */
export function loadKind(annotation: string): { readonly text: string; readonly imports: readonly Import[] } {
  if (annotation.startsWith("npt.NDArray")) return { text: "np.ndarray", imports: [numpy] };
  if (annotation.includes("|")) return { text: "object", imports: [] };
  const text = annotation.replace(/\[.*$/, "");
  return { text, imports: importsOfAnnotation(text) };
}
