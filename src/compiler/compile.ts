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
import { dirName } from "../foundation/paths.ts";
import { isMarked } from "../notebook/bare-code.ts";
import type { ReadNotebook } from "../notebook/notebook.ts";
import { initPython } from "../python/engine.ts";
import type { PyModule } from "../python/ir.ts";
import { distributionOf } from "../python/knowledge/distributions.ts";
import { parseModule } from "../python/parse.ts";
import type { FileAction, Origin } from "../targets/contract/target.ts";
import { type Chain, readChain } from "./chain.ts";
import { formatPython, type Layout, layOut, loadFormatter } from "./format.ts";
import { localModulesIn } from "./local-modules.ts";
import { NotLoaded } from "./not-loaded.ts";
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
  /** Gives a notebook that was read already; without it files are read. */
  readonly notebook?: (path: string) => ReadNotebook | undefined;
  readonly tools?: CompileTools;
  /** Gives the names that `import` finds in a folder; without it the folder is listed. */
  readonly localModules?: (folder: string) => ReadonlyMap<string, string>;
}

/** Pure functions of a text, which a session may remember. */
export interface CompileTools {
  readonly parse: (text: string) => PyModule;
  readonly layOut: (text: string) => Layout;
}

const plainTools: CompileTools = { parse: parseModule, layOut };

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
  await initPython(input.host);
  phase("reading");
  const run = input.host.interruptible ?? (<T>(work: () => T): T => work());
  const chain = run(() => chainOf(input));
  if (haveMarks(chain.notebooks)) await loadAnnotations();
  const analysed = run(() => analyseModel(input, chain, phase));
  if (!analysed.isSound) return analysed.compiled();
  await loadFormatter();
  return run(() => renderModel(input, analysed, phase));
}

/** The same at one go, for an action: `initPython` and `loadFormatter` must have been awaited. Throws `NotLoaded`. */
export function compileNow(input: CompileInput, phase: (name: string) => void): Compiled {
  phase("reading");
  const chain = chainOf(input);
  if (haveMarks(chain.notebooks) && !attachAll) throw new NotLoaded("the grammar of annotations", loadAnnotations);
  const analysed = analyseModel(input, chain, phase);
  return analysed.isSound ? renderModel(input, analysed, phase) : analysed.compiled();
}

function chainOf({ host, root, model, pins, notebook, tools = plainTools }: CompileInput): Chain {
  const isInstalled = (name: string): boolean => pins.has(normalizeDistribution(distributionOf(name) ?? name));
  const isBefore = (name: string, major: number): boolean | undefined => versionBefore(pins, name, major);
  return readChain({ host, root, model, isInstalled, isBefore, parse: tools.parse, ...(notebook ? { notebook } : {}) });
}

/** What is known before anything is rendered. */
interface Analysed {
  readonly isSound: boolean;
  readonly built: Built | undefined;
  readonly found: readonly Diagnostic[];
  compiled(rest?: Partial<Compiled>, found?: readonly Diagnostic[]): Compiled;
}

function analyseModel(input: CompileInput, chain: Chain, phase: (name: string) => void): Analysed {
  const { host, root, model, pins } = input;
  const attached = annotationsOf(chain.notebooks);
  const said: Diagnostic[] = [...chain.diagnostics, ...attached.diagnostics];
  const ended = (known: Partial<Compiled>, found: readonly Diagnostic[], isSound: boolean): Analysed => ({
    isSound,
    built: known.built,
    found,
    compiled(rest = {}, more = found) {
      const diagnostics = settle(model, attached.value, [
        ...said,
        ...more.filter((d) => d.code !== "CW3001" || !hasErrors(said)),
      ]);
      const base = { model, chain, flow: undefined, built: undefined, directives: attached.value, files: [] };
      const all = { ...base, ...known, ...rest, diagnostics };
      return hasErrors(diagnostics) ? { ...all, files: [] } : all;
    },
  });
  if (!chain.complete) return ended({}, [], false);
  phase("analysing");
  const knowledge = knowledgeFor(host, root, model);
  said.push(...knowledge.diagnostics);
  if (hasErrors(knowledge.diagnostics)) return ended({}, [], false);
  const flow = analyse(program(chain.cells), knowledge.value);
  const asked = intake(flow, attached.value);
  const selection = select(flow, asked);
  const folders = [...new Set(model.notebooks.map(dirName))];
  const beside = input.localModules ?? ((folder: string) => localModulesIn(host, root, folder));
  const blueprint = buildBlueprint({
    model,
    said: asked,
    servesUnasked: input.servesUnasked ?? true,
    selection,
    pins: withInstalls(
      pins,
      chain.notebooks.map((n) => n.notebook),
    ),
    unfollowed: new Map([...folders.flatMap((folder) => [...beside(folder)]), ...chain.unfollowed]),
  });
  const laws = judge({ flow, model, built: blueprint.value, asked, selection });
  const found = [...blueprint.diagnostics, ...laws];
  const isSound = blueprint.value !== undefined && !hasErrors([...said, ...found]);
  return ended({ flow, built: blueprint.value }, found, isSound);
}

function renderModel(input: CompileInput, analysed: Analysed, phase: (name: string) => void): Compiled {
  const { built } = analysed;
  if (!built) return analysed.compiled();
  phase("writing Python");
  const files: ProductFile[] = [];
  const found = [...analysed.found];
  for (const { target, options } of targetsOf(input.model)) {
    if (target.check) found.push(...target.check(built.blueprint, options));
    for (const action of target.files(built.blueprint, options)) {
      const file = render(action, (input.tools ?? plainTools).layOut);
      if (file.problem !== undefined)
        found.push(report("CW5001", undefined, { path: action.path, problem: file.problem }));
      files.push(file);
    }
  }
  return analysed.compiled({ files }, found);
}

function render(action: FileAction, lay: CompileTools["layOut"]): ProductFile & { readonly problem?: string } {
  const rendered = action.render();
  const finished = action.path.endsWith(".py") && !action.finished ? formatPython(rendered, lay) : rendered;
  const { text, origins } = finished;
  const problem = (finished as { readonly problem?: string }).problem;
  return { path: action.path, text, origins, ...(problem === undefined ? {} : { problem }) };
}

let attachAll: typeof import("../annotation/attach.ts").attachAll | undefined;

async function loadAnnotations(): Promise<void> {
  attachAll ??= (await import("../annotation/attach.ts")).attachAll;
}

/** The grammar costs a tenth of a build to load, so notebooks without a mark never ask for it. */
function haveMarks(notebooks: readonly ParsedNotebook[]): boolean {
  return notebooks.some(({ notebook }) => notebook.cells.some((cell) => isMarked(cell.source)));
}

/** The directives of the notebooks. */
function annotationsOf(notebooks: readonly ParsedNotebook[]): Phase<readonly Attached[]> {
  return attachAll && haveMarks(notebooks) ? attachAll(notebooks) : { value: [], diagnostics: [] };
}
