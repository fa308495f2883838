import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { catalogue, codeOf, report } from "../../../src/diagnostics/catalogue.ts";
import type { Entry } from "../../../src/diagnostics/define.ts";
import { firstSentence } from "../../../src/diagnostics/formats/entry.ts";

const src = fileURLToPath(new URL("../../../src/", import.meta.url));
const all = Object.entries(catalogue()) as [string, Entry][];

/** The first digits that the codes of each catalogue file may have. */
const rooms: Readonly<Record<string, string>> = {
  config: "CW00",
  cli: "CW01",
  notebook: "CW10",
  annotation: "CW11",
  dataflow: "CW20",
  blueprint: "CW30",
  serving: "CW31",
  checks: "CW40",
  leaks: "CW41",
  targets: "CW50",
  compiler: "CW51",
  engine: "CW60",
  cache: "CW61",
  watch: "CW62",
  verify: "CW70",
  internal: "CW90",
};

/** What an entry does wrong, in words; nothing for a good one. */
function faults([code, entry]: [string, Entry]): readonly string[] {
  const plain = (text: string): string => text.replace(/`[^`]*`/g, "code").replace(/'[^']*'/g, "name");
  const sentences = plain(entry.fix).split(/[.!?](?=\s)/).length;
  return [
    [/^CW\d{4}$/.test(code), "code is not CW and four digits"],
    [/^[a-z][a-z0-9]*(-[a-z0-9]+)+$|^[a-z][a-z0-9]+$/.test(entry.slug), "slug is not kebab-case"],
    [/^CW/i.test(entry.slug) === false, "slug looks like a code"],
    // A hint at the end brings its own "." or "?".
    [/[.?]$|\{hint\}$/.test(entry.message), "message does not end with a full stop"],
    [entry.cause.endsWith("."), "cause does not end with a full stop"],
    [entry.fix.endsWith("."), "fix does not end with a full stop"],
    [sentences === 1, "fix is more than one sentence"],
    [!/[.!?]$/.test(entry.title) && entry.title.length <= 70, "title is not a few words"],
    [!/\n/.test(entry.message + entry.fix + entry.cause), "text has a line end"],
    [!/\{(?!\w+\})/.test(entry.message + entry.fix), "a brace that is no hole"],
  ]
    .filter(([good]) => !good)
    .map(([, words]) => `${code} ${words}`);
}

it("every entry is well formed", () => {
  expect(all.flatMap(faults)).toEqual([]);
});

it("the rules above see what is wrong", () => {
  const bad: Entry = {
    slug: "Not Kebab",
    severity: "error",
    title: "A sentence.",
    message: "no stop",
    cause: "none",
    fix: "Do this. Then that.",
  };
  expect(faults(["CW123", bad])).toHaveLength(6);
});

it("slugs are unique and a code is found by code and by slug in any case", () => {
  expect(new Set(all.map(([, entry]) => entry.slug)).size).toBe(all.length);
  for (const [code, entry] of all) {
    expect(codeOf(code.toLowerCase())).toBe(code);
    expect(codeOf(entry.slug.toUpperCase())).toBe(code);
  }
  expect(codeOf("toString")).toBeUndefined();
});

it("codes stand in the range of their room", async () => {
  const files = readdirSync(`${src}diagnostics/catalogue`).map((name) => name.replace(/\.ts$/, ""));
  for (const file of files) {
    const range = rooms[file.split("-")[0] ?? ""];
    expect([file, typeof range]).toEqual([file, "string"]);
    const text = readFileSync(`${src}diagnostics/catalogue/${file}.ts`, "utf8");
    const codes = [...text.matchAll(/^ {2}(CW\d+): \{/gm)].map(([, code = ""]) => code);
    expect(codes.filter((code) => !code.startsWith(range ?? "?"))).toEqual([]);
    expect(codes.filter((code) => !Object.hasOwn(catalogue(), code))).toEqual([]);
  }
});

it("every code is said somewhere in src", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => !name.startsWith("diagnostics/catalogue/") && name !== "cli/exit-codes.ts");
  const said = new Set(files.flatMap((name) => readFileSync(src + name, "utf8").match(/(?<=")CW\d{4}(?=")/g) ?? []));
  expect(all.map(([code]) => code).filter((code) => !said.has(code))).toEqual([]);
  expect([...said].filter((code) => !Object.hasOwn(catalogue(), code))).toEqual([]);
});

it("report fills every hole and never raises a note above what the entry allows for errors", () => {
  const found = report("CW9001", undefined, { what: "$& {x}" }, { severity: "note" });
  expect(found).toMatchObject({ severity: "error", message: "Crosswalk itself failed: $& {x}.", related: [] });
  expect(Object.hasOwn(found, "place")).toBe(false);
});

it("a cause is shortened to its first sentence, and a long one at a word", () => {
  expect(firstSentence("One. Two.")).toBe("One.");
  expect(firstSentence("Python 3.11 is fine. Two.")).toBe("Python 3.11 is fine.");
  expect(firstSentence("no stop")).toBe("no stop");
  expect(firstSentence("aaa bbb, ccc", 9)).toBe("aaa bbb …");
});
