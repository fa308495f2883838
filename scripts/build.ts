/** Bundles the command line into dist/: ESM, split so that a command loads only what it uses, with the wasm files beside. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
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
      contents: 'export default { get spawn() { return require("node:child_process").spawn; } };',
    }));
  },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: "src/cli/main.ts", thread: "src/cli/thread.ts" },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.22",
  chunkNames: "[name]-[hash]",
  // Not minified: the report of a bug names lines and functions.
  legalComments: "none",
  define: { "process.env.CROSSWALK_EDITION": JSON.stringify(editionOf(["src", "grammar", "package-lock.json"])) },
  // CommonJS dependencies ask for `require`, which an ES module does not have.
  banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
  plugins: [ruffBeside, childProcessLater],
  metafile: true,
  logLevel: "warning",
});
for (const [from, to] of copies) copyFileSync(from, join(dist, to));
const total = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
const entry = statSync(join(dist, "cli.js")).size;
process.stdout.write(
  `dist: ${Object.keys(result.metafile.outputs).length} files, ${kb(total)} (cli.js ${kb(entry)})\n`,
);

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

function kb(bytes: number): string {
  return `${Math.round(bytes / 1024)} kB`;
}
