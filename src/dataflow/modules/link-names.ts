import { codeText } from "../../python/code-text.ts";
import type { Bindings } from "./bindings.ts";
import { type ModuleName, type Reference, symbolKey } from "./references.ts";
import type { PlacedUse, Scope } from "./scope-facts.ts";

/** What of a scope goes into the program. */
export interface LinkedScope {
  readonly scope: Scope;
  /** True for a top-level statement that goes in. */
  isLive(use: PlacedUse): boolean;
  readonly references: readonly Reference[];
  /** Symbols that the scope names in other ways than by these references. */
  readonly named: readonly ModuleName[];
}

/** An import from outside the repository, the same wherever it is written. */
const external = (module: string, name: string | undefined): string => `import ${module} ${name ?? ""}`;
const nobody = "nobody";

/** What each name of a scope is, apart from names that references replace: an import from outside, its own, or what nobody binds. */
function plainNames(b: Bindings, { scope, isLive, references }: LinkedScope): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const replaced = new Set(references.map((r) => r.use.span));
  const locals = new Set(b.localImports(scope).flatMap((l) => l.bound.map((bound) => bound.written.span)));
  for (const [name, uses] of b.facts(scope).uses) {
    const plain = uses.filter((use) => isLive(use) && !replaced.has(use.use.span) && !locals.has(use.use.span));
    if (plain.length > 0) out.set(name, identityOf(b, scope, name, isLive));
  }
  return out;
}

/** Two names of one identity may share one name in the program. */
export function identityOf(b: Bindings, scope: Scope, name: string, isLive: LinkedScope["isLive"]): string {
  const { uses, imports } = b.facts(scope);
  const binders = (uses.get(name) ?? []).filter((use) => use.use.mode !== "load" && isLive(use));
  if (binders.length === 0) return nobody;
  const found = new Set(
    binders.map(({ cell, use }) => {
      for (const site of imports) {
        if (site.cell !== cell || site.home !== "module") continue;
        const written = site.stmt.names.find((n) => n.span.start === use.span.start && n.span.end === use.span.end);
        if (!written) continue;
        if (site.stmt.kind === "importfrom")
          return site.stmt.level === 0 ? external(site.stmt.module, written.name) : "relative";
        return external(
          written.as === undefined ? (written.name.split(".")[0] ?? written.name) : written.name,
          undefined,
        );
      }
      return "own";
    }),
  );
  const [only] = found;
  return found.size === 1 && only?.startsWith("import ") ? only : `own ${scope.module?.name ?? ""}`;
}

/** Gives each symbol that goes into the program a name of its own there; most keep theirs. */
export function linkNames(
  b: Bindings,
  scopes: readonly LinkedScope[],
  symbols: readonly ModuleName[],
): ReadonlyMap<string, string> {
  const tokens = new Set<string>();
  for (const { scope } of scopes)
    for (const cell of scope.cells)
      for (const [word] of codeText(cell.module).matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) tokens.add(word);
  const plain = new Map(scopes.map((one) => [one.scope, plainNames(b, one)]));
  const taken = new Map<string, string>();
  for (const { scope } of scopes)
    if (!scope.module) for (const [name, is] of plain.get(scope) ?? []) taken.set(name, is);
  const out = new Map<string, string>();
  const users = new Map<string, LinkedScope[]>();
  for (const one of scopes)
    for (const key of new Set([...one.references.map((r) => r.symbol), ...one.named].map(symbolKey)))
      users.set(key, [...(users.get(key) ?? []), one]);
  for (const symbol of symbols) {
    const home = scopes.find((one) => one.scope.module === symbol.module);
    if (!home) continue;
    const key = symbolKey(symbol);
    const identity = identityOf(b, home.scope, symbol.name, home.isLive);
    const isFree =
      (taken.get(symbol.name) ?? identity) === identity &&
      // Another module may mean what Python itself, or nobody, gives the name.
      scopes.every((one) => one === home || plain.get(one.scope)?.get(symbol.name) !== nobody) &&
      // Where it is named, a variable of a function may stand before it.
      (users.get(key) ?? []).every((one) => one === home || !b.facts(one.scope).locals.has(symbol.name));
    const name = isFree ? symbol.name : fresh(symbol, tokens);
    taken.set(name, identity);
    out.set(key, name);
  }
  return out;
}

function fresh({ module, name }: ModuleName, tokens: Set<string>): string {
  const base = `${module.name.split(".").pop() ?? "module"}_${name}`;
  let out = base;
  for (let i = 2; tokens.has(out); i++) out = `${base}_${i}`;
  tokens.add(out);
  return out;
}
