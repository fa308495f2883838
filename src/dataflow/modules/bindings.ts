import type { ImportName } from "../../python/ir.ts";
import {
  type ImportSite,
  importSites,
  isParameter,
  type PlacedUse,
  type Scope,
  type ScopeFacts,
  scopeFacts,
  usesIn,
  writtenAll,
} from "./scope-facts.ts";
import { type FindModule, packageOf, type SourceModule } from "./source-module.ts";

/** What an imported name stands for: a module of the repository, or a name of one. */
export type Meaning =
  | { readonly kind: "module"; readonly module: SourceModule }
  | { readonly kind: "name"; readonly module: SourceModule; readonly name: string };

/** One name that an import statement binds. */
export interface BoundImport {
  readonly site: ImportSite;
  readonly written: ImportName;
  readonly local: string;
  /** undefined: it comes from elsewhere. */
  readonly meaning: Meaning | undefined;
  /** Nothing else ever binds the local name where it stands: every use of it means this. */
  readonly isSole: boolean;
}

/** An import statement that runs modules of the repository. */
export interface LocalImport {
  readonly site: ImportSite;
  /** Modules that it runs, in order. */
  readonly runs: readonly SourceModule[];
  readonly bound: readonly BoundImport[];
  /** `from module import *`. */
  readonly star: SourceModule | undefined;
  /** Why it cannot be followed. */
  readonly problem: string | undefined;
}

/** Everything that imports of the repository's own modules mean, worked out on demand. */
export interface Bindings {
  facts(scope: Scope): ScopeFacts;
  moduleScope(module: SourceModule): Scope;
  localImports(scope: Scope): readonly LocalImport[];
  /** What a name of a module stands for in the end, imports followed. */
  resolve(module: SourceModule, name: string): Meaning | undefined;
  /** What `from module import *` brings; undefined where that is not written out. */
  exported(module: SourceModule): readonly string[] | undefined;
  /** Uses of an imported name where it is bound. */
  usesOf(scope: Scope, bound: BoundImport): readonly PlacedUse[];
}

export function sameMeaning(a: Meaning | undefined, b: Meaning | undefined): boolean {
  if (!a || !b || a.kind !== b.kind || a.module !== b.module) return a === b;
  return a.kind === "module" || (b.kind === "name" && a.name === b.name);
}

/** `notebooks` is the scope of the notebooks themselves. */
export function bindings(find: FindModule): Bindings {
  const sites = new Map<Scope, readonly ImportSite[]>();
  const allFacts = new Map<Scope, ScopeFacts>();
  const scopes = new Map<SourceModule, Scope>();
  const imports = new Map<Scope, readonly LocalImport[]>();
  const resolved = new Map<string, Meaning | undefined>();
  const exports = new Map<SourceModule, readonly string[] | undefined>();

  const sitesOf = (scope: Scope): readonly ImportSite[] => {
    const known = sites.get(scope) ?? importSites(scope);
    sites.set(scope, known);
    return known;
  };
  const facts = (scope: Scope): ScopeFacts => {
    const known = allFacts.get(scope) ?? scopeFacts(scope, sitesOf(scope));
    allFacts.set(scope, known);
    return known;
  };
  const moduleScope = (module: SourceModule): Scope => {
    const known = scopes.get(module) ?? { module, cells: [module.parsed] };
    scopes.set(module, known);
    return known;
  };

  /** `a.b.c` and the packages around it, as importing it runs them; undefined where one is not of the repository. */
  const chain = (name: string): readonly SourceModule[] | undefined => {
    const parts = name.split(".");
    const out: SourceModule[] = [];
    for (let i = 1; i <= parts.length; i++) {
      const module = find(parts.slice(0, i).join("."));
      if (!module) return undefined;
      out.push(module);
    }
    return out;
  };

  const absolute = (scope: Scope, level: number, module: string): string | undefined => {
    if (level === 0) return module;
    if (!scope.module) return undefined;
    const parts = packageOf(scope.module)
      .split(".")
      .filter((part) => part !== "");
    if (parts.length < level) return undefined;
    const base = parts.slice(0, parts.length - (level - 1));
    return [...base, ...(module === "" ? [] : [module])].join(".");
  };

  const readImport = (scope: Scope, site: ImportSite): LocalImport | undefined => {
    const { stmt } = site;
    const problem = (why: string): LocalImport => ({ site, runs: [], bound: [], star: undefined, problem: why });
    if (stmt.kind === "import") {
      const bound: BoundImport[] = [];
      const runs: SourceModule[] = [];
      for (const written of stmt.names) {
        const top = written.name.split(".")[0] ?? written.name;
        const local = written.as ?? top;
        if (!find(top)) {
          bound.push({ site, written, local, meaning: undefined, isSole: false });
          continue;
        }
        const modules = chain(written.name);
        const last = modules?.[modules.length - 1];
        const [first] = modules ?? [];
        if (!modules || !last || !first) return problem(`'${written.name}' is not there`);
        runs.push(...modules);
        bound.push({
          site,
          written,
          local,
          meaning: { kind: "module", module: written.as === undefined ? first : last },
          isSole: false,
        });
      }
      return runs.length === 0 ? undefined : { site, runs, bound, star: undefined, problem: undefined };
    }
    const name = absolute(scope, stmt.level, stmt.module);
    const top = name?.split(".")[0];
    if (name === undefined || top === undefined || !find(top)) return undefined;
    const modules = chain(name);
    const from = modules?.[modules.length - 1];
    if (!modules || !from) return problem(`'${name}' is not there`);
    if (stmt.names.some((n) => n.name === "*"))
      return { site, runs: modules, bound: [], star: from, problem: undefined };
    const runs = [...modules];
    const bound: BoundImport[] = [];
    for (const written of stmt.names) {
      // A package that imports a part of itself binds the name by that very import.
      const isOwn = from !== scope.module && binds(from, written.name);
      const below = isOwn || !from.isPackage ? undefined : find(`${from.name}.${written.name}`);
      if (below) runs.push(below);
      const meaning: Meaning = below
        ? { kind: "module", module: below }
        : { kind: "name", module: from, name: written.name };
      bound.push({ site, written, local: written.as ?? written.name, meaning, isSole: false });
    }
    return { site, runs, bound, star: undefined, problem: undefined };
  };

  /** True when the code of a module binds a name by itself, or by a star. */
  const binds = (module: SourceModule, name: string): boolean => {
    const own = facts(moduleScope(module));
    if (own.uses.get(name)?.some(({ use }) => use.mode === "store")) return true;
    return own.imports.some(
      (site) =>
        site.stmt.kind === "importfrom" &&
        site.stmt.names.some((n) => n.name === "*") &&
        starOf(module, site)?.includes(name),
    );
  };
  const starOf = (module: SourceModule, site: ImportSite): readonly string[] | undefined => {
    const found = localImports(moduleScope(module)).find((i) => i.site === site)?.star;
    return found && found !== module ? exported(found) : undefined;
  };

  const running = new Set<Scope>();
  const localImports = (scope: Scope): readonly LocalImport[] => {
    const known = imports.get(scope);
    if (known) return known;
    // Modules that import each other: what is asked for meanwhile is only which names are bound.
    if (running.has(scope)) return [];
    running.add(scope);
    const found = sitesOf(scope).flatMap((site) => readImport(scope, site) ?? []);
    running.delete(scope);
    const made = found.map((one) => ({
      ...one,
      bound: one.bound.map((b) => ({ ...b, isSole: b.meaning !== undefined && isSole(scope, b, found) })),
    }));
    imports.set(scope, made);
    return made;
  };

  const isSole = (scope: Scope, bound: BoundImport, all: readonly LocalImport[]): boolean => {
    const { home } = bound.site;
    if (home === "class" || (home !== "module" && isParameter(home, bound.local))) return false;
    const others = all.flatMap((i) => i.bound).filter((b) => b.local === bound.local && b.site.home === home);
    const spans = new Set(others.map((b) => `${b.site.cell.cell.id}:${b.written.span.start}`));
    const uses =
      home === "module"
        ? (facts(scope).uses.get(bound.local) ?? [])
        : usesIn(home, bound.local).map((use) => ({ cell: bound.site.cell, top: bound.site.top, use }));
    const binders = uses.filter(({ use }) => use.mode !== "load");
    return (
      binders.every(({ cell, use }) => spans.has(`${cell.cell.id}:${use.span.start}`)) &&
      others.every((b) => sameMeaning(b.meaning, bound.meaning))
    );
  };

  const resolve = (module: SourceModule, name: string): Meaning | undefined => {
    const key = `${module.name}\0${name}`;
    if (resolved.has(key)) return resolved.get(key);
    resolved.set(key, undefined);
    const found = follow(module, name);
    resolved.set(key, found);
    return found;
  };
  const follow = (module: SourceModule, name: string): Meaning | undefined => {
    const scope = moduleScope(module);
    const own =
      facts(scope)
        .uses.get(name)
        ?.some(({ use }) => use.mode === "store") ?? false;
    const all = localImports(scope);
    if (own) {
      const imported = all.flatMap((i) => i.bound).find((b) => b.local === name && b.site.home === "module");
      if (!imported?.isSole || !imported.meaning) return { kind: "name", module, name };
      return imported.meaning.kind === "module"
        ? imported.meaning
        : resolve(imported.meaning.module, imported.meaning.name);
    }
    for (const { star, site } of [...all].reverse())
      if (star && site.home === "module" && exported(star)?.includes(name)) return resolve(star, name);
    const below = module.isPackage ? find(`${module.name}.${name}`) : undefined;
    return below && { kind: "module", module: below };
  };

  const exported = (module: SourceModule): readonly string[] | undefined => {
    if (exports.has(module)) return exports.get(module);
    exports.set(module, undefined);
    const found = listExports(module);
    exports.set(module, found);
    return found;
  };
  const listExports = (module: SourceModule): readonly string[] | undefined => {
    const scope = moduleScope(module);
    const all = writtenAll(module.parsed);
    if (all !== null) return all;
    const names = new Set<string>();
    for (const [name, uses] of facts(scope).uses)
      if (!name.startsWith("_") && uses.some(({ use }) => use.mode === "store")) names.add(name);
    const local = localImports(scope);
    for (const site of facts(scope).imports) {
      if (site.home !== "module" || site.stmt.kind !== "importfrom" || site.stmt.names[0]?.name !== "*") continue;
      const star = local.find((i) => i.site === site)?.star;
      const more = star && exported(star);
      if (!more) return undefined;
      for (const name of more) if (!name.startsWith("_")) names.add(name);
    }
    return [...names];
  };

  const usesOf = (scope: Scope, bound: BoundImport): readonly PlacedUse[] => {
    const { home, cell, top } = bound.site;
    if (home === "module") return facts(scope).uses.get(bound.local) ?? [];
    return home === "class" ? [] : usesIn(home, bound.local).map((use) => ({ cell, top, use }));
  };

  return { facts, moduleScope, localImports, resolve, exported, usesOf };
}
