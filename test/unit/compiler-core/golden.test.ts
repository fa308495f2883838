import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { header } from "../../../src/targets/kit/python-file.ts";
import { runtime } from "../../../src/targets/package/runtime.generated.ts";
import { compileRepository } from "./kit.ts";

const here = fileURLToPath(new URL("../../golden/", import.meta.url));
const update = process.env.UPDATE === "1";
const cases = readdirSync(here).filter((name) => statSync(join(here, name)).isDirectory());

/** Every file below a folder: path → text. */
function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** The product of a case and what was said of it; the runtime is the same in all and is left out once it is found to be. */
async function made(name: string): Promise<Readonly<Record<string, string>>> {
  const { "crosswalk.yaml": config = "", ...files } = filesOf(join(here, name, "repo"));
  const { diagnostics, compiled } = await compileRepository({ config, files });
  const blueprint = compiled?.built?.blueprint;
  const top = blueprint ? `${header(blueprint.notebooks).join("\n")}\n` : "";
  const common = new Map(
    Object.entries(runtime).map(([file, text]) => [`src/${blueprint?.package}/${file}`, top + text]),
  );
  const product = compiled?.files ?? [];
  for (const file of product)
    if (common.has(file.path)) expect([file.path, file.text]).toEqual([file.path, common.get(file.path)]);
  expect([...common.keys()].filter((path) => !product.some((file) => file.path === path))).toEqual([]);
  return {
    ...Object.fromEntries(product.filter((f) => !common.has(f.path)).map((f) => [`product/${f.path}`, f.text])),
    "diagnostics.json": `${JSON.stringify(diagnostics, null, 2)}\n`,
  };
}

/** `UPDATE=1` writes what is made now; files that are no longer made go. */
function write(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

it("there are cases", () => {
  expect(cases).toEqual(["annotated", "bare", "chained", "no-model"]);
});

it.each(cases)("the product of %s is the committed one, byte for byte", async (name) => {
  const folder = join(here, name, "expected");
  const files = await made(name);
  if (update) write(folder, files);
  const expected = filesOf(folder);
  expect(Object.keys(files).sort()).toEqual(Object.keys(expected));
  for (const [path, text] of Object.entries(expected)) expect([path, files[path]]).toEqual([path, text]);
});
