import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { statIfThere } from "../foundation/if-there.ts";
import { joinPath, staysInside } from "../foundation/paths.ts";
import { checkShape } from "./check-shape.ts";
import { libraryShape } from "./library-shape.ts";
import type { ModelConfig } from "./project.ts";
import { readYaml } from "./read-yaml.ts";
import { child, itemsOf, type MapTree, placeOfTree, textOf } from "./yaml-tree.ts";

/** The descriptions of in-house libraries that a model names, inline or as files, checked for their form. */
export function librariesOf(host: Host, root: string, model: ModelConfig): Phase<readonly MapTree[]> {
  const value: MapTree[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const item of itemsOf(child(model.source, "libraries"))) {
    const written = textOf(item);
    if (written === undefined) {
      if (item.kind === "map") value.push(item);
      continue;
    }
    const path = joinPath(item.file.folder, written);
    const full = joinPath(root, path);
    if (!staysInside(path) || statIfThere(host, full)?.kind !== "file") {
      const why = staysInside(path) ? "is not a file" : "leads out of the workspace";
      diagnostics.push(report("CW0044", placeOfTree(item), { path, why }));
      continue;
    }
    const read = readYaml(path, host.readBytes(full));
    diagnostics.push(...read.diagnostics);
    if (!read.value) continue;
    const found = checkShape(libraryShape, read.value);
    diagnostics.push(...found);
    if (found.length === 0 && read.value.kind === "map") value.push(read.value);
  }
  return { value, diagnostics };
}
