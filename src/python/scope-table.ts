import type { ComprehensionExpr, LambdaExpr, PyModule, Stmt, SyntaxProblem } from "./ir.ts";

/** What one scope knows of one name, while the table is built. The facts are those of CPython's symbol table. */
export interface NameFacts {
  assigned: boolean;
  read: boolean;
  parameter: boolean;
  imported: boolean;
  annotated: boolean;
  /** A target that a comprehension iterates with. */
  iterates: boolean;
  global: boolean;
  nonlocal: boolean;
  resolved: "local" | "cell" | "free" | "global" | undefined;
}

export type ScopeKind = "module" | "function" | "lambda" | "comprehension" | "class" | "type-parameters" | "type-alias";

export interface Table {
  readonly kind: ScopeKind;
  readonly name: string;
  readonly node: PyModule | Stmt | LambdaExpr | ComprehensionExpr;
  readonly names: Map<string, NameFacts>;
  readonly children: Table[];
  readonly parent: Table | undefined;
  /** Where `global` and `nonlocal` stand, by name. */
  readonly declarations: Map<string, SyntaxProblem["span"]>;
}

export function newTable(kind: ScopeKind, name: string, node: Table["node"], parent: Table | undefined): Table {
  const table: Table = { kind, name, node, names: new Map(), children: [], parent, declarations: new Map() };
  parent?.children.push(table);
  return table;
}

/** The facts of a name, made on first use. */
export function factsOf(table: Table, name: string): NameFacts {
  const known = table.names.get(name);
  if (known) return known;
  const made: NameFacts = {
    assigned: false,
    read: false,
    parameter: false,
    imported: false,
    annotated: false,
    iterates: false,
    global: false,
    nonlocal: false,
    resolved: undefined,
  };
  table.names.set(name, made);
  return made;
}

export function isBound(facts: NameFacts): boolean {
  return facts.assigned || facts.parameter || facts.imported;
}

/** True for scopes whose names inner scopes see. */
export function isFunctionLike(table: Table): boolean {
  return table.kind !== "module" && table.kind !== "class";
}

/** Python's rule for names like `__x` inside a class: `_Class__x`. */
export function mangle(className: string | undefined, name: string): string {
  if (className === undefined || !name.startsWith("__") || name.endsWith("__") || name.includes(".")) return name;
  const stripped = className.replace(/^_+/, "");
  return stripped === "" ? name : `_${stripped}${name}`;
}
