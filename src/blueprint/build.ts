import type { DataBinding, Json, ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Kept } from "../dataflow/slice.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../foundation/hash.ts";
import type { Stmt } from "../python/ir.ts";
import { walkStmts } from "../python/walk.ts";
import { annotationOfValue } from "./annotations.ts";
import { arrange } from "./arrange.ts";
import type { Blueprint, Contract, Import, Step } from "./blueprint.ts";
import { directiveEdits } from "./code.ts";
import { columnsUsed } from "./columns-used.ts";
import { makeContracts, makeTests, unsupported } from "./contracts.ts";
import { definitions } from "./definitions.ts";
import { droppedOf } from "./dropped.ts";
import { type Edit, withRemovals } from "./edits.ts";
import { figureEdits } from "./figure-edits.ts";
import { makeHelpers, statementEdits } from "./helper-code.ts";
import { literalBinder } from "./helpers.ts";
import type { Intake } from "./intake.ts";
import { bindingJson, liftData, liftParameters, placeOfUse } from "./lift.ts";
import { makeMetrics } from "./metrics.ts";
import { packageName } from "./package-name.ts";
import { addedSeed, applyParams } from "./params.ts";
import { placeDefinitions } from "./place-definitions.ts";
import { prune } from "./prune.ts";
import { type Pins, requirementsOf } from "./requirements.ts";
import { findCredentials, liftSecrets, unliftedCredentials } from "./secrets.ts";
import type { Selection } from "./select.ts";
import { serve } from "./split/serve.ts";
import type { Twin } from "./split/twins/twins.ts";
import { makeSteps } from "./steps.ts";
import { trimDisplay } from "./trim.ts";
import { typingEdits } from "./typing-edits.ts";
import { databricksOnly, liftWidgets } from "./widgets.ts";

export interface BlueprintInput {
  readonly model: ModelConfig;
  readonly said: Intake;
  readonly selection: Selection;
  readonly pins: Pins;
  /** A predictor is made where nobody asks for one, too. */
  readonly servesUnasked: boolean;
  /** Modules of the repository whose code is not part of the program, each with the reason. */
  readonly unfollowed: ReadonlyMap<string, string>;
}

/** The blueprint and what led to it, for `graph` and `explain`. */
export interface Built {
  readonly blueprint: Blueprint;
  readonly kept: ReadonlyMap<number, Kept>;
  /** Unit → the step it went to. */
  readonly stepOf: ReadonlyMap<number, string>;
  /** Unit that reads tables from outside → the columns of them that production uses, in words. */
  readonly columnsUsed: ReadonlyMap<number, readonly string[]>;
  /** Where the rows of a fit are prepared otherwise than the rows that are answered. */
  readonly twins: readonly Twin[];
}

/** Turns a program's dataflow into the description of its model. undefined when nothing faithful can be made. */
export function buildBlueprint(input: BlueprintInput): Phase<Built | undefined> {
  const { model, said, selection } = input;
  const { flow } = selection;
  const diagnostics: Diagnostic[] = [...said.diagnostics, ...selection.diagnostics];
  const notebook = model.notebooks[0] ?? "notebook";
  if (selection.kept.size === 0) {
    diagnostics.push(report("CW3001", model.place("notebooks", 0), { notebook }));
    return { value: undefined, diagnostics };
  }
  if (selection.roots.fallback) diagnostics.push(report("CW3002", model.place("model"), { model: model.name }));

  const plain = definitions(flow);
  const names = new Set<string>([
    ...flow.facts.flatMap((f) => [...f.trace.writes, ...f.trace.reads]),
    ...selection.roots.figures.map((figure) => figure.name),
  ]);
  const keptAll = new Set(selection.kept.keys());
  const data = liftData(flow, keptAll, model, said.data, names);
  diagnostics.push(...data.diagnostics);
  const opened = new Map<string, Diagnostic>();
  for (const { unit, use } of data.unknown) {
    const place = placeOfUse(flow, unit, use);
    opened.set(JSON.stringify(place), report("CW3009", place, { callee: use.callee }));
  }
  diagnostics.push(...opened.values());
  const credentials = findCredentials(flow, said.secrets);
  const secrets = liftSecrets(credentials, keptAll, names);
  const places: readonly Edit[] = [...data.edits, ...secrets.edits];
  const widgets = liftWidgets(flow, keptAll, names, places);
  const liftEdits: Edit[] = [...places, ...widgets.edits];
  const kept = prune(flow, plain, keptAll, new Set([...selection.roots.units.keys()]), liftEdits);

  const placed = placeDefinitions(flow, kept, withRemovals(selection.edits, liftEdits), names);
  const { defs, helpers } = placed;
  diagnostics.push(...placed.diagnostics);
  const figuresOf = (unit: number) => selection.roots.figures.filter((f) => f.unit === unit);
  // A credential is no parameter: its literal must not reach the product.
  const secretNames = [...secrets.argumentsOf.keys()].map((unit) => onlyName(flow, unit));
  const promoted = new Set([...helpers.constants, ...secretNames]);
  const lifted = new Map([...liftParameters(flow, defs, kept, promoted), ...widgets.parameters]);
  const parameters = applyParams(flow, model, said, lifted, diagnostics);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };

  const variables = [...kept]
    .filter(
      (id) =>
        defs.kindOf(id) === "variable" &&
        !lifted.has(onlyName(flow, id)) &&
        !(helpers.constants.has(onlyName(flow, id)) && !isRead(defs, kept, onlyName(flow, id))),
    )
    .sort((a, b) => a - b);
  const users = [
    ...variables.map((id) => flow.program.units[id]),
    ...[...helpers.byName.values()].map((h) => h.unit),
  ].filter((u) => u !== undefined);
  diagnostics.push(...databricksOnly(flow, defs, users, liftEdits));
  const trims = users.flatMap((unit) =>
    figuresOf(unit.id).length > 0 ? figureEdits(unit, figuresOf(unit.id)) : trimDisplay(flow, unit),
  );
  const statements = new Map(
    users.flatMap((unit) =>
      defs.isStatement(unit.id) ? [[unit.id, statementEdits(flow, defs, unit, users)] as const] : [],
    ),
  );
  const isServed = said.serves.length > 0 || input.servesUnasked;
  const served = isServed ? serve(flow, keptAll, said, data, input.pins) : { value: undefined, diagnostics: [] };
  diagnostics.push(...served.diagnostics);
  const serving = served.value;
  const own = [
    ...liftEdits,
    ...(serving?.edits ?? []),
    ...placed.edits,
    ...[...statements.values()].flatMap((s) => s.edits),
    ...trims,
    ...users.flatMap(directiveEdits),
  ];
  const typing = typingEdits(users, names, withRemovals(selection.edits, own));
  const extraImports = new Map(
    users.map(({ id }) => [
      id,
      [
        ...(placed.extraImports.get(id) ?? []),
        ...(statements.get(id)?.imports ?? []),
        ...(typing.imports.get(id) ?? []),
        ...(serving?.imports.get(id) ?? []),
      ],
    ]),
  );
  const edits = withRemovals(selection.edits, typing.edits);

  const typeOf = (name: string) => {
    const parameter = lifted.get(name)?.parameter;
    return parameter
      ? { text: parameter.type, imports: [] }
      : annotationOfValue(flow.heap, flow.names.get(name)?.value);
  };
  const arranged = arrange({
    flow,
    defs,
    intake: said,
    roots: selection.roots,
    variables,
    helpers,
    incomplete: selection.incomplete,
    edits,
    parameters: new Set(lifted.keys()),
    pathArguments: data.argumentsOf,
    secretArguments: secrets.argumentsOf,
    reasons: placed.reasons,
  });
  diagnostics.push(...arranged.diagnostics);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };

  const seedToAdd = addedSeed(flow, said, kept);
  const made = makeSteps({
    flow,
    defs,
    intake: said,
    roots: selection.roots,
    helpers,
    edits,
    extraImports,
    imports: placed.imports,
    arranged,
    incomplete: selection.incomplete,
    parameters: lifted,
    datasets: data.datasets,
    secrets: secrets.secrets,
    ...(seedToAdd === undefined ? {} : { seed: seedToAdd }),
    figuresOf,
  });
  diagnostics.push(...made.diagnostics);
  diagnostics.push(...unsupported(flow, said));
  const contracts: readonly Contract[] = makeContracts(said);
  const constantUnits = [...helpers.constants].flatMap((name) => literalBinder(flow, defs, name) ?? []);
  // No edit reaches the constants that stand beside a class.
  diagnostics.push(...unliftedCredentials(users, secrets.edits), ...unliftedCredentials(constantUnits, []));
  const helperList = makeHelpers(
    { flow, defs, plan: helpers, edits, users, extraImports, imports: placed.imports },
    typeOf,
  );
  const imports: readonly Import[] = [
    ...made.steps.flatMap((s) => [...s.imports, ...s.localImports]),
    ...helperList.flatMap((h) => h.imports),
    ...users.flatMap((unit) => importsIn(unit.stmt)),
  ];
  const requirements = requirementsOf(flow, imports, input.pins, model, input.unfollowed, needsOf(made.steps));
  diagnostics.push(...requirements.diagnostics);
  const metrics = makeMetrics(flow, said, made.steps, selection.roots);
  for (const { directive, place } of said.metrics) {
    if (directive.by.length > 0 || directive.on)
      diagnostics.push(report("CW3016", place, { name: directive.name.name }));
  }
  const tests = makeTests(flow, defs, said, made.steps, helperList, diagnostics);
  const stepOf = new Map(arranged.groups.flatMap((g) => g.units.map((unit) => [unit, g.name] as const)));
  const seeded =
    flow.facts.some((f) => f.trace.draws.size > 0 && kept.has(f.unit.id)) &&
    !flow.facts.some((f) => f.trace.seeds.size > 0);
  const notices = [
    ...(seedToAdd === undefined
      ? []
      : [
          `The notebook sets no seed; the product draws from seed ${seedToAdd}, as the directive says, so its figures need not be the notebook's.`,
        ]),
    ...(seeded && seedToAdd === undefined
      ? [
          "The notebook draws random numbers without setting a seed: two runs of it differ, and so do two runs of this product.",
        ]
      : []),
    ...(selection.roots.fallback
      ? ["No model was found in the notebook, so every value that nothing reads later is kept."]
      : []),
  ];
  const blueprint: Blueprint = {
    model: model.name,
    package: packageName(model.name, flow.knowledge, imports),
    ...(model.owner === undefined ? {} : { owner: model.owner }),
    ...(model.risk === undefined ? {} : { risk: model.risk }),
    notebooks: [...new Set(flow.program.cells.map((c) => c.notebook.path))],
    python: model.python,
    requirements: requirements.requirements,
    parameters: parameters.filter((p) => made.steps.some((s) => s.parameters.includes(p.name))),
    datasets: data.datasets,
    secrets: secrets.secrets,
    helpers: helperList,
    steps: made.steps,
    contracts,
    metrics,
    tests,
    environments: Object.entries(model.environments).map(([name, e]) => ({
      name,
      params: e.params,
      data: Object.fromEntries(
        Object.entries(e.data).map(([key, binding]) => [key, environmentBinding(binding, model.data[key], model)]),
      ),
      secrets: e.secrets,
    })),
    overrides: model.params,
    intent: said.intent.map((i) => ({
      directive: i.directive.kind,
      text: i.attached.cell.source.slice(i.directive.span.start, i.directive.span.end),
      cite: i.cite,
    })),
    dropped: droppedOf({
      flow,
      defs,
      intake: said,
      kept,
      sliced: keptAll,
      helpers,
      imports,
      leftOut: selection.leftOut,
    }),
    notices,
    ...(serving ? { serving: serving.serving } : {}),
  };
  return {
    value: hasErrors(diagnostics)
      ? undefined
      : {
          blueprint,
          kept: new Map([...selection.kept].filter(([unit]) => kept.has(unit))),
          stepOf,
          columnsUsed: columnsUsed(selection),
          twins: serving?.twins ?? [],
        },
    diagnostics,
  };
}

/** Imports that stand as statements in the code. */
function importsIn(stmt: Stmt): readonly Import[] {
  const out: Import[] = [];
  walkStmts([stmt], (inner) => {
    if (inner.kind === "import") for (const { name, as } of inner.names) out.push({ module: name, local: as ?? name });
    if (inner.kind === "importfrom")
      for (const { name, as } of inner.names)
        out.push({ module: `${".".repeat(inner.level)}${inner.module}`, name, local: as ?? name });
  });
  return out;
}

function onlyName(flow: Dataflow, unit: number): string {
  const stmt = flow.program.units[unit]?.stmt;
  const target = stmt?.kind === "assign" && stmt.targets.length === 1 ? stmt.targets[0] : undefined;
  return target?.kind === "name" ? target.id : "";
}

function isRead(defs: ReturnType<typeof definitions>, kept: ReadonlySet<number>, name: string): boolean {
  return [...kept].some(
    (id) => defs.kindOf(id) === "variable" && defs.uses(id).some((use) => use.mode === "load" && use.id === name),
  );
}

/** Distributions that the product itself needs to store what its steps hand on. */
function needsOf(steps: readonly Step[]): readonly string[] {
  const types = new Set(steps.flatMap((s) => s.outputs.map((o) => o.type)));
  const out = ["PyYAML"];
  if (["DataFrame", "Series", "unknown-frame", "column-or-frame"].some((t) => types.has(t)))
    out.push("pandas", "pyarrow");
  if (["estimator", "booster", "results"].some((t) => types.has(t))) out.push("joblib");
  out.push("numpy");
  return out;
}

/** A binding of an environment; reader options that are the model's own stand in the code already. */
function environmentBinding(
  binding: DataBinding,
  base: DataBinding | undefined,
  model: ModelConfig,
): Readonly<Record<string, Json>> {
  const { options, ...rest } = bindingJson(binding, model);
  const isOwn = canonicalJson(options ?? {}) === canonicalJson(base?.options ?? {});
  return isOwn ? rest : { ...rest, ...(options === undefined ? {} : { options }) };
}
