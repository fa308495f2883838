/**
 * The form of a library's entry: `data/*.json`, and what a team says of its own libraries. A key may list several names,
 * with spaces between: what is said holds for each. Described by schemas/library-knowledge-1.schema.json.
 */
export interface LibraryFile {
  readonly version: 1;
  /** Name of the library, for people. */
  readonly library: string;
  /** Top-level packages that it is imported by. */
  readonly packages?: readonly string[];
  /**
   * Effects of functions and classes, by module and name. A name with a `*` is a rule for all that is not listed, in the
   * module and the modules below it: `*Display`, `[A-Z]*` for every class, `*` for everything.
   */
  readonly modules?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What is known of values, by the short name of their type. */
  readonly types?: Readonly<Record<string, TypeEntry>>;
}

/** What is known of the values of a type. */
export interface TypeEntry {
  /** How a person writes the type: "pandas.DataFrame". Types without one never stand in a signature. */
  readonly annotation?: string;
  /** Type that is asked when a method or attribute is not listed here. */
  readonly extends?: string;
  /** It may be of any of these types: what holds for one of them is taken to hold. */
  readonly either?: readonly string[];
  /** Immutable values have no storage that could be shared. */
  readonly immutable?: boolean;
  /** How values travel between steps; left out: they cannot. */
  readonly artifact?: "parquet" | "json" | "npz" | "joblib";
  /** A table or an array: slices of it may share its elements. */
  readonly table?: boolean;
  /** What is stored into it is copied; other types keep a reference. */
  readonly copies?: boolean;
  /** A part that the `fit` of whatever holds it changes. */
  readonly fits?: boolean;
  /** What calls make of it is a fitted model from the start. */
  readonly fitted?: boolean;
  /** Type of the elements when iterated. */
  readonly iterates?: string;
  /** Effect of `x[...]`. */
  readonly subscript?: string;
  /** Effects of methods by name; "*" for every other one. */
  readonly methods?: Readonly<Record<string, string>>;
  /** Effects of reading attributes by name; "*" for every other one. */
  readonly attributes?: Readonly<Record<string, string>>;
}
