import type { Dataflow } from "../dataflow/analyse.ts";
import { boundNames } from "../dataflow/bound-names.ts";
import type { NameUse } from "../dataflow/free-names.ts";
import type { Unit } from "../dataflow/program.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../foundation/span.ts";
import type { CallExpr, Expr, Param } from "../python/ir.ts";
import { walkStmts } from "../python/walk.ts";
import type { Annotation } from "./annotations.ts";
import type { Helper, Import } from "./blueprint.ts";
import { cite, placeOf } from "./cite.ts";
import { type Definitions, lambdaOf } from "./definitions.ts";
import { type Edit, editedText, isReplaced } from "./edits.ts";
import { importOf, submodules, uniqueImports } from "./imports.ts";
import { rawLinesOf } from "./raw-lines.ts";
import { rowLoopEdits } from "./row-loops.ts";
import { type SignatureEdits, signatureEdits } from "./signatures.ts";

/** A definition of the notebook that production uses. */
export interface HelperPlan {
  readonly unit: Unit;
  readonly name: string;
  /** Globals it takes as keyword arguments, those of the helpers it calls included. */
  readonly lifted: ReadonlySet<string>;
  readonly uses: ReadonlySet<string>;
}

export interface HelpersPlan {
  readonly byName: ReadonlyMap<string, HelperPlan>;
  /** Literal constants that classes read: they stand beside them in the module. */
  readonly constants: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the definitions that kept code uses, directly or through each other, and the globals that each must be given. */
export function planHelpers(
  flow: Dataflow,
  defs: Definitions,
  kept: ReadonlySet<number>,
  pathArguments: ReadonlyMap<number, readonly string[]>,
): HelpersPlan {
  const diagnostics: Diagnostic[] = [];
  const plans = new Map<string, { unit: Unit; name: string; own: Set<string>; uses: Set<string> }>();
  const constants = new Set<string>();
  const todo: { readonly unit: number; readonly use: NameUse }[] = [];
  for (const id of kept)
    if (defs.kindOf(id) === "variable")
      for (const use of defs.uses(id)) if (use.mode === "load") todo.push({ unit: id, use });
  for (let next = todo.pop(); next; next = todo.pop()) {
    const sources = defs.sourcesAt(next.unit, next.use).filter((unit) => defs.kindOf(unit) === "definition");
    if (sources.length === 0) continue;
    const unit = pick(flow, sources);
    const user = flow.program.units[next.unit];
    const known = plans.get(next.use.id);
    if (!unit || (known && known.unit !== unit && text(known.unit) !== text(unit))) {
      if (user) diagnostics.push(report("CW2010", placeOf(user, next.use.span), { name: next.use.id }));
      continue;
    }
    if (known) continue;
    const plan = {
      unit,
      name: next.use.id,
      own: new Set<string>(pathArguments.get(unit.id) ?? []),
      uses: new Set<string>(),
    };
    plans.set(next.use.id, plan);
    diagnostics.push(...examine(flow, defs, plan, constants));
    for (const use of defs.uses(unit.id))
      if (use.mode === "load" && use.id !== plan.name) todo.push({ unit: unit.id, use });
  }
  const byName = close(plans);
  return { byName, constants, diagnostics: [...diagnostics, ...outOfReach(defs, byName)] };
}

/** Helpers that take lifted globals cannot be used where nobody can hand those over: in a class, a default or a decorator. */
function outOfReach(defs: Definitions, plans: ReadonlyMap<string, HelperPlan>): readonly Diagnostic[] {
  return [...plans.values()].flatMap((plan) =>
    defs
      .uses(plan.unit.id)
      .filter(
        (use) =>
          use.mode === "load" &&
          (!use.deferred || plan.unit.stmt.kind === "class") &&
          use.id !== plan.name &&
          defs.kindsAt(plan.unit.id, use).has("definition"),
      )
      .flatMap((use) => {
        const [name] = plans.get(use.id)?.lifted ?? [];
        return name === undefined ? [] : [report("CW2013", placeOf(plan.unit, use.span), { name, helper: plan.name })];
      }),
  );
}

function text(unit: Unit): string {
  return unit.cell.module.text.slice(unit.stmt.span.start, unit.stmt.span.end);
}

/** One definition out of several: only when they are the same text. */
function pick(flow: Dataflow, sources: readonly number[]): Unit | undefined {
  const units = sources.map((id) => flow.program.units[id]).filter((u): u is Unit => u !== undefined);
  const last = units[units.length - 1];
  return last && units.every((u) => text(u) === text(last)) ? last : undefined;
}

/** `@lru_cache` and its kin: arguments of the product's function would be keys of the cache, and tables cannot be. */
function isCache(decorator: Expr): boolean {
  const called = decorator.kind === "call" ? decorator.func : decorator;
  const last = called.kind === "attribute" ? called.attr : called.kind === "name" ? called.id : "";
  return /^(?:lru_cache|cache|memoize|cached)$/.test(last);
}

/** Sorts the names a definition uses into imports, other helpers, constants and globals to be lifted. */
function examine(
  flow: Dataflow,
  defs: Definitions,
  plan: { unit: Unit; name: string; own: Set<string>; uses: Set<string> },
  constants: Set<string>,
): readonly Diagnostic[] {
  const { stmt } = plan.unit;
  const out: Diagnostic[] = [];
  if (stmt.kind === "function")
    for (const name of boundNames(stmt.body).globals)
      out.push(report("CW2011", placeOf(plan.unit), { name: plan.name, global: name }));
  for (const use of defs.uses(plan.unit.id)) {
    if (use.mode !== "load") continue;
    const kinds = defs.kindsAt(plan.unit.id, use);
    if (kinds.size === 0 || (kinds.size === 1 && kinds.has("import"))) continue;
    if (kinds.size > 1) {
      out.push(report("CW2012", placeOf(plan.unit, use.span), { name: use.id }));
    } else if (kinds.has("definition")) {
      if (use.id !== plan.name) plan.uses.add(use.id);
    } else if (stmt.kind === "class" || !use.deferred) {
      if (literalBinder(flow, defs, use.id) !== undefined) constants.add(use.id);
      else out.push(report("CW2013", placeOf(plan.unit, use.span), { name: use.id, helper: plan.name }));
    } else {
      plan.own.add(use.id);
      if (stmt.kind === "function" && stmt.decorators.some(isCache))
        out.push(
          report("CW2002", placeOf(plan.unit, use.span), {
            what: `keeps results of '${plan.name}' in a cache, though they depend on '${use.id}' too`,
          }),
        );
    }
  }
  return out;
}

/** The one unit that binds a name to a literal which nothing ever changes. */
export function literalBinder(flow: Dataflow, defs: Definitions, name: string): Unit | undefined {
  const binders = defs.binders(name);
  const unit = binders.length === 1 ? flow.program.units[binders[0] ?? -1] : undefined;
  if (unit?.stmt.kind !== "assign" || unit.stmt.targets.length !== 1 || unit.stmt.targets[0]?.kind !== "name")
    return undefined;
  if (!isLiteral(unit.stmt.value)) return undefined;
  return flow.facts.some((facts) => facts.unit !== unit && (facts.mutates.has(name) || facts.trace.deletes.has(name)))
    ? undefined
    : unit;
}

export function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
      return expr.type !== "ellipsis";
    case "unary":
      return (expr.op === "-" || expr.op === "+") && expr.operand.kind === "constant";
    case "tuple":
    case "list":
    case "set":
      return expr.items.every(isLiteral);
    case "dict":
      return expr.items.every((item) => item.key !== undefined && isLiteral(item.key) && isLiteral(item.value));
    default:
      return false;
  }
}

/** A helper needs what the helpers it calls need. */
function close(
  plans: ReadonlyMap<string, { unit: Unit; name: string; own: Set<string>; uses: Set<string> }>,
): ReadonlyMap<string, HelperPlan> {
  const lifted = new Map([...plans].map(([name, plan]) => [name, new Set(plan.own)]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, plan] of plans) {
      const mine = lifted.get(name);
      if (!mine) continue;
      for (const used of plan.uses)
        for (const global of lifted.get(used) ?? []) {
          if (!mine.has(global)) {
            mine.add(global);
            grew = true;
          }
        }
    }
  }
  return new Map(
    [...plans].map(([name, plan]) => [
      name,
      { unit: plan.unit, name, lifted: lifted.get(name) ?? new Set(), uses: plan.uses },
    ]),
  );
}

/** Edits that hand lifted globals on wherever kept code or another helper uses a helper. */
export function callSiteEdits(
  defs: Definitions,
  plan: HelpersPlan,
  users: readonly Unit[],
  edits: readonly Edit[],
): {
  readonly edits: readonly Edit[];
  /** What the edits of a unit need beside its own imports. */
  readonly imports: ReadonlyMap<number, readonly Import[]>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const out: Edit[] = [];
  const diagnostics: Diagnostic[] = [];
  const imports = new Map<number, readonly Import[]>();
  for (const unit of users) {
    for (const use of defs.uses(unit.id)) {
      const helper = use.mode === "load" ? plan.byName.get(use.id) : undefined;
      if (!helper || helper.lifted.size === 0 || isReplaced(unit.cell, use.span, edits)) continue;
      if (!defs.kindsAt(unit.id, use).has("definition")) continue;
      const given = [...helper.lifted]
        .sort()
        .map((name) => `${name}=${name}`)
        .join(", ");
      const source = unit.cell.module.text;
      if (source.slice(use.span.start, use.span.end) !== use.id) {
        // The name stands in the text of a query.
        const [name = ""] = helper.lifted;
        diagnostics.push(report("CW2013", placeOf(unit, use.span), { name, helper: use.id }));
      } else if (use.call) {
        const close = use.call.span.end - 1;
        const last = Math.max(
          use.call.func.span.end,
          ...use.call.args.map((a) => a.span.end),
          ...use.call.keywords.map((k) => k.span.end),
        );
        const hasArguments = use.call.args.length + use.call.keywords.length > 0;
        const comma = !hasArguments || source.slice(last, close).includes(",") ? "" : ", ";
        const only = use.call.args.length === 1 && use.call.keywords.length === 0 ? use.call.args[0] : undefined;
        if (only?.kind === "comprehension" && only.type === "generator" && source[use.call.func.span.end] === "(") {
          const inner = source.slice(use.call.func.span.end + 1, close).trim();
          if (!inner.startsWith("(")) {
            out.push(
              { cell: unit.cell, start: use.call.func.span.end + 1, end: use.call.func.span.end + 1, text: "(" },
              { cell: unit.cell, start: close, end: close, text: ")" },
            );
          }
        }
        out.push({ cell: unit.cell, start: close, end: close, text: `${comma}${given}` });
      } else {
        imports.set(unit.id, [{ module: "functools", local: "functools" }]);
        const stale = [...helper.lifted].find((global) => isBoundAgain(defs, global, unit));
        const user = givenTo(unit, use.span);
        if (stale !== undefined && !atOnce.has(user))
          diagnostics.push(report("CW2014", placeOf(unit, use.span), { helper: use.id, name: stale }));
        out.push({
          cell: unit.cell,
          start: use.span.start,
          end: use.span.end,
          // Whoever keeps a function may ask for its name, which a partial one has not.
          text:
            atOnce.has(user) || user.endsWith("()")
              ? `functools.partial(${use.id}, ${given})`
              : `functools.update_wrapper(functools.partial(${use.id}, ${given}), ${use.id})`,
          wraps: true,
        });
      }
    }
  }
  return { edits: out, imports, diagnostics };
}

/** A value that is handed over here may not be the one that a later call would read. */
function isBoundAgain(defs: Definitions, name: string, unit: Unit): boolean {
  const binders = defs.binders(name);
  return defs.kindOf(unit.id) === "definition" ? binders.length > 1 : binders.some((binder) => binder >= unit.id);
}

/** Calls that call the function they are given before they return, and forget it. */
const atOnce = new Set(
  "apply applymap map transform agg aggregate pipe assign sort_values sort_index groupby sorted min max reduce".split(
    " ",
  ),
);

/** What the name at a span is an argument of: "apply" for `x.apply(f)` and `sorted` for `sorted(…, key=f)`, "map()" for the lazy `map(f, …)`. */
function givenTo(unit: Unit, span: Span): string {
  let found = "";
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== "object") return;
    const { kind, func, args, keywords } = node as Partial<CallExpr>;
    if (kind === "call" && func && args && keywords) {
      const given = [...args, ...keywords.map((keyword) => keyword.value)];
      if (given.some((arg) => arg.span.start === span.start && arg.span.end === span.end)) {
        const lazy = func.kind === "name" && (func.id === "map" || func.id === "filter");
        found = func.kind === "attribute" ? func.attr : func.kind === "name" ? `${func.id}${lazy ? "()" : ""}` : "";
      }
    }
    Object.values(node).forEach(visit);
  };
  visit(unit.stmt);
  return found;
}

export interface HelperSource {
  readonly helper: Helper;
}

/** The finished helpers, callees before callers. */
export function makeHelpers(
  flow: Dataflow,
  defs: Definitions,
  plan: HelpersPlan,
  edits: readonly Edit[],
  users: readonly Unit[],
  extraImports: ReadonlyMap<number, readonly Import[]>,
  variableTypes: (name: string) => Annotation,
): readonly Helper[] {
  const out: Helper[] = [];
  for (const name of [...plan.constants].sort()) {
    const unit = literalBinder(flow, defs, name);
    if (unit)
      out.push({
        kind: "constant",
        name,
        code: { text: editedText(unit.cell, unit.stmt.span, []), rawLines: [], cite: cite(unit) },
        imports: [],
        uses: [],
        lifted: [],
      });
  }
  for (const helper of ordered(plan)) {
    const { unit } = helper;
    const signature = signatureEdits(flow, helper, variableTypes, isUsedAsValue(defs, users, helper.name));
    const open = openLoops(defs, helper, signature, edits);
    const all = [...edits, ...signature.edits, ...open];
    const lambda = lambdaOf(unit);
    const body = lambda
      ? lambdaText(unit, lambda.lambda.params, lambda.lambda.body, helper.name, all, signature.result)
      : editedText(unit.cell, unit.stmt.span, all);
    out.push({
      kind: unit.stmt.kind === "class" ? "class" : "function",
      name: helper.name,
      code: { text: body, rawLines: rawLinesOf(body), cite: cite(unit) },
      imports: uniqueImports([
        ...importsOf(flow, defs, unit.id, edits),
        ...signature.imports,
        ...(extraImports.get(unit.id) ?? []),
        ...(open.length > 0 ? [{ module: "typing", name: "Any", local: "Any" }] : []),
      ]),
      uses: [
        ...helper.uses,
        ...[...plan.constants].filter((c) => defs.uses(unit.id).some((use) => use.id === c)),
      ].sort(),
      lifted: [...helper.lifted].sort(),
    });
  }
  return out;
}

/** Whether something is done with what a function gives: then `None` would not do as its type. */
function isUsedAsValue(defs: Definitions, users: readonly Unit[], name: string): boolean {
  return users.some((unit) => {
    const calls = defs.uses(unit.id).filter((use) => use.id === name && use.mode === "load");
    if (calls.length === 0) return false;
    const alone = new Set<Expr>();
    walkStmts([unit.stmt], (stmt) => {
      if (stmt.kind === "expr") alone.add(stmt.value);
    });
    return calls.some((use) => !use.call || !alone.has(use.call));
  });
}

/** Imports that the names of a unit need. */
export function importsOf(flow: Dataflow, defs: Definitions, unit: number, edits: readonly Edit[]): readonly Import[] {
  const out: Import[] = [];
  const cell = flow.program.units[unit]?.cell;
  for (const use of defs.uses(unit)) {
    if (use.mode !== "load" || (cell && isReplaced(cell, use.span, edits))) continue;
    const sources = defs.sourcesAt(unit, use).filter((id) => defs.kindOf(id) === "import");
    const last = sources[sources.length - 1];
    const found = last === undefined ? undefined : importOf(flow, last, use.id);
    if (found)
      out.push(
        found,
        ...(found.name === undefined && found.module.split(".")[0] === found.local
          ? submodules(flow, found.local)
          : []),
      );
  }
  return out;
}

function ordered(plan: HelpersPlan): readonly HelperPlan[] {
  const out: HelperPlan[] = [];
  const seen = new Set<string>();
  const visit = (helper: HelperPlan): void => {
    if (seen.has(helper.name)) return;
    seen.add(helper.name);
    for (const name of [...helper.uses].sort()) {
      const used = plan.byName.get(name);
      if (used) visit(used);
    }
    out.push(helper);
  };
  for (const helper of [...plan.byName.values()].sort((a, b) => a.unit.id - b.unit.id)) visit(helper);
  return out;
}

function lambdaText(
  unit: Unit,
  params: readonly Param[],
  body: Expr,
  name: string,
  edits: readonly Edit[],
  result: string,
): string {
  const [first] = params;
  const last = params[params.length - 1];
  const inner =
    first && last
      ? editedText(unit.cell, { start: first.span.start, end: last.span.end }, edits)
      : editedText(unit.cell, { start: body.span.start, end: body.span.start }, edits);
  return `def ${name}(${inner})${result}:\n    return ${editedText(unit.cell, body.span, edits)}`;
}

/** Loop variables of a function that stand for rows or groups of tables are declared as open. */
function openLoops(
  defs: Definitions,
  helper: HelperPlan,
  { taken }: SignatureEdits,
  edits: readonly Edit[],
): readonly Edit[] {
  const { stmt, cell } = helper.unit;
  if (stmt.kind !== "function" || defs.binders("Any").length > 0) return [];
  return rowLoopEdits(cell, stmt.body, { bound: new Set(taken), isGroups: () => false, edits });
}
