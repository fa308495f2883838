import type { Random } from "./random.ts";

/** What is pushed into a text to break it: brackets, quotes, keywords, magics, odd characters. */
const splinters: readonly string[] = [
  ..."()[]{}:;,.\"'\\#%!?@=*/<>|&^~`$\t\r\n\u0000\u00a0\u2028\ufeff\ud83d",
  '"""',
  "'''",
  "lambda",
  "async def",
  "await ",
  "yield",
  "return",
  "del ",
  "global df",
  "nonlocal x",
  "import ",
  "from . import *",
  "exec(",
  "%%time",
  "%%bash",
  "%run ./x",
  "!ls",
  "?df",
  "# cw: ",
  "# cw: step ",
  "# cw: skip",
  "# cw: contract a {",
  "<!-- cw: section",
  "match x:",
  "case _:",
  ":=",
  "->",
  "**",
  "\\\n",
  "f'{",
  "0x",
  "1_000_",
  "1e999",
  "255.",
  "Ω",
  "名前",
  "\u202e",
  "    ",
  "__proto__",
  "constructor",
  "df",
  "X",
  "(".repeat(400),
  "[".repeat(3000),
  "a.b".repeat(500),
  "-".repeat(2000),
  "not ".repeat(800),
];

/** One change to a text: cut, doubled, swapped, splintered. */
export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.chance(0.7) ? 1 + random.below(6) : random.below(Math.max(1, text.length >> 2));
  const lines = text.split("\n");
  const line = random.below(lines.length);
  const other = random.below(lines.length);
  switch (random.below(9)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
    case 2:
    case 3:
      return text.slice(0, at) + random.pick(splinters) + text.slice(at);
    case 4:
      return lines.toSpliced(line, 1).join("\n");
    case 5:
      return lines.toSpliced(line, 0, lines[other] ?? "").join("\n");
    case 6:
      return lines
        .with(line, lines[other] ?? "")
        .with(other, lines[line] ?? "")
        .join("\n");
    case 7:
      return lines.with(line, `${random.pick(["    ", "\t", " ", ""])}${(lines[line] ?? "").trimStart()}`).join("\n");
    default:
      return swapWords(text, random);
  }
}

/** Puts one word of the text in the place of another. */
function swapWords(text: string, random: Random): string {
  const words = [...text.matchAll(/\w+/g)];
  if (words.length < 2) return text;
  const from = random.pick(words);
  const to = random.pick(words);
  return text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const oddValues: readonly Json[] = [null, true, -1, 1e308, "", "x", [], {}, [null], { a: {} }, "\ud800", 4, "python3"];

/** One change to the structure of a parsed notebook, in place. */
function mutateTree(tree: Json, random: Random): void {
  let node: Json = tree;
  for (let depth = 0; depth < 6; depth++) {
    if (node === null || typeof node !== "object") return;
    const keys: string[] = Object.keys(node);
    if (keys.length === 0) return;
    const key = random.pick(keys);
    const holder = node as { [key: string]: Json };
    const child: Json = holder[key] ?? null;
    if (depth > 0 && (random.chance(0.3) || child === null || typeof child !== "object")) {
      if (random.chance(0.3)) delete holder[key];
      else if (random.below(3) === 0) holder[random.pick(keys)] = structuredClone(child);
      else holder[key] = structuredClone(random.pick(oddValues));
      return;
    }
    node = child;
  }
}

interface Cell {
  source?: string | string[];
}

/** A mutated copy of a notebook's bytes: its bytes, its JSON or the code in its cells are changed in one to four places. */
export function mutateNotebook(text: string, random: Random): Uint8Array {
  const times = 1 + random.below(4);
  const kind = random.below(10);
  if (kind < 2) {
    let bytes = Buffer.from(text, "utf8");
    for (let i = 0; i < times; i++) bytes = mutateBytes(bytes, random);
    return bytes;
  }
  const notebook = JSON.parse(text) as { cells: Cell[] };
  // A part of the notebook is as good a victim as the whole, and quicker.
  if (random.chance(0.7)) {
    const start = random.below(notebook.cells.length);
    notebook.cells = notebook.cells.slice(start, start + 1 + random.below(14));
  }
  for (let i = 0; i < times; i++) {
    if (kind < 5) {
      mutateTree(notebook as unknown as Json, random);
      continue;
    }
    const cell = random.pick(notebook.cells);
    const source = Array.isArray(cell.source) ? cell.source.join("") : (cell.source ?? "");
    cell.source = mutateText(source, random);
    if (random.chance(0.2))
      notebook.cells.splice(random.below(notebook.cells.length), 0, structuredClone(random.pick(notebook.cells)));
    if (random.chance(0.1)) notebook.cells.splice(random.below(notebook.cells.length), 1);
    if (notebook.cells.length === 0) break;
  }
  return Buffer.from(JSON.stringify(notebook, null, 1), "utf8");
}

function mutateBytes(bytes: Buffer, random: Random): Buffer<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const cut = random.below(40);
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.below(256)]), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut)]);
    case 2:
      return Buffer.from(bytes.subarray(0, at));
    case 3:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 4:
      return Buffer.from(bytes.toString("utf8").replaceAll("\n", "\r\n"), "utf8");
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(random.below(bytes.length + 1), at + cut),
        bytes.subarray(at),
      ]);
  }
}
