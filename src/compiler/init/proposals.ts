import type { Directive } from "../../annotation/directive.ts";
import type { Cite, Dataset } from "../../blueprint/blueprint.ts";
import { cite, citeSpan } from "../../blueprint/cite.ts";
import { findCredentials } from "../../blueprint/secrets.ts";
import type { Dataflow } from "../../dataflow/analyse.ts";
import type { Compiled } from "../compile.ts";
import type { Proposal } from "../session-contract.ts";
import { paramDirective, peerProposals } from "./peers.ts";

/** The directives that would say what the code of a model only implies. What a notebook says already is not proposed. */
export function proposalsOf(compiled: Compiled): readonly Proposal[] {
  const peers = compiled.chain.notebooks.flatMap(({ notebook, cells }) => peerProposals(notebook, cells));
  const said = sayings(compiled);
  const found = [
    ...peers,
    ...(said.has("step") || peers.some((p) => kindOf(p) === "step") ? [] : steps(compiled)),
    ...data(compiled),
    ...params(compiled),
    ...(said.has("seed") ? [] : seeds(compiled)),
    ...metrics(compiled),
    ...secrets(compiled),
  ];
  const order = new Map(compiled.chain.notebooks.map(({ notebook }, i) => [notebook.path, i]));
  const seen = new Set<string>();
  return found
    .filter((p) => !isSaid(compiled, p))
    .filter((p) => {
      // One proposal for one thing, whoever thought of it first.
      const key = `${p.notebook}\0${p.cell}\0${subject(p)}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .sort((a, b) => (order.get(a.notebook) ?? 0) - (order.get(b.notebook) ?? 0) || a.cell - b.cell || a.line - b.line);
}

function sayings(compiled: Compiled): ReadonlySet<Directive["kind"]> {
  return new Set(compiled.directives.map((d) => d.directive.kind));
}

function kindOf(proposal: Proposal): string {
  return /^# cw: (\w+)/.exec(proposal.directive)?.[1] ?? "";
}

function subject(proposal: Proposal): string {
  return /^# cw: (\w+(?: [\w.]+)?)/.exec(proposal.directive)?.[1] ?? proposal.directive;
}

/** Whether a directive of the notebook says the same: of that kind and name, or of that kind in that cell where it has none. */
function isSaid(compiled: Compiled, proposal: Proposal): boolean {
  const [kind = "", name] = subject(proposal).split(" ");
  return compiled.directives.some(({ directive, cell, notebook }) => {
    if (directive.kind !== kind) return false;
    const own = "name" in directive && typeof directive.name === "object" ? directive.name.name : undefined;
    if (kind !== "skip" && kind !== "keep" && name !== undefined && own !== undefined) return own === name;
    return notebook.path === proposal.notebook && cell.index === proposal.cell;
  });
}

function at({ notebook, cell, line }: Cite, directive: string, reason: string): Proposal {
  return { notebook, cell, line, directive, reason };
}

function steps({ built, flow }: Compiled): readonly Proposal[] {
  if (!built || !flow || built.blueprint.steps.length < 2) return [];
  return built.blueprint.steps.flatMap((step) => {
    const first = [...built.stepOf].filter(([, name]) => name === step.name).sort(([a], [b]) => a - b)[0]?.[0];
    const unit = first === undefined ? undefined : flow.program.units[first];
    if (!unit) return [];
    const title = step.title.toLowerCase() === step.name.replaceAll("_", " ") ? "" : ` ${text(step.title)}`;
    return [at(cite(unit), `# cw: step ${step.name}${title}`, `here a build begins the step \`${step.name}\``)];
  });
}

const formatWords: ReadonlySet<string> = new Set(["csv", "parquet", "json", "sql", "table"]);

function data({ built }: Compiled): readonly Proposal[] {
  return (built?.blueprint.datasets ?? []).map((dataset: Dataset) => {
    const as = formatWords.has(dataset.format) ? ` as ${dataset.format}` : "";
    const place = `${dataset.mode === "input" ? "from" : "to"} ${text(dataset.path)}`;
    const verb = dataset.mode === "input" ? "loads" : "writes";
    const reason = `the statement ${verb} ${dataset.path}; a name lets each environment bind it to a place of its own`;
    return at(dataset.cite, `# cw: ${dataset.mode} ${dataset.name} ${place}${as}`, reason);
  });
}

const seedName = /^(?:random_?)?(?:seed|state)$/i;

function params({ built }: Compiled): readonly Proposal[] {
  return (built?.blueprint.parameters ?? []).map((p) => {
    const isSeed = seedName.test(p.name) && p.type === "int";
    return isSeed
      ? at(p.cite, `# cw: seed ${p.default}`, `\`${p.name}\` is the seed of what is drawn at random`)
      : at(p.cite, paramDirective(p.name, p.type), `\`${p.name}\` becomes a parameter; a range would be checked`);
  });
}

/** A model that draws and never seeds: a run cannot be repeated. */
function seeds({ flow, built }: Compiled): readonly Proposal[] {
  if (!flow || !built || built.blueprint.parameters.some((p) => seedName.test(p.name))) return [];
  const kept = flow.facts.filter((f) => built.kept.has(f.unit.id));
  const drawing = kept.find((f) => f.trace.draws.size > 0);
  const isSeeded = flow.facts.some((f) => f.trace.seeds.size > 0);
  if (!drawing || isSeeded) return [];
  const reason = "this draws at random and nothing seeds it: two runs would differ";
  return [at(cite(drawing.unit), "# cw: seed 42", reason)];
}

function metrics({ built, flow }: Compiled): readonly Proposal[] {
  return (built?.blueprint.metrics ?? []).flatMap((metric) => {
    if (metric.declared || !flow) return [];
    // A figure that is only printed has no name in the notebook that a directive could take.
    const maker = flow.facts.findLast((facts) => facts.trace.writes.has(metric.variable));
    if (!maker) return [];
    const reason = `\`${metric.variable}\` is a figure of the model; a bound would make it a release gate`;
    return [at(cite(maker.unit), `# cw: metric ${metric.name}`, reason)];
  });
}

function secrets({ flow }: Compiled): readonly Proposal[] {
  return flow ? credentials(flow) : [];
}

function credentials(flow: Dataflow): readonly Proposal[] {
  return findCredentials(flow, []).map(({ unit, literal, name }) =>
    at(
      citeSpan(unit.cell, literal.span),
      `# cw: secret ${name}`,
      "a credential stands here; named, it comes from the environment (and should be changed, as it was shown)",
    ),
  );
}

/** A text of the annotation language: double quotes, and nothing that would need an escape. */
function text(words: string): string {
  return `"${words.replace(/["\\\n\r]/g, "'")}"`;
}
