import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { projectShape } from "../../../src/config/project-shape.ts";
import { ajvTakes, ours } from "./judges.ts";

const page = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((found) => found[1] ?? "");

it("the reference has examples", () => {
  expect(blocks.length).toBeGreaterThanOrEqual(5);
});

it.each(blocks)("an example of docs/config.md is a good file: %s", (text) => {
  expect(ours(text).map((d) => `${d.place?.line}: ${d.message}`)).toEqual([]);
  expect(ajvTakes(text)).toBe(true);
});

it.each(Object.keys(projectShape.fields))("the reference tells of the key %s", (key) => {
  expect(page).toContain(`\`${key}\``);
});
