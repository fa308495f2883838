import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import { inRepository } from "../../../scripts/lib/repository.ts";

/** Tracked files and new ones that are not ignored: what would be committed. */
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: inRepository(),
  encoding: "utf8",
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(inRepository(path)) && statSync(inRepository(path)).isFile());
const isText = (path: string): boolean => !/\.(wasm|png|ico|parquet|joblib|npz|bin)$/.test(path);
const text = (path: string): string => readFileSync(inRepository(path), "utf8");
const source = files.filter(
  (path) => /^(src|grammar|test|scripts|bench)\/.*\.ts$/.test(path) && !/\/(golden|fixtures)\//.test(path),
);

it("git finds the files of the repository", () => {
  expect(files).toContain("package.json");
  expect(source.length).toBeGreaterThan(30);
});

it("no file names a package registry, and the lock file resolves no address", () => {
  const hosts = /registry\.npmjs\.org|registry\.yarnpkg\.com|files\.pythonhosted\.org|pypi\.org\/simple|"resolved":/;
  const found = files.filter(
    (path) => isText(path) && path !== "test/unit/repository/files.test.ts" && hosts.test(text(path)),
  );
  expect(found).toEqual([]);
});

it("every address in a lock or requirement file would be a place outside: there is none", () => {
  const locks = files.filter((path) =>
    /(^|\/)(package-lock\.json|.*requirements.*\.txt|.*constraints.*\.txt|\.npmrc)$/.test(path),
  );
  expect(locks).toEqual(expect.arrayContaining([".npmrc", "package-lock.json", "scripts/checks.requirements.txt"]));
  const addresses = locks.flatMap((path) =>
    [...text(path).matchAll(/https?:\/\/[^\s"']+/g)].map((m) => m[0]).filter((address) => !isFunding(address)),
  );
  expect(addresses).toEqual([]);
});

/** npm copies each package's `funding` into the lock file. */
function isFunding(address: string): boolean {
  return /sponsors|funding|opencollective|paypal|patreon|tidelift|github\.com|ko-fi|dotenvx|eslint\.org\/donate/.test(
    address,
  );
}

it("no file names a folder of the machine it was written on", () => {
  const folders = new RegExp(
    `${["/work", "main"].join("/")}\\b|${["/work", "shared"].join("/")}\\b|${["/home", "[a-z]+"].join("/")}/|/root/`,
  );
  // Example paths in tests and documents stand for a person's machine.
  const found = files.filter((path) => isText(path) && !/^(test|docs)\//.test(path) && folders.test(text(path)));
  expect(found).toEqual([]);
});

it("no source file that a person wrote is over 500 lines, and half of them are under 120", () => {
  const lines = source.map((path) => ({ path, lines: text(path).split("\n").length - 1 }));
  expect(lines.filter((file) => file.lines > 500 && !file.path.endsWith(".generated.ts"))).toEqual([]);
  const house = lines.filter(({ path }) => /^(src|grammar)\//.test(path)).map((file) => file.lines);
  house.sort((a, b) => a - b);
  expect(house[Math.floor(house.length / 2)]).toBeLessThan(120);
});

it("no source file says any, ignores the compiler, or quiets a lint rule", () => {
  const said = /:\s*any\b|\bas any\b|<any>|@ts-(ignore|nocheck|expect-error)/;
  const found = source
    .filter((path) => path !== "test/unit/repository/files.test.ts")
    .flatMap((path) =>
      text(path)
        .split("\n")
        .flatMap((line, i) =>
          said.test(line.replace(/^\s*(\/?\*|\/\/).*$/, "")) ? [`${path}:${i + 1}: ${line.trim()}`] : [],
        ),
    );
  expect(found).toEqual([]);
  // Two rules may be quieted, each time with the reason: a pattern that looks for control characters, and the IR's `then`.
  const mark = ["biome", "ignore"].join("-");
  const quiet = source
    .filter((path) => /^(src|grammar)\//.test(path))
    .flatMap((path) =>
      text(path)
        .split("\n")
        .flatMap((line) => (line.includes(mark) ? [`${path}: ${line.trim()}`] : [])),
    )
    .filter((line) => !/lint\/suspicious\/(noControlCharactersInRegex|noThenProperty): \S.+/.test(line));
  expect(quiet).toEqual([]);
});

it("no test is skipped or focused", () => {
  const tests = source.filter((path) => path.endsWith(".test.ts"));
  expect(tests.length).toBeGreaterThan(5);
  const found = tests.filter((path) => /\b(it|test|describe)\.(only|skip|todo)\b/.test(text(path)));
  expect(found).toEqual([]);
});
