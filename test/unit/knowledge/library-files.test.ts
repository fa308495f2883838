import { readdirSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import schema from "../../../schemas/library-knowledge-1.schema.json" with { type: "json" };
import { jsonSchemaOf } from "../../../src/config/json-schema.ts";
import { libraryShape } from "../../../src/config/library-shape.ts";
import { libraryFiles } from "../../../src/python/knowledge/data.ts";
import { effectWords, parseEffect } from "../../../src/python/knowledge/effect.ts";
import { bareTypes, commonKnowledge } from "../../../src/python/knowledge/index.ts";
import { knowledgeOf } from "../../../src/python/knowledge/knowledge.ts";
import type { LibraryFile } from "../../../src/python/knowledge/library-file.ts";
import { effectTexts } from "./texts.ts";

const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

it.each(libraryFiles.map((file) => [file.library, file] as const))("%s obeys the schema", (_, file) => {
  expect([validate(file), validate.errors]).toEqual([true, null]);
});

const minimal = { version: 1, library: "acme" };
const bad: readonly (readonly [what: string, file: object])[] = [
  ["no version", { library: "acme" }],
  ["a later version", { ...minimal, version: 2 }],
  ["a package with a dot", { ...minimal, packages: ["acme.core"] }],
  ["an effect with two arrows", { ...minimal, modules: { acme: { f: "-> a -> b" } } }],
  ["an arrow to nowhere", { ...minimal, modules: { acme: { f: "view ->" } } }],
  ["a comma between names", { ...minimal, modules: { acme: { "f, g": "-> str" } } }],
  ["an unknown key of a type", { ...minimal, types: { T: { method: {} } } }],
  ["an unknown artifact", { ...minimal, types: { T: { artifact: "pickle" } } }],
  ["an unknown key", { ...minimal, functions: {} }],
];

it.each(bad)("the schema refuses %s", (_, file) => {
  expect(validate(minimal)).toBe(true);
  expect(validate(file)).toBe(false);
});

it("every file of data/ is loaded", () => {
  const files = readdirSync(new URL("../../../src/python/knowledge/data/", import.meta.url));
  expect(libraryFiles.length).toBe(files.length);
});

it("every effect text can be read, and every word is used", () => {
  const texts = effectTexts(libraryFiles);
  const problems = texts.flatMap(({ library, place, text }) => {
    const read = parseEffect(text);
    return "problem" in read ? [`${library}: ${place}: ${read.problem}`] : [];
  });
  expect(problems).toEqual([]);
  const used = new Set(texts.flatMap(({ text }) => (text.split("->")[0] ?? "").split(" ")));
  expect(effectWords.filter((word) => !used.has(word))).toEqual([]);
});

it("no name is listed twice", () => {
  const seen = new Set<string>();
  const twice = effectTexts(libraryFiles).flatMap(({ place }) => (seen.size === seen.add(place).size ? [place] : []));
  expect(twice).toEqual([]);
  const types = libraryFiles.flatMap((file) => Object.keys(file.types ?? {}));
  expect(types.length).toBe(new Set(types).size);
});

it("functions stand in packages of their library", () => {
  for (const { library, packages = ["builtins"], modules = {} } of libraryFiles)
    for (const module of Object.keys(modules))
      expect([library, packages]).toContainEqual(expect.arrayContaining([module.split(".")[0]]));
});

it("every type that is named is described", () => {
  const entries = libraryFiles.flatMap(({ types = {} }) => Object.values(types));
  const named = new Set([
    ...effectTexts(libraryFiles).flatMap(({ text }) => (text.split("->")[1] ?? "unknown").trim().split(" of ")),
    ...entries.flatMap((entry) => [entry.extends ?? "unknown", entry.iterates ?? "unknown", ...(entry.either ?? [])]),
  ]);
  const { typeInfo } = commonKnowledge();
  expect([...named].filter((type) => !bareTypes.has(type) && typeInfo(type) === undefined)).toEqual([]);
});

const wrong: readonly (readonly [text: string, says: string])[] = [
  ["mutats -> None", "'mutats -> None' has the word 'mutats', which is not known; the words are view, "],
  ["View -> Series", "'View -> Series' has the word 'View'; write 'view'"],
  ["Series", `'Series' has the word 'Series', which is not known; a type stands behind an arrow: "-> Series"`],
  ["view -> a -> b", "'view -> a -> b' has more than one arrow"],
  ["view ->", "'view ->' has no type behind its arrow"],
  ["-> two words", "'-> two words' has no type behind its arrow"],
  ["-> tuple of", "'-> tuple of' has no type behind its arrow"],
  ["deterministic-unless -> estimator", "has the word 'deterministic-unless'"],
];

it.each(wrong)("%s is refused with its reason", (text, says) => {
  expect(parseEffect(text)).toMatchObject({ problem: expect.stringContaining(says) });
});

const acme: LibraryFile = {
  version: 1,
  library: "acme",
  packages: ["acme"],
  modules: {
    acme: { "[A-Z]*": "-> Thing", "*_plot": "display -> figure", "*": "-> float", exact: "-> str" },
    "acme.deep": { "*": "-> int", "*.rvs": "draws -> ndarray" },
  },
  types: { Thing: { extends: "Base", methods: { "a b": "-> str" } }, Base: { methods: { "*": "mutates -> None" } } },
};
const knowledge = knowledgeOf([acme]);

const found: readonly (readonly [name: string, type: string | undefined])[] = [
  ["acme.exact", "str"],
  ["acme.other", "float"],
  ["acme.Model", "Thing"],
  ["acme.sub.Model", "Thing"],
  ["acme.deep.Model", "Thing"],
  ["acme.deep.f", "int"],
  ["acme.deep.norm.rvs", "ndarray"],
  ["acme.big_plot", "figure"],
  ["acme.sub.exact", "float"],
  ["acme", undefined],
  ["acmes.exact", undefined],
];

it.each(found)("rules: %s gives %s", (name, type) => {
  expect(knowledge.functionEffect(name)?.returns).toBe(type);
});

it("a type asks the type that it extends, and only the last one says what holds for the rest", () => {
  expect(knowledge.methodEffect("Thing", "b")?.returns).toBe("str");
  expect(knowledge.methodEffect("Thing", "c")?.mutates).toBe(true);
  expect(knowledge.methodEffect("Other", "c")).toBeUndefined();
});

it("crosswalk.yaml takes exactly what the schema of the files takes", () => {
  const inline = new Ajv({ strict: false, allErrors: true }).compile(jsonSchemaOf(libraryShape, "a library"));
  const good = libraryFiles.filter((file) => file.packages !== undefined);
  for (const file of good) expect([file.library, inline(file), inline.errors]).toEqual([file.library, true, null]);
  // In crosswalk.yaml the version may be left out; what is wrong in a file is wrong there too.
  for (const [what, file] of bad.filter(([what]) => what !== "no version"))
    expect([what, inline({ packages: ["acme"], ...file })]).toEqual([what, false]);
});
