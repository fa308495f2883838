import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { type Joined, joinStart } from "./join-start.ts";
import { repository as root } from "./repository.ts";

const require = createRequire(import.meta.url);

/** Files that are loaded at run time from beside the bundle. */
const copies: readonly (readonly [from: string, to: string])[] = [
  [join(dirname(require.resolve("web-tree-sitter")), "web-tree-sitter.wasm"), "web-tree-sitter.wasm"],
  [join(root, "node_modules/tree-sitter-python/tree-sitter-python.wasm"), "tree-sitter-python.wasm"],
  [require.resolve("@astral-sh/ruff-wasm-nodejs"), "ruff_wasm.cjs"],
  [join(dirname(require.resolve("@astral-sh/ruff-wasm-nodejs")), "ruff_wasm_bg.wasm"), "ruff_wasm_bg.wasm"],
];

/** ruff is CommonJS that reads its wasm from beside itself, so it stays a file of its own. */
const ruffBeside: Plugin = {
  name: "ruff-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^@astral-sh\/ruff-wasm-nodejs$/ }, () => ({ path: "./ruff_wasm.cjs", external: true }));
  },
};

/** Commander can start other programs, and Crosswalk never asks it to: Node's part for that is loaded when first used. */
const childProcessLater: Plugin = {
  name: "child-process-later",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("commander") ? { path: "child-process", namespace: "later" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "later" }, () => ({
      contents: 'export default { get spawn() { return process.getBuiltinModule("node:child_process").spawn; } };',
    }));
  },
};

/** Commander asks for a table of Unicode to know the dots at the end of an option's name: our names are ASCII, and the table is large. */
const plainOptionNames: Plugin = {
  name: "plain-option-names",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]commander[\\/]lib[\\/]option\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace("/\\p{ID_Continue}\\.", "/\\w\\.");
      if (contents === text) throw new Error(`${path} no longer asks for \\p{ID_Continue}`);
      return { contents };
    });
  },
};

/** What a build loads that has nothing to do. */
const nothingToDo = [
  "src/cli/process.ts",
  "src/cli/print.ts",
  "src/compiler/session.ts",
  "src/diagnostics/formats/visible.ts",
  "src/diagnostics/order.ts",
];

/** CommonJS dependencies ask for `require`, which an ES module does not have. */
const withRequire = 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);\n';

/** Bundles the command line into a folder: split so that a command loads only what it uses, with the wasm files beside; gives what was written. */
export async function writeBundle(folder: string): Promise<Joined> {
  const split = await build({
    absWorkingDir: root,
    entryPoints: { cli: "src/cli/process.ts", thread: "src/cli/thread.ts" },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.22",
    chunkNames: "[name]-[hash]",
    // Not minified: the report of a bug names lines and functions.
    legalComments: "none",
    define: { "process.env.CROSSWALK_EDITION": JSON.stringify(editionOf(["src", "grammar", "package-lock.json"])) },
    plugins: [ruffBeside, childProcessLater, plainOptionNames],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const bundle = await joinStart(split, nothingToDo);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of bundle.files)
    writeFileSync(join(folder, name), name.endsWith(".js") && text.includes("__require") ? withRequire + text : text);
  for (const [from, to] of copies) copyFileSync(from, join(folder, to));
  return bundle;
}

/** A digest of the sources and of what they are bundled with: what one build has computed is not taken for another's. */
function editionOf(places: readonly string[]): string {
  const sum = createHash("sha256");
  for (const place of places) {
    const at = join(root, place);
    const below = statSync(at).isDirectory() ? readdirSync(at, { recursive: true, encoding: "utf8" }).sort() : [""];
    for (const path of below) {
      const file = join(at, path);
      if (statSync(file).isFile()) sum.update(`${place}/${path}\0`).update(readFileSync(file)).update("\0");
    }
  }
  return sum.digest("hex").slice(0, 16);
}
