import type { ActionRecord } from "../../engine/query.ts";
import { relativePath } from "../../foundation/paths.ts";
import type { ModelParams } from "../actions/declared.ts";

/** Why each model was compiled, by its name: only of those that were. */
export function whyCompiled(records: readonly ActionRecord[], root: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { kind, status, params, reason } of records) {
    if (kind !== "product" || status !== "ran") continue;
    const { name } = params as ModelParams;
    if (!out.has(name)) out.set(name, wordsOf(reason, root));
  }
  return out;
}

function wordsOf(reason: ActionRecord["reason"], root: string): string {
  if (reason?.code === "new") return "it was not compiled before";
  if (reason?.code !== "changed") return "its product is not kept";
  const { kind, params } = reason.read;
  const at = (path: unknown): string => relativePath(root, String(path));
  const of = (params ?? {}) as { readonly path?: unknown; readonly name?: unknown };
  switch (kind) {
    case "notebook":
    case "cells":
      return `${String(of.path)} changed`;
    case "layout":
      return `comments or blanks in what is kept of ${String(of.path)} changed`;
    case "runOrder":
      return `the cells of ${String(of.path)} were run in another order`;
    case "config":
    case "settings":
      return "crosswalk.yaml says something else of it";
    case "configFiles":
    case "configPlaces":
      return "keys of crosswalk.yaml stand elsewhere";
    case "beside":
      return `there are other modules in ${String((params as { readonly folder?: unknown }).folder)}`;
    case "pin":
      return `the version of ${String(of.name)} is another`;
    case "pins":
      return "versions of libraries are others";
    case "file":
      return `${at(params)} changed`;
    case "list":
      return `there are other files in ${at(params)}`;
    case "kind":
    case "real-path":
      return `${at(params)} came, went, or became something else`;
    case "env":
      return `the environment variable ${String(params)} changed`;
    default:
      return `${kind} changed`;
  }
}
