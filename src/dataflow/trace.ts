import type { Span } from "../foundation/span.ts";
import type { TableEvent } from "./columns/events.ts";
import type { Sight } from "./sights.ts";
import type { ObjId } from "./value.ts";

/** What was seen while one unit was evaluated. */
export interface Trace {
  /** Names whose value came, or may have come, from outside the unit. */
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  readonly deletes: Set<string>;
  /** Objects changed. */
  readonly mutated: Set<ObjId>;
  /** Those of `mutated` that are only supposed to be changed, for want of knowledge. */
  readonly supposed: Set<ObjId>;
  /** Units this one needs, or may need: who made or changed a column of a table counts as if it had made all. */
  readonly deps: Set<number>;
  /** Those of `deps` that it needs whatever columns are demanded; the others follow from `tables`. */
  readonly hard: Set<number>;
  /** What it does with columns of tables, in order. */
  readonly tables: TableEvent[];
  /** Tables of which all has been read since the last of `tables` that was no reading: there is no need to say it again. */
  readonly wholes: Set<ObjId>;
  /** Some of `tables` may happen never, or more than once. */
  unsure: boolean;
  /** Unit needed → the names, objects and tokens it is needed for (for explain). */
  readonly why: Map<number, Set<string>>;
  readonly draws: Set<string>;
  /** Generators whose state it sets. */
  readonly seeds: Set<string>;
  readonly tokenReads: Set<string>;
  readonly tokenWrites: Set<string>;
  /** Free names that nothing had bound yet. */
  readonly undefined: Map<string, Span>;
  /** Calls that read or write files. */
  readonly files: FileUse[];
  /** Job parameters of Databricks (widgets) that it reads where it stands, each with its declared default. */
  readonly widgets: WidgetUse[];
  /** Names of the widgets that it declares. */
  readonly declares: string[];
  /** Secrets of Databricks that it reads where it stands. */
  readonly secrets: { readonly span: Span; readonly scope: string; readonly key: string }[];
  /** Calls that end the notebook. */
  readonly exits: Span[];
  /** It writes to a file that is open. */
  stores: boolean;
  /** Score calls and the like that stand in an expression statement or a print. */
  readonly figures: FigureUse[];
  /** Library or callee → span of calls about which nothing is known. */
  readonly unknownCalls: Map<string, Span>;
  /** The same, for functions and classes of libraries by their qualified names. */
  readonly unknownMembers: Map<string, Span>;
  /** Something other than showing happened: a value was stored, an object changed, a token written. */
  display: boolean;
  /** Calls that show something. */
  readonly shows: Span[];
  /** Calls that change an object, a name or hidden state. */
  readonly impure: Span[];
  /** Settings of the whole process that it changes and that change what later code computes. */
  readonly settings: { readonly span: Span; readonly what: string }[];
  /** Why a definition has to stay where it stands, if so: it does something else on the way. */
  inPlace: string | undefined;
  /** Why the unit cannot be understood, if so. */
  readonly refusals: Refusal[];
  /** What only laws ask about. */
  readonly sights: Sight[];
}

export interface Refusal {
  readonly span: Span;
  /** Ends the sentence "depends on code that …". */
  readonly what: string;
  /** It is a shell line or a magic, not Python. */
  readonly isCommand?: true;
}

export interface FileUse {
  readonly mode: "load" | "store";
  /** Of the whole call. */
  readonly span: Span;
  /** Of the argument that names the file. */
  readonly pathSpan: Span | undefined;
  readonly path: string | undefined;
  /** Qualified name or `.method` of the callee. */
  readonly callee: string;
  /** Inside a notebook function's body. */
  readonly inFunction: boolean;
  /** The innermost function around the call while it runs, and the call in it: `span` is where that function was called. */
  readonly inside?: { readonly definition: object; readonly span: Span };
  readonly depth: number;
  /** What is known of the meaning of what is written. */
  readonly tags: number;
}

export interface WidgetUse {
  /** Of the whole call. */
  readonly span: Span;
  readonly name: string;
  readonly value: string;
  /** The unit that declares the widget. */
  readonly unit: number;
}

export interface FigureUse {
  readonly span: Span;
  readonly name: string;
  readonly type: string;
  readonly tags: number;
}

/** A trace of nothing. */
export function newTrace(): Trace {
  return {
    reads: new Set(),
    writes: new Set(),
    deletes: new Set(),
    mutated: new Set(),
    supposed: new Set(),
    deps: new Set(),
    hard: new Set(),
    tables: [],
    wholes: new Set(),
    unsure: false,
    why: new Map(),
    draws: new Set(),
    seeds: new Set(),
    tokenReads: new Set(),
    tokenWrites: new Set(),
    undefined: new Map(),
    files: [],
    stores: false,
    widgets: [],
    declares: [],
    secrets: [],
    exits: [],
    figures: [],
    unknownCalls: new Map(),
    unknownMembers: new Map(),
    display: true,
    shows: [],
    impure: [],
    settings: [],
    inPlace: undefined,
    refusals: [],
    sights: [],
  };
}
