import { expect, it } from "vitest";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import { codeText } from "../../../src/python/code-text.ts";
import { initPython } from "../../../src/python/engine.ts";
import { parseModule } from "../../../src/python/parse.ts";

await initPython(nodeHost());

const text = "x = 1  # seed = 2\n# y\nz = '# no'\n";

it.each([
  ["all of it", 0, text.length, "x = 1            \n   \nz = '# no'\n"],
  ["from inside a comment", 9, 21, "        \n   "],
  ["up to inside a comment", 0, 10, "x = 1     "],
  ["without one", 22, 27, "z = '"],
])("comments are blanks in the text of code: %s", (_name, start, end, expected) => {
  expect(codeText(parseModule(text), { start, end })).toBe(expected);
});
