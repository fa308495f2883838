import type { Span } from "../../foundation/span.ts";
import type { Stmt } from "../../python/ir.ts";
import { walkStmts } from "../../python/walk.ts";
import type { ParsedCell } from "../program.ts";
import { type Bindings, bindings, type LocalImport } from "./bindings.ts";
import { type LinkedScope, linkNames } from "./link-names.ts";
import { isQuiet, isSkippedOnImport } from "./quiet.ts";
import {
  type ImportPlan,
  type ModuleName,
  references,
  type ScopeReferences,
  storedSymbols,
  symbolKey,
} from "./references.ts";
import { type Rewritten, rewriteCell, type TextEdit } from "./rewrite.ts";
import type { ImportSite, PlacedUse, Scope } from "./scope-facts.ts";
import type { FindModule, SourceModule } from "./source-module.ts";

/** A program of notebooks with the code of their modules in it. */
export interface Linked {
  /** The cells in the order in which they run, the code of each module where it is first imported. */
  readonly cells: readonly ParsedCell[];
  /** Cells of notebooks whose text was changed. */
  readonly changed: ReadonlyMap<ParsedCell, ParsedCell>;
  /** Modules whose code is in the program. */
  readonly modules: readonly SourceModule[];
  /** Modules that could not be taken in, each with the reason. */
  readonly left: ReadonlyMap<string, string>;
}

/**
 * Takes the code of the repository's own modules into the program of the notebooks: what is imported from them becomes part of it, under
 * names that nothing else has, and imports of it go. Statements of a module that only define what nobody uses are left out; all others
 * run where the module is first imported. A module that cannot be taken in whole stays an import.
 */
export function linkModules(cells: readonly ParsedCell[], find: FindModule): Linked {
  const blocked = new Map<string, string>();
  const scope: Scope = { module: undefined, cells };
  for (;;) {
    const b = bindings((name) => find(name));
    const found = b.localImports(scope);
    if (found.length === 0) return { cells, changed: new Map(), modules: [], left: blocked };
    const linked = attempt(b, scope, blocked);
    if ("cells" in linked) return linked;
    if (blocked.has(linked.module)) return { cells, changed: new Map(), modules: [], left: blocked };
    blocked.set(linked.module, linked.why);
  }
}

interface Block {
  readonly module: string;
  readonly why: string;
}

function attempt(b: Bindings, notebooks: Scope, blocked: Map<string, string>): Linked | Block {
  const usable = (local: LocalImport): boolean => problemOf(b, local, blocked) === undefined;
  const modules = executed(b, notebooks, usable);
  const scopes = [notebooks, ...modules.map(b.moduleScope)];
  const left = new Map(blocked);
  for (const scope of scopes)
    for (const local of b.localImports(scope)) {
      const problem = problemOf(b, local, blocked);
      const { stmt } = local.site;
      const name = stmt.kind === "importfrom" ? `${".".repeat(stmt.level)}${stmt.module}` : (stmt.names[0]?.name ?? "");
      if (problem !== undefined && !left.has(name)) left.set(name, problem);
    }
  const stored = new Set(scopes.flatMap((scope) => storedSymbols(b, scope, usable)).map(symbolKey));
  const isSettled = (symbol: ModuleName): boolean =>
    !stored.has(symbolKey(symbol)) && !b.facts(b.moduleScope(symbol.module)).declaredGlobal.has(symbol.name);
  const found = new Map(scopes.map((scope) => [scope, references(b, scope, usable, isSettled)]));
  const live = liveStatements(b, notebooks, modules, found);
  const isLive = ({ cell, top }: PlacedUse): boolean => !live.modules.has(cell) || live.all.has(top);
  const linkedScopes = scopes.map((scope): LinkedScope => {
    const { references: all, plans } = found.get(scope) ?? { references: [], plans: [] };
    return {
      scope,
      isLive,
      references: all.filter(isLive),
      named: plans.flatMap((plan) => plan.aliases.map((alias) => alias.symbol)),
    };
  });
  const names = linkNames(b, linkedScopes, live.symbols);
  const rewrites = new Map<ParsedCell, Rewritten>();
  for (const one of linkedScopes) {
    const { plans = [] } = found.get(one.scope) ?? {};
    for (const cell of one.scope.cells) {
      const edits = editsOf(b, one, plans, names, cell);
      if (typeof edits === "string") return { module: one.scope.module?.name ?? "", why: edits };
      const rewritten = rewriteCell(cell, edits);
      if (rewritten.cell.module.problems.length > cell.module.problems.length)
        return { module: one.scope.module?.name ?? modules[0]?.name ?? "", why: "its names cannot be told apart" };
      rewrites.set(cell, rewritten);
    }
  }
  const changed = new Map(
    notebooks.cells.flatMap((cell) => {
      const now = rewrites.get(cell)?.cell ?? cell;
      return now === cell ? [] : [[cell, now] as const];
    }),
  );
  return { cells: ordered(b, notebooks, usable, rewrites, live.all), changed, modules, left };
}

/** Why an import of a module cannot be followed; undefined when it can. */
function problemOf(b: Bindings, local: LocalImport, blocked: ReadonlyMap<string, string>): string | undefined {
  if (local.problem !== undefined) return local.problem;
  for (const module of local.runs) {
    const why = blocked.get(module.name);
    if (why !== undefined) return why;
    if (module.parsed.module.problems.length > 0) return `${module.path} is not valid Python`;
  }
  if (local.star && (b.exported(local.star) === undefined || local.site.home !== "module"))
    return `the names that '*' brings from ${local.star.path} are not written out`;
  for (const module of local.runs)
    if (b.facts(b.moduleScope(module)).imports.some((site) => isOpenStar(b, module, site)))
      return `${module.path} imports every name of a library`;
  const isNested = local.site.stmt !== local.site.top;
  if (isNested && !local.runs.every((module) => isAllQuiet(b, module, new Set())))
    return `${local.runs[local.runs.length - 1]?.path ?? "it"} does more than define names, and is imported inside a block`;
  return undefined;
}

/** `from library import *` in a module: nobody can tell which names it brings. */
function isOpenStar(b: Bindings, module: SourceModule, site: ImportSite): boolean {
  if (site.stmt.kind !== "importfrom" || !site.stmt.names.some((n) => n.name === "*")) return false;
  return !b.localImports(b.moduleScope(module)).some((local) => local.site === site);
}

function isAllQuiet(b: Bindings, module: SourceModule, seen: Set<SourceModule>): boolean {
  if (seen.has(module)) return true;
  seen.add(module);
  return (
    module.parsed.module.body.every(isQuiet) &&
    b.localImports(b.moduleScope(module)).every((local) => local.runs.every((inner) => isAllQuiet(b, inner, seen)))
  );
}

/** Modules that imports run, in the order in which they are first imported. */
function executed(b: Bindings, from: Scope, usable: (local: LocalImport) => boolean): readonly SourceModule[] {
  const out: SourceModule[] = [];
  const seen = new Set<SourceModule>();
  const visit = (scope: Scope): void => {
    for (const local of b.localImports(scope).filter(usable))
      for (const module of local.runs) {
        if (seen.has(module)) continue;
        seen.add(module);
        visit(b.moduleScope(module));
        out.push(module);
      }
  };
  visit(from);
  return out;
}

interface Live {
  readonly all: ReadonlySet<Stmt>;
  /** Cells of modules. */
  readonly modules: ReadonlySet<ParsedCell>;
  readonly symbols: readonly ModuleName[];
}

/** Statements of modules that the program needs: those with an effect, and those that define what is used. */
function liveStatements(
  b: Bindings,
  notebooks: Scope,
  modules: readonly SourceModule[],
  found: ReadonlyMap<Scope, ScopeReferences>,
): Live {
  const all = new Set<Stmt>();
  const cells = new Set<ParsedCell>();
  const symbols = new Map<string, ModuleName>();
  const todo: ModuleName[] = [];
  const want = (symbol: ModuleName): void => {
    if (symbols.has(symbolKey(symbol))) return;
    symbols.set(symbolKey(symbol), symbol);
    todo.push(symbol);
  };
  const byTop = (scope: Scope) => {
    const { references: list, plans } = found.get(scope) ?? { references: [], plans: [] };
    const out = new Map<Stmt, ModuleName[]>();
    const add = (top: Stmt, symbol: ModuleName): void => {
      const known = out.get(top) ?? [];
      known.push(symbol);
      out.set(top, known);
    };
    for (const reference of list) add(reference.top, reference.symbol);
    for (const plan of plans) for (const alias of plan.aliases) add(plan.local.site.top, alias.symbol);
    return out;
  };
  const mentioned = new Map(modules.map((module) => [module, byTop(b.moduleScope(module))]));
  const own = new Map(modules.map((module) => [module, namesByTop(b, module)]));
  const enliven = (module: SourceModule, top: Stmt): void => {
    if (all.has(top)) return;
    all.add(top);
    for (const symbol of mentioned.get(module)?.get(top) ?? []) want(symbol);
    for (const name of own.get(module)?.get(top) ?? []) {
      const meaning = b.resolve(module, name);
      if (meaning?.kind === "name" && meaning.module === module) want(meaning);
    }
  };
  for (const symbol of [...byTop(notebooks).values()].flat()) want(symbol);
  for (const module of modules) {
    for (const cell of b.moduleScope(module).cells) {
      cells.add(cell);
      for (const stmt of cell.module.body) if (!isQuiet(stmt) && !isSkippedOnImport(stmt)) enliven(module, stmt);
    }
    // What an alias of a star or of a rebound import takes from elsewhere is set where the import stands.
    for (const plan of found.get(b.moduleScope(module))?.plans ?? [])
      if (plan.aliases.length > 0) enliven(module, plan.local.site.top);
  }
  for (let symbol = todo.pop(); symbol; symbol = todo.pop())
    for (const use of b.facts(b.moduleScope(symbol.module)).uses.get(symbol.name) ?? [])
      if (use.use.mode !== "load" && !use.use.deferred && !isSkippedOnImport(use.top)) enliven(symbol.module, use.top);
  const order = new Map(modules.map((module, i) => [module, i]));
  const sorted = [...symbols.values()].sort(
    (x, y) => (order.get(x.module) ?? 0) - (order.get(y.module) ?? 0) || (x.name < y.name ? -1 : 1),
  );
  return { all, modules: cells, symbols: sorted };
}

/** Names of the module that each of its top-level statements reads or binds, itself or in its functions. */
function namesByTop(b: Bindings, module: SourceModule): ReadonlyMap<Stmt, ReadonlySet<string>> {
  const out = new Map<Stmt, Set<string>>();
  for (const [name, uses] of b.facts(b.moduleScope(module)).uses)
    for (const { top } of uses) {
      const names = out.get(top) ?? new Set();
      out.set(top, names.add(name));
    }
  return out;
}

/** All changes of the text of one cell; a text says why there can be none. */
function editsOf(
  b: Bindings,
  { scope, isLive, references: list }: LinkedScope,
  plans: readonly ImportPlan[],
  names: ReadonlyMap<string, string>,
  cell: ParsedCell,
): readonly TextEdit[] | string {
  const out = new Map<number, TextEdit>();
  const { text } = cell.module;
  const imports = new Set<Stmt>();
  for (const plan of plans) {
    if (plan.local.site.cell !== cell) continue;
    imports.add(plan.local.site.stmt);
    const made = importText(b, plan, names);
    out.set(plan.local.site.stmt.span.start, { ...plan.local.site.stmt.span, text: made });
  }
  for (const reference of list) {
    const name = reference.cell === cell ? names.get(symbolKey(reference.symbol)) : undefined;
    if (name !== undefined && text.slice(reference.start, reference.end) !== name)
      out.set(reference.start, { start: reference.start, end: reference.end, text: name });
  }
  const { module } = scope;
  if (!module) return [...out.values()];
  const { uses, imports: sites } = b.facts(scope);
  for (const [name, all] of uses) {
    const linked = names.get(symbolKey({ module, name }));
    for (const use of all.filter(isLive)) {
      const { span } = use.use;
      if (name === "__name__") out.set(span.start, { ...span, text: JSON.stringify(module.name) });
      if (linked === undefined || linked === name || out.has(span.start)) continue;
      const written = text.slice(span.start, span.end);
      const site = sites.find((s) =>
        s.stmt.names.some((n) => n.span === span || (n.span.start === span.start && n.span.end === span.end)),
      );
      if (site && imports.has(site.stmt)) continue;
      if (site) {
        const alias = renamedImport(site.stmt, span, linked);
        if (alias === undefined) return `the import of '${name}' cannot be given another name`;
        out.set(span.start, { ...span, text: alias });
      } else if (written === name) out.set(span.start, { ...span, text: linked });
      else return `'${name}' cannot be given another name`;
    }
    if (linked !== undefined && linked !== name)
      for (const edit of declarations(cell, name, linked)) out.set(edit.start, edit);
  }
  return [...out.values()];
}

/** `numpy as np` to `numpy as helpers_np`; `import a.b` binds `a` and has no such form. */
function renamedImport(stmt: Stmt, span: Span, to: string): string | undefined {
  if (stmt.kind !== "import" && stmt.kind !== "importfrom") return undefined;
  const written = stmt.names.find((n) => n.span.start === span.start);
  if (!written || (stmt.kind === "import" && written.as === undefined && written.name.includes("."))) return undefined;
  return `${written.name} as ${to}`;
}

/** Edits of the statements that declare a name `global`. */
function declarations(cell: ParsedCell, name: string, linked: string): readonly TextEdit[] {
  const out: TextEdit[] = [];
  walkStmts(cell.module.body, (stmt) => {
    if (stmt.kind !== "global" || !stmt.names.includes(name)) return;
    const text = `global ${stmt.names.map((n) => (n === name ? linked : n)).join(", ")}`;
    out.push({ ...stmt.span, text });
  });
  return out;
}

/** What stands in the place of an import of the repository's own modules. */
function importText(b: Bindings, { local, kept, aliases }: ImportPlan, names: ReadonlyMap<string, string>): string {
  const { stmt } = local.site;
  const parts: string[] = [];
  for (const alias of aliases) {
    const name = names.get(symbolKey(alias.symbol)) ?? alias.symbol.name;
    const outside = outsideImport(b, alias.symbol, alias.local);
    if (name !== alias.local) parts.push(outside ?? `${alias.local} = ${name}`);
  }
  const stays = stmt.names.filter(
    (written) =>
      kept.some((k) => k.written === written) || local.bound.some((x) => x.written === written && !x.meaning),
  );
  const list = stays.map(({ name, as }) => (as === undefined ? name : `${name} as ${as}`)).join(", ");
  if (stays.length > 0)
    parts.push(
      stmt.kind === "import" ? `import ${list}` : `from ${".".repeat(stmt.level)}${stmt.module} import ${list}`,
    );
  return parts.length === 0 ? "pass" : parts.join("; ");
}

/** The import behind a symbol that its module merely imports from a library, under another name. */
function outsideImport(b: Bindings, { module, name }: ModuleName, local: string): string | undefined {
  for (const { home, stmt } of b.facts(b.moduleScope(module)).imports) {
    if (home !== "module") continue;
    for (const written of stmt.names) {
      const bound = written.as ?? (stmt.kind === "import" ? (written.name.split(".")[0] ?? "") : written.name);
      if (bound !== name) continue;
      const source = written.as === undefined && stmt.kind === "import" ? bound : written.name;
      const as = source === local ? source : `${source} as ${local}`;
      return stmt.kind === "import"
        ? `import ${as}`
        : stmt.level === 0
          ? `from ${stmt.module} import ${as}`
          : undefined;
    }
  }
  return undefined;
}

/** The statements of a changed cell by the statement of the old text that they came from. */
function byOrigin(old: ParsedCell, { cell, oldSpan }: Rewritten): ReadonlyMap<Stmt, readonly Stmt[]> {
  const out = new Map<Stmt, Stmt[]>();
  let i = 0;
  for (const stmt of cell.module.body) {
    const at = oldSpan(stmt.span).start;
    while (i + 1 < old.module.body.length && (old.module.body[i + 1]?.span.start ?? 0) <= at) i++;
    const from = old.module.body[i];
    if (from) out.set(from, [...(out.get(from) ?? []), stmt]);
  }
  return out;
}

/** The cells of the whole program. */
function ordered(
  b: Bindings,
  notebooks: Scope,
  usable: (local: LocalImport) => boolean,
  rewrites: ReadonlyMap<ParsedCell, Rewritten>,
  live: ReadonlySet<Stmt>,
): readonly ParsedCell[] {
  const out: ParsedCell[] = [];
  const begun = new Set<SourceModule>();
  const run = (module: SourceModule, importer: ParsedCell): void => {
    if (begun.has(module)) return;
    begun.add(module);
    const imports = runsByTop(b, b.moduleScope(module), usable);
    const rewritten = rewrites.get(module.parsed);
    const made = rewritten && byOrigin(module.parsed, rewritten);
    for (const stmt of module.parsed.module.body) {
      for (const inner of imports.get(stmt) ?? []) run(inner, importer);
      if (!rewritten || !live.has(stmt)) continue;
      const body = made?.get(stmt) ?? [];
      const { run: folder } = importer;
      const cell = { ...rewritten.cell, module: { ...rewritten.cell.module, body } };
      push(out, { ...cell, importer, ...(folder === undefined ? {} : { run: folder }) });
    }
  };
  const imports = runsByTop(b, notebooks, usable);
  for (const cell of notebooks.cells) {
    const rewritten = rewrites.get(cell) ?? { cell, oldSpan: (span: Span) => span };
    const made = byOrigin(cell, rewritten);
    let body: Stmt[] = [];
    const flush = (): void => {
      if (body.length > 0) out.push({ ...rewritten.cell, module: { ...rewritten.cell.module, body } });
      body = [];
    };
    for (const stmt of cell.module.body) {
      const wanted = (imports.get(stmt) ?? []).filter((module) => !begun.has(module));
      if (wanted.length > 0) {
        flush();
        for (const module of wanted) run(module, rewritten.cell);
      }
      body.push(...(made.get(stmt) ?? []));
    }
    // A cell that stays in one piece stays the cell that it is.
    if (body.length === rewritten.cell.module.body.length) out.push(rewritten.cell);
    else flush();
  }
  return out;
}

/** Modules that the imports in each top-level statement run. */
function runsByTop(
  b: Bindings,
  scope: Scope,
  usable: (local: LocalImport) => boolean,
): ReadonlyMap<Stmt, readonly SourceModule[]> {
  const out = new Map<Stmt, readonly SourceModule[]>();
  for (const local of b.localImports(scope).filter(usable))
    out.set(local.site.top, [...(out.get(local.site.top) ?? []), ...local.runs]);
  return out;
}

/** Statements of one module that follow each other stay one cell. */
function push(out: ParsedCell[], cell: ParsedCell): void {
  const last = out[out.length - 1];
  if (last?.cell === cell.cell && last.importer === cell.importer)
    out[out.length - 1] = { ...last, module: { ...last.module, body: [...last.module.body, ...cell.module.body] } };
  else out.push(cell);
}
