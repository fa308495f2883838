import { canonicalJson } from "../foundation/hash.ts";
import type { Json } from "./project.ts";
import type { About, RecordShape, Shape } from "./shape.ts";
import { longestText, type TextRule } from "./text-rules.ts";

/** A JSON schema as plain JSON. */
export type JsonSchema = { readonly [key: string]: Json };

type Definitions = Map<string, JsonSchema>;

/** The JSON schema (draft-07) of a shape, with the texts and snippets that editors show. */
export function jsonSchemaOf(shape: Shape, title: string): JsonSchema {
  const definitions: Definitions = new Map();
  const root = { ...formOf(shape, definitions), ...aboutOf(shape) };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    ...root,
    definitions: Object.fromEntries(definitions),
  };
}

function partOf(shape: Shape, definitions: Definitions): JsonSchema {
  const schema = { ...formOf(shape, definitions), ...aboutOf(shape) };
  if (shape.named === undefined) return schema;
  const before = definitions.get(shape.named);
  if (before && canonicalJson(before) !== canonicalJson(schema)) throw new Error(`two definitions of ${shape.named}`);
  definitions.set(shape.named, schema);
  return { $ref: `#/definitions/${shape.named}` };
}

function formOf(shape: Shape, definitions: Definitions): JsonSchema {
  switch (shape.kind) {
    case "any":
      return {};
    case "text":
      return { type: "string", ...ruleOf(shape.rule) };
    case "word":
      return { enum: [...shape.words] };
    case "number":
      return {
        type: shape.whole ? "integer" : "number",
        ...(shape.min === undefined ? {} : { minimum: shape.min }),
        ...(shape.max === undefined ? {} : { maximum: shape.max }),
      };
    case "flag":
      return { type: "boolean" };
    case "list":
      return {
        type: "array",
        items: partOf(shape.item, definitions),
        ...(shape.minimum === undefined ? {} : { minItems: shape.minimum }),
        ...(shape.unique ? { uniqueItems: true } : {}),
      };
    case "map":
      return {
        type: "object",
        propertyNames: ruleOf(shape.key),
        additionalProperties: partOf(shape.value, definitions),
      };
    case "either":
      return { anyOf: shape.options.map((option) => partOf(option, definitions)) };
    case "record":
      return recordOf(shape, definitions);
  }
}

function recordOf(shape: RecordShape, definitions: Definitions): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(shape.fields).map(([key, field]) => [key, partOf(field, definitions)]),
  );
  const needs = Object.fromEntries((shape.needs ?? []).map(([key, needed]) => [key, [needed]]));
  const excludes = (shape.excludes ?? []).map(([a, b]) => ({ not: { required: [a, b] } }));
  return {
    type: "object",
    properties,
    ...(shape.open ? {} : { additionalProperties: false }),
    ...(shape.required ? { required: shape.required } : {}),
    ...(shape.filled ? { minProperties: 1 } : {}),
    ...(shape.needs ? { dependencies: needs } : {}),
    ...(shape.exactlyOne ? { oneOf: shape.exactlyOne.map((key) => ({ required: [key] })) } : {}),
    ...(excludes.length > 0 ? { allOf: excludes } : {}),
  };
}

function ruleOf(rule: TextRule): JsonSchema {
  const [first, ...more] = rule.tests.map((test) => ({ pattern: test.pattern }));
  const length = rule.long ? {} : { maxLength: longestText };
  if (!first) return length;
  return more.length === 0 ? { ...first, ...length } : { allOf: [first, ...more], ...length };
}

function aboutOf(about: About): JsonSchema {
  const plain = about.about.replaceAll("`", "");
  return {
    description: plain,
    ...(plain === about.about ? {} : { markdownDescription: about.about }),
    ...(about.examples ? { examples: about.examples } : {}),
    ...(about.standard === undefined ? {} : { default: about.standard }),
    ...(about.snippets ? { defaultSnippets: about.snippets.map((snippet) => ({ ...snippet })) } : {}),
  };
}
