import type { Host } from "../../foundation/host.ts";
import type { Actions, Bodies } from "./declared.ts";

const workspaceKinds: ReadonlySet<keyof Actions> = new Set([
  "workspace",
  "models",
  "configFiles",
  "config",
  "settings",
  "configPlaces",
  "beside",
  "pins",
  "pin",
]);

/** Loads what an action does: reading YAML, reading notebooks, or all of the compiler. */
export async function loadBodies(
  kind: keyof Actions,
  host: Host,
  actions: Actions,
  phase: (model: string, name: string) => void,
): Promise<Partial<Bodies>> {
  if (workspaceKinds.has(kind)) return (await import("./workspace.ts")).workspaceBodies(host, actions);
  if (kind === "notebook" || kind === "cells" || kind === "layout" || kind === "runOrder")
    return (await import("./notebook.ts")).notebookBodies(actions);
  if (kind !== "product") return (await import("./facts.ts")).factBodies(host, actions);
  return (await import("./load-product.ts")).loadProductBodies(host, actions, phase);
}
