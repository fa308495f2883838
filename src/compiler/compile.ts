import type { Attached, ParsedNotebook } from "../annotation/attached.ts";
import { type Built, buildBlueprint } from "../blueprint/build.ts";
import { type AttachedDirective, intake } from "../blueprint/intake.ts";
import { normalizeDistribution, type Pins, versionBefore } from "../blueprint/requirements.ts";
import { select } from "../blueprint/select.ts";
import { judge } from "../checks/judge.ts";
import type { ModelConfig } from "../config/project.ts";
import { analyse, type Dataflow } from "../dataflow/analyse.ts";
import { program } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import { type Diagnostic, hasErrors, type Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { initPython } from "../python/engine.ts";
import { distributionOf } from "../python/knowledge/distributions.ts";
import type { FileAction, Origin } from "../targets/contract/target.ts";
import { type Chain, readChain } from "./chain.ts";
import { formatPython } from "./format.ts";
import { localModulesOf } from "./local-modules.ts";
import { withInstalls } from "./pins/installs.ts";
import { settle } from "./severity.ts";
import { targetsOf } from "./targets.ts";
import { knowledgeFor } from "./team-knowledge.ts";

export interface CompileInput {
  readonly host: Host;
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  readonly model: ModelConfig;
  readonly pins: Pins;
  /** Make a predictor without a `serve` directive as well, of the answer that the notebook's last prediction is. */
  readonly servesUnasked?: boolean;
}

/** One file of a product, ready to be written. */
export interface ProductFile {
  /** Relative to the product folder. */
  readonly path: string;
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** Everything that one model's compilation found out. Later parts are undefined where an earlier one failed. */
export interface Compiled {
  readonly model: ModelConfig;
  readonly chain: Chain;
  readonly flow: Dataflow | undefined;
  readonly directives: readonly AttachedDirective[];
  readonly built: Built | undefined;
  readonly files: readonly ProductFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The phases in order. Nothing is written; a model with errors has no files. */
export async function compileModel(input: CompileInput, phase: (name: string) => void = () => {}): Promise<Compiled> {
  const { host, root, model, pins } = input;
  await initPython(host);
  phase("reading");
  const isInstalled = (name: string): boolean => pins.has(normalizeDistribution(distributionOf(name) ?? name));
  const isBefore = (name: string, major: number): boolean | undefined => versionBefore(pins, name, major);
  const chain = readChain({ host, root, model, isInstalled, isBefore });
  const attached = await annotationsOf(chain.notebooks);
  const said: Diagnostic[] = [...chain.diagnostics, ...attached.diagnostics];
  const done = (rest: Partial<Compiled>, more: readonly Diagnostic[] = []): Compiled => {
    const diagnostics = settle(model, attached.value, [
      ...said,
      ...more.filter((d) => d.code !== "CW3001" || !hasErrors(said)),
    ]);
    const isSound = !hasErrors(diagnostics);
    return {
      model,
      chain,
      flow: undefined,
      built: undefined,
      directives: attached.value,
      ...rest,
      files: isSound ? (rest.files ?? []) : [],
      diagnostics,
    };
  };
  if (!chain.complete) return done({});
  phase("analysing");
  const knowledge = knowledgeFor(host, root, model);
  said.push(...knowledge.diagnostics);
  if (hasErrors(knowledge.diagnostics)) return done({});
  const flow = analyse(program(chain.cells), knowledge.value);
  const asked = intake(flow, attached.value);
  const selection = select(flow, asked);
  const blueprint = buildBlueprint({
    model,
    said: asked,
    servesUnasked: input.servesUnasked ?? true,
    selection,
    pins: withInstalls(
      pins,
      chain.notebooks.map((n) => n.notebook),
    ),
    unfollowed: new Map([...localModulesOf(host, root, model), ...chain.unfollowed]),
  });
  const laws = judge({ flow, model, built: blueprint.value, asked, selection });
  const found = [...blueprint.diagnostics, ...laws];
  if (!blueprint.value || hasErrors([...said, ...found])) return done({ flow, built: blueprint.value }, found);
  phase("writing Python");
  const files: ProductFile[] = [];
  for (const { target, options } of targetsOf(model)) {
    if (target.check) found.push(...target.check(blueprint.value.blueprint, options));
    for (const action of target.files(blueprint.value.blueprint, options)) {
      const file = await render(action);
      if (file.problem !== undefined)
        found.push(report("CW5001", undefined, { path: action.path, problem: file.problem }));
      files.push(file);
    }
  }
  return done({ flow, built: blueprint.value, files }, found);
}

async function render(action: FileAction): Promise<ProductFile & { readonly problem?: string }> {
  const rendered = action.render();
  const finished = action.path.endsWith(".py") && !action.finished ? await formatPython(rendered) : rendered;
  const { text, origins } = finished;
  const problem = (finished as { readonly problem?: string }).problem;
  return { path: action.path, text, origins, ...(problem === undefined ? {} : { problem }) };
}

/** The directives of the notebooks. The grammar costs a tenth of a build to load, so notebooks without a mark never ask for it. */
async function annotationsOf(notebooks: readonly ParsedNotebook[]): Promise<Phase<readonly Attached[]>> {
  const isMarked = notebooks.some(({ notebook }) => notebook.cells.some((cell) => /cw|crosswalk/i.test(cell.source)));
  if (!isMarked) return { value: [], diagnostics: [] };
  const { attachAll } = await import("../annotation/attach.ts");
  return attachAll(notebooks);
}
