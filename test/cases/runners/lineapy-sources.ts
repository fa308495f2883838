import { rowsOf, type Verdict } from "../material.ts";

interface Row {
  readonly id: string;
  readonly source: string;
}

interface Outcome {
  readonly diagnostics: readonly { readonly severity: string }[];
  readonly compiled: { readonly files: readonly unknown[] } | undefined;
}

/** Compiles each program of LineaPy's suite: there must be a product, or an error that says why not. */
export async function lineapySources(compile: (code: string) => Promise<Outcome>): Promise<readonly Verdict[]> {
  const out: Verdict[] = [];
  for (const { id, source } of rowsOf<Row>("lineapy_sources")) {
    try {
      const { diagnostics, compiled } = await compile(source);
      const isSaid = diagnostics.some((d) => d.severity === "error");
      const isMade = (compiled?.files.length ?? 0) > 0;
      out.push(isSaid !== isMade ? { id } : { id, differs: isMade ? "errors, and files" : "no files, and no error" });
    } catch (error) {
      out.push({ id, differs: `thrown: ${String(error)}` });
    }
  }
  return out;
}
