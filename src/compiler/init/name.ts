import { isKeyword } from "../../blueprint/identifiers.ts";
import { baseName, dirName, extension } from "../../foundation/paths.ts";

/** Names that say nothing of what a notebook is about. */
const general =
  /^(?:untitled|notebook|main|model|models|train|training|index|analysis|test|draft|new|copy|final|src|notebooks|pipeline)?(?:-?v?\d+)?$/;

/** A name for each model, from its notebook or, where that says nothing, from a folder above; all different. */
export function modelNames(folder: string, notebooks: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return notebooks.map((path) => {
    const parts = partsOf(folder, path);
    const [stem = "model"] = parts;
    // Of several notebooks the folder that holds them all can name none.
    const own = (notebooks.length === 1 ? parts : parts.slice(0, -1)).find((part) => !general.test(part)) ?? stem;
    const above = parts.find((part) => !general.test(part) && part !== own);
    const second = own === stem ? above && `${above}-${own}` : `${own}-${stem}`;
    const candidates = second === undefined ? [own] : [own, second];
    const free = candidates.find((name) => isFree(name, taken)) ?? numbered(own, taken);
    taken.add(free.replaceAll("-", "_"));
    return free;
  });
}

/** What may name a notebook: its file, its folders from the inside out, and the folder that is searched. */
function partsOf(folder: string, path: string): readonly string[] {
  const file = baseName(path);
  const out = [file.slice(0, file.length - extension(file).length)];
  for (let at = dirName(path); at !== "."; at = dirName(at)) out.push(baseName(at));
  out.push(baseName(folder));
  return out.map(modelName).filter((name) => name !== "");
}

/** Lower-case words joined by `-`, beginning with a letter; "" when nothing is left. */
export function modelName(words: string): string {
  const plain = words
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return isKeyword(plain) ? `${plain}-model` : plain;
}

function isFree(name: string, taken: ReadonlySet<string>): boolean {
  return !taken.has(name.replaceAll("-", "_"));
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  for (let i = 2; ; i++) if (isFree(`${name}-${i}`, taken)) return `${name}-${i}`;
}
