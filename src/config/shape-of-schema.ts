import type { Json } from "./project.ts";
import type { About, RecordShape, Shape } from "./shape.ts";
import type { TextRule } from "./text-rules.ts";

type Schema = { readonly [key: string]: unknown };

const understood = new Set(
  (
    "$comment title description markdownDescription default examples type enum const pattern minLength minimum maximum " +
    "items minItems uniqueItems properties required additionalProperties propertyNames"
  ).split(" "),
);

/**
 * A target's JSON schema of its options as a shape, so that options are judged and worded like the rest of the file.
 * Throws on a keyword that it does not know: that is a mistake of the target's author, found by the first test.
 */
export function shapeOfSchema(schema: object, called: string): Shape {
  const form: Schema = { ...schema };
  const unknown = Object.keys(form).find((key) => !understood.has(key));
  if (unknown !== undefined) throw new Error(`${called}: the schema keyword "${unknown}" is not understood`);
  const about = aboutOf(form, called);
  const words = form.enum ?? (form.const === undefined ? undefined : [form.const]);
  if (Array.isArray(words)) return { kind: "word", words: words.map(wordOf), ...about };
  switch (form.type) {
    case "string":
      return { kind: "text", rule: ruleOf(form, called), ...about };
    case "boolean":
      return { kind: "flag", ...about };
    case "integer":
    case "number": {
      const min = form.minimum;
      const max = form.maximum;
      return {
        kind: "number",
        whole: form.type === "integer",
        ...(typeof min === "number" ? { min } : {}),
        ...(typeof max === "number" ? { max } : {}),
        ...about,
      };
    }
    case "array": {
      const minimum = form.minItems;
      return {
        kind: "list",
        item: shapeOfSchema(objectOf(form.items), called),
        ...(typeof minimum === "number" ? { minimum } : {}),
        ...(form.uniqueItems === true ? { unique: true } : {}),
        ...about,
      };
    }
    case "object":
      return form.properties === undefined && typeof form.additionalProperties === "object"
        ? mapOf(form, called, about)
        : recordOf(form, called, about);
    case undefined:
      return { kind: "any", ...about };
    default:
      throw new Error(`${called}: the type ${JSON.stringify(form.type)} is not understood`);
  }
}

/** As `shapeOfSchema`, for the options of a target: always a record. */
export function optionsShape(schema: object, called: string): RecordShape {
  const shape = shapeOfSchema(schema, called);
  if (shape.kind !== "record") throw new Error(`${called}: the schema of the options must have \`type: object\``);
  return shape;
}

function recordOf(form: Schema, called: string, about: About): RecordShape {
  const fields = Object.fromEntries(
    Object.entries(objectOf(form.properties)).map(([key, value]) => [
      key,
      shapeOfSchema(objectOf(value), `${called}.${key}`),
    ]),
  );
  const required = Array.isArray(form.required) ? form.required.map(String) : [];
  return {
    kind: "record",
    called,
    fields,
    ...(required.length > 0 ? { required } : {}),
    // Options are closed even where the schema forgot to say so: a misspelt one must not pass.
    ...about,
  };
}

function mapOf(form: Schema, called: string, about: About): Shape {
  const key = ruleOf(objectOf(form.propertyNames), called);
  return {
    kind: "map",
    called: `a key of ${called}`,
    key,
    value: shapeOfSchema(objectOf(form.additionalProperties), called),
    ...about,
  };
}

function ruleOf(form: Schema, called: string): TextRule {
  const pattern = typeof form.pattern === "string" ? form.pattern : undefined;
  const about = typeof form.description === "string" ? form.description.replace(/\.$/, "") : called;
  const [example] = Array.isArray(form.examples) ? form.examples : [];
  const fix = example === undefined ? `write ${about}` : `write for example \`${String(example)}\``;
  const filled = typeof form.minLength === "number" && form.minLength > 0;
  const test = (text: string) => ({
    pattern: text,
    code: "CW0014" as const,
    expected: `of the form asked for here (${about})`,
    fix,
  });
  return { tests: [...(filled ? [test("\\S")] : []), ...(pattern === undefined ? [] : [test(pattern)])] };
}

function aboutOf(form: Schema, called: string): About {
  const about = form.markdownDescription ?? form.description;
  const { examples } = form;
  return {
    about: typeof about === "string" ? about : called,
    ...(Array.isArray(examples) ? { examples: examples as Json[] } : {}),
    ...(form.default === undefined ? {} : { standard: form.default as Json }),
  };
}

function wordOf(value: unknown): string | number {
  if (typeof value === "string" || typeof value === "number") return value;
  throw new Error(`the choice ${JSON.stringify(value)} is neither a text nor a number`);
}

function objectOf(value: unknown): Schema {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? { ...value } : {};
}
