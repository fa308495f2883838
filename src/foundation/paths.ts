/** Portable paths: relative, with forward slashes, on every system. */

/** Resolves `.` and `..` and doubled slashes of a slash path; a leading `..` that cannot be resolved is kept. */
export function normalizePath(path: string): string {
  // Nearly all paths are in simplest form already.
  if (path !== "" && !path.startsWith(".") && !path.endsWith("/") && !path.includes("//") && !path.includes("/."))
    return path;
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else if (part !== ".." || !absolute) out.push(part);
  }
  return (absolute ? "/" : "") + out.join("/") || (absolute ? "/" : ".");
}

export function joinPath(...parts: readonly string[]): string {
  return normalizePath(parts.filter((p) => p !== "").join("/"));
}

export function dirName(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "." : cut === 0 ? "/" : path.slice(0, cut);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The last extension with its dot, or "" (`.env` has none). */
export function extension(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot);
}

/** True for `/x`, `C:\x`, `C:/x`, `\\server` and `~/x`: places that exist on one machine only. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\]|~(?:[/\\]|$))/.test(path);
}

/** `path` relative to the folder `from`, both relative to one root (or both absolute). */
export function relativePath(from: string, path: string): string {
  const a = normalizePath(from)
    .split("/")
    .filter((p) => p !== ".");
  const b = normalizePath(path)
    .split("/")
    .filter((p) => p !== ".");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/") || ".";
}

/** True for a path that is a folder, or lies in it; both in simplest form. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** True when a relative path stays at or below the folder it is relative to. */
export function staysInside(path: string): boolean {
  const normal = normalizePath(path);
  return !isAbsolutePath(path) && !normal.startsWith("/") && normal !== ".." && !normal.startsWith("../");
}
