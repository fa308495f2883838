import type { CommitRequest } from "../../src/engine/plan.ts";

/** The product of these tests: its files by path. */
export type Product = Readonly<Record<string, string>>;

export const productFolder = "out/product";

/** What is built from sources: a file for each in one of a few folders, and a list of all. */
export function productOf(sources: Readonly<Record<string, string>>): Product {
  const files = Object.entries(sources).map(([name, text]) => [
    `part${(name.charCodeAt(0) % 3) + 1}/${name}`,
    `# made from ${name}\n${text.toUpperCase()}\n`,
  ]);
  return Object.fromEntries([...files, ["README.md", `${Object.keys(sources).sort().join("\n")}\n`]]);
}

export function requestOf(root: string, files: Product): CommitRequest {
  return {
    root,
    folder: productFolder,
    tool: "test",
    files: Object.entries(files).map(([path, content]) => ({ path, content, origin: [] })),
  };
}
