import { expect, it } from "vitest";
import { loadWorkspace } from "../../../src/config/load.ts";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { HostError, type HostErrorKind } from "../../../src/foundation/host.ts";
import { repository } from "./judges.ts";

const minimal = "model: credit-risk\nnotebooks: [notebooks/train.ipynb]\n";
const load = (content: string | Uint8Array) => loadWorkspace(repository(content), ".");
const said = (diagnostics: readonly Diagnostic[]) => diagnostics.map((d) => [d.code, d.place?.line, d.place?.column]);

it.each([
  ["CRLF line ends", minimal.replaceAll("\n", "\r\n")],
  ["a byte order mark", `\ufeff${minimal}`],
  ["no line end at the end", minimal.trimEnd()],
  ["a %YAML 1.2 line", `%YAML 1.2\n---\n${minimal}`],
  ["letters beyond the basic plane", `${minimal}owner: "𝔯isk 🏦"\n`],
])("reads a file with %s", (_, text) => {
  const { value, diagnostics } = load(text);
  expect(diagnostics).toEqual([]);
  expect(value?.models.map((model) => model.notebooks)).toEqual([["notebooks/train.ipynb"]]);
});

it("keeps columns right after a byte order mark and with CRLF", () => {
  const { diagnostics } = load("\ufeffmodle: a\r\nnotebooks: [notebooks/train.ipynb]\r\n");
  expect(said(diagnostics)).toEqual([["CW0010", 1, 1]]);
  expect(diagnostics[0]?.place?.excerpt).toEqual(["modle: a"]);
});

const bomb = [
  "params:",
  "  a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
  ...Array.from({ length: 9 }, (_, i) => `  a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`),
].join("\n");

it.each([
  ["Latin-1 bytes", Uint8Array.from([...Buffer.from("model: caf"), 0xe9, 0x0a]), "CW0002"],
  ["UTF-16", Uint8Array.from([0xff, 0xfe, ...Buffer.from(minimal, "utf16le")]), "CW0002"],
  ["a picture", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0]), "CW0002"],
  ["nothing", "", "CW0003"],
  ["blanks only", "\n\n  \n", "CW0003"],
  ["a word for nothing", "null\n", "CW0003"],
  ["a NUL", `model: a\0b\n`, "CW0004"],
  ["an escape character", `owner: \u001b[31mred\n`, "CW0004"],
  ["another YAML version", `%YAML 1.1\n---\n${minimal}`, "CW0004"],
  ["too many bytes", `${minimal}# ${"x".repeat(300_000)}\n`, "CW0006"],
  ["an anchor bomb", `${minimal}${bomb}\n`, "CW0006"],
  ["an anchor that holds itself", `${minimal}params: &p { again: *p }\n`, "CW0006"],
  ["brackets too deep", `${minimal}params: { a: ${"[".repeat(100)}${"]".repeat(100)} }\n`, "CW0006"],
  ["brackets far too deep", `${minimal}params: { a: ${"[".repeat(50_000)}${"]".repeat(50_000)} }\n`, "CW0006"],
  ["open brackets far too deep", `${minimal}params: ${"{a: ".repeat(30_000)}`, "CW0006"],
  ["a list as key", `${minimal}params: { [a, b]: 1 }\n`, "CW0018"],
  ["an empty key", `${minimal}params: { ? : 1 }\n`, "CW0018"],
])("says one thing about a file with %s", (_, content, code) => {
  const started = process.cpuUsage().user;
  const { value, diagnostics } = load(content);
  expect(diagnostics.map((d) => d.code)).toEqual([code]);
  expect(value?.models ?? []).toEqual([]);
  expect(process.cpuUsage(undefined).user - started).toBeLessThan(2_000_000);
});

it("says of conflict marks where the conflict begins", () => {
  const { diagnostics } = load(`${minimal}<<<<<<< HEAD\nowner: one\n=======\nowner: two\n>>>>>>> other\n`);
  expect(diagnostics.map(({ code, place }) => [code, place?.line])).toEqual([["CW0004", minimal.split("\n").length]]);
  expect(diagnostics[0]?.message).toContain("merge conflict");
  // Twin: the same in a text is none.
  expect(load(`${minimal}description: |\n  <<<<<<< HEAD\n`).diagnostics.map(({ code }) => code)).not.toContain(
    "CW0004",
  );
});

it.each<[HostErrorKind, RegExp]>([
  ["denied", /denies/],
  ["not-a-file", /folder/],
  ["missing", /link that leads nowhere/],
])("says why a file cannot be read: %s", (kind, why) => {
  const host = repository(minimal);
  const broken = {
    ...host,
    readBytes: (path: string) => {
      throw new HostError(kind, path, "system detail");
    },
  };
  const { value, diagnostics } = loadWorkspace(broken, ".");
  expect(value).toBeUndefined();
  expect(diagnostics.map((d) => d.code)).toEqual(["CW0001"]);
  expect(diagnostics[0]?.message).toMatch(why);
});

it("knows a text that a comma cut in two", () => {
  const { diagnostics } = load(`${minimal}data: { a: { sql: select x, y from t, connection: w } }\n`);
  expect(diagnostics.map((d) => [d.code, d.place?.column])).toEqual([["CW0010", 29]]);
  expect(diagnostics[0]?.fix).toMatch(/^put the whole text in quotes/);
});

it("names both places of a key that stands twice", () => {
  const { diagnostics } = load(`${minimal}owner: a\nowner: b\n`);
  expect(said(diagnostics)).toEqual([["CW0005", 4, 1]]);
  expect(diagnostics[0]?.related.map((r) => r.place.line)).toEqual([3]);
});

it("says what is wrong with a value once, however many aliases repeat it", () => {
  const { diagnostics } = load(`${minimal}params: { a: &t yes, b: *t }\n`);
  expect(said(diagnostics)).toEqual([["CW0020", 3, 17]]);
});

it("reports every independent mistake of one file", () => {
  const { diagnostics } = load("model: Credit\nnotebooks: [/a.ipynb]\nrisk: hihg\nouput: x\nparams: { a-b: 1 }\n");
  expect(diagnostics.map((d) => d.code).sort()).toEqual(["CW0010", "CW0013", "CW0019", "CW0019", "CW0035"]);
});
