import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";

/** One notebook of a corpus. */
export interface CorpusNotebook {
  /** Folder of its repository, absolute. */
  readonly repository: string;
  /** Name of the repository as reports show it. */
  readonly name: string;
  /** Place of the notebook in its repository, with forward slashes. */
  readonly path: string;
}

const skipped = new Set(["node_modules", "__pycache__", "production", "venv", "site-packages"]);

/** Whether a .py file is a notebook: in the percent format, with at least two cells. */
function isPercent(path: string): boolean {
  const marks = readFileSync(path, "utf8").match(/^# ?%%/gm);
  return (marks?.length ?? 0) >= 1;
}

/** Every notebook below a folder, by path; folders that begin with a dot are left out. */
function below(folder: string): readonly string[] {
  const found: string[] = [];
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name.startsWith(".") || skipped.has(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith(".ipynb") || (entry.name.endsWith(".py") && isPercent(path)))
        found.push(relative(folder, path).split(sep).join("/"));
    }
  };
  walk(folder);
  return found.sort();
}

/** The rows of a table with a head, as objects. */
function tsv(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const keys = head.split("\t");
  return lines.map((line) => Object.fromEntries(line.split("\t").map((value, i) => [keys[i] ?? "", value])));
}

/**
 * The notebooks of a corpus folder. With a list (open.tsv: repo, path) exactly those, and a message for each that is not there, unless the
 * folder holds none of them; else every .ipynb and every .py in the percent format, each folder of the first level being one repository.
 */
export function notebooksOf(
  folder: string,
  list: string | undefined,
): { readonly notebooks: readonly CorpusNotebook[]; readonly missing: readonly string[] } {
  const listed = list === undefined || !existsSync(list) ? [] : tsv(list);
  const wanted = listed.map(({ repo = "", path = "" }) => ({
    repository: join(folder, repo.replace("/", "+")),
    name: repo,
    path,
  }));
  const there = wanted.filter(({ repository, path }) => existsSync(join(repository, path)));
  if (there.length > 0) {
    const missing = wanted.filter((notebook) => !there.includes(notebook));
    return { notebooks: there, missing: missing.map(({ name, path }) => `${name}/${path}`) };
  }
  const notebooks = below(folder).map((path): CorpusNotebook => {
    const [first = "", ...rest] = path.split("/");
    if (rest.length === 0) return { repository: folder, name: basename(folder), path };
    return { repository: join(folder, first), name: first, path: rest.join("/") };
  });
  return { notebooks, missing: [] };
}

/** A name for a model, from the notebook's file name: "m02_08_sorting" of "02.08-Sorting.ipynb". */
export function modelName(path: string): string {
  const stem = basename(path).replace(/\.(ipynb|py)$/, "");
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return /^[a-z]/.test(name) ? name : `m${name}`;
}
