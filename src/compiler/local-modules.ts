import { type Host, HostError } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";

/** Names that `import` would find in a folder of notebooks, scripts and packages of the repository itself, and what to say of one that stays an import. */
export function localModulesIn(host: Host, root: string, folder: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const why = "how the notebook uses it cannot be followed";
  const at = joinPath(root, folder);
  try {
    for (const name of host.list(at)) {
      if (/^[A-Za-z_]\w*\.py$/.test(name)) out.set(name.slice(0, -3), why);
      else if (/^[A-Za-z_]\w*$/.test(name) && host.stat(joinPath(at, name, "__init__.py"))?.kind === "file")
        out.set(name, why);
    }
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
  return out;
}
