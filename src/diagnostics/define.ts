import type { Severity } from "./diagnostic.ts";

/** One entry of the catalogue. Holes in braces (`{name}`) are filled by `report`. */
export interface Entry {
  /** kebab-case, unique; may be used wherever the code may. */
  readonly slug: string;
  readonly severity: Severity;
  /** A few words for lists. */
  readonly title: string;
  /** One sentence: what was found and, where it helps, what was expected. */
  readonly message: string;
  /** Why this matters, for the page. */
  readonly cause: string;
  /** How to mend it: one sentence, shown as `fix:`. */
  readonly fix: string;
}

/**
 * Checks a catalogue file's shape and keeps its literal types, from which the names of the holes are read. The table is made when it is
 * first asked for: a build that has nothing to say does not even make the texts.
 */
export function entries<const T extends Record<`CW${number}`, Entry>>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;

/** The parameters that an entry's message and fix ask for. */
export type Params<E extends Entry> = { readonly [K in HolesOf<E["message"]> | HolesOf<E["fix"]>]: string | number };
