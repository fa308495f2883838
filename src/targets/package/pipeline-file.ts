import type { Blueprint, Metric, Step } from "../../blueprint/blueprint.ts";
import { canonicalJson, sha256 } from "../../foundation/hash.ts";
import { type FileAction, file, type Rendered } from "../contract/target.ts";
import { pythonFile } from "../kit/python-file.ts";
import { pyString, pyTuple } from "../kit/python-text.ts";
import { loadKind } from "./kinds.ts";
import { rangeOf } from "./tables-file.ts";
import { citeText, constantName, datasetConstant, fieldName, stepFunction } from "./words.ts";

/** pipeline.py: which step reads and leaves what, and the model as a whole. */
export function pipelineFile(b: Blueprint): FileAction {
  const slice = { ...b, dropped: [], intent: [], notices: [], requirements: [], tests: [], steps: b.steps };
  return file(`src/${b.package}/pipeline.py`, slice, render);
}

function render(b: Blueprint): Rendered {
  const out = pythonFile(b.notebooks, `The pipeline of the model ${b.model}: which step reads and leaves what.`);
  out.use(
    { module: ".model", name: "Context", local: "Context" },
    { module: ".model", name: "Model", local: "Model" },
    { module: ".model", name: "Step", local: "Step" },
    { module: ".parameters", name: "Parameters", local: "Parameters" },
  );
  if (b.serving) {
    out.use({ module: "typing", name: "TYPE_CHECKING", local: "TYPE_CHECKING" });
    out.line("if TYPE_CHECKING:");
    out.line("from .predictor import FitState", 1);
    out.line("from .serving import Serving", 1);
    out.line();
  }
  if (b.datasets.length > 0) out.use({ module: ".datasets", name: "Dataset", local: "Dataset" });
  for (const d of b.datasets) {
    const parts = [
      `name=${pyString(d.name)}`,
      `path=${pyString(d.path)}`,
      `format=${pyString(d.format)}`,
      `role=${pyString(d.role)}`,
      `cite=${pyString(citeText([d.cite]))}`,
      ...(d.optional ? ["optional=True"] : []),
      ...(d.world === undefined ? [] : [`world=${pyString(d.world)}`]),
    ];
    out.line(`${datasetConstant(d.name)} = Dataset(${parts.join(", ")})`, 0, d.cite);
  }
  for (const m of b.metrics) metricLine(out, m);
  for (const c of b.contracts) {
    const name = constantName(c.name, "_CONTRACT");
    out.use({ module: ".table_contracts", name, local: name });
  }
  for (const step of b.steps) wrapper(out, b, step);
  for (const s of b.steps) out.use({ module: `.steps.${s.name}`, name: stepFunction(s), local: stepFunction(s) });
  if (b.serving) {
    // Only what serves loads the predictor.
    out.line("\n");
    out.line("def _serving() -> Serving[FitState]:");
    out.line("from .predictor import SERVING", 1);
    out.line();
    out.line("return SERVING", 1);
  }
  out.line("\n");
  const version = sha256(
    canonicalJson(
      withoutCites({
        steps: b.steps,
        helpers: b.helpers,
        parameters: b.parameters,
        ...(b.serving ? { serving: b.serving } : {}),
      }),
    ),
  ).slice(0, 16);
  if (b.secrets.length > 0) out.use({ module: ".settings", name: "Secret", local: "Secret" });
  const members = [
    `name=${pyString(b.model)}`,
    `package=${pyString(b.package)}`,
    `version=${pyString(`sha256:${version}`)}`,
    "parameters=Parameters",
    `steps=${pyTuple(b.steps.map((s, k) => stepText(b, s, k)))}`,
    ...(b.datasets.length > 0 ? [`datasets=${pyTuple(b.datasets.map((d) => datasetConstant(d.name)))}`] : []),
    ...(b.secrets.length > 0
      ? [
          `secrets=${pyTuple(b.secrets.map((s) => `Secret(${pyString(s.name)}${s.doc === undefined ? "" : `, doc=${pyString(s.doc)}`}, cite=${pyString(citeText([s.cite]))})`))}`,
        ]
      : []),
    ...(b.contracts.length > 0
      ? [`contracts=${pyTuple(b.contracts.map((c) => constantName(c.name, "_CONTRACT")))}`]
      : []),
    ...(b.metrics.length > 0 ? [`metrics=${pyTuple(b.metrics.map((m) => constantName(m.name, "_METRIC")))}`] : []),
    ...(b.serving ? ["serving=_serving"] : []),
    ...(b.serving?.isUnasked ? ["serving_asked=False"] : []),
  ];
  out.line(`MODEL = Model(${members.join(", ")})`);
  return out.render();
}

/** What code does, wherever in its notebook it stands: a comment in another place makes no other model. */
function withoutCites(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCites);
  if (value === null || typeof value !== "object") return value;
  if (isCite(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutCites(inner)]));
}

function isCite(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 5 && ["notebook", "cell", "cellId", "line", "endLine"].every((key) => keys.includes(key));
}

function metricLine(out: ReturnType<typeof pythonFile>, m: Metric): void {
  out.use({ module: ".contracts", name: "Metric", local: "Metric" });
  const rule = m.op === undefined && m.domain === undefined ? undefined : rangeOf(m.op, m.value, m.domain);
  if (rule !== undefined)
    out.use({
      module: ".values",
      name: rule.startsWith("OneOf") ? "OneOf" : "Range",
      local: rule.startsWith("OneOf") ? "OneOf" : "Range",
    });
  const parts = [
    `name=${pyString(m.name)}`,
    ...(rule === undefined ? [] : [`rule=${rule}`]),
    ...(m.on === undefined ? [] : [`on=${pyString(m.on)}`]),
    ...(m.by.length > 0 ? [`by=${pyTuple(m.by.map(pyString))}`] : []),
    ...(m.doc === undefined ? [] : [`doc=${pyString(m.doc)}`]),
    `cite=${pyString(citeText([m.cite]))}`,
  ];
  out.line(`${constantName(m.name, "_METRIC")} = Metric(${parts.join(", ")})`, 0, m.cite);
}

function wrapper(out: ReturnType<typeof pythonFile>, b: Blueprint, step: Step): void {
  const args = [
    ...step.inputs.map((i) => {
      const kind = loadKind(i.annotation);
      out.use(...kind.imports);
      return `${i.name}=context.load(${pyString(i.from)}, ${pyString(i.name)}, ${kind.text})`;
    }),
    ...step.parameters.flatMap((name) =>
      b.parameters.filter((p) => p.name === name).map((p) => `${p.argument ?? p.name}=context.parameters.${p.name}`),
    ),
    ...step.datasets.flatMap((name) =>
      b.datasets.filter((d) => d.name === name).map((d) => `${d.argument}=context.place(${datasetConstant(d.name)})`),
    ),
    ...step.secrets.flatMap((name) =>
      b.secrets.filter((s) => s.name === name).map((s) => `${s.argument}=context.secret(${pyString(s.name)})`),
    ),
  ];
  const call = `${stepFunction(step)}(${args.join(", ")})`;
  out.line("\n");
  out.line(`def _${step.name}(context: Context[Parameters]) -> None:`);
  if (step.outputs.length === 0) {
    out.line(call, 1);
    return;
  }
  out.line(`outputs = ${call}`, 1);
  for (const m of b.metrics)
    if (m.step === step.name)
      out.line(`context.metric(${constantName(m.name, "_METRIC")}, outputs.${fieldName(m.variable)}${itemsOf(m)})`, 1);
  const final = step.outputs.filter((o) => o.final).map((o) => pyString(o.name));
  const optional = step.outputs.filter((o) => !o.required).map((o) => pyString(o.name));
  const outputs = step.outputs.map((o) => `${pyString(o.name)}: outputs.${fieldName(o.name)}`).join(", ");
  const more = [
    ...(final.length > 0 ? [`final=${pyTuple(final)}`] : []),
    ...(optional.length > 0 ? [`optional=${pyTuple(optional)}`] : []),
  ];
  out.line(`context.save(${[pyString(step.name), `{${outputs}}`, ...more].join(", ")})`, 1);
}

/** A dotted metric name is an item of a dict: `figures.auc`. */
function itemsOf(m: Metric): string {
  return m.name
    .split(".")
    .slice(1)
    .map((key) => `[${pyString(key)}]`)
    .join("");
}

function stepText(b: Blueprint, step: Step, k: number): string {
  const before = b.steps.slice(0, k).filter((s) => s.randomOut);
  const from = step.randomIn ? before[before.length - 1]?.name : undefined;
  const parts = [
    pyString(step.name),
    `_${step.name}`,
    `cite=${pyString(citeText(step.cites))}`,
    ...(from === undefined ? [] : [`rng_in=${pyString(from)}`]),
    ...(step.randomOut ? ["rng_out=True"] : []),
  ];
  return `Step(${parts.join(", ")})`;
}
