import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { normalizePath } from "../foundation/paths.ts";

/** What a person decided about files that were edited: paths of files or folders, relative to the workspace root ("." is all). */
export interface Choices {
  readonly adopt?: readonly string[];
  readonly overwrite?: readonly string[];
  readonly eject?: readonly string[];
}

export interface Choice {
  readonly kind: "adopt" | "overwrite" | "eject";
  /** The file itself was named, not a folder above it. */
  readonly exact: boolean;
  /** The path as it was given. */
  readonly given: string;
}

const kinds = ["adopt", "overwrite", "eject"] as const;

/** What was decided about a file; a file's own name counts before a folder's, and a deeper folder before a higher one. */
export function choiceFor(choices: Choices, path: string): Choice | undefined {
  let best: { readonly choice: Choice; readonly length: number } | undefined;
  for (const kind of kinds) {
    for (const given of choices[kind] ?? []) {
      const wanted = clean(given);
      const exact = wanted === path;
      if (!exact && wanted !== "." && !path.startsWith(`${wanted}/`)) continue;
      const length = wanted === "." ? 0 : wanted.length;
      if (!best || length > best.length) best = { choice: { kind, exact, given }, length };
    }
  }
  return best?.choice;
}

/** Says which choices contradict each other, and which met no file in any of the products that were planned. */
export function checkChoices(choices: Choices, used: ReadonlySet<string>): readonly Diagnostic[] {
  const out: Diagnostic[] = [];
  const seen = new Map<string, string>();
  for (const kind of kinds) {
    for (const given of choices[kind] ?? []) {
      const option = `--${kind}`;
      const other = seen.get(clean(given));
      if (other !== undefined && other !== option)
        out.push(report("CW6012", undefined, { option, path: given, problem: `${other} was given for it as well` }));
      else if (!used.has(given))
        out.push(
          report("CW6012", undefined, { option, path: given, problem: "no file of any product is meant by it" }),
        );
      seen.set(clean(given), option);
    }
  }
  return out;
}

function clean(given: string): string {
  return normalizePath(given.replaceAll("\\", "/"));
}
