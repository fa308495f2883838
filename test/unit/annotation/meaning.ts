import type { Directive } from "../../../src/annotation/directive.ts";

/** What a directive means, without places and spelling: for comparing before and after formatting. */
export function meaning(directive: Directive): unknown {
  return JSON.parse(
    JSON.stringify(directive, function replace(this: Record<string, unknown>, key, value: unknown) {
      if (key === "span" || key === "valueSpan" || key === "ast") return undefined;
      // The text of an expression or a type is its meaning; that of a literal or a bound is only its spelling.
      if (key === "text" && typeof value === "string") return "kind" in this ? undefined : value.replace(/\s+/g, " ");
      return value;
    }),
  );
}
