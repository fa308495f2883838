import { remembered } from "../../foundation/remembered.ts";
import type { AttributeExpr, Expr, FunctionStmt, ImportFromStmt, ImportStmt, NameExpr, Stmt } from "../../python/ir.ts";
import { blocksOf, stmtExprs, walkExpr, walkStmtExprs } from "../../python/walk.ts";
import { boundNames } from "../bound-names.ts";
import { freeUses, type NameUse } from "../free-names.ts";
import type { ParsedCell } from "../program.ts";
import type { SourceModule } from "./source-module.ts";

/** Code that shares one set of global names: all notebooks of a chain, or one module. */
export interface Scope {
  /** undefined: the notebooks. */
  readonly module: SourceModule | undefined;
  readonly cells: readonly ParsedCell[];
}

export interface PlacedUse {
  readonly cell: ParsedCell;
  /** The top-level statement around it. */
  readonly top: Stmt;
  readonly use: NameUse;
}

/** An import statement and where it stands. */
export interface ImportSite {
  readonly cell: ParsedCell;
  readonly top: Stmt;
  readonly stmt: ImportStmt | ImportFromStmt;
  /** The function whose variables it binds; "module": the scope's own; "class": a class's. */
  readonly home: "module" | "class" | FunctionStmt;
}

/** What the names of a scope do. */
export interface ScopeFacts {
  readonly scope: Scope;
  /** By name, in order: uses of the scope's own names and of what nobody binds. */
  readonly uses: ReadonlyMap<string, readonly PlacedUse[]>;
  readonly imports: readonly ImportSite[];
  /** Names that some function declares `global`. */
  readonly declaredGlobal: ReadonlySet<string>;
  /** Names that are variables of some function, lambda or comprehension. */
  readonly locals: ReadonlySet<string>;
  /** `x.attr` around an expression `x`. */
  readonly attributeOf: ReadonlyMap<Expr, AttributeExpr>;
  /** Attributes that are assigned to or deleted. */
  readonly stored: ReadonlySet<Expr>;
}

/** The imports of a scope, in order: most notebooks import nothing of the repository's own, and nothing else is asked of them. */
export function importSites({ cells }: Scope): readonly ImportSite[] {
  return cells.flatMap((cell) =>
    cell.module.body.flatMap((top) => importsIn(top).map((site): ImportSite => ({ cell, top, ...site }))),
  );
}

/** `imports` are its `importSites`. */
export function scopeFacts(scope: Scope, imports: readonly ImportSite[]): ScopeFacts {
  const uses = new Map<string, PlacedUse[]>();
  const declaredGlobal = new Set<string>();
  const locals = new Set<string>();
  const attributeOf = new Map<Expr, AttributeExpr>();
  const stored = new Set<Expr>();
  for (const cell of scope.cells)
    for (const top of cell.module.body) {
      const free = new Set<NameExpr>();
      for (const use of freeUses([top])) {
        if (use.node) free.add(use.node);
        const list = uses.get(use.id) ?? [];
        list.push({ cell, top, use });
        uses.set(use.id, list);
      }
      collectScopes([top], declaredGlobal, locals);
      walkStmtExprs([top], (expr) => {
        if (expr.kind === "attribute") attributeOf.set(expr.value, expr);
        else if (expr.kind === "lambda") for (const param of expr.params) locals.add(param.name);
        else if (expr.kind === "comprehension")
          for (const clause of expr.clauses)
            walkExpr(clause.target, (target) => {
              if (target.kind === "name") locals.add(target.id);
            });
      });
      collectStores([top], stored);
    }
  return { scope, uses, imports, declaredGlobal, locals, attributeOf, stored };
}

type Imported = Pick<ImportSite, "stmt" | "home">;

const importsIn = remembered((top: Stmt): readonly Imported[] => {
  const out: Imported[] = [];
  collectImports([top], "module", out);
  return out;
});

function collectImports(body: readonly Stmt[], home: ImportSite["home"], into: Imported[]): void {
  for (const stmt of body) {
    if (stmt.kind === "import" || stmt.kind === "importfrom") into.push({ stmt, home });
    const inner = stmt.kind === "function" ? stmt : stmt.kind === "class" ? "class" : home;
    for (const block of blocksOf(stmt)) collectImports(block, inner, into);
  }
}

function collectScopes(body: readonly Stmt[], declared: Set<string>, locals: Set<string>): void {
  for (const stmt of body) {
    if (stmt.kind === "global") for (const name of stmt.names) declared.add(name);
    if (stmt.kind === "function") {
      for (const param of stmt.params) locals.add(param.name);
      const { bound, globals } = boundNames(stmt.body);
      for (const name of bound) if (!globals.has(name)) locals.add(name);
    }
    if (stmt.kind === "class") for (const name of boundNames(stmt.body).bound) locals.add(name);
    for (const block of blocksOf(stmt)) collectScopes(block, declared, locals);
  }
}

function collectStores(body: readonly Stmt[], stored: Set<Expr>): void {
  const target = (expr: Expr): void => {
    if (expr.kind === "attribute") stored.add(expr);
    else if (expr.kind === "tuple" || expr.kind === "list") expr.items.forEach(target);
    else if (expr.kind === "starred") target(expr.value);
  };
  for (const stmt of body) {
    if (stmt.kind === "assign") stmt.targets.forEach(target);
    else if (stmt.kind === "augassign" || stmt.kind === "annassign" || stmt.kind === "for") target(stmt.target);
    else if (stmt.kind === "delete") stmt.targets.forEach(target);
    else if (stmt.kind === "with") for (const item of stmt.items) if (item.target) target(item.target);
    for (const block of blocksOf(stmt)) collectStores(block, stored);
  }
}

/** The uses of a name that an import inside a function binds there. */
export function usesIn(home: FunctionStmt, name: string): readonly NameUse[] {
  return freeUses(home.body).filter((use) => use.id === name);
}

/** True when a function's own code may bind a name by other means than by imports. */
export function isParameter(home: FunctionStmt, name: string): boolean {
  const { globals, nonlocals } = boundNames(home.body);
  return home.params.some((param) => param.name === name) || globals.has(name) || nonlocals.has(name);
}

/** The value of `__all__` where it is written out; undefined where it is computed; null where there is none. */
export function writtenAll(cell: ParsedCell): readonly string[] | undefined | null {
  let found: readonly string[] | null = null;
  for (const stmt of cell.module.body) {
    if (stmt.kind === "expr" && stmt.value.kind === "call" && /^__all__\b/.test(textOf(cell, stmt))) return undefined;
    const targets = stmt.kind === "assign" ? stmt.targets : stmt.kind === "augassign" ? [stmt.target] : [];
    if (!targets.some((t) => t.kind === "name" && t.id === "__all__")) {
      if (blocksOf(stmt).some((block) => block.some((inner) => mentionsAll(inner)))) return undefined;
      continue;
    }
    const value = stmt.kind === "assign" ? stmt.value : undefined;
    if (value?.kind !== "list" && value?.kind !== "tuple") return undefined;
    const names = value.items.map((item) =>
      item.kind === "constant" && typeof item.value === "string" ? item.value : "",
    );
    if (names.includes("") || found !== null) return undefined;
    found = names;
  }
  return found;
}

function mentionsAll(stmt: Stmt): boolean {
  return (
    stmtExprs(stmt).some((expr) => {
      let found = false;
      walkExpr(expr, (inner) => {
        found ||= inner.kind === "name" && inner.id === "__all__";
      });
      return found;
    }) || blocksOf(stmt).some((block) => block.some(mentionsAll))
  );
}

function textOf(cell: ParsedCell, stmt: Stmt): string {
  return cell.module.text.slice(stmt.span.start, stmt.span.end);
}
