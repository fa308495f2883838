import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { knownTargets } from "../../../src/compiler/known-targets.ts";
import { type ConfigurableTarget, checkTargetOptions, joinSchema } from "../../../src/compiler/schema.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import type { Json } from "../../../src/config/project.ts";
import { shapeOfSchema } from "../../../src/config/shape-of-schema.ts";
import { prettyJson } from "../../../src/foundation/hash.ts";
import { repository } from "./judges.ts";

const committed = new URL("../../../crosswalk.config.schema.json", import.meta.url);

it("crosswalk.config.schema.json is what the definition says (node scripts/generate-config-schema.ts)", () => {
  expect(readFileSync(committed, "utf8")).toBe(prettyJson(joinSchema(knownTargets)));
});

it("is a valid draft-07 schema whose examples are valid", () => {
  const ajv = new Ajv({ strict: false });
  const schema = joinSchema(knownTargets);
  expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  expect(ajv.validateSchema(schema)).toBe(true);
  let examples = 0;
  visit(schema, (part) => {
    if (!Array.isArray(part.examples)) return;
    const check = ajv.compile({ ...part, definitions: schema.definitions });
    for (const example of part.examples as Json[]) {
      examples++;
      expect(check(example), JSON.stringify(example)).toBe(true);
    }
  });
  expect(examples).toBeGreaterThan(20);
});

it("explains every key to an editor", () => {
  visit(joinSchema(knownTargets), (part) => {
    for (const [key, field] of Object.entries((part.properties ?? {}) as Record<string, Record<string, Json>>)) {
      expect("$ref" in field || String(field.description).length > 10, key).toBe(true);
    }
  });
});

function visit(part: unknown, see: (schema: Record<string, unknown>) => void): void {
  if (Array.isArray(part)) for (const item of part) visit(item, see);
  if (part === null || typeof part !== "object" || Array.isArray(part)) return;
  const schema = part as Record<string, unknown>;
  see(schema);
  for (const [key, value] of Object.entries(schema)) {
    if (!["examples", "default", "defaultSnippets", "enum"].includes(key)) visit(value, see);
  }
}

const airflow: ConfigurableTarget = {
  name: "airflow",
  options: {
    schema: {
      type: "object",
      required: ["schedule"],
      additionalProperties: false,
      properties: {
        schedule: { type: "string", pattern: "^@[a-z]+$", description: "When it runs.", examples: ["@daily"] },
        retries: { type: "integer", minimum: 0, maximum: 9, default: 0 },
        catchup: { type: "boolean" },
        mode: { enum: ["docker", "python"] },
        tags: { type: "array", minItems: 1, uniqueItems: true, items: { type: "string", minLength: 1 } },
        labels: {
          type: "object",
          propertyNames: { pattern: "^[a-z]+$" },
          additionalProperties: { type: "number" },
        },
        extra: {},
      },
    },
  },
};
const both = [...knownTargets, airflow];

function judge(targets: string): { said: [string, string][]; ajv: boolean } {
  const text = `model: a\nnotebooks: [notebooks/train.ipynb]\ntargets: ${targets}\n`;
  const { value, diagnostics } = loadWorkspace(repository(text), ".");
  const said = [...diagnostics, ...(value ? checkTargetOptions(value, both) : [])];
  const check = new Ajv({ strict: false }).compile(joinSchema(both));
  return {
    said: said.map((d) => [
      d.code,
      text.split("\n")[(d.place?.line ?? 0) - 1]?.slice((d.place?.column ?? 0) - 1, (d.place?.endColumn ?? 0) - 1) ??
        "",
    ]),
    ajv: check(parse(text)),
  };
}

it.each<[string, [string, string][]]>([
  ['[package, { name: airflow, schedule: "@daily" }]', []],
  [
    '[{ name: airflow, schedule: "@daily", retries: 3, catchup: true, mode: docker, tags: [a], labels: { a: 1.5 }, extra: [1] }]',
    [],
  ],
  ["[airflow]", [["CW0011", "airflow"]]],
  ["[airfow]", [["CW0041", "airfow"]]],
  ["[{ name: airfow, schedule: x }]", [["CW0041", "name: airfow"]]],
  ['[{ name: airflow, shedule: "@daily" }]', [["CW0010", "shedule"]]],
  ["[{ name: airflow, schedule: daily }]", [["CW0014", "daily"]]],
  ['[{ name: airflow, schedule: "@daily", retries: 12 }]', [["CW0022", "12"]]],
  ['[{ name: airflow, schedule: "@daily", retries: 1.5 }]', [["CW0012", "1.5"]]],
  ['[{ name: airflow, schedule: "@daily", catchup: yes }]', [["CW0020", "yes"]]],
  ['[{ name: airflow, schedule: "@daily", catchup: "yes" }]', [["CW0012", '"yes"']]],
  ['[{ name: airflow, schedule: "@daily", mode: dokcer }]', [["CW0013", "dokcer"]]],
  ['[{ name: airflow, schedule: "@daily", tags: [] }]', [["CW0016", "[]"]]],
  ['[{ name: airflow, schedule: "@daily", tags: [a, a] }]', [["CW0017", "a"]]],
  ['[{ name: airflow, schedule: "@daily", tags: [""] }]', [["CW0014", '""']]],
  ['[{ name: airflow, schedule: "@daily", labels: { A: 1 } }]', [["CW0019", "A"]]],
  ['[{ name: airflow, schedule: "@daily", labels: { a: x } }]', [["CW0012", "x"]]],
])("checks the options of a target at their place: %s", (targets, expected) => {
  const { said, ajv } = judge(targets);
  expect(said).toEqual(expected);
  expect(ajv).toBe(expected.length === 0);
});

it("names the nearest target, and says it once for models that share the list", () => {
  const models = ["a", "b"].map((name) => `  - { model: ${name}, notebooks: [notebooks/train.ipynb] }`).join("\n");
  const { value } = loadWorkspace(repository(`targets: [pakage]\nmodels:\n${models}\n`), ".");
  const said = value ? checkTargetOptions(value, both) : [];
  expect(said.map((d) => [d.code, d.place?.line, d.fix])).toEqual([
    ["CW0041", 1, "write `package`, if that is what was meant."],
  ]);
});

it.each([
  [{ type: "object", patternProperties: {} }, /patternProperties/],
  [{ type: "null" }, /null/],
  [{ enum: [true] }, /true/],
])("a target's author is told at once of a schema that would not be checked: %j", (schema, why) => {
  expect(() => shapeOfSchema(schema, "x")).toThrow(why);
});
