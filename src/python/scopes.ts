import type { PyModule, Stmt, SyntaxProblem } from "./ir.ts";
import { collect } from "./scope-collect.ts";
import { resolve } from "./scope-resolve.ts";
import { isBound, type NameFacts, type ScopeKind, type Table } from "./scope-table.ts";

export { mangle } from "./scope-table.ts";

/** One scope of a module with its names, as CPython 3.11's `symtable` sees it (type parameters as 3.12 does). */
export interface Scope {
  readonly kind: ScopeKind;
  /** "top", the name of a def or class, "lambda", "listcomp", "setcomp", "dictcomp" or "genexpr". */
  readonly name: string;
  /** The module, statement or expression whose scope it is. */
  readonly node: Table["node"];
  /** By name; names of a class's private variables are mangled. */
  readonly names: ReadonlyMap<string, ScopeName>;
  /** In the order of CPython. */
  readonly children: readonly Scope[];
}

/** What one scope does with one name. */
export interface ScopeName {
  readonly name: string;
  /** Bound in this scope: assigned, deleted, imported, a parameter, a loop's target, a def or class. */
  readonly bound: boolean;
  readonly read: boolean;
  readonly assigned: boolean;
  readonly parameter: boolean;
  readonly imported: boolean;
  readonly annotated: boolean;
  readonly declared: "global" | "nonlocal" | undefined;
  /** local: here; cell: here, and inner functions use it; free: in a function around; global: in the module or builtins. */
  readonly lives: "local" | "cell" | "free" | "global";
}

/** The tree of scopes of a module. Opaque statements name nothing. */
export function moduleScopes(module: PyModule): Scope {
  const table = collect(module.body, module, []);
  resolve(table, undefined, new Set(), []);
  return freeze(table);
}

/** What is wrong with `global` and `nonlocal` in these top-level statements. */
export function scopeProblems(body: readonly Stmt[]): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const table = collect(body, { text: "", body, comments: [], problems: [] }, problems);
  resolve(table, undefined, new Set(), problems);
  return problems;
}

function freeze(table: Table): Scope {
  return {
    kind: table.kind,
    name: table.name,
    node: table.node,
    names: new Map([...table.names].map(([name, facts]) => [name, frozen(name, facts)])),
    children: table.children.map(freeze),
  };
}

function frozen(name: string, facts: NameFacts): ScopeName {
  return {
    name,
    bound: isBound(facts),
    read: facts.read,
    assigned: facts.assigned,
    parameter: facts.parameter,
    imported: facts.imported,
    annotated: facts.annotated,
    declared: facts.global ? "global" : facts.nonlocal ? "nonlocal" : undefined,
    lives: facts.resolved ?? "global",
  };
}
