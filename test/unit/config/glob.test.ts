import { expect, it } from "vitest";
import { expandPattern, matchesPattern } from "../../../src/config/glob.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";

it.each<[string, readonly string[], readonly string[]]>([
  ["models/*", ["models/a", "models/b-1"], ["models", "models/a/b", "other/a", "models2/a"]],
  ["models/**", ["models", "models/a", "models/a/b"], ["model", "x/models"]],
  ["**/model", ["model", "a/model", "a/b/model"], ["a/models", "model/a"]],
  ["**", [".", "a", "a/b/c"], []],
  ["a/**/b/**/c", ["a/b/c", "a/x/b/c", "a/b/y/z/c"], ["a/c", "a/b/c/d"]],
  ["risk-*", ["risk-", "risk-a"], ["risk", "a-risk-b", "risk-a/b"]],
  ["*-risk-*", ["a-risk-b", "-risk-"], ["-risk", "risk-", "a-risk"]],
  ["a*a", ["aa", "aba"], ["a"]],
  ["./models/./a/", ["models/a"], ["models"]],
  ["m.del", ["m.del"], ["model"]],
])("%s names the folders that it should", (pattern, yes, no) => {
  expect(yes.filter((folder) => !matchesPattern(pattern, folder))).toEqual([]);
  expect(no.filter((folder) => matchesPattern(pattern, folder))).toEqual([]);
});

it("does not slow down with many stars", () => {
  const started = process.cpuUsage().user;
  expect(matchesPattern(Array(60).fill("**/a").join("/"), Array(400).fill("a").join("/").concat("/b"))).toBe(false);
  expect(matchesPattern("*a".repeat(60), `${"a".repeat(5000)}b`)).toBe(false);
  expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
});

it("finds on disk what it matches, sorted, without hidden and installed folders", () => {
  const files = ["m/a/f", "m/b/c/f", "m/.git/f", "m/node_modules/x/f", "z/f", "m/venv/f"];
  const host = memoryHost(Object.fromEntries(files.map((file) => [file, ""])));
  expect(expandPattern(host, "/repo", "m/*")).toEqual(["m/a", "m/b"]);
  expect(expandPattern(host, "/repo", "**")).toEqual(["m", "m/a", "m/b", "m/b/c", "z"]);
  expect(expandPattern(host, "/repo", "m/b/c")).toEqual(["m/b/c"]);
  expect(expandPattern(host, "/repo", "**/c")).toEqual(["m/b/c"]);
  expect(expandPattern(host, "/repo", "nowhere/*")).toEqual([]);
});
