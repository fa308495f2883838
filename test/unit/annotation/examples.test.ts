import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DIRECTIVES } from "../../../grammar/words.ts";
import { formatDirectives } from "../../../src/annotation/format.ts";
import { readCell } from "../../../src/annotation/read-cell.ts";
import { parseModule } from "../../../src/python/parse.ts";
import { cellOf, tools } from "./cells.ts";
import { meaning } from "./meaning.ts";

const folder = new URL("../../fixtures/annotation/", import.meta.url);
const files = (name: string): readonly string[] =>
  readdirSync(new URL(name, folder)).filter((file) => file.endsWith(".txt"));
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const read = (source: string): ReturnType<typeof readCell> =>
  readCell(cellOf({ source }), "python", parseModule(source), tools);

it("has examples of every directive", () => {
  expect(
    files("good")
      .map((file) => file.replace(".txt", ""))
      .sort(),
  ).toEqual(Object.keys(DIRECTIVES).sort());
});

it.each(files("good"))("reads every example of %s without a word", (file) => {
  const source = text(`good/${file}`);
  const { value, diagnostics } = read(source);
  expect(diagnostics).toEqual([]);
  expect(value.length).toBe(source.match(/# cw:/g)?.length);
  expect(new Set(value.map(({ directive }) => directive.kind))).toEqual(new Set([file.replace(".txt", "")]));
});

it.each(files("good"))("formats the examples of %s without changing their meaning", (file) => {
  const source = text(`good/${file}`);
  const formatted = formatDirectives(source, parseModule(source), "python");
  expect(read(formatted).value.map(({ directive }) => meaning(directive))).toEqual(
    read(source).value.map(({ directive }) => meaning(directive)),
  );
  expect(formatDirectives(formatted, parseModule(formatted), "python")).toBe(formatted);
});

const blocks = files("bad").flatMap((file) =>
  text(`bad/${file}`)
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const lines = block.split("\n");
      const source = lines
        .filter((line) => !line.startsWith("⇒"))
        .join("\n")
        .replaceAll("⏎", "");
      return { source, expected: lines.filter((line) => line.startsWith("⇒")).map((line) => line.slice(2)) };
    }),
);

it.each(blocks)("says exactly what is wrong with $source", ({ source, expected }) => {
  const { diagnostics } = read(source);
  const said = diagnostics.map(({ code, place, message }) => ({ code, place, message }));
  expect(said.map(({ code }) => code)).toEqual(expected.map((line) => line.split(" ")[0]));
  expected.forEach((line, i) => {
    const [, at = "", words = ""] = /^\S+ (\S+) (.*)$/.exec(line) ?? [];
    const { place, message = "" } = said[i] ?? {};
    const full = `${place?.line}:${place?.column}-${place?.endColumn}`;
    expect(full.startsWith(at), `${full} should be ${at}`).toBe(true);
    expect(message).toContain(words);
  });
});
