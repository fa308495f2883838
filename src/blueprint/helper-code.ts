import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import type { Expr, Param } from "../python/ir.ts";
import { walkStmts } from "../python/walk.ts";
import { type Annotation, anything } from "./annotations.ts";
import type { Helper, Import } from "./blueprint.ts";
import { cite } from "./cite.ts";
import { type Definitions, globalDeclarations, lambdaOf } from "./definitions.ts";
import { type Edit, editedText } from "./edits.ts";
import { type HelperPlan, type HelpersPlan, literalBinder } from "./helpers.ts";
import { type ImportNames, importsOf } from "./import-names.ts";
import { uniqueImports } from "./imports.ts";
import { rawLinesOf } from "./raw-lines.ts";
import { rowLoopEdits } from "./row-loops.ts";
import { type SignatureEdits, signatureEdits } from "./signatures.ts";

export interface HelperCodeInput {
  readonly flow: Dataflow;
  readonly defs: Definitions;
  readonly plan: HelpersPlan;
  readonly edits: readonly Edit[];
  /** The units whose code reaches the product. */
  readonly users: readonly Unit[];
  /** What changes of a unit's text need beside its own imports. */
  readonly extraImports: ReadonlyMap<number, readonly Import[]>;
  readonly imports: ImportNames;
}

/** The finished helpers, callees before callers. */
export function makeHelpers(
  { flow, defs, plan, edits, users, extraImports, imports }: HelperCodeInput,
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
    const signature = signatureEdits(flow, helper, variableTypes, isUsedAsValue(defs, users, helper.original));
    const open = openLoops(defs, helper, signature, edits);
    const all = [...edits, ...signature.edits, ...open, ...renamed(helper)];
    const lambda = lambdaOf(unit);
    const body = lambda
      ? lambdaText(unit, lambda.lambda.params, lambda.lambda.body, helper.name, all, signature.result)
      : editedText(unit.cell, unit.stmt.span, all);
    out.push({
      kind: unit.stmt.kind === "class" ? "class" : "function",
      name: helper.name,
      code: { text: body, rawLines: rawLinesOf(body), cite: cite(unit) },
      imports: uniqueImports([
        ...importsOf(flow, defs, unit.id, edits, imports),
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

/** The edit that gives a function its product name where it is defined. */
function renamed({ unit, name, original }: HelperPlan): readonly Edit[] {
  const { stmt, cell } = unit;
  if (name === original || stmt.kind !== "function") return [];
  return [{ cell, start: stmt.nameSpan.start, end: stmt.nameSpan.end, text: name }];
}

/** What a definition needs to stand as a statement in the function of a step: types, and `nonlocal` for `global`. */
export function statementEdits(
  flow: Dataflow,
  defs: Definitions,
  unit: Unit,
  users: readonly Unit[],
): { readonly edits: readonly Edit[]; readonly imports: readonly Import[] } {
  const { edits, imports } =
    unit.stmt.kind === "function"
      ? signatureEdits(flow, { unit, lifted: new Set() }, () => anything, isUsedAsValue(defs, users, unit.stmt.name))
      : none;
  const scopes = globalDeclarations(unit.stmt).map(
    ({ span }): Edit => ({ cell: unit.cell, start: span.start, end: span.start + "global".length, text: "nonlocal" }),
  );
  return { edits: [...edits, ...scopes], imports };
}

const none: { readonly edits: readonly Edit[]; readonly imports: readonly Import[] } = { edits: [], imports: [] };

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
  helper: Pick<HelperPlan, "unit">,
  { taken }: SignatureEdits,
  edits: readonly Edit[],
): readonly Edit[] {
  const { stmt, cell } = helper.unit;
  if (stmt.kind !== "function" || defs.binders("Any").length > 0) return [];
  return rowLoopEdits(cell, stmt.body, { bound: new Set(taken), isGroups: () => false, edits });
}
