import { findCredentials, hiddenPlace } from "../blueprint/secrets.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Case } from "./case.ts";

/** A credential stands in the code, kept or not: whoever reads the notebook reads it. */
export function* credentials({ flow, asked }: Case): Iterable<Diagnostic> {
  for (const { unit, literal, name, declared } of findCredentials(flow, asked.secrets))
    if (!declared) yield report("CW4001", hiddenPlace(unit, literal.span), { name });
}
