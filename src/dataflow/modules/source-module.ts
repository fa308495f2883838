import type { ParsedCell } from "../program.ts";

/** A Python file of the repository that the program imports. */
export interface SourceModule {
  /** As Python names it: "helpers", "pkg.data". */
  readonly name: string;
  /** Relative to the workspace root; a folder without `__init__.py` has the folder's. */
  readonly path: string;
  /** It is an `__init__.py`, or a folder: modules may lie below it. */
  readonly isPackage: boolean;
  readonly parsed: ParsedCell;
}

/** Finds the module of the repository that Python would import under a dotted name. */
export type FindModule = (name: string) => SourceModule | undefined;

/** The package that relative imports of a module count from. */
export function packageOf(module: SourceModule): string {
  return module.isPackage ? module.name : module.name.split(".").slice(0, -1).join(".");
}
