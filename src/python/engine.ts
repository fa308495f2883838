import { fileURLToPath } from "node:url";
import { Language, Parser } from "web-tree-sitter";
import type { Host } from "../foundation/host.ts";
import { type RawTree, readTree } from "./tree.ts";

let parser: Parser | undefined;
let starting: Promise<void> | undefined;

/** Loads the parser; once per process, further calls wait for the first. The two wasm files lie beside the bundle, or in node_modules. */
export function initPython(host: Host): Promise<void> {
  starting ??= start(host).catch((error: unknown) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function start(host: Host): Promise<void> {
  const runtime = find(host, "web-tree-sitter.wasm", "web-tree-sitter");
  const grammar = find(host, "tree-sitter-python.wasm", "tree-sitter-python");
  await Parser.init({ wasmBinary: host.readBytes(runtime) });
  const made = new Parser();
  made.setLanguage(await Language.load(new Uint8Array(host.readBytes(grammar))));
  parser = made;
}

/** The file beside this code, or in the node_modules of a folder above it. */
function find(host: Host, file: string, folder: string): string {
  const tried: string[] = [];
  const names = [`./${file}`, `../${file}`];
  for (let up = "./"; names.length < 8; up += "../") names.push(`${up}node_modules/${folder}/${file}`);
  for (const name of names) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (host.stat(path)) return path;
    tried.push(path);
  }
  throw new Error(`Crosswalk's own file ${file} is missing; install Crosswalk again`);
}

export type SyntaxTree =
  | { readonly ok: true; readonly tree: RawTree }
  | { readonly ok: false; readonly error?: ErrorPlace };

/** Where the parser gave up: the first node it could not fit in, or the token it misses. */
export interface ErrorPlace {
  readonly start: number;
  readonly end: number;
  readonly missing?: string;
}

/** How often the parser may report progress (every 100 of its steps) per character before it is stopped: error recovery can explode. */
const stepsPerCharacter = 2;

/** Parses a piece of text that starts at offset `base` of the whole. Total: a text with any error gives no tree. */
export function syntaxTree(piece: string, base: number): SyntaxTree {
  if (!parser) throw new Error("initPython was not awaited");
  let budget = 20_000 + piece.length * stepsPerCharacter;
  const tree = parser.parse(piece, null, { progressCallback: () => --budget < 0 });
  if (!tree) {
    parser.reset();
    return { ok: false };
  }
  try {
    const root = tree.rootNode;
    if (root.hasError) return { ok: false, error: firstError(root, base) };
    return { ok: true, tree: readTree(tree, base) };
  } finally {
    tree.delete();
  }
}

type Node = NonNullable<ReturnType<Parser["parse"]>>["rootNode"];

function firstError(root: Node, base: number): ErrorPlace {
  let node = root;
  for (let depth = 0; depth < 2000; depth++) {
    if (node.isMissing) return { start: node.startIndex + base, end: node.endIndex + base, missing: node.type };
    const next = node.children.find((child) => child?.hasError || child?.isMissing);
    if (node.isError && !next) break;
    if (!next) break;
    if (node.isError && !next.isError && !next.isMissing) break;
    node = next;
  }
  return { start: node.startIndex + base, end: node.endIndex + base };
}
