import type { ListShape, MapShape, RecordShape, TextShape } from "./shape.ts";
import { rules } from "./text-rules.ts";

/** What a team says of a library of its own: the form of schemas/library-knowledge-1.schema.json, in crosswalk.yaml. */

const effect: TextShape = {
  kind: "text",
  rule: rules.effect,
  named: "effect",
  instead: '"-> DataFrame"',
  about:
    'What a call does: words, an arrow, and the type of the result. `"-> DataFrame"` changes nothing; `"mutates0 -> None"` changes its first argument. docs/knowledge.md lists the words.',
  examples: ["-> DataFrame", "draws -> ndarray", "mutates0 -> None"],
};

const effects: MapShape = {
  kind: "map",
  named: "effects",
  called: "the name of a function, method or attribute",
  key: rules.namesOfLibrary,
  value: effect,
  instead: '{score_claims: "-> DataFrame"}',
  about: "Effects by name. A key may list several names with blanks between; `*` stands for all that are not listed.",
  examples: [{ score_claims: "-> DataFrame", "*": "-> unknown" }],
};

const typeName = {
  kind: "text",
  rule: rules.typeName,
  about: "A type by its short name.",
  examples: ["DataFrame"],
} as const;

const type: RecordShape = {
  kind: "record",
  named: "libraryType",
  called: "a type",
  about: "What is known of the values of a type.",
  fields: {
    annotation: { kind: "text", rule: rules.line, about: "How a person writes the type.", examples: ["acme.Policy"] },
    extends: { ...typeName, about: "Type that is asked when a method or attribute is not listed here." },
    either: {
      kind: "list",
      item: typeName,
      minimum: 2,
      unique: true,
      about: "It may be of any of these types: what holds for one of them is taken to hold.",
    },
    immutable: { kind: "flag", about: "It can never be changed." },
    artifact: {
      kind: "word",
      words: ["parquet", "json", "npz", "joblib"],
      about: "How values travel between steps; left out: they cannot.",
    },
    table: { kind: "flag", about: "A table or an array: slices of it may share its elements." },
    copies: { kind: "flag", about: "What is stored into it is copied; other types keep a reference." },
    fits: { kind: "flag", about: "A part that the `fit` of whatever holds it changes." },
    fitted: { kind: "flag", about: "What calls make of it is a fitted model from the start." },
    iterates: { ...typeName, about: "Type of the elements when iterated." },
    subscript: { ...effect, named: "subscriptEffect", about: "Effect of `x[...]`." },
    methods: { ...effects, named: "methodEffects", about: "Effects of methods." },
    attributes: { ...effects, named: "attributeEffects", about: "Effects of reading attributes." },
  },
};

/** One library: inline in crosswalk.yaml, or the whole of a file that it names. */
export const libraryShape: RecordShape = {
  kind: "record",
  named: "library",
  called: "a library",
  about: "What calls of a library read, change, draw, show, load, store and give.",
  fields: {
    $schema: { kind: "text", rule: rules.line, about: "The JSON schema, for editors." },
    version: { kind: "word", words: [1], about: "The version of this form.", standard: 1, examples: [1] },
    library: { kind: "text", rule: rules.line, about: "Name of the library, for people.", examples: ["acme"] },
    packages: {
      kind: "list",
      item: { kind: "text", rule: rules.pythonName, about: "A top-level package.", examples: ["acme"] },
      minimum: 1,
      unique: true,
      instead: "[acme]",
      about: "Top-level packages that it is imported by.",
      examples: [["acme"]],
    },
    modules: {
      kind: "map",
      named: "libraryModules",
      called: "the name of a module",
      key: rules.dataName,
      value: effects,
      instead: '{acme: {score_claims: "-> DataFrame"}}',
      about: "Effects of functions and classes, by module and name.",
      examples: [{ "acme.scoring": { score_claims: "-> DataFrame" } }],
    },
    types: {
      kind: "map",
      named: "libraryTypes",
      called: "the name of a type",
      key: rules.typeName,
      value: type,
      instead: '{Policy: {methods: {premium: "-> float"}}}',
      about: "What is known of values, by the short name of their type.",
      examples: [{ Policy: { methods: { premium: "-> float" } } }],
    },
  },
  required: ["library", "packages"],
  examples: [{ library: "acme", packages: ["acme"], modules: { acme: { score_claims: "-> DataFrame" } } }],
};

export const libraries: ListShape = {
  kind: "list",
  named: "libraries",
  item: {
    kind: "either",
    named: "libraryEntry",
    about: "A file that describes a library, or the description itself.",
    options: [
      {
        kind: "text",
        rule: rules.notebookPath,
        about: "A YAML or JSON file that describes a library, relative to this file.",
        examples: ["knowledge/acme.yaml"],
      },
      libraryShape,
    ],
  },
  minimum: 1,
  instead: "[knowledge/acme.yaml]",
  about:
    "What is known of in-house libraries. Without it every call of theirs counts as changing all that it is given, so little of the code around it can be left out.",
  examples: [[{ library: "acme", packages: ["acme"], modules: { acme: { score_claims: "-> DataFrame" } } }]],
};
