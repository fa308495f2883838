import type {
  Blueprint,
  Constraint,
  Contract,
  ContractColumn,
  ContractRule,
  Domain,
} from "../../blueprint/blueprint.ts";
import { type FileAction, file, type Rendered } from "../contract/target.ts";
import { pythonFile } from "../kit/python-file.ts";
import { pyLiteral, pyString, pyTuple } from "../kit/python-text.ts";
import { citeText, constantName } from "./words.ts";

/** The contracts of the notebook as data; checked by contracts.py. */
export function tablesFile(b: Blueprint): FileAction | undefined {
  if (b.contracts.length === 0) return undefined;
  return file(`src/${b.package}/table_contracts.py`, { contracts: b.contracts, notebooks: b.notebooks }, render);
}

function render({
  contracts,
  notebooks,
}: {
  readonly contracts: readonly Contract[];
  readonly notebooks: readonly string[];
}): Rendered {
  const out = pythonFile(notebooks, "The contracts that the notebook states, as data.");
  out.use(
    { module: ".contracts", name: "Column", local: "Column" },
    { module: ".contracts", name: "Table", local: "Table" },
  );
  contracts.forEach((contract, i) => {
    if (i > 0) out.line();
    const rules = contract.rules.flatMap((rule) => (rule.kind === "expect" ? [ruleText(rule)] : []));
    const parts = [
      `name=${pyString(contract.name)}`,
      `columns=${pyTuple(contract.columns.map(columnText))}`,
      ...contract.rules.flatMap((rule) =>
        rule.kind === "rows" ? [`rows=${rangeOf(rule.op, rule.value, rule.domain)}`] : [],
      ),
      ...(contract.rules.some((r) => r.kind === "unique")
        ? [
            `unique=${pyTuple(contract.rules.flatMap((r) => (r.kind === "unique" ? [pyTuple(r.columns.map(pyString))] : [])))}`,
          ]
        : []),
      ...contract.rules.flatMap((rule) => (rule.kind === "fresh" ? [`fresh=${duration(rule.duration)}`] : [])),
      ...(rules.length > 0 ? [`rules=${pyTuple(rules)}`] : []),
      `cite=${pyString(citeText([contract.cite]))}`,
    ];
    out.line(`${constantName(contract.name, "_CONTRACT")} = Table(${parts.join(", ")})`, 0, contract.cite);
  });
  const text = contracts.map((c) => JSON.stringify(c)).join();
  if (/"kind":"(?:compare|in|rows)"/.test(text))
    for (const name of usedRules(contracts)) out.use({ module: ".values", name, local: name });
  if (text.includes('"kind":"expect"')) out.use({ module: ".contracts", name: "Rule", local: "Rule" });
  if (text.includes('"kind":"fresh"')) out.use({ module: ".values", name: "parse_duration", local: "parse_duration" });
  return out.render();
}

function usedRules(contracts: readonly Contract[]): readonly string[] {
  const all = contracts.flatMap((c) => [
    ...c.columns.flatMap((column) => column.constraints.map(ruleOf)),
    ...c.rules.map((r) => (r.kind === "rows" ? rangeOf(r.op, r.value, r.domain) : undefined)),
  ]);
  return ["OneOf", "Range"].filter((name) => all.some((rule) => rule?.startsWith(`${name}(`)));
}

function columnText(column: ContractColumn): string {
  const rules = column.constraints.map(ruleOf).filter((rule) => rule !== undefined);
  const flags = column.constraints.flatMap((c) =>
    ["unique", "nullable", "pii", "sensitive", "protected", "key", "target"].includes(c.kind) ? [`${c.kind}=True`] : [],
  );
  const parts = [
    pyString(column.name),
    pyString(column.type),
    ...(rules.length > 0 ? [`rules=${pyTuple(rules)}`] : []),
    ...flags,
    ...column.constraints.flatMap((c) =>
      c.kind === "fresh"
        ? [`fresh=${duration(c.duration)}`]
        : c.kind === "matches"
          ? [`matches=${pyString(c.pattern)}`]
          : [],
    ),
    ...(column.doc === undefined ? [] : [`doc=${pyString(column.doc)}`]),
  ];
  return `Column(${parts.join(", ")})`;
}

function ruleOf(c: Constraint): string | undefined {
  if (c.kind === "compare") return rangeOf(c.op, c.value, undefined);
  if (c.kind === "in") return rangeOf(undefined, undefined, c.domain);
  return undefined;
}

/** `Range(low=…)` or `OneOf(…)` of a comparison or a domain. */
export function rangeOf(op: string | undefined, value: unknown, domain: Domain | undefined): string {
  if (domain?.kind === "set") return `OneOf(${domain.values.map(pyLiteral).join(", ")})`;
  if (domain) {
    return `Range(low=${pyLiteral(domain.low)}, high=${pyLiteral(domain.high)}${domain.lowOpen ? ", low_open=True" : ""}${domain.highOpen ? ", high_open=True" : ""})`;
  }
  const side = op?.startsWith(">") ? "low" : "high";
  return `Range(${side}=${pyLiteral(value)}${op?.endsWith("=") ? "" : `, ${side}_open=True`})`;
}

function duration(text: string): string {
  return `parse_duration(${pyString(text)})`;
}

function ruleText(rule: Extract<ContractRule, { kind: "expect" }>): string {
  return `Rule(${pyString(rule.text)}, lambda df: df.eval(${pyString(rule.text)})${rule.why === undefined ? "" : `, reason=${pyString(rule.why)}`})`;
}
