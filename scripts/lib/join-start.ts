import { basename } from "node:path";
import { type BuildOptions, type BuildResult, build, type Plugin } from "esbuild";

/** A bundle in memory that is split into files. */
export type Split = BuildResult<{ metafile: true; write: false }>;

/** A bundle whose first file holds all that a start needs. */
export interface Joined {
  /** Texts by the names of their files. */
  readonly files: ReadonlyMap<string, string>;
  /** The sources in the first of them. */
  readonly start: readonly string[];
}

/** Its entry, and the file that is made of it. */
const [entry, first] = ["cli.js", "cli.cjs"];

/**
 * Joins all that is loaded for these modules into one CommonJS file: each file costs a look-up, a read and a compilation, and of an ES
 * module twice as much. Gives the files by name. What the joined ones shared with others is exported by the first file, so nothing is
 * there twice.
 */
export async function joinStart(split: Split, modules: readonly string[]): Promise<Joined> {
  const files = new Map(split.outputFiles.map(({ path, text }) => [basename(path), text]));
  const outputs = new Map(Object.entries(split.metafile.outputs).map(([path, output]) => [basename(path), output]));
  const joined = new Set<string>();
  const visit = (name: string): void => {
    const output = outputs.get(name);
    if (!output || joined.has(name)) return;
    joined.add(name);
    for (const { path, kind } of output.imports) if (kind === "import-statement") visit(basename(path));
  };
  for (const [name, { entryPoint }] of outputs) if (entryPoint && modules.includes(entryPoint)) visit(name);
  const shared = [...outputs].flatMap(([name, { imports }]) =>
    joined.has(name) ? [] : imports.map(({ path }) => basename(path)).filter((path) => joined.has(path)),
  );
  const exported = (name: string, both: (own: string, shared: string) => string): string => {
    const ending = name === entry ? "" : `_${[...joined].indexOf(name)}`;
    return (outputs.get(name)?.exports ?? []).map((own) => both(own, own + ending)).join(", ");
  };
  const isJoined = (path: string): boolean => path.startsWith("./") && joined.has(basename(path));
  const all = [
    ...[...new Set([entry, ...shared])].map(
      (name) => `export { ${exported(name, (own, as) => `${own} as ${as}`)} } from "./${name}";`,
    ),
  ];
  const ofJoined: Plugin = {
    name: "joined",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path }) =>
        isJoined(path) ? { path: basename(path), namespace: "joined" } : { path, external: true },
      );
      onLoad({ filter: /.*/, namespace: "joined" }, ({ path }) => ({ contents: files.get(path) ?? "" }));
    },
  };
  const fromFirst: Plugin = {
    name: "from-first",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, namespace }) =>
        isJoined(path) && namespace !== "first"
          ? { path: basename(path), namespace: "first" }
          : { path, external: true },
      );
      onLoad({ filter: /.*/, namespace: "first" }, ({ path }) => ({
        contents: `export { ${exported(path, (own, as) => `${as} as ${own}`)} } from "./${first}";`,
      }));
    },
  };
  const together = await again(all.join("\n"), ofJoined, {
    format: "cjs",
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: banner },
  });
  const out = new Map([
    [first, importing(together)],
    [importer, "module.exports = (file) => import(file);\n"],
  ]);
  for (const [name, text] of files) if (!joined.has(name)) out.set(name, await again(text, fromFirst));
  const start = [...joined].flatMap((name) =>
    Object.entries(outputs.get(name)?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
  );
  return { files: out, start };
}

/** Code that is compiled apart from Node's loader cannot import; this file beside it can. */
const importer = "import-file.cjs";
const banner = [
  `const importFile = (file) => require("./${importer}")(file);`,
  'const moduleUrl = require("node:url").pathToFileURL(__filename).href;',
].join("\n");

const helper = "const ofNode = (part) => ({ __proto__: part, default: part });";

/**
 * The text of a CommonJS bundle in which parts of Node are taken as they are: to give each of their members a getter, as esbuild does,
 * costs a start more than to load them.
 */
export function plainParts(text: string): string {
  return `${helper}\n${text.replaceAll(/__toESM\((require\("node:[\w/]+"\))\)/g, "ofNode($1)")}`;
}

/** The text with each import of a file that is loaded later by way of the importer. */
function importing(text: string): string {
  const out = plainParts(text.replaceAll(/(?<![.\w])import\((?="\.\/[\w-]+\.js"\))/g, "importFile("));
  if (/(?<![.\w])import\(/.test(out)) throw new Error(`${first} imports what the importer cannot find`);
  return out;
}

const options: BuildOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22.22",
  legalComments: "none",
  logOverride: { "direct-eval": "silent" },
};

async function again(contents: string, plugin: Plugin, more: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({ ...options, ...more, stdin: { contents }, plugins: [plugin], write: false });
  return outputFiles?.[0]?.text ?? "";
}
