import type { CellDraft } from "./draft.ts";
import { lineMagics } from "./ipython/line-magics.ts";
import type { Facts } from "./ipython/policy.ts";

const builtins = new Set(lineMagics.filter((row) => row.builtin).map((row) => row.name));

/** What the IPython layer must know about the notebook around a cell. */
export function notebookFacts(
  drafts: readonly CellDraft[],
  dialect: { readonly format: string; readonly databricks: boolean; readonly commentMagics: boolean },
): Facts {
  const code = drafts.filter((draft) => draft.kind === "code").map((draft) => draft.source);
  let used: ReadonlySet<string> | undefined;
  return {
    databricks: dialect.databricks,
    magicPrefix: dialect.format === "databricks",
    commentMagics: dialect.commentMagics,
    shells: new Set(
      code.flatMap((source) =>
        [...source.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*get_ipython\(\)[ \t]*$/gm)].map(
          (found) => found[1] ?? "",
        ),
      ),
    ),
    uses(word) {
      used ??= wordsOf(code.filter((source) => !isBareMagic(source)));
      return used.has(word);
    },
  };
}

/** A cell of one line that starts with the word of a magic says nothing about the notebook's own names. */
function isBareMagic(source: string): boolean {
  const text = source.trim();
  return !text.includes("\n") && builtins.has(/^\w+/.exec(text)?.[0] ?? "");
}

function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => text.match(/(?<!%)\b[A-Za-z_]\w*/g) ?? []));
}
