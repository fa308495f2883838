import type { ClassStmt, FunctionStmt, LambdaExpr } from "../python/ir.ts";
import { type ColumnSet, contains, union } from "./columns/column-set.ts";

/** Identity of one abstract object: all objects made at one place of the code are one. */
export type ObjId = number;

/** What is known of the meaning of a value. Bits, so that joins are cheap. */
export const tag = {
  /** A fitted estimator. */
  fitted: 1,
  /** Computed from a prediction on rows that the model was not fitted on (or may not have been). */
  prediction: 2,
  /** Computed from a prediction on the very rows of the fit. */
  trainPrediction: 4,
  /** A figure computed from labels, predictions or scores. */
  score: 8,
  /** A label: a value that some fit learns. */
  label: 16,
  /** Read from the wall clock. */
  clock: 32,
  /** Computed from a prediction on rows whose labels the model was fitted on. */
  recalled: 64,
} as const;

/** A notebook function, class or lambda as a value, with the frame it closes over. */
export type Callable =
  | {
      readonly kind: "function";
      readonly name: string;
      readonly definition: FunctionStmt | LambdaExpr;
      readonly frame: Frame | undefined;
      readonly self?: Value;
    }
  | {
      readonly kind: "class";
      readonly name: string;
      readonly definition: ClassStmt;
      readonly members: ReadonlyMap<string, Value>;
      readonly bases: readonly Value[];
    };

/** The abstract value of an expression. Immutable. */
export interface Value {
  /** Short type name of the knowledge base, or "unknown". */
  readonly type: string;
  /** Mutable objects the value may be. Empty for numbers, text and the like. */
  readonly objs: ReadonlySet<ObjId>;
  readonly tags: number;
  /** Qualified name of a library module, function or class. */
  readonly member?: string;
  /** Several of them, where it may be the one or the other. */
  readonly members?: readonly string[];
  readonly callables?: readonly Callable[];
  /** It may be something other than these members and callables as well. */
  readonly foreign?: true;
  /** A constant known at build time. */
  readonly constant?: string | number | boolean | null;
  /** The parts of a tuple or list of known length. */
  readonly items?: readonly Value[];
  /** It may be None as well. */
  readonly nullable?: true;
  /** Identity of the row set a table or array runs over. */
  readonly rows?: string;
  /** The variable a label came from, through splits. */
  readonly family?: string;
  /** Every text or number that it can be, where its constant is not known. */
  readonly oneOf?: ReadonlySet<string | number>;
  /** A table, and the very object that it names: not a part of it, a group, or a selection not made yet. */
  readonly exact?: true;
  /** Columns of its tables that there are to be read through it; all when left out. */
  readonly sees?: ColumnSet;
  /** Columns by which a group-by object groups. */
  readonly by?: ColumnSet;
  /** Its elements are truth values: as a subscript it chooses rows. */
  readonly truth?: true;
}

/** Local variables of a function body while it is evaluated. */
export interface Frame {
  readonly names: Map<string, Value>;
  readonly parent: Frame | undefined;
  readonly globals: ReadonlySet<string>;
  /** Assigned somewhere in the function: local even where not assigned yet. */
  readonly locals: ReadonlySet<string>;
}

const none: ReadonlySet<ObjId> = new Set();

export function plain(type: string, tags = 0): Value {
  return { type, objs: none, tags };
}

export const unknownValue: Value = plain("unknown");

/** The value that may be either. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  const callables =
    a.callables || b.callables ? { callables: [...new Set([...(a.callables ?? []), ...(b.callables ?? [])])] } : {};
  const items =
    a.items && b.items && a.items.length === b.items.length
      ? { items: a.items.map((item, i) => join(item, b.items?.[i] ?? item)) }
      : {};
  return {
    type: eitherType(a.type, b.type),
    objs: a.objs.size === 0 ? b.objs : b.objs.size === 0 ? a.objs : new Set([...a.objs, ...b.objs]),
    tags: a.tags | b.tags,
    ...(a.nullable || b.nullable || (a.type === "None") !== (b.type === "None") ? { nullable: true as const } : {}),
    ...eitherMember(a, b),
    ...callables,
    ...(isForeign(a, b) ? { foreign: true as const } : {}),
    ...items,
    ...(a.constant !== undefined && a.constant === b.constant ? { constant: a.constant } : {}),
    ...(a.rows !== undefined && a.rows === b.rows ? { rows: a.rows } : {}),
    ...eitherOf(a, b),
    ...(a.exact && b.exact ? { exact: true as const } : {}),
    ...(a.truth && b.truth ? { truth: true as const } : {}),
    ...(a.sees && b.sees ? { sees: union(a.sees, b.sees) } : {}),
  };
}

const numbers = new Set(["int", "float", "float-or-array"]);

function eitherType(a: string, b: string): string {
  if (a === b || b === "None") return a;
  if (a === "None") return b;
  const isWider = (a === "float-or-array" && numbers.has(b)) || (b === "float-or-array" && numbers.has(a));
  return isWider ? "float-or-array" : "unknown";
}

function eitherMember(a: Value, b: Value): Pick<Value, "member" | "members"> {
  if (a.member !== undefined && a.member === b.member) return { member: a.member };
  const members = new Set([...membersOf(a), ...membersOf(b)]);
  return members.size === 0 ? {} : { members: [...members] };
}

/** Qualified names of what it may be of libraries. */
export function membersOf({ member, members }: Value): readonly string[] {
  return member === undefined ? (members ?? []) : [member];
}

/** One of them is known as something to call and the other is not. */
function isForeign(a: Value, b: Value): boolean {
  const isCallable = (value: Value): boolean => value.callables !== undefined || membersOf(value).length > 0;
  if (a.foreign || b.foreign) return true;
  const isOther = (value: Value): boolean => !isCallable(value) && value.type !== "None";
  return (isCallable(a) && isOther(b)) || (isOther(a) && isCallable(b));
}

/** More possible texts than this are as good as any. */
const manyTexts = 500;

function eitherOf(a: Value, b: Value): Pick<Value, "oneOf"> {
  const [ours, theirs] = [possible(a), possible(b)];
  if (!ours || !theirs || (a.constant !== undefined && a.constant === b.constant)) return {};
  const both = new Set([...ours, ...theirs]);
  return both.size > manyTexts ? {} : { oneOf: both };
}

/** A text that is one of these: its constant where there is but one. */
export function textOf(texts: ReadonlySet<string> | undefined): Pick<Value, "constant" | "oneOf"> {
  if (!texts || texts.size === 0 || texts.size > manyTexts) return {};
  const [first] = texts;
  return texts.size === 1 && first !== undefined ? { constant: first } : { oneOf: texts };
}

/** Each text of the one followed by each of the other; undefined where either is not known. */
export function joinedTexts(
  a: ReadonlySet<string | number> | undefined,
  b: ReadonlySet<string | number> | undefined,
): ReadonlySet<string> | undefined {
  if (!a || !b || a.size * b.size > manyTexts) return undefined;
  const out = new Set<string>();
  for (const start of a)
    for (const end of b) {
      if (typeof start !== "string" || typeof end !== "string") return undefined;
      out.add(start + end);
    }
  return out;
}

/** Every text or number that a value can be; undefined when that is not known. */
export function possible(value: Value): ReadonlySet<string | number> | undefined {
  const { constant } = value;
  return typeof constant === "string" || typeof constant === "number" ? new Set([constant]) : value.oneOf;
}

/** True when two values say the same. Joins only widen, so sizes tell. */
export function isSame(a: Value, b: Value): boolean {
  return (
    a === b ||
    (a.type === b.type &&
      a.tags === b.tags &&
      a.objs.size === b.objs.size &&
      a.callables?.length === b.callables?.length &&
      a.member === b.member &&
      a.members?.length === b.members?.length &&
      a.foreign === b.foreign &&
      a.constant === b.constant &&
      a.rows === b.rows &&
      a.nullable === b.nullable &&
      a.oneOf?.size === b.oneOf?.size &&
      isSameSight(a.sees, b.sees) &&
      a.items?.length === b.items?.length &&
      (a.items ?? []).every((item, i) => isSame(item, b.items?.[i] ?? item)))
  );
}

function isSameSight(a: ColumnSet | undefined, b: ColumnSet | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && contains(a, b) && contains(b, a));
}

export function joinAll(values: readonly Value[]): Value {
  return values.length === 0 ? unknownValue : values.reduce(join);
}

/** The same value without what only this expression knows (constant, parts, rows, member). */
export function withTags(value: Value, tags: number): Value {
  return (value.tags | tags) === value.tags ? value : { ...value, tags: value.tags | tags };
}
