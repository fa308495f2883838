import type { CodeCstNode, DirectiveCstChildren, DirectiveCstNode } from "../../grammar/cst.generated.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Span } from "../foundation/span.ts";
import { buildFormat, buildParam, buildSeed } from "./binding.ts";
import { type Builder, nodeRange } from "./builder.ts";
import { buildCode, type FindCode } from "./codes.ts";
import { buildContract, sayNotNumbers } from "./contract.ts";
import type { Directive } from "./directive.ts";
import { buildExpression } from "./expression.ts";
import {
  buildColumn,
  buildColumns,
  buildName,
  buildNames,
  buildQualifiedName,
  buildText,
  optionalText,
  textIn,
} from "./names.ts";
import { buildTest } from "./test-directive.ts";
import { buildType } from "./types.ts";
import { buildBounds, buildCompare, buildDate, buildDuration } from "./values.ts";

type Children = Required<DirectiveCstChildren>;
type Rule = keyof Children;
type Make<R extends Rule> = (
  b: Builder,
  node: Children[R][number],
  span: Span,
  findCode: FindCode,
) => Directive | undefined;

/** How each directive's syntax tree becomes its typed form. */
const makers: { readonly [R in Rule]: Make<R> } = {
  stepDirective: (b, { children: c }, span) => ({
    kind: "step",
    name: buildName(b, c.name[0]),
    ...(c.LeftParen === undefined ? {} : { reads: buildNames(b, c.reads?.[0]) }),
    ...(c.gives === undefined ? {} : { gives: buildNames(b, c.gives[0]) }),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  skipDirective: (b, { children: c }, span) => ({ kind: "skip", ...optionalText(b, "reason", c.reason), span }),
  keepDirective: (b, { children: c }, span) => ({ kind: "keep", ...optionalText(b, "reason", c.reason), span }),
  inputDirective: (b, { children: c }, span) => ({
    kind: "input",
    name: buildQualifiedName(b, c.qualifiedName[0]),
    ...(c.outside === undefined ? {} : { outside: buildText(b, c.outside[0]) }),
    ...buildFormat(b, c.format?.[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  outputDirective: (b, { children: c }, span) => ({
    kind: "output",
    name: buildQualifiedName(b, c.qualifiedName[0]),
    ...(c.outside === undefined ? {} : { outside: buildText(b, c.outside[0]) }),
    ...buildFormat(b, c.format?.[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  paramDirective: (b, node, span) => buildParam(b, node, span),
  secretDirective: (b, { children: c }, span) => ({
    kind: "secret",
    name: buildName(b, c.name[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  seedDirective: (b, node, span) => buildSeed(b, node, span),
  entityDirective: (b, { children: c }, span) => ({
    kind: "entity",
    name: buildName(b, c.name[0]),
    key: buildColumns(b, c.columns[0]),
    ...(c.column === undefined ? {} : { at: buildColumn(b, c.column[0]) }),
    span,
  }),
  featureDirective: (b, { children: c }, span) => ({
    kind: "feature",
    column: buildColumn(b, c.column[0]),
    ...(c.type?.[0] === undefined ? {} : { type: buildType(b, c.type[0]) }),
    of: buildName(b, c.name[0]),
    ...(c.Duration?.[0] === undefined ? {} : { ttl: buildDuration(b, c.Duration[0]) }),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  serveDirective: (b, { children: c }, span) => ({
    kind: "serve",
    name: buildName(b, c.name[0]),
    ...(c.names === undefined ? {} : { takes: buildNames(b, c.names[0]) }),
    gives: buildColumns(b, c.columns[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  fitDirective: (b, { children: c }, span) => ({
    kind: "fit",
    names: buildNames(b, c.names[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  applyDirective: (b, { children: c }, span) => ({
    kind: "apply",
    names: buildNames(b, c.names?.[0]),
    ...optionalText(b, "doc", c.doc),
    span,
  }),
  contractDirective: buildContract,
  expectDirective: (b, { children: c }, span) => {
    const [expression] = c.expression;
    if (expression === undefined) return undefined;
    const built = buildExpression(b, nodeRange(expression));
    return { kind: "expect", expression: built, ...optionalText(b, "reason", c.reason), span };
  },
  metricDirective: (b, { children: c }, span) => {
    const bounds = c.bounds?.[0] === undefined ? undefined : buildBounds(b, c.bounds[0]);
    if (bounds !== undefined) sayNotNumbers(b, bounds, "metric");
    return {
      kind: "metric",
      name: buildQualifiedName(b, c.qualifiedName[0]),
      ...(bounds === undefined ? {} : { bounds }),
      ...(c.name === undefined ? {} : { on: buildName(b, c.name[0]) }),
      by: buildColumns(b, c.columns?.[0]),
      ...optionalText(b, "doc", c.doc),
      span,
    };
  },
  thresholdDirective: (b, { children: c }, span) => {
    const [node] = c.compare;
    if (node === undefined) return undefined;
    const compare = buildCompare(b, node);
    sayNotNumbers(b, compare, "threshold");
    return {
      kind: "threshold",
      name: buildQualifiedName(b, c.qualifiedName[0]),
      compare,
      because: textIn(b, c.because[0]),
      span,
    };
  },
  monotoneDirective: (b, { children: c }, span) => ({
    kind: "monotone",
    column: buildColumn(b, c.column[0]),
    direction: c.Increasing === undefined ? "decreasing" : "increasing",
    span,
  }),
  driftDirective: (b, { children: c }, span) => {
    const [node] = c.compare;
    if (node === undefined) return undefined;
    const compare = buildCompare(b, node);
    sayNotNumbers(b, compare, "measure of drift");
    if (compare.operator.startsWith(">")) {
      const why = "it says how much drift is allowed at most";
      const constraint = `${compare.operator} ${compare.bound.text}`;
      b.say(report("CW1129", b.place(compare.span), { constraint, type: "measure of drift", why }));
    }
    const measure = c.Psi !== undefined ? "psi" : c.Ks !== undefined ? "ks" : "chi2";
    return { kind: "drift", measure, compare, on: buildColumns(b, c.columns?.[0]), span };
  },
  testDirective: buildTest,
  waiveDirective: (b, { children: c }, span, findCode) => {
    const [until] = c.Date;
    const [code] = c.code;
    if (until === undefined || code === undefined) return undefined;
    const because = textIn(b, c.because[0]);
    return { kind: "waive", code: buildCode(b, code, findCode), because, until: buildDate(b, until), span };
  },
  ignoreDirective: (b, { children: c }, span, findCode) => {
    const codes = c.code.map((code: CodeCstNode) => buildCode(b, code, findCode));
    const seen = new Set<string>();
    for (const { code, written, span: at } of codes) {
      if (seen.has(code)) b.say(report("CW1123", b.place(at), { what: `\`${written}\`` }));
      seen.add(code);
    }
    return { kind: "ignore", codes, because: textIn(b, c.because[0]), span };
  },
  useDirective: (b, { children: c }, span) => ({ kind: "use", text: textIn(b, c.doc[0]), span }),
  misuseDirective: (b, { children: c }, span) => ({ kind: "misuse", text: textIn(b, c.doc[0]), span }),
  limitDirective: (b, { children: c }, span) => ({ kind: "limit", text: textIn(b, c.doc[0]), span }),
  labelDirective: (b, { children: c }, span) => ({ kind: "label", text: textIn(b, c.doc[0]), span }),
  sectionDirective: (b, { children: c }, span) => ({ kind: "section", text: textIn(b, c.doc[0]), span }),
  assumeDirective: (b, { children: c }, span) => ({
    kind: "assume",
    text: textIn(b, c.doc[0]),
    ...optionalText(b, "because", c.because),
    ...(c.expression?.[0] === undefined ? {} : { check: buildExpression(b, nodeRange(c.expression[0])) }),
    span,
  }),
  riskDirective: (b, { children: c }, span) => ({
    kind: "risk",
    text: textIn(b, c.doc[0]),
    ...(c.mitigation === undefined ? {} : { mitigated: buildText(b, c.mitigation[0]) }),
    span,
  }),
  decideDirective: (b, { children: c }, span) => ({
    kind: "decide",
    text: textIn(b, c.doc[0]),
    because: textIn(b, c.because[0]),
    span,
  }),
  sourceDirective: (b, { children: c }, span) => ({
    kind: "source",
    text: textIn(b, c.doc[0]),
    ...(c.licence === undefined ? {} : { license: buildText(b, c.licence[0]) }),
    span,
  }),
  protectDirective: (b, { children: c }, span) => ({
    kind: "protect",
    columns: buildColumns(b, c.columns[0]),
    ...optionalText(b, "reason", c.reason),
    span,
  }),
  monitorDirective: (b, { children: c }, span) => {
    const [every] = c.Duration;
    return every === undefined
      ? undefined
      : { kind: "monitor", text: textIn(b, c.doc[0]), every: buildDuration(b, every), span };
  },
  reviewDirective: (b, { children: c }, span) => {
    if (c.Date?.[0] !== undefined) return { kind: "review", when: buildDate(b, c.Date[0]), span };
    if (c.Duration?.[0] !== undefined) return { kind: "review", when: buildDuration(b, c.Duration[0]), span };
    return undefined;
  },
};

/** The typed form of a directive whose syntax is right. What is wrong with its parts is said through the builder. */
export function buildDirective(
  b: Builder,
  cst: DirectiveCstNode,
  span: Span,
  findCode: FindCode,
): Directive | undefined {
  for (const rule of Object.keys(makers) as Rule[]) {
    const made = make(rule, b, cst, span, findCode);
    if (made !== undefined) return made;
  }
  return undefined;
}

function make<R extends Rule>(
  rule: R,
  b: Builder,
  cst: DirectiveCstNode,
  span: Span,
  findCode: FindCode,
): Directive | undefined {
  const node = (cst.children as Children)[rule]?.[0] as Children[R][number] | undefined;
  return node === undefined ? undefined : makers[rule](b, node, span, findCode);
}
