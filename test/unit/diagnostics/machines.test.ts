import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import type { Format } from "../../../src/diagnostics/formats/context.ts";
import { formats } from "../../../src/diagnostics/formats/formats.ts";
import { github } from "../../../src/diagnostics/formats/github.ts";
import { gitlab } from "../../../src/diagnostics/formats/gitlab.ts";
import { json } from "../../../src/diagnostics/formats/json.ts";
import { junit } from "../../../src/diagnostics/formats/junit.ts";
import { sarif } from "../../../src/diagnostics/formats/sarif.ts";
import { context, inCell, samples } from "./sample.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/diagnostics-1.schema.json", import.meta.url), "utf8"),
) as object;
/** What JSON.parse gives. */
type Document = ReturnType<typeof JSON.parse>;
const read = (format: Format, list = samples): Document => JSON.parse(format(list, context));

it("json is one object that its schema accepts, with and without findings", () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  expect([validate(read(json)), validate.errors]).toEqual([true, null]);
  expect(validate(read(json, []))).toBe(true);
  const { fix: _, ...broken } = read(json).diagnostics[0];
  expect(validate({ ...read(json), diagnostics: [broken] })).toBe(false);
});

it("json tells cell, place and fix of each, null where there is none, and what the command adds", () => {
  const document = JSON.parse(json(samples, { ...context, result: { models: [1], version: "not mine" } }));
  expect(document).toMatchObject({
    version: 1,
    exitCode: 1,
    models: [1],
    summary: { errors: 1, warnings: 1, notes: 1 },
  });
  expect(document.diagnostics[0]).toMatchObject({
    code: "CW9001",
    slug: "internal-error",
    severity: "error",
    file: "notebooks/train.ipynb",
    cell: 3,
    cellId: "abc",
    line: 2,
    column: 1,
    endLine: 2,
    endColumn: 8,
    fileLine: 57,
    fix: "compute it after the split.",
    related: [{ message: "label defined here", cell: 2, fileLine: 31 }],
  });
  expect(document.diagnostics[1]).toMatchObject({ cell: null, cellId: null, line: 4 });
  expect(document.diagnostics[2]).toMatchObject({ file: null, line: null, fileLine: null });
});

it("github puts annotations on the true line and escapes what would end a command", () => {
  expect(github(samples, context).split("\n")).toEqual([
    "::error file=notebooks/train.ipynb,line=57,title=CW9001 internal-error::cell 3:2:1: Feature 'x' depends on label 'y'.%0Afix: compute it after the split.",
    '::warning file=crosswalk.yaml,line=4,endLine=4,col=3,endColumn=9,title=CW0010 config-unknown-key::`notbooks` is not a key: 100 %25, <b> & "c".%0ASecond line.%0Afix: did you mean `notebooks`.',
    "::notice title=acme/no-owner no-owner::escape \u001b[31m, rtl \u202e, nul \u0000, lone \ufffd.%0Afix: name an owner.",
    "",
  ]);
  const odd = [{ ...samples[0]!, place: { ...inCell, file: "a,b:c%.ipynb" } }];
  expect(github(odd, context)).toContain("file=a%2Cb%3Ac%25.ipynb,line=57,");
});

it("gitlab names the true line and gives each finding a fingerprint of its own", () => {
  const issues = read(gitlab, [...samples, samples[0]!]);
  expect(issues[0]).toMatchObject({
    check_name: "CW9001 internal-error",
    severity: "major",
    location: { path: "notebooks/train.ipynb", lines: { begin: 57 } },
  });
  expect(issues.map((i: Document) => i.severity)).toEqual(["major", "minor", "info", "major"]);
  expect(new Set(issues.map((i: Document) => i.fingerprint)).size).toBe(4);
});

it("fingerprints stay when lines and cells move and change when the finding changes", () => {
  const print = (change: object, message = samples[0]!.message): string =>
    read(gitlab, [{ ...samples[0]!, message, place: { ...inCell, ...change } }])[0].fingerprint;
  expect(print({ cell: 9, line: 7, endLine: 7, fileLine: 300, excerpt: ["   df['x'] = df['y']"] })).toBe(print({}));
  expect(print({ cellId: "other" })).not.toBe(print({}));
  expect(print({}, "Another message.")).not.toBe(print({}));
});

it("sarif 2.1.0 names rules, true lines, logical cells and related places", () => {
  const log = read(sarif);
  const [run] = log.runs;
  expect([log.version, run.tool.driver.name, run.tool.driver.semanticVersion]).toEqual(["2.1.0", "crosswalk", "1.2.3"]);
  expect(run.tool.driver.rules.map((r: Document) => r.id)).toEqual(["CW0010", "CW9001", "acme/no-owner"]);
  for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
  expect(run.results.map((r: Document) => r.level)).toEqual(["error", "warning", "note"]);
  expect(run.results[0].locations[0]).toMatchObject({
    physicalLocation: { artifactLocation: { uri: "notebooks/train.ipynb" }, region: { startLine: 57 } },
    logicalLocations: [{ fullyQualifiedName: "notebooks/train.ipynb:cell 3:2:1" }],
  });
  expect(run.results[0].locations[0].physicalLocation.region.startColumn).toBeUndefined();
  expect(run.results[0].relatedLocations[0].physicalLocation.region.startLine).toBe(31);
  expect(run.results[1].locations[0].physicalLocation.region).toEqual({
    startLine: 4,
    startColumn: 3,
    endLine: 4,
    endColumn: 9,
  });
  expect(run.results[2].locations).toBeUndefined();
  const odd = read(sarif, [{ ...samples[0]!, place: { ...inCell, file: "a b/ü#.ipynb" } }]);
  expect(odd.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("a%20b/%C3%BC%23.ipynb");
});

it("junit fails on errors only and holds no character that XML forbids", () => {
  const xml = junit(samples, context);
  expect(xml).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="crosswalk" tests="3" failures="1">/,
  );
  expect(xml.match(/<failure /g)).toHaveLength(1);
  expect(xml.match(/<system-out>/g)).toHaveLength(2);
  expect(xml).toContain("100 %, &#60;b&#62; &#38; &#34;c&#34;.&#10;Second line.");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  expect(xml).not.toMatch(/[\u0000-\u0008\u001b]|[\ud800-\udfff]/);
  expect(junit([], context)).toContain('<testcase name="no findings" classname="crosswalk"/>');
});

it("every format is a pure function of what it is given and ends its text with a newline", () => {
  for (const [name, format] of Object.entries(formats)) {
    const text = format(samples, context);
    expect([name, text.at(-1)]).toEqual([name, "\n"]);
    expect(format(samples, context)).toBe(text);
  }
});
