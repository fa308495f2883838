import type { Host } from "../foundation/host.ts";
import { joinPath, normalizePath } from "../foundation/paths.ts";

const longestSearch = 20_000;

/** Whether a folder (relative, normalised) is one that a workspace pattern names: `*` is one folder, `**` any depth, also none. */
export function matchesPattern(pattern: string, folder: string): boolean {
  return matchesParts(partsOf(pattern), folder === "." ? [] : folder.split("/"));
}

/** The folders below `root` that a pattern names, sorted; hidden ones, installed packages and links are not entered. */
export function expandPattern(host: Host, root: string, pattern: string): readonly string[] {
  const found: string[] = [];
  let steps = 0;
  const walk = (folder: string, rest: readonly string[]): void => {
    const [part, ...after] = rest;
    if (part === undefined) {
      if (folder !== ".") found.push(folder);
      return;
    }
    if (!/\*/.test(part)) {
      const next = joinPath(folder, part);
      if (isFolder(host, joinPath(root, next))) walk(next, after);
      return;
    }
    if (part === "**") walk(folder, after);
    for (const name of listed(host, joinPath(root, folder))) {
      if (++steps > longestSearch) return;
      if (name.startsWith(".") || neverEntered.has(name)) continue;
      if (part !== "**" && !matchesPart(part, name)) continue;
      const next = joinPath(folder, name);
      if (isFolder(host, joinPath(root, next))) walk(next, part === "**" ? rest : after);
    }
  };
  walk(".", partsOf(pattern));
  return [...new Set(found)].sort();
}

const neverEntered = new Set(["node_modules", "__pycache__", "venv", "site-packages"]);

function partsOf(pattern: string): readonly string[] {
  const parts = normalizePath(pattern)
    .split("/")
    .filter((part) => part !== ".");
  // Two `**` beside each other say no more than one, and would be searched twice.
  return parts.filter((part, index) => part !== "**" || parts[index - 1] !== "**");
}

function matchesParts(pattern: readonly string[], path: readonly string[]): boolean {
  // Rows of what the first i parts of the pattern match of the path: no backtracking, however many `**` there are.
  let reached = Array.from({ length: path.length + 1 }, (_, j) => j === 0);
  for (const part of pattern) {
    const next = reached.map(() => false);
    for (let j = 0; j <= path.length; j++) {
      if (part === "**") next[j] = (reached[j] ?? false) || (j > 0 && (next[j - 1] ?? false));
      else next[j] = j > 0 && (reached[j - 1] ?? false) && matchesPart(part, path[j - 1] ?? "");
    }
    reached = next;
  }
  return reached[path.length] ?? false;
}

/** `*` stands for any characters of one name. */
function matchesPart(part: string, name: string): boolean {
  if (!part.includes("*")) return part === name;
  const [first = "", ...rest] = part.split("*");
  const last = rest.pop() ?? "";
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const middle of rest) {
    const found = name.indexOf(middle, at);
    if (found < 0 || found + middle.length > name.length - last.length) return false;
    at = found + middle.length;
  }
  return true;
}

function listed(host: Host, folder: string): readonly string[] {
  try {
    return host.list(folder);
  } catch {
    return [];
  }
}

function isFolder(host: Host, path: string): boolean {
  try {
    return host.stat(path)?.kind === "folder";
  } catch {
    return false;
  }
}
