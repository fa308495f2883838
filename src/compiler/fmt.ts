import type { Workspace } from "../config/project.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import { type Host, HostError } from "../foundation/host.ts";
import { readIfThere } from "../foundation/if-there.ts";
import { joinPath, staysInside } from "../foundation/paths.ts";
import { readNotebook } from "../notebook/read-notebook.ts";
import { includesOf } from "../notebook/requirements.ts";
import { initPython } from "../python/engine.ts";
import { meantPaths } from "./explain/find.ts";
import { formatNotebook } from "./fmt/format-notebook.ts";
import type { FmtRequest, FmtResult } from "./session-contract.ts";

export interface FmtInput {
  readonly host: Host;
  readonly root: string;
  readonly workspace: Workspace;
  readonly request: FmtRequest;
}

/** Puts the directives of notebooks in their one form. Every other byte stays; with `checkOnly` all of them do. */
export async function fmt({ host, root, workspace, request }: FmtInput): Promise<Phase<FmtResult>> {
  await initPython(host);
  const found = request.files.length === 0 ? ofWorkspace(host, root, workspace) : named(host, root, request.files);
  const diagnostics = [...found.diagnostics];
  const files: { path: string; changed: boolean }[] = [];
  for (const path of found.value) {
    const bytes = readIfThere(host, joinPath(root, path));
    if (!bytes) {
      diagnostics.push(report("CW5130", undefined, { file: path, why: "it is not there or may not be read" }));
      continue;
    }
    const formatted = formatNotebook(path, bytes);
    if (formatted.kind === "unreadable") diagnostics.push(...formatted.diagnostics);
    else if (formatted.kind === "unsafe") diagnostics.push(report("CW5131", undefined, { file: path }));
    else if (formatted.kind === "same") files.push({ path, changed: false });
    else {
      const problem = request.checkOnly ? undefined : write(host, root, path, formatted.text);
      if (problem) diagnostics.push(problem);
      else files.push({ path, changed: true });
    }
  }
  return { value: { files }, diagnostics };
}

/** The notebooks of every model and what they run with `%run`, each once. */
function ofWorkspace(host: Host, root: string, workspace: Workspace): Phase<readonly string[]> {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const out: string[] = [];
  const visit = (path: string, running: string): void => {
    if (seen.has(path) || !staysInside(path)) return;
    seen.add(path);
    const bytes = readIfThere(host, joinPath(root, path));
    if (!bytes) return;
    out.push(path);
    const { value } = readNotebook(path, bytes);
    for (const { candidates } of value ? includesOf(value, running) : []) {
      const target = candidates.find((candidate) => host.stat(joinPath(root, candidate))?.kind === "file");
      if (target !== undefined) visit(target, running);
    }
  };
  for (const model of workspace.models)
    model.notebooks.forEach((path, i) => {
      if (!seen.has(path) && host.stat(joinPath(root, path)) === undefined)
        diagnostics.push(report("CW2007", model.place("notebooks", i), { path }));
      visit(path, path);
    });
  return { value: out, diagnostics };
}

/** The files that were named, relative to the current folder or to the root. */
function named(host: Host, root: string, files: readonly string[]): Phase<readonly string[]> {
  const diagnostics: Diagnostic[] = [];
  const out = new Set<string>();
  for (const file of files) {
    const inside = meantPaths(host, root, file).filter(staysInside);
    const path = inside.find((one) => host.stat(joinPath(root, one)) !== undefined);
    if (path !== undefined) out.add(path);
    else {
      const why = inside.length === 0 ? "it lies outside the workspace" : "it is not there";
      diagnostics.push(report("CW5130", undefined, { file, why }));
    }
  }
  return { value: [...out], diagnostics };
}

/** Writes the file itself, not a link to it, and nothing outside the workspace. */
function write(host: Host, root: string, path: string, text: string): Diagnostic | undefined {
  const at = joinPath(root, path);
  const slashed = (real: string | undefined): string | undefined => real?.replaceAll("\\", "/");
  const real = slashed(host.realPath(at)) ?? at;
  const realRoot = slashed(host.realPath(root)) ?? root;
  if (!real.startsWith(realRoot === "/" ? "/" : `${realRoot}/`))
    return report("CW5130", undefined, { file: path, why: "it is a link that leads out of the workspace" });
  try {
    host.writeAtomic(real, text);
    return undefined;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return report("CW5132", undefined, { file: path, why: error.message });
  }
}
