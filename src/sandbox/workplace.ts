import { constants, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";

/** A folder outside of the workspace, in which the user's code runs; it goes when the work is done. */
export interface Workplace {
  readonly folder: string;
  /** A path inside. */
  at(...parts: readonly string[]): string;
  /** Copies a folder; `leaves` says of a path relative to it (with forward slashes) whether it stays behind. */
  copy(from: string, to: string, leaves: (path: string) => boolean): void;
  write(path: string, text: string): void;
  remove(): void;
}

/** Makes a fresh workplace. */
export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "crosswalk-verify-"));
  const at = (...parts: readonly string[]): string => join(folder, ...parts);
  return {
    folder,
    at,
    copy(from, to, leaves) {
      cpSync(from, to, {
        recursive: true,
        // Where the file system can, the copy shares its blocks with the original until one of them changes.
        mode: constants.COPYFILE_FICLONE,
        preserveTimestamps: true,
        filter: (path) => path === from || !leaves(relative(from, path).split(sep).join("/")),
      });
    },
    write(path, text) {
      const place = at(path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, text);
    },
    remove() {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
