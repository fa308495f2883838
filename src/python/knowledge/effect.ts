/**
 * The notation of the library knowledge base. One effect is one short text, e.g. `"view -> Series"` or `"draws inplace -> DataFrame"`.
 * Words before the arrow, in any order; after the arrow the type of the result ("unknown" when left out).
 */
export interface Effect {
  /** Type of the result: a short name of the knowledge base, e.g. "DataFrame". */
  readonly returns: string;
  /** The result shares storage with the receiver (or with argument 0 of a function). */
  readonly view: boolean;
  /** The result is the receiver itself (or argument 0 of a function). */
  readonly self: boolean;
  /** The result keeps references to the arguments. */
  readonly holds: boolean;
  /** The receiver is changed. */
  readonly mutates: boolean;
  /** Positions of arguments that are changed. */
  readonly mutatesArgs: readonly number[];
  /** Changes the receiver and returns None when `inplace=True` is passed. */
  readonly inplace: boolean;
  /** Draws from the global random generator, unless a `random_state` or `seed` is given. */
  readonly draws: "numpy" | "python" | undefined;
  /** Sets the state of the global random generator. */
  readonly seeds: "numpy" | "python" | undefined;
  /** Only shows something: text, a table, a plot. No value depends on it. */
  readonly display: boolean;
  /** Reads a file named by its first argument. */
  readonly loads: boolean;
  /** Writes a file named by its first argument. */
  readonly stores: boolean;
  /** Makes folders or the like: later file accesses depend on it, but it is no result by itself. */
  readonly prepares: boolean;
  /** Reads the wall clock. */
  readonly clock: boolean;
  /** Changes a setting of the process that later code may feel. */
  readonly settings: boolean;
  /** Calls its function arguments with unknown elements of the receiver. */
  readonly calls: boolean;
  /** What the result means: a prediction, a score computed from labels or predictions, or nothing special. */
  readonly means: "prediction" | "score" | undefined;
  /** Fits the receiver: a change of it and of the estimators it is made of. */
  readonly fits: boolean;
}

const words = new Map<string, Partial<Effect>>([
  ["view", { view: true }],
  ["self", { self: true }],
  ["holds", { holds: true }],
  ["mutates", { mutates: true }],
  ["mutates0", { mutatesArgs: [0] }],
  ["inplace", { inplace: true }],
  ["draws", { draws: "numpy" }],
  ["draws-python", { draws: "python" }],
  ["seeds", { seeds: "numpy" }],
  ["seeds-python", { seeds: "python" }],
  ["display", { display: true }],
  ["loads", { loads: true }],
  ["stores", { stores: true }],
  ["prepares", { prepares: true }],
  ["clock", { clock: true }],
  ["settings", { settings: true }],
  ["calls", { calls: true }],
  ["prediction", { means: "prediction" }],
  ["score", { means: "score" }],
  ["fit", { fits: true, mutates: true }],
]);

export const pure: Effect = {
  returns: "unknown",
  view: false,
  self: false,
  holds: false,
  mutates: false,
  mutatesArgs: [],
  inplace: false,
  draws: undefined,
  seeds: undefined,
  display: false,
  loads: false,
  stores: false,
  prepares: false,
  clock: false,
  settings: false,
  calls: false,
  means: undefined,
  fits: false,
};

const parsed = new Map<string, Effect>();

/** Reads one effect text. A word that is not known throws: the tables are ours, and a test reads them all. */
export function effect(text: string): Effect {
  const known = parsed.get(text);
  if (known) return known;
  const [before = "", after = ""] = text.split("->");
  let out: Effect = { ...pure, returns: after.trim() || "unknown" };
  for (const word of before.split(/\s+/).filter(Boolean)) {
    const part = words.get(word);
    if (!part) throw new Error(`knowledge base: unknown word '${word}' in '${text}'`);
    out = { ...out, ...part };
  }
  parsed.set(text, out);
  return out;
}

/** Spreads one effect over several names: `many("-> float", "mean sum std")`. */
export function many(text: string, names: string): Record<string, string> {
  return Object.fromEntries(
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, text]),
  );
}

/** What is known of one library. Keys of `functions` are qualified names; of `types` the short type names. */
export interface Library {
  readonly functions: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, TypeInfo>>;
  /** Modules whose every function has this effect unless it is listed. */
  readonly modules?: Readonly<Record<string, string>>;
}

export interface TypeInfo {
  /** How a person writes the type: "pandas.DataFrame". Types without one never stand in a signature. */
  readonly annotation?: string;
  readonly methods: Readonly<Record<string, string>>;
  /** Attributes by name; "*" for every other one. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Looked up when a method is not listed here. */
  readonly extends?: string;
  /** Effect of `x[...]`. */
  readonly subscript?: string;
  /** Type of the elements when iterated. */
  readonly iterates?: string;
  /** Immutable values have no storage that could be shared. */
  readonly immutable?: boolean;
  /** How values travel between steps; undefined: they cannot. */
  readonly artifact?: "parquet" | "json" | "npz" | "joblib";
}
