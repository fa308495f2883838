import { dirname, join } from "node:path";

/** Absolute path of the repository. */
export const repository: string = dirname(dirname(import.meta.dirname));

/** Absolute path of a file or folder of the repository. */
export function inRepository(...parts: readonly string[]): string {
  return join(repository, ...parts);
}

/** A program from node_modules/.bin, and the command line itself. */
export const crosswalk: string = inRepository("bin", "crosswalk.js");
