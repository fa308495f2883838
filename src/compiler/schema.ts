import { checkShape } from "../config/check-shape.ts";
import { type JsonSchema, jsonSchemaOf } from "../config/json-schema.ts";
import type { Workspace } from "../config/project.ts";
import { projectShapeWith } from "../config/project-shape.ts";
import type { RecordShape, Shape } from "../config/shape.ts";
import { optionsShape } from "../config/shape-of-schema.ts";
import { knownOf, nearestFix } from "../config/wording.ts";
import { child, type EntryTree, itemsOf, type Tree } from "../config/yaml-tree.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** What is needed of a target to know its place in crosswalk.yaml; every `Target` is one. */
export interface ConfigurableTarget {
  readonly name: string;
  readonly options: { readonly schema: object };
}

/** The JSON schema (draft-07) of crosswalk.yaml with the options of these targets: what `crosswalk schema` prints. */
export function joinSchema(targets: readonly ConfigurableTarget[]): JsonSchema {
  const byName: Shape = {
    kind: "word",
    words: targets.filter((target) => named(target).required?.length === 1).map((target) => target.name),
    about: "A target by name, with its default options.",
  };
  const target: Shape = {
    kind: "either",
    named: "target",
    about: "A target by name, or a map with its name and its options.",
    options: [byName, ...targets.map((one) => named(one))],
  };
  return jsonSchemaOf(projectShapeWith(target), "crosswalk.yaml");
}

/** Unknown targets, and options that a target does not have or cannot take, each at its place in the YAML. */
export function checkTargetOptions(
  workspace: Workspace,
  targets: readonly ConfigurableTarget[],
): readonly Diagnostic[] {
  const names = targets.map((target) => target.name);
  const found = workspace.models.flatMap((model) =>
    model.targets.flatMap((choice, index): readonly Diagnostic[] => {
      const target = targets.find((one) => one.name === choice.name);
      if (!target) {
        // Below a plain name there is nothing: its own place is the nearest one.
        const known = knownOf(names);
        const fix = nearestFix(choice.name, names, `write ${known}`);
        return [report("CW0041", model.place("targets", index, "name"), { target: choice.name, known, fix })];
      }
      const item = itemsOf(child(model.source, "targets"))[index];
      if (!item) return [];
      const asMap: Tree = item.kind === "map" ? item : { ...item, kind: "map", entries: new Map([nameEntry(item)]) };
      return checkShape(named(target), asMap, ["targets", index]);
    }),
  );
  // A list that several models inherit is written, and reported, once.
  return found.filter((one, index) => found.findIndex((other) => same(one, other)) === index);
}

function named(target: ConfigurableTarget): RecordShape {
  const options = optionsShape(target.options.schema, `the target ${target.name}`);
  if (Object.hasOwn(options.fields, "name")) throw new Error(`${target.name}: an option cannot be called "name"`);
  return {
    ...options,
    fields: {
      name: { kind: "word", words: [target.name], about: "The name of the target." },
      ...options.fields,
    },
    required: ["name", ...(options.required ?? [])],
  };
}

/** `- package` says the same as `- {name: package}`: an option that must be written is then found missing. */
function nameEntry(item: Tree): [string, EntryTree] {
  return ["name", { key: "name", keySpan: item.span, file: item.file, value: item }];
}

function same(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.code === b.code &&
    a.message === b.message &&
    a.place?.file === b.place?.file &&
    a.place?.line === b.place?.line &&
    a.place?.column === b.place?.column
  );
}
