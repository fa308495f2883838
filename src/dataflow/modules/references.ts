import type { Bindings, BoundImport, LocalImport, Meaning } from "./bindings.ts";
import { sameMeaning } from "./bindings.ts";
import type { PlacedUse, Scope, ScopeFacts } from "./scope-facts.ts";
import type { SourceModule } from "./source-module.ts";

/** A name of a module of the repository. */
export interface ModuleName {
  readonly module: SourceModule;
  readonly name: string;
}

/** A piece of code that means a symbol: `load` or `utils.load`. */
export interface Reference extends PlacedUse {
  readonly start: number;
  readonly end: number;
  readonly symbol: ModuleName;
  readonly isStore: boolean;
}

/** What is to become of one import statement. */
export interface ImportPlan {
  readonly local: LocalImport;
  /** Written names that have to stay imported, because something cannot be followed. */
  readonly kept: readonly BoundImport[];
  /** Names that become variables of their own: something else binds them too. */
  readonly aliases: readonly { readonly local: string; readonly symbol: ModuleName }[];
}

export interface ScopeReferences {
  readonly references: readonly Reference[];
  readonly plans: readonly ImportPlan[];
}

export function symbolKey({ module, name }: ModuleName): string {
  return `${module.name}\0${name}`;
}

/** Symbols that attribute stores assign to (`utils.LIMIT = 3`). */
export function storedSymbols(
  b: Bindings,
  scope: Scope,
  usable: (local: LocalImport) => boolean,
): readonly ModuleName[] {
  return b
    .localImports(scope)
    .filter(usable)
    .flatMap((local) => local.bound)
    .flatMap((bound) => {
      const target = final(b, bound.meaning);
      if (!bound.isSole || target?.kind !== "module") return [];
      return b
        .usesOf(scope, bound)
        .flatMap((use) => followed(b, b.facts(scope), target.module, use) ?? [])
        .filter((reference) => reference.isStore)
        .map((reference) => reference.symbol);
    });
}

/** Everything in a scope that means a name of another module. */
export function references(
  b: Bindings,
  scope: Scope,
  usable: (local: LocalImport) => boolean,
  isSettled: (symbol: ModuleName) => boolean,
): ScopeReferences {
  const out: Reference[] = [];
  const plans: ImportPlan[] = [];
  const facts = b.facts(scope);
  for (const local of b.localImports(scope).filter(usable)) {
    if (local.star) {
      plans.push(starPlan(b, scope, local, local.star, isSettled, out));
      continue;
    }
    const kept: BoundImport[] = [];
    const aliases: { local: string; symbol: ModuleName }[] = [];
    for (const bound of local.bound) {
      const target = final(b, bound.meaning);
      if (!target || local.site.home === "class") kept.push(bound);
      else if (target.kind === "module") {
        const uses = bound.isSole ? b.usesOf(scope, bound).filter(({ use }) => use.mode === "load") : [];
        const found = uses.map((use) => followed(b, facts, target.module, use));
        out.push(...found.filter((reference) => reference !== undefined));
        if (!bound.isSole || found.includes(undefined)) kept.push(bound);
      } else if (bound.isSole && isSettled(target)) out.push(...named(b.usesOf(scope, bound), target));
      else aliases.push({ local: bound.local, symbol: target });
    }
    plans.push({ local, kept, aliases });
  }
  return { references: out, plans };
}

/** What an imported name stands for in the end; a name that its module does not bind stands for nothing. */
function final(b: Bindings, meaning: Meaning | undefined): Meaning | undefined {
  return meaning?.kind === "name" ? b.resolve(meaning.module, meaning.name) : meaning;
}

function named(uses: readonly PlacedUse[], symbol: ModuleName): readonly Reference[] {
  return uses
    .filter(({ use }) => use.mode === "load")
    .map((placed) => ({ ...placed, start: placed.use.span.start, end: placed.use.span.end, symbol, isStore: false }));
}

/** `utils.load` and `package.part.load` to the symbol; undefined where the module itself is used, or what nobody can see. */
function followed(b: Bindings, facts: ScopeFacts, module: SourceModule, placed: PlacedUse): Reference | undefined {
  let at: Meaning = { kind: "module", module };
  let expr = placed.use.node && facts.attributeOf.get(placed.use.node);
  const { text } = placed.cell.module;
  for (let end = placed.use.span.end; expr; expr = facts.attributeOf.get(expr)) {
    if (!/^\s*\.\s*$/.test(text.slice(end, expr.attrSpan.start))) return undefined;
    end = expr.attrSpan.end;
    const next: Meaning | undefined = b.resolve(at.module, expr.attr);
    if (!next) return undefined;
    if (next.kind === "name") {
      const isStore = facts.stored.has(expr);
      // Inside a function the store would make a variable of the function.
      if (isStore && placed.use.deferred) return undefined;
      return { ...placed, start: placed.use.span.start, end, symbol: next, isStore };
    }
    at = next;
  }
  return undefined;
}

/** `from module import *`: what the scope uses of it. */
function starPlan(
  b: Bindings,
  scope: Scope,
  local: LocalImport,
  star: SourceModule,
  isSettled: (symbol: ModuleName) => boolean,
  into: Reference[],
): ImportPlan {
  const aliases: { local: string; symbol: ModuleName }[] = [];
  const { uses } = b.facts(scope);
  const others = b.localImports(scope).filter((other) => other !== local);
  for (const name of b.exported(star) ?? []) {
    const found = uses.get(name);
    const target = found && final(b, { kind: "name", module: star, name });
    if (target?.kind === "module" && found)
      for (const use of found) {
        const reference = followed(b, b.facts(scope), target.module, use);
        if (reference) into.push(reference);
      }
    if (!found || target?.kind !== "name") continue;
    const isElsewhere = others.some(
      (other) =>
        (other.star &&
          (b.exported(other.star)?.includes(name) ?? false) &&
          !sameMeaning(final(b, { kind: "name", module: other.star, name }), target)) ||
        other.bound.some((bound) => bound.local === name && !sameMeaning(final(b, bound.meaning), target)),
    );
    const spans = new Set(others.flatMap((o) => o.bound).map((bound) => bound.written.span));
    const isBound = found.some(({ use }) => use.mode !== "load" && ![...spans].some((s) => s.start === use.span.start));
    if (!isBound && !isElsewhere && isSettled(target)) into.push(...named(found, target));
    else aliases.push({ local: name, symbol: target });
  }
  return { local, kept: [], aliases };
}
