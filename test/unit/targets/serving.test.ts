import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Blueprint } from "../../../src/blueprint/blueprint.ts";
import { moduleFiles } from "../../../src/targets/package/module-files.ts";
import { projectFiles } from "../../../src/targets/package/project-files.ts";
import { serveModules } from "../../../src/targets/package/serves.ts";

const runtime = new URL("../../../src/targets/package/runtime/", import.meta.url);
const onlyServing = readdirSync(new URL("serving/", runtime)).filter((name) => name.endsWith(".py"));

const plain: Blueprint = {
  model: "m",
  package: "m",
  notebooks: ["n.ipynb"],
  python: ">=3.11",
  requirements: [],
  parameters: [],
  datasets: [],
  secrets: [],
  helpers: [],
  steps: [],
  contracts: [],
  metrics: [],
  tests: [],
  environments: [],
  overrides: {},
  intent: [],
  dropped: [],
  notices: [],
};
const serving: Blueprint = Object.assign({ ...plain }, { serving: {} });

const pathsOf = (b: Blueprint) => [...moduleFiles(b)].map((file) => file.path.replace("src/m/", ""));

it("only a product that serves carries the modules for that", () => {
  const carried = pathsOf(plain);
  expect(onlyServing).toContain("door.py");
  expect(onlyServing.filter((name) => carried.includes(name))).toEqual([]);
  expect(pathsOf(serving)).toEqual(expect.arrayContaining([...carried, ...onlyServing]));
});

it("no two modules of the runtime have one name", () => {
  const paths = pathsOf(serving);
  expect(new Set(paths).size).toBe(paths.length);
  // The emitted module `predictor.py` stands beside them.
  expect(paths).not.toContain("predictor.py");
});

it("only a product that serves has the extra `serve`, and names what its service imports", () => {
  const text = (b: Blueprint): string => {
    const project = [...projectFiles(b)].find((file) => file.path === "pyproject.toml");
    const rendered = project?.render();
    return typeof rendered === "string" ? rendered : (rendered?.text ?? "");
  };
  expect(text(plain)).not.toContain("fastapi");
  expect(text(serving)).toContain('serve = ["fastapi>=');
  const imported = onlyServing
    .map((name) => readFileSync(new URL(`serving/${name}`, runtime), "utf8"))
    .flatMap((code) => [...code.matchAll(/^(?:from|import) (\w+)/gm)].map((found) => found[1] ?? ""));
  const foreign = new Set(imported.filter((name) => serveModules.includes(name)));
  expect([...foreign].sort()).toEqual([...serveModules].sort());
});
