import type { CorpusBench } from "./bench.ts";
import { notebooksOf } from "./notebooks.ts";
import { judgeNotebook, type Verdict } from "./verdict.ts";

export interface CorpusOptions {
  /** Only notebooks whose repository and path hold this text. */
  readonly only?: string | undefined;
  /** How many notebooks at a time. */
  readonly jobs: number;
  readonly quality: boolean;
}

/** Judges every notebook of a corpus folder; `tell` hears of each as soon as it is done. */
export async function judgeCorpus(
  bench: CorpusBench,
  folder: string,
  options: CorpusOptions,
  tell: (verdict: Verdict) => void,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly missing: readonly string[] }> {
  const { notebooks, missing } = notebooksOf(folder, bench.list);
  const wanted = notebooks.filter(({ name, path }) => !options.only || `${name}/${path}`.includes(options.only));
  const verdicts = new Map<number, Verdict>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < wanted.length; i = next++) {
      const notebook = wanted[i];
      if (!notebook) return;
      const verdict = await judgeNotebook(bench, notebook, options);
      verdicts.set(i, verdict);
      tell(verdict);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, worker));
  return { verdicts: wanted.flatMap((_, i) => verdicts.get(i) ?? []), missing };
}
