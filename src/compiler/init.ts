import { configName } from "../config/config-file.ts";
import { loadWorkspace } from "../config/load.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { baseName, joinPath, relativePath } from "../foundation/paths.ts";
import { readNotebook } from "../notebook/read-notebook.ts";
import { includesOf } from "../notebook/requirements.ts";
import { compileModel } from "./compile.ts";
import { configText, schemaPlaces } from "./init/config-text.ts";
import { modelNames } from "./init/name.ts";
import { proposalsOf } from "./init/proposals.ts";
import { pythonOf } from "./init/python-version.ts";
import { scanNotebooks } from "./init/scan.ts";
import { installMergeDriver } from "./merge/install.ts";
import { readPins } from "./pins.ts";
import type { InitOptions, InitResult, Proposal } from "./session-contract.ts";

/** Names that a search looks at before it gives up. */
const limit = 50_000;

/** Writes a first crosswalk.yaml for the notebooks of a folder, never over another, and proposes directives. Touches no notebook. */
export async function initWorkspace({ host, folder }: InitOptions): Promise<Phase<InitResult | undefined>> {
  const refused = (diagnostic: Diagnostic): Phase<InitResult | undefined> => ({
    value: undefined,
    diagnostics: [diagnostic],
  });
  if (isThere(host, joinPath(folder, configName))) return refused(report("CW5110", undefined, { file: configName }));
  const scan = scanNotebooks(host, folder, limit);
  const diagnostics: Diagnostic[] = [];
  const shown = baseName(folder) || folder;
  if (scan.isCut) diagnostics.push(report("CW5112", undefined, { folder: shown, limit }));
  const usable = usableNotebooks(host, folder, scan.notebooks);
  diagnostics.push(...usable.diagnostics);
  if (usable.value.length === 0) {
    const none = diagnostics.length > 0 ? [] : [report("CW5111", undefined, { folder: shown })];
    return { value: undefined, diagnostics: [...diagnostics.map(asError), ...none] };
  }
  const draft = soundConfig(host, folder, usable.value);
  diagnostics.push(...draft.diagnostics);
  if (draft.text === undefined) return { value: undefined, diagnostics };
  try {
    host.createExclusive(joinPath(folder, configName), draft.text);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.kind === "exists" ? "CW5110" : "CW5114";
    return {
      value: undefined,
      diagnostics: [...diagnostics, report(code, undefined, { file: configName, why: error.message })],
    };
  }
  const workspace = loadWorkspace(host, folder).value;
  const git = workspace ? installMergeDriver(host, workspace) : "none";
  const proposals = await propose(host, folder);
  return { value: { file: configName, text: draft.text, written: true, proposals, git }, diagnostics };
}

function isThere(host: Host, path: string): boolean {
  try {
    return host.stat(path) !== undefined;
  } catch (error) {
    if (error instanceof HostError) return true;
    throw error;
  }
}

/** Where nothing else can be done, what stood in the way of every notebook is an error. */
function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: "error" };
}

/** Notebooks that can be read, without those that another one runs with `%run`: they are parts of its model. */
function usableNotebooks(host: Host, folder: string, paths: readonly string[]): Phase<readonly string[]> {
  const diagnostics: Diagnostic[] = [];
  const parts = new Set<string>();
  const value = paths.filter((path) => {
    let read: ReturnType<typeof readNotebook>;
    try {
      read = readNotebook(path, host.readBytes(joinPath(folder, path)));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      diagnostics.push(report("CW5113", undefined, { file: path, why: "it may not be read" }));
      return false;
    }
    const problem = read.diagnostics.find((d) => d.severity === "error");
    const isCode = read.value?.cells.some((cell) => cell.kind === "code" && cell.source.trim() !== "") ?? false;
    if (read.value && !problem && isCode) {
      for (const { candidates } of includesOf(read.value))
        for (const candidate of candidates) if (candidate !== path) parts.add(candidate);
      return true;
    }
    const why = problem?.message.replace(/\.$/, "") ?? "it has no code";
    diagnostics.push(report("CW5113", undefined, { file: path, why }));
    return false;
  });
  const alone = value.filter((path) => !parts.has(path));
  // Notebooks that only run each other are left to the check to judge.
  return { value: alone.length > 0 ? alone : value, diagnostics };
}

/** The text of a configuration that loads without an error; notebooks that its laws do not allow are left out. */
function soundConfig(
  host: Host,
  folder: string,
  notebooks: readonly string[],
): { readonly text: string | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const python = pythonOf(host, folder);
  const schema = schemaPlaces.find((place) => statIfThere(host, joinPath(folder, place))?.kind === "file");
  let left = notebooks;
  while (left.length > 0) {
    const names = modelNames(folder, left);
    const text = configText(
      left.map((notebook, i) => ({ notebook, name: names[i] ?? "model" })),
      python,
      schema,
    );
    const errors = ownErrors(withConfig(host, folder, text), folder);
    if (errors.length === 0) return { text, diagnostics };
    const bad = left.find((path) => errors.some((d) => mentions(d, path)));
    const problem = errors.find((d) => !bad || mentions(d, bad));
    if (bad === undefined) return { text: undefined, diagnostics: [...diagnostics, ...errors] };
    diagnostics.push(report("CW5113", undefined, { file: bad, why: problem?.message.replace(/\.$/, "") ?? "" }));
    left = left.filter((path) => path !== bad);
  }
  return { text: undefined, diagnostics: diagnostics.map(asError) };
}

/** Errors of this folder's configuration; a workspace above may have others. */
function ownErrors(host: Host, folder: string): readonly Diagnostic[] {
  const { value, diagnostics } = loadWorkspace(host, folder);
  const own = joinPath(folder, configName);
  return diagnostics.filter(
    (d) => d.severity === "error" && (!value || !d.place || joinPath(value.root, d.place.file) === own),
  );
}

function mentions(diagnostic: Diagnostic, path: string): boolean {
  return diagnostic.message.includes(path) || (diagnostic.place?.excerpt?.join("\n").includes(path) ?? false);
}

/** The host as it would be with the configuration written. */
function withConfig(host: Host, folder: string, text: string): Host {
  const own = joinPath(folder, configName);
  const bytes = new TextEncoder().encode(text);
  const isOwn = (path: string): boolean => joinPath(path.startsWith("/") ? "" : host.cwd, path) === own;
  return {
    ...host,
    stat: (path) => (isOwn(path) ? { kind: "file", size: bytes.length } : host.stat(path)),
    readBytes: (path) => (isOwn(path) ? bytes : host.readBytes(path)),
    realPath: (path) => (isOwn(path) ? path : host.realPath(path)),
  };
}

/** Compiles each model as it is and says which directives would help. */
async function propose(host: Host, folder: string): Promise<readonly Proposal[]> {
  const workspace = loadWorkspace(host, folder).value;
  if (!workspace) return [];
  const out: Proposal[] = [];
  const { root } = workspace;
  for (const model of workspace.models) {
    if (joinPath(root, model.file) !== joinPath(folder, configName)) continue;
    const found = proposalsOf(await compileModel({ host, root, model, pins: readPins(host, root, model) }));
    for (const p of found) out.push({ ...p, notebook: relativePath(folder, joinPath(root, p.notebook)) });
  }
  return out.filter((p, i) => out.findIndex((q) => same(p, q)) === i);
}

function same(a: Proposal, b: Proposal): boolean {
  return a.notebook === b.notebook && a.cell === b.cell && a.line === b.line && a.directive === b.directive;
}
