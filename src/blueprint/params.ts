import type { DirectiveOf } from "../annotation/directive.ts";
import type { ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../foundation/hash.ts";
import { nearest } from "../foundation/nearest.ts";
import { codeText } from "../python/code-text.ts";
import type { Parameter } from "./blueprint.ts";
import { domain, literalJson } from "./contracts.ts";
import type { Intake } from "./intake.ts";

/** Parameters with what `param` directives say of them; overrides of crosswalk.yaml are checked against them. */
export function applyParams(
  flow: Dataflow,
  model: ModelConfig,
  intake: Intake,
  lifted: ReadonlyMap<string, { readonly unit: Unit; readonly parameter: Parameter }>,
  diagnostics: Diagnostic[],
): readonly Parameter[] {
  const out = new Map([...lifted.values()].map(({ parameter }) => [parameter.name, parameter]));
  const isWidget = (name: string): boolean =>
    [...lifted.values()].some(({ unit, parameter }) => parameter.name === name && declaresWidget(flow, unit));
  for (const { directive, place } of intake.params) {
    const name = directive.name.name;
    const known = out.get(name);
    if (!known) {
      const widget = flow.facts.find((f) => f.trace.writes.has(name))?.trace.widgets[0];
      if (widget !== undefined) {
        const problem = `it is made of the widget '${widget.name}', which is the parameter: name that one`;
        diagnostics.push(report("CW3012", place, { name, problem }));
        continue;
      }
      const rebound = flow.facts.filter((f) => f.trace.writes.has(name)).length;
      const problem =
        rebound === 0
          ? `no statement assigns '${name}'`
          : rebound > 1
            ? `'${name}' is assigned ${rebound} times`
            : "its value is not a literal that stays as it is";
      // A parameter that nothing kept reads is no error: the code agrees, production just does not need it.
      if (rebound !== 1 || !isPlainLiteral(flow, name)) diagnostics.push(report("CW3012", place, { name, problem }));
      continue;
    }
    if (directive.value && canonicalJson(literalJson(directive.value)) !== canonicalJson(known.value)) {
      diagnostics.push(
        report("CW3012", place, { name, problem: `it says ${directive.value.text}, the code says ${known.default}` }),
      );
    }
    const misfit = isWidget(name) ? widgetMisfit(directive) : undefined;
    if (misfit !== undefined) {
      diagnostics.push(report("CW3012", place, { name, problem: misfit }));
      continue;
    }
    out.set(name, {
      ...known,
      ...(directive.type ? { type: directive.type.text } : {}),
      ...(directive.doc ? { doc: directive.doc.value } : {}),
      ...(directive.domain ? { domain: domain(directive.domain) } : {}),
    });
  }
  for (const seed of intake.seeds) {
    const found = seedsOf(flow);
    if (found.length > 0 && !found.includes(seed.directive.value)) {
      diagnostics.push(report("CW3014", seed.place, { seed: seed.directive.value, found: found.join(", ") }));
    }
  }
  for (const name of Object.keys(model.params)) {
    if (out.has(name)) continue;
    const near = nearest(name, out.keys());
    diagnostics.push(
      report("CW3013", model.place("params", name), {
        name,
        hint: near === undefined ? "" : `; did you mean '${near}'?`,
      }),
    );
  }
  return [...out.values()];
}

function declaresWidget(flow: Dataflow, unit: Unit): boolean {
  return (flow.facts[unit.id]?.trace.declares.length ?? 0) > 0;
}

/** Widgets give text, whatever the notebook makes of it: any other type, or a range of numbers, would never hold. */
function widgetMisfit({ type, domain: said }: DirectiveOf<"param">): string | undefined {
  if (type !== undefined && type.text !== "str") return `a widget gives text, so its type is str and not ${type.text}`;
  const isText = said === undefined || (said.kind === "set" && said.values.every((value) => value.kind === "str"));
  return isText ? undefined : 'a widget gives text, so its values are written in quotes: in {"7", "14"}';
}

function isPlainLiteral(flow: Dataflow, name: string): boolean {
  const facts = flow.facts.find((f) => f.trace.writes.has(name));
  return facts?.unit.stmt.kind === "assign";
}

/** Literal seeds that the code sets, in calls of `seed` and as `random_state`. */
function seedsOf(flow: Dataflow): readonly number[] {
  const out = new Set<number>();
  for (const { unit } of flow.facts) {
    const text = codeText(unit.cell.module, unit.stmt.span);
    for (const match of text.matchAll(/(?:\bseed\s*\(\s*|\b(?:random_state|seed|SEED|RANDOM_STATE)\s*=\s*)(\d[\d_]*)/g))
      out.add(Number((match[1] ?? "").replaceAll("_", "")));
  }
  return [...out];
}

/** The seed that the product adds: only where kept code draws from the global generators and the notebook sets none. */
export function addedSeed(flow: Dataflow, intake: Intake, kept: ReadonlySet<number>): number | undefined {
  const [seed] = intake.seeds;
  if (!seed || seedsOf(flow).length > 0) return undefined;
  return flow.facts.some((f) => kept.has(f.unit.id) && f.trace.draws.size > 0) ? seed.directive.value : undefined;
}
