import fc from "fast-check";
import { expect, it } from "vitest";
import { report } from "../../../src/diagnostics/catalogue.ts";
import { checkChoices, choiceFor } from "../../../src/engine/choices.ts";
import { commitProduct } from "../../../src/engine/commit.ts";
import { checkFolders, findProducts } from "../../../src/engine/products.ts";
import { unsafePart } from "../../../src/engine/safe-path.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";
import { build, codes, folder, request, root, tree } from "./kit.ts";

it.each([
  "../x.py",
  "a/../../x.py",
  "a/../x.py",
  "/etc/x",
  "C:\\x",
  "C:/x",
  "~/x",
  "\\\\server\\x",
  "a\\b.py",
  "",
  ".",
  "./a.py",
  "a//b.py",
  "a/",
  "a\u0000b",
  "a\nb",
  "a:b",
  "a?",
  'a"b',
  ".git/hooks/x",
  "x/.GIT/y",
  ".crosswalk/lock",
  "a.",
  "a /b",
  "x.cw-tmp",
  "\ud800",
  `${"x".repeat(201)}`,
  "crosswalk.manifest.json",
  "Crosswalk.Manifest.json",
  "src/crosswalk.manifest.json",
])("refuses the output path %j and writes nothing", (path) => {
  const host = memoryHost();
  const result = build(host, { "ok.py": "1\n", [path]: "x" });
  expect(result.outcome).toBe("refused");
  expect(codes(result)).toEqual(["CW6008"]);
  expect([...(result.diagnostics[0]?.message ?? "")].filter((character) => character < " ")).toEqual([]);
  expect(host.files.size).toBe(0);
});

it.each([
  "a.py",
  "src/pkg/a.py",
  "ünï/cödé.py",
  ".gitattributes",
  "a b.txt",
  "con.py",
  "x.cw-tmp.py",
  "..a/b",
])("allows the output path %j", (path) => expect(unsafePart(path)).toBeUndefined());

it.each([
  ["A.py", "a.py"],
  ["src/A.py", "SRC/b.py"],
  ["a", "a/b.py"],
  ["A", "a/b.py"],
  ["caf\u00e9.py", "cafe\u0301.py"],
])("refuses %j beside %j", (one, other) => {
  const host = memoryHost();
  expect(codes(build(host, { [one]: "1", [other]: "2" }))).toEqual(["CW6010"]);
  expect(host.files.size).toBe(0);
});

it("refuses one path twice", () => {
  const twice = request({ "a.py": "1" });
  const host = memoryHost();
  expect(codes(commitProduct(host, { ...twice, files: [...twice.files, ...twice.files] }))).toEqual(["CW6010"]);
});

it.each([
  "..",
  "../other",
  "/abs",
  ".",
  "",
  "a/../..",
  "a\nb",
  ".git/x",
  "production/.crosswalk",
])("refuses the product folder %j", (place) => {
  const host = memoryHost();
  expect(codes(commitProduct(host, request({ "a.py": "1" }, { folder: place })))).toEqual(["CW6008"]);
  expect(host.files.size).toBe(0);
});

it("refuses a folder where a file must be, and a file where a folder must be", () => {
  const host = memoryHost({ [`${folder}/a.py/x`]: "mine", [`${folder}/src`]: "mine" });
  expect(codes(build(host, { "a.py": "1" }))).toEqual(["CW6013"]);
  expect(codes(build(host, { "src/b.py": "1" }))).toEqual(["CW6013"]);
  const file = memoryHost({ production: "mine" });
  expect(codes(build(file, { "a.py": "1" }))).toEqual(["CW6013"]);
  expect([host.files.size, file.files.size]).toEqual([2, 1]);
});

it("lets an old file go whose place has become a folder", () => {
  const host = memoryHost();
  build(host, { "a.py": "1", "b.py": "1" });
  host.remove(`${folder}/b.py`);
  host.writeAtomic(`${folder}/b.py/mine.txt`, "mine");
  expect(build(host, { "a.py": "1" }).outcome).toBe("written");
  expect(host.text(`${folder}/b.py/mine.txt`)).toBe("mine");
});

it("never writes a product above or inside another", () => {
  const host = memoryHost();
  build(host, { "src/a.py": "1" });
  const before = tree(host);
  expect(codes(commitProduct(host, request({ "b.py": "1" }, { folder: `${folder}/src` })))).toEqual(["CW6011"]);
  expect(codes(commitProduct(host, request({ "credit/src/b.py": "1" }, { folder: "production" })))).toEqual(["CW6011"]);
  expect(tree(host)).toEqual(before);
});

it("says which folders of one workspace overlap", () => {
  const folders = ["production/a", "production/b", "production/A", "production/b/c", "production", "production/bb"];
  const said = checkFolders(folders.map((one) => ({ folder: one })));
  expect(said.map(({ message }) => message.match(/production\S*(?= overlaps)/)?.[0])).toEqual([
    "production/A",
    "production/b/c",
    "production",
    "production/bb",
  ]);
  expect(checkFolders([{ folder: "production/b" }, { folder: "production/bb" }])).toEqual([]);
});

it("names of each folder the first one before it that it overlaps, whatever the order", () => {
  const folder = fc.array(fc.constantFrom("a", "A", "b", "é", "e\u0301"), { minLength: 1, maxLength: 3 });
  const overlaps = (one: string, other: string): boolean => {
    const [a, b] = [one, other].map((path) => `${path.normalize("NFC").toLowerCase()}/`);
    return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
  };
  fc.assert(
    fc.property(fc.array(folder, { maxLength: 6 }), (parts) => {
      const folders = parts.map((names) => names.join("/"));
      const wanted = folders.flatMap((one, nth) => {
        const other = folders.slice(0, nth).find((earlier) => overlaps(one, earlier));
        return other === undefined ? [] : [report("CW6011", undefined, { path: one, other })];
      });
      expect(checkFolders(folders.map((one) => ({ folder: one })))).toEqual(wanted);
    }),
    { seed: 7, numRuns: 300 },
  );
});

it("finds the products that stand on disk, with their owners", () => {
  const host = memoryHost({ "production/readme.txt": "", "production/bad/crosswalk.manifest.json": "<<<" });
  commitProduct(host, request({ "a.py": "1" }, { folder: "production/z/deep", owner: "crosswalk.yaml#z" }));
  commitProduct(host, request({ "a.py": "1" }));
  expect(findProducts(host, root, "production")).toEqual([
    { folder: "production/bad", owner: undefined },
    { folder: "production/credit", owner: undefined },
    { folder: "production/z/deep", owner: "crosswalk.yaml#z" },
  ]);
  expect(findProducts(host, root, "nowhere")).toEqual([]);
});

it("takes the nearest choice, a file's own name before a folder's", () => {
  const choices = { adopt: ["p/x/a.py"], overwrite: ["p", "./p/y/"], eject: ["p\\x"] };
  const kinds = ["p/x/a.py", "p/x/b.py", "p/y/c.py", "p/z.py", "px/a.py"].map((path) => choiceFor(choices, path));
  expect(kinds.map((one) => one && [one.kind, one.exact, one.given])).toEqual([
    ["adopt", true, "p/x/a.py"],
    ["eject", false, "p\\x"],
    ["overwrite", false, "./p/y/"],
    ["overwrite", false, "p"],
    undefined,
  ]);
});

it("takes `.` for every file, least of all choices", () => {
  const choices = { adopt: ["."], overwrite: ["p"] };
  expect(["p/a.py", "q/a.py"].map((path) => choiceFor(choices, path)?.kind)).toEqual(["overwrite", "adopt"]);
});

it("says which choices met no file, and which contradict each other", () => {
  const host = memoryHost();
  const choices = { adopt: [`${folder}/a.py`, "production/credit/typo.py"], overwrite: [`${folder}/a.py`] };
  build(host, { "a.py": "1\n" });
  host.writeAtomic(`${folder}/a.py`, "mine\n");
  const { plan } = build(host, { "a.py": "1\n" }, choices);
  expect(checkChoices(choices, new Set(plan.usedChoices)).map(({ message }) => message)).toEqual([
    "--adopt production/credit/typo.py: no file of any product is meant by it.",
    "--overwrite production/credit/a.py: --adopt was given for it as well.",
  ]);
});
