import type {
  ColumnRuleCstNode,
  ConstraintCstNode,
  ContractDirectiveCstNode,
  TableRuleCstNode,
} from "../../grammar/cst.generated.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Span } from "../foundation/span.ts";
import { type Builder, nodeSpan, nodeText, tokenSpan } from "./builder.ts";
import type { Bounds, ColumnRule, Constraint, Contract, TableRule } from "./directive.ts";
import { buildExpression } from "./expression.ts";
import { boundsMisfit, freshMisfit, patternMisfit } from "./fits.ts";
import { buildColumn, buildColumns, buildQualifiedName, optionalText, sayRepeats } from "./names.ts";
import { patternFault } from "./pattern.ts";
import { buildType } from "./types.ts";
import { buildBounds, buildCompare, buildDomain, buildDuration } from "./values.ts";

/** A contract, with each column's constraints checked against its type. */
export function buildContract(b: Builder, node: ContractDirectiveCstNode, span: Span): Contract {
  const { qualifiedName, columnRule, tableRule } = node.children;
  const columns = (columnRule ?? []).map((rule) => buildColumnRule(b, rule));
  sayRepeats(
    b,
    columns.map((rule) => rule.column),
    (column) => `column \`${column.name}\``,
  );
  const rules = (tableRule ?? []).flatMap((rule) => buildTableRule(b, rule) ?? []);
  return { kind: "contract", name: buildQualifiedName(b, qualifiedName[0]), columns, rules, span };
}

function buildColumnRule(b: Builder, node: ColumnRuleCstNode): ColumnRule {
  const [typeNode] = node.children.type;
  const span = nodeSpan(b, node);
  const type = typeNode === undefined ? { atoms: [], text: "", span } : buildType(b, typeNode);
  const seen = new Set<string>();
  const constraints = (node.children.constraint ?? []).flatMap((written) => {
    const constraint = buildConstraint(b, written);
    const id = constraint === undefined ? "" : identity(constraint);
    if (seen.has(id)) b.say(report("CW1123", b.place(nodeSpan(b, written)), { what: id }));
    seen.add(id);
    const why = constraint === undefined ? undefined : misfit(type, constraint);
    const params = { constraint: nodeText(b, written), type: type.text, why: why ?? "" };
    if (why !== undefined) b.say(report("CW1129", b.place(nodeSpan(b, written)), params));
    return constraint ?? [];
  });
  const column = buildColumn(b, node.children.column[0]);
  return { column, type, constraints, ...optionalText(b, "doc", node.children.doc), span };
}

/** What may stand once on a column. */
function identity(constraint: Constraint): string {
  if (constraint.kind !== "bounds") return `\`${constraint.kind}\``;
  if (constraint.bounds.kind !== "compare") return "`in`";
  return constraint.bounds.operator.startsWith(">") ? "a lower bound" : "an upper bound";
}

function misfit(type: ColumnRule["type"], constraint: Constraint): string | undefined {
  if (constraint.kind === "bounds") return boundsMisfit(type, constraint.bounds);
  if (constraint.kind === "matches") return patternMisfit(type);
  if (constraint.kind === "fresh") return freshMisfit(type);
  return undefined;
}

const flags = {
  unique: "Unique",
  nullable: "Nullable",
  pii: "Pii",
  sensitive: "Sensitive",
  protected: "Protected",
  key: "Key",
  target: "Target",
} as const;

function buildConstraint(b: Builder, node: ConstraintCstNode): Constraint | undefined {
  const { compare, domain, Duration, Regex } = node.children;
  const span = nodeSpan(b, node);
  if (compare?.[0] !== undefined) return { kind: "bounds", bounds: buildCompare(b, compare[0]), span };
  if (domain?.[0] !== undefined) return { kind: "bounds", bounds: buildDomain(b, domain[0]), span };
  if (Duration?.[0] !== undefined) return { kind: "fresh", age: buildDuration(b, Duration[0]), span };
  if (Regex?.[0] !== undefined) {
    const pattern = Regex[0].image.slice(1, -1).replace(/\\\//g, "/");
    const why = patternFault(pattern);
    if (why !== undefined) b.say(report("CW1127", b.place(tokenSpan(b, Regex[0])), { pattern, why }));
    return { kind: "matches", pattern, span };
  }
  for (const kind of Object.keys(flags) as (keyof typeof flags)[]) {
    if (node.children[flags[kind]] !== undefined) return { kind, span };
  }
  return undefined;
}

function buildTableRule(b: Builder, node: TableRuleCstNode): TableRule | undefined {
  const { columns, bounds, Duration, LeftParen, RightParen, bracketedExpression, reason } = node.children;
  const span = nodeSpan(b, node);
  if (columns?.[0] !== undefined) return { kind: "unique", columns: buildColumns(b, columns[0]), span };
  if (Duration?.[0] !== undefined) return { kind: "fresh", age: buildDuration(b, Duration[0]), span };
  if (bounds?.[0] !== undefined) {
    const found = buildBounds(b, bounds[0]);
    sayNotNumbers(b, found, "number of rows");
    return { kind: "rows", bounds: found, span };
  }
  const open = LeftParen?.[0];
  const close = RightParen?.[0];
  if (bracketedExpression === undefined || open === undefined || close === undefined) return undefined;
  // With its brackets, so that it may run over several lines.
  const expression = buildExpression(b, { start: open.startOffset, end: close.startOffset + 1 });
  return { kind: "expect", expression, ...optionalText(b, "reason", reason), span };
}

/** Reports bounds that are not numbers, for things that are. */
export function sayNotNumbers(b: Builder, bounds: Bounds, what: string): void {
  if (bounds.kind === "range" && bounds.low.kind !== bounds.high.kind) return;
  const odd =
    bounds.kind === "compare"
      ? [bounds.bound].find((bound) => bound.kind !== "number")
      : bounds.kind === "range"
        ? [bounds.low, bounds.high].find((bound) => bound.kind !== "number")
        : bounds.values.find((value) => value.kind !== "int" && value.kind !== "float");
  if (odd === undefined) return;
  const why = `it is a number, and \`${odd.text}\` is none`;
  b.say(report("CW1129", b.place(bounds.span), { constraint: odd.text, type: what, why }));
}
