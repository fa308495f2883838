import { report } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../../diagnostics/diagnostic.ts";
import type { Span } from "../../foundation/span.ts";
import type { MagicPolicy } from "../notebook.ts";

/** One row of the policy table: one magic, and what becomes of it. */
export interface PolicyRow {
  /** Without its percent signs. */
  readonly name: string;
  readonly form: "line" | "cell";
  readonly policy: MagicPolicy["kind"];
  readonly why: string;
  /** For opaque rows: how to mend it, without a full stop. */
  readonly fix?: string;
  /** For opaque rows: leaving it out would change what later cells compute, so it is an error. */
  readonly stops?: true;
  /** For opaque rows: the names that the magic defines, read from the rest of its line. */
  readonly binds?: (rest: string) => readonly string[];
  /** True for magics that IPython itself brings: they work without `%` in a cell of one line. */
  readonly builtin?: true;
}

/** What becomes of one magic where it stands. */
export interface Outcome {
  readonly policy: MagicPolicy;
  readonly why: string;
  /** Lines of Python that take its place. */
  readonly python?: readonly string[];
  /** For unwrap: how many characters of the rest are options before the statement. */
  readonly optionLength?: number;
  readonly report?: (place: Place) => Diagnostic;
}

/** Something to say about a span of the cell's source. */
export interface Finding {
  readonly span: Span;
  readonly report: (place: Place) => Diagnostic;
}

/** What the resolver knows about the notebook around a cell. */
export interface Facts {
  /** Databricks: a first line `%sql`, `%md` … gives the whole cell's language. */
  readonly databricks: boolean;
  /** Lines may carry the prefix `# MAGIC `. */
  readonly magicPrefix: boolean;
  /** Magics may stand behind `# `, as jupytext writes them. */
  readonly commentMagics: boolean;
  /** True when the notebook itself uses this word, so that automagic may not take it. */
  uses(word: string): boolean;
  /** Names that hold get_ipython(). */
  readonly shells: ReadonlySet<string>;
}

const words: Readonly<Record<string, string>> = { line: "%", cell: "%%" };

/** "%time" or "%%time". */
export function magicName(row: Pick<PolicyRow, "name" | "form">): string {
  return (words[row.form] ?? "%") + row.name;
}

/** A Python string literal with this value. */
export function pythonString(value: string): string {
  return JSON.stringify(value);
}

/** Python that gives `name` a value which nobody knows: the call that IPython itself would make. */
export function opaqueBinding(name: string, magic: string, rest: string): string {
  return `${name} = get_ipython().run_line_magic(${pythonString(magic)}, ${pythonString(rest)})`;
}

/** Words that may be names of Python variables. */
export function identifiers(found: readonly (string | undefined)[]): readonly string[] {
  return found.filter((name): name is string => name !== undefined && /^[A-Za-z_]\w*$/.test(name));
}

/** The outcome of an opaque row: a diagnostic, and a value nobody knows for each name it defines. */
export function opaqueOutcome(row: PolicyRow, rest: string, label: string): Outcome {
  const names = row.binds?.(rest) ?? [];
  const params = { name: label, why: row.why, fix: row.fix ?? "write what it does in Python" };
  return {
    policy: { kind: "opaque" },
    why: row.why,
    python: names.map((name) => opaqueBinding(name, row.name, rest)),
    report: (place) => (row.stops ? report("CW1041", place, params) : report("CW1040", place, params)),
  };
}
