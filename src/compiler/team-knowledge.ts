import { librariesOf } from "../config/libraries.ts";
import type { ModelConfig } from "../config/project.ts";
import {
  child,
  entriesOf,
  itemsOf,
  type MapTree,
  placeOfKey,
  placeOfTree,
  type Tree,
  textOf,
  toJson,
} from "../config/yaml-tree.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { Host } from "../foundation/host.ts";
import { libraryFiles } from "../python/knowledge/data.ts";
import { parseEffect } from "../python/knowledge/effect.ts";
import { bareTypes, commonKnowledge } from "../python/knowledge/index.ts";
import { type Knowledge, knowledgeOf } from "../python/knowledge/knowledge.ts";
import type { LibraryFile } from "../python/knowledge/library-file.ts";

/** What Crosswalk knows of libraries, and what the team says of its own in crosswalk.yaml. */
export function knowledgeFor(host: Host, root: string, model: ModelConfig): Phase<Knowledge> {
  const { value: trees, diagnostics } = librariesOf(host, root, model);
  if (trees.length === 0) return { value: commonKnowledge(), diagnostics };
  const own = new Set(trees.flatMap((tree) => entriesOf(child(tree, "types")).map((entry) => entry.key)));
  const found = trees.flatMap((tree, at) => checkLibrary(tree, own, trees.slice(0, at)));
  if (found.length > 0 || diagnostics.length > 0)
    return { value: commonKnowledge(), diagnostics: [...diagnostics, ...found] };
  // The form was checked, so the values are what the type says.
  const files = trees.map((tree) => ({ version: 1, ...(toJson(tree) as object) }) as LibraryFile);
  return { value: knowledgeOf([...libraryFiles, ...files]), diagnostics };
}

function checkLibrary(tree: MapTree, own: ReadonlySet<string>, before: readonly MapTree[]): readonly Diagnostic[] {
  const common = commonKnowledge();
  const isType = (name: string): boolean => bareTypes.has(name) || own.has(name) || common.typeInfo(name) !== undefined;
  const packages = new Set(itemsOf(child(tree, "packages")).flatMap((item) => textOf(item) ?? []));
  const taken = new Set(before.flatMap((one) => entriesOf(child(one, "types")).map((entry) => entry.key)));
  const out: Diagnostic[] = [];
  const effect = (value: Tree): void => {
    const read = parseEffect(textOf(value) ?? "");
    if ("problem" in read) out.push(report("CW0045", placeOfTree(value), { problem: read.problem }));
    else for (const type of [read.effect.returns, read.effect.element ?? "unknown"]) named(value, type);
  };
  const named = (value: Tree, type: string | undefined): void => {
    if (type === undefined || isType(type)) return;
    const fix = "describe it under `types`, or leave the arrow out";
    out.push(report("CW0046", placeOfTree(value), { what: `the type \`${type}\``, why: "is not described", fix }));
  };
  const effects = (texts: Tree | undefined): void => {
    const seen = new Set<string>();
    for (const entry of entriesOf(texts)) {
      for (const name of entry.key.split(" ")) {
        if (seen.size === seen.add(name).size)
          out.push(
            report("CW0046", placeOfKey(entry), {
              what: `\`${name}\``,
              why: "stands twice",
              fix: "keep one of the two",
            }),
          );
      }
      effect(entry.value);
    }
  };
  for (const entry of entriesOf(child(tree, "modules"))) {
    if (!packages.has(entry.key.split(".")[0] ?? "")) {
      const fix = "add its first part to `packages`, or describe it in a library of its own";
      out.push(
        report("CW0046", placeOfKey(entry), { what: `the module \`${entry.key}\``, why: "is of another package", fix }),
      );
    }
    effects(entry.value);
  }
  for (const entry of entriesOf(child(tree, "types"))) {
    if (taken.has(entry.key) || common.typeInfo(entry.key) !== undefined)
      out.push(
        report("CW0046", placeOfKey(entry), {
          what: `the type \`${entry.key}\``,
          why: "is taken",
          fix: "choose another name for it",
        }),
      );
    for (const part of ["methods", "attributes"]) effects(child(entry.value, part));
    const subscript = child(entry.value, "subscript");
    if (subscript) effect(subscript);
    for (const key of ["extends", "iterates"]) {
      const value = child(entry.value, key);
      if (value) named(value, textOf(value));
    }
    for (const item of itemsOf(child(entry.value, "either"))) named(item, textOf(item));
  }
  return out;
}
