import { namesOf } from "../../../src/python/knowledge/knowledge.ts";
import type { LibraryFile } from "../../../src/python/knowledge/library-file.ts";

/** One effect text of a library file and where it stands. */
export interface EffectText {
  readonly library: string;
  /** "function numpy.mean", "DataFrame.drop", "DataFrame attribute shape", "DataFrame[]". */
  readonly place: string;
  readonly text: string;
}

/** Every effect text of library files, one for each name. */
export function effectTexts(files: readonly LibraryFile[]): readonly EffectText[] {
  return files.flatMap(({ library, modules = {}, types = {} }) => [
    ...Object.entries(modules).flatMap(([module, names]) =>
      [...namesOf(names)].map(([name, text]) => ({ library, place: `function ${module}.${name}`, text })),
    ),
    ...Object.entries(types).flatMap(([type, entry]) => [
      ...[...namesOf(entry.methods ?? {})].map(([name, text]) => ({ library, place: `${type}.${name}`, text })),
      ...[...namesOf(entry.attributes ?? {})].map(([name, text]) => ({
        library,
        place: `${type} attribute ${name}`,
        text,
      })),
      ...(entry.subscript === undefined ? [] : [{ library, place: `${type}[]`, text: entry.subscript }]),
    ]),
  ]);
}
