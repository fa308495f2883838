import type { FormatCstNode, ParamDirectiveCstNode, SeedDirectiveCstNode } from "../../grammar/cst.generated.ts";
import { FORMATS, type FormatName } from "../../grammar/words.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Span } from "../foundation/span.ts";
import { type Builder, nodeSpan, nodeText } from "./builder.ts";
import type { Param, Seed } from "./directive.ts";
import { boundsMisfit, domainMisfit, valueMisfit } from "./fits.ts";
import { numberValue } from "./literal.ts";
import { buildName, optionalText } from "./names.ts";
import { buildType, didYouMean } from "./types.ts";
import { buildDomain, buildLiteral, buildNumber } from "./values.ts";

/** The format after `as`, or nothing. */
export function buildFormat(
  b: Builder,
  node: FormatCstNode | undefined,
): { readonly format?: { readonly name: FormatName; readonly span: Span } } {
  const word = node?.children.name[0];
  if (word === undefined) return {};
  const span = nodeSpan(b, word);
  const written = nodeText(b, word);
  const name = FORMATS.find((format) => format === written);
  if (name !== undefined) return { format: { name, span } };
  b.say(
    report("CW1107", b.place(span), { format: written, hint: didYouMean(written, FORMATS), known: FORMATS.join(", ") }),
  );
  return {};
}

/** A parameter; its own value must suit its own type and range. */
export function buildParam(b: Builder, node: ParamDirectiveCstNode, span: Span): Param {
  const { name, type: typeNode, literal, domain: domainNode, doc } = node.children;
  const type = typeNode?.[0] === undefined ? undefined : buildType(b, typeNode[0]);
  const value = literal?.[0] === undefined ? undefined : buildLiteral(b, literal[0]);
  const domain = domainNode?.[0] === undefined ? undefined : buildDomain(b, domainNode[0]);
  const bad = type === undefined || domain === undefined ? undefined : boundsMisfit(type, domain);
  if (bad !== undefined && domain !== undefined && type !== undefined && domainNode?.[0] !== undefined) {
    const constraint = `in ${nodeText(b, domainNode[0])}`;
    b.say(report("CW1129", b.place(domain.span), { constraint, type: type.text, why: bad }));
  }
  if (value !== undefined) {
    const limit =
      (type === undefined ? undefined : valueMisfit(type, value)) ??
      (domain === undefined || bad !== undefined ? undefined : domainMisfit(domain, value));
    if (limit !== undefined) b.say(report("CW1124", b.place(value.span), { value: value.text, limit }));
  }
  return {
    kind: "param",
    name: buildName(b, name[0]),
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { value }),
    ...(domain === undefined ? {} : { domain }),
    ...optionalText(b, "doc", doc),
    span,
  };
}

const MAX_SEED = 2 ** 32 - 1;

/** A seed: a whole number that every random generator of the language accepts. */
export function buildSeed(b: Builder, node: SeedDirectiveCstNode, span: Span): Seed {
  const [token] = node.children.Number;
  if (token === undefined) return { kind: "seed", value: 0, valueSpan: span, span };
  const number = buildNumber(b, token);
  const readable = numberValue(token.image) !== undefined;
  if (readable && (!number.integer || number.value > MAX_SEED)) {
    const why = number.integer ? `numpy takes no seed above ${MAX_SEED}` : "a seed is a whole number";
    const expected = `a whole number from 0 to ${MAX_SEED}`;
    b.say(report("CW1126", b.place(number.span), { number: token.image, why, expected }));
  }
  return { kind: "seed", value: number.value, valueSpan: number.span, span };
}
