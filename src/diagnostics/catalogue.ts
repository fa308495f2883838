import { annotationEntries } from "./catalogue/annotation.ts";
import { blueprintEntries } from "./catalogue/blueprint.ts";
import { cacheEntries } from "./catalogue/cache.ts";
import { checkEntries } from "./catalogue/checks.ts";
import { cliEntries } from "./catalogue/cli.ts";
import { compilerEntries } from "./catalogue/compiler.ts";
import { configEntries } from "./catalogue/config.ts";
import { dataflowEntries } from "./catalogue/dataflow.ts";
import { engineEntries } from "./catalogue/engine.ts";
import { internalEntries } from "./catalogue/internal.ts";
import { leakEntries } from "./catalogue/leaks.ts";
import { notebookEntries } from "./catalogue/notebook.ts";
import { servingEntries } from "./catalogue/serving.ts";
import { targetEntries } from "./catalogue/targets.ts";
import { verifyEntries } from "./catalogue/verify.ts";
import { watchEntries } from "./catalogue/watch.ts";
import { type Entry, entries, type Params } from "./define.ts";
import type { Diagnostic, Place, Related, Severity } from "./diagnostic.ts";

/** Gives everything Crosswalk can say, by code. Numbers are never used again for something else. */
export const catalogue = entries(() => ({
  ...configEntries(),
  ...cliEntries(),
  ...notebookEntries(),
  ...annotationEntries(),
  ...dataflowEntries(),
  ...blueprintEntries(),
  ...servingEntries(),
  ...checkEntries(),
  ...leakEntries(),
  ...targetEntries(),
  ...compilerEntries(),
  ...engineEntries(),
  ...cacheEntries(),
  ...watchEntries(),
  ...verifyEntries(),
  ...internalEntries(),
}));

export type Code = keyof ReturnType<typeof catalogue>;

/**
 * Makes a diagnostic. A wrong code or a missing parameter does not compile.
 * `severity` may only lower a warning to a note or raise a note (config `checks`); errors stay errors.
 */
export function report<C extends Code>(
  code: C,
  place: Place | undefined,
  params: Params<ReturnType<typeof catalogue>[C]>,
  extra: { readonly related?: readonly Related[]; readonly severity?: Severity } = {},
): Diagnostic {
  const entry: Entry = catalogue()[code];
  const holes = params as Readonly<Record<string, string | number>>;
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, hole: string) => String(holes[hole] ?? `{${hole}}`));
  return {
    code,
    slug: entry.slug,
    severity: entry.severity === "error" ? "error" : (extra.severity ?? entry.severity),
    message: fill(entry.message),
    ...(place ? { place } : {}),
    fix: fill(entry.fix),
    related: extra.related ?? [],
  };
}

/** The code for a code or a slug, in any case; undefined when there is none. */
export function codeOf(codeOrSlug: string): Code | undefined {
  const upper = codeOrSlug.toUpperCase();
  if (Object.hasOwn(catalogue(), upper)) return upper as Code;
  const lower = codeOrSlug.toLowerCase();
  return (Object.entries(catalogue()) as [Code, Entry][]).find(([, entry]) => entry.slug === lower)?.[0];
}
