/**
 * The notation of the library knowledge base. One effect is one short text, e.g. `"view -> Series"` or `"draws inplace -> DataFrame"`.
 * Words before the arrow, in any order; after the arrow the type of the result ("unknown" when left out).
 */
export interface Effect {
  /** Type of the result: a short name of the knowledge base, e.g. "DataFrame". */
  readonly returns: string;
  /** Type of what the result holds: "ndarray" of "tuple of ndarray". */
  readonly element: string | undefined;
  /** The result shares storage with the receiver (or with argument 0 of a function). */
  readonly view: boolean;
  /** The result may share storage with argument 0 of a method. */
  readonly view0: boolean;
  /** The result is the receiver itself (or argument 0 of a function). */
  readonly self: boolean;
  /** The result keeps references to the arguments. */
  readonly holds: boolean;
  /** The result refers to the receiver. */
  readonly refers: boolean;
  /** The receiver is changed. */
  readonly mutates: boolean;
  /** Positions of arguments that are changed. */
  readonly mutatesArgs: readonly number[];
  /** What is changed in place is the structure (columns, order, labels): elements read before stay as they were. */
  readonly structure: boolean;
  /** The result has other rows than the receiver. */
  readonly rows: boolean;
  /** Position of an argument that takes the result in (`out`), where it is given at all. */
  readonly out: number | undefined;
  /** Changes the receiver and returns None when `inplace=True` is passed. */
  readonly inplace: boolean;
  /** Draws from the global random generator, unless a `random_state` or `seed` is given. */
  readonly draws: "numpy" | "python" | undefined;
  /** Draws only where an estimator that it is given, or is called on, does. */
  readonly drawsWithParts: boolean;
  /** A class whose `fit` draws nothing by itself (other estimators are taken to draw), or a function that need not draw. */
  readonly deterministic: Deterministic | undefined;
  /** Known, not only supposed, to draw numbers that the result depends on, unless it is given a seed: a function, or the `fit` of a class. */
  readonly random: boolean;
  /** A class that hands its seed on to the estimators it is made of. */
  readonly seedsParts: boolean;
  /** A class that fits copies of the estimators it is made of and leaves them as they are. */
  readonly clones: boolean;
  /** A class whose `fit` takes a number from the global generator, unless a seed is given, though nothing depends on it. */
  readonly advances: boolean;
  /** Sets the state of the global random generator. */
  readonly seeds: "numpy" | "python" | undefined;
  /** Only shows something: text, a table, a plot. No value depends on it. */
  readonly display: boolean;
  /** Reads a file named by the argument at `place`. */
  readonly loads: boolean;
  /** Writes a file named by the argument at `place`. */
  readonly stores: boolean;
  /** The file is the one that the receiver names. */
  readonly here: boolean;
  /** Position of the argument that names the file. */
  readonly place: number;
  /** Without a place it gives text and writes nothing. */
  readonly text: boolean;
  /** Looks at files without reading one by name: whether it is there, what a folder holds. */
  readonly looks: boolean;
  /** Makes folders or the like: later file accesses depend on it, but it is no result by itself. */
  readonly prepares: boolean;
  /** Reads the wall clock. */
  readonly clock: boolean;
  /** Changes a setting of the process that later code may feel. */
  readonly settings: boolean;
  /** Calls its function arguments with unknown elements of the receiver. */
  readonly calls: boolean;
  /** Runs functions and methods of notebook classes that the receiver holds. */
  readonly runs: boolean;
  /** What the result means: a prediction, a score computed from labels or predictions, or nothing special. */
  readonly means: "prediction" | "score" | undefined;
  /** Fits the receiver: a change of it and of the estimators it is made of. */
  readonly fits: boolean;
}

/** When a class or function is deterministic: always, or unless an argument is given (or has one of some values). */
export interface Deterministic {
  readonly unless?: { readonly argument: string; readonly values?: readonly string[] };
}

const words = new Map<string, Partial<Effect>>([
  ["view", { view: true }],
  ["view0", { view0: true }],
  ["self", { self: true }],
  ["holds", { holds: true }],
  ["refers", { refers: true }],
  ["mutates", { mutates: true }],
  ["mutates0", { mutatesArgs: [0] }],
  ["out0", { out: 0 }],
  ["out1", { out: 1 }],
  ["out2", { out: 2 }],
  ["out3", { out: 3 }],
  ["inplace", { inplace: true }],
  ["structure", { structure: true }],
  ["rows", { rows: true }],
  ["draws", { draws: "numpy" }],
  ["draws-python", { draws: "python" }],
  ["draws-with-parts", { draws: "numpy", drawsWithParts: true }],
  ["deterministic", { deterministic: {} }],
  ["random", { random: true }],
  ["seeds-parts", { seedsParts: true }],
  ["clones", { clones: true }],
  ["advances", { advances: true }],
  ["seeds", { seeds: "numpy" }],
  ["seeds-python", { seeds: "python" }],
  ["display", { display: true }],
  ["loads", { loads: true }],
  ["stores", { stores: true }],
  ["stores1", { stores: true, place: 1 }],
  ["here", { here: true }],
  ["text", { text: true }],
  ["looks", { looks: true }],
  ["prepares", { prepares: true }],
  ["clock", { clock: true }],
  ["settings", { settings: true }],
  ["calls", { calls: true }],
  ["runs", { runs: true }],
  ["prediction", { means: "prediction" }],
  ["score", { means: "score" }],
  ["fit", { fits: true, mutates: true }],
]);

export const pure: Effect = {
  returns: "unknown",
  element: undefined,
  view: false,
  view0: false,
  self: false,
  holds: false,
  refers: false,
  mutates: false,
  mutatesArgs: [],
  out: undefined,
  inplace: false,
  structure: false,
  rows: false,
  draws: undefined,
  drawsWithParts: false,
  deterministic: undefined,
  random: false,
  seedsParts: false,
  clones: false,
  advances: false,
  seeds: undefined,
  display: false,
  loads: false,
  stores: false,
  here: false,
  place: 0,
  text: false,
  looks: false,
  prepares: false,
  clock: false,
  settings: false,
  calls: false,
  runs: false,
  means: undefined,
  fits: false,
};

const parsed = new Map<string, Effect>();

/** Reads one effect text: the effect, or what is wrong with the text. */
export function parseEffect(text: string): { readonly effect: Effect } | { readonly problem: string } {
  const known = parsed.get(text);
  if (known) return { effect: known };
  const parts = text.split("->");
  if (parts.length > 2) return { problem: `'${text}' has more than one arrow` };
  const [before = "", after] = parts.map((part) => part.trim());
  const [, returns, element] = /^([A-Za-z_][\w-]*)(?: of ([A-Za-z_][\w-]*))?$/.exec(after ?? "unknown") ?? [];
  if (returns === undefined)
    return { problem: `'${text}' has no type behind its arrow; write "-> DataFrame" or "-> tuple of ndarray"` };
  let out: Effect = { ...pure, returns, element };
  for (const word of before.split(/\s+/).filter(Boolean)) {
    const part = words.get(word) ?? condition(word);
    if (!part) return { problem: unknownWord(word, text) };
    out = { ...out, ...part, mutatesArgs: [...out.mutatesArgs, ...(part.mutatesArgs ?? [])] };
  }
  parsed.set(text, out);
  return { effect: out };
}

/** What holds when it is the one or the other: every change that either makes. */
export function joinEffects(a: Effect, b: Effect, returns: string): Effect {
  if (a === b) return a;
  return {
    ...a,
    returns,
    element: a.element === b.element ? a.element : undefined,
    view: a.view || b.view || a.self !== b.self,
    view0: a.view0 || b.view0,
    self: a.self && b.self,
    holds: a.holds || b.holds,
    refers: a.refers || b.refers,
    mutates: a.mutates || b.mutates,
    mutatesArgs: [...new Set([...a.mutatesArgs, ...b.mutatesArgs])],
    structure: a.structure && b.structure,
    rows: a.rows || b.rows,
    out: a.out ?? b.out,
    inplace: a.inplace || b.inplace,
    draws: a.draws ?? b.draws,
    drawsWithParts: a.drawsWithParts && b.drawsWithParts,
    deterministic: undefined,
    seeds: a.seeds ?? b.seeds,
    display: a.display && b.display,
    loads: a.loads || b.loads,
    stores: a.stores || b.stores,
    text: a.text || b.text,
    looks: a.looks || b.looks,
    prepares: a.prepares || b.prepares,
    clock: a.clock || b.clock,
    settings: a.settings || b.settings,
    calls: a.calls || b.calls,
    runs: a.runs || b.runs,
    means: a.means ?? b.means,
    fits: a.fits || b.fits,
  };
}

/** Reads one effect text that was checked before. */
export function effect(text: string): Effect {
  const read = parseEffect(text);
  if ("problem" in read) throw new Error(`library knowledge: ${read.problem}`);
  return read.effect;
}

/** The words that may stand before the arrow. */
export const effectWords: readonly string[] = [...words.keys()];

/** `deterministic-unless:shuffle`, `deterministic-unless:solver=sag|saga`. */
function condition(word: string): Partial<Effect> | undefined {
  const match = /^deterministic-unless:(\w+)(?:=([\w|]+))?$/.exec(word);
  const [, argument, values] = match ?? [];
  if (argument === undefined) return undefined;
  return {
    deterministic: { unless: { argument, ...(values === undefined ? {} : { values: values.split("|") }) } },
  };
}

function unknownWord(word: string, text: string): string {
  if (words.has(word.toLowerCase())) return `'${text}' has the word '${word}'; write '${word.toLowerCase()}'`;
  const isType = /^[A-Z]/.test(word);
  const fix = isType ? `; a type stands behind an arrow: "-> ${word}"` : `; the words are ${effectWords.join(", ")}`;
  return `'${text}' has the word '${word}', which is not known${fix}`;
}
