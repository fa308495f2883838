import type { CodeCstNode } from "../../grammar/cst.generated.ts";
import { catalogue, codeOf, report } from "../diagnostics/catalogue.ts";
import type { Severity } from "../diagnostics/diagnostic.ts";
import { type Builder, nodeSpan } from "./builder.ts";
import type { CodeRef } from "./directive.ts";
import { didYouMean } from "./types.ts";

/** Finds a diagnostic by its code or slug. */
export type FindCode = (written: string) => { readonly code: string; readonly severity: Severity } | undefined;

/** Looks codes up in the catalogue. */
export const findInCatalogue: FindCode = (written) => {
  const code = codeOf(written);
  return code === undefined ? undefined : { code, severity: catalogue()[code].severity };
};

/** The code of a warning to silence: it must exist and be no error. */
export function buildCode(b: Builder, node: CodeCstNode, find: FindCode): CodeRef {
  const written = node.children.AnyName.map((token) => token.image).join("-");
  const span = nodeSpan(b, node);
  const found = find(written);
  if (found === undefined) {
    const known = Object.entries(catalogue()).flatMap(([code, entry]) => [code, entry.slug]);
    b.say(report("CW1112", b.place(span), { code: written, hint: didYouMean(written, known) }));
  } else if (found.severity === "error") {
    b.say(report("CW1113", b.place(span), { code: written }));
  }
  return { written, code: found?.code ?? written, span };
}
