import type { Dataflow } from "../dataflow/analyse.ts";
import { signatureKey } from "../dataflow/machine.ts";
import type { ParsedCell, Unit } from "../dataflow/program.ts";
import type { ClassStmt, Expr, FunctionStmt, LambdaExpr, Param, Stmt } from "../python/ir.ts";
import { blocksOf, stmtExprs, walkExpr, walkStmts } from "../python/walk.ts";
import { type Annotation, annotationOfValue, anything, likely, maybe } from "./annotations.ts";
import type { Import } from "./blueprint.ts";
import { lambdaOf } from "./definitions.ts";
import type { Edit } from "./edits.ts";
import type { HelperPlan } from "./helpers.ts";
import { fits, usesOf } from "./type-fit.ts";
import { closed } from "./written-types.ts";

/** Changes of a unit's text that give its functions whole signatures, and what must be imported for them. */
export interface InnerSignatures {
  readonly edits: readonly Edit[];
  readonly imports: readonly Import[];
}

export interface SignatureEdits extends InnerSignatures {
  /** The annotation of what a lambda gives. */
  readonly result: string;
  /** The names that the function takes. */
  readonly taken: ReadonlySet<string>;
}

type Definition = FunctionStmt | LambdaExpr;

/** Annotations of a helper's own signature, as its calls show it, with the globals it is given. */
export function signatureEdits(
  flow: Dataflow,
  helper: Pick<HelperPlan, "unit" | "lifted">,
  typeOf: (name: string) => Annotation,
  isUsedAsValue: boolean,
): SignatureEdits {
  const { unit, lifted } = helper;
  const { stmt } = unit;
  const definition = stmt.kind === "function" ? stmt : lambdaOf(unit)?.lambda;
  if (!definition) return { edits: [], imports: [], result: "", taken: new Set() };
  const edits: Edit[] = [];
  const imports: Import[] = [];
  const signature = flow.signatures.get(signatureKey(definition));
  const use = (annotation: Annotation): string => {
    imports.push(...annotation.imports);
    return annotation.text;
  };
  const body = definition.kind === "lambda" ? [definition.body] : definition.body;
  for (const param of definition.params) {
    if (param.annotation) edits.push(...written(unit.cell, param, definition, imports));
    else {
      const isMany = param.type === "star" || param.type === "double-star";
      const seen = isMany ? anything : annotationOfValue(flow.heap, signature?.params.get(param.name));
      const fitting = fits(seen.text, usesOf(body, param.name)) ? seen : anything;
      edits.push(annotated(unit.cell, param, use(isNone(param.default) ? maybe(fitting) : fitting)));
    }
  }
  const added = [...lifted].sort().map((name) => {
    const seen = typeOf(name);
    return `${name}: ${use(fits(seen.text, usesOf(body, name)) ? seen : anything)}`;
  });
  if (added.length > 0) edits.push(lifting(unit.cell, definition, added));
  const found = annotationOfValue(flow.heap, signature?.result);
  const isOpen = definition.kind === "function" && (isGenerator(definition) || isUsedAsValue) && found.text === "None";
  const result = ` -> ${use(isOpen ? anything : likely(found))}`;
  if (definition.kind === "function") edits.push(...resultEdits(unit.cell, definition, result, imports));
  return { edits, imports, result, taken: new Set([...definition.params.map((param) => param.name), ...lifted]) };
}

/** Open annotations of the functions inside a unit: methods, and functions within functions. */
export function innerSignatures(unit: Unit): InnerSignatures {
  const edits: Edit[] = [];
  const imports: Import[] = [];
  const visit = (stmts: readonly Stmt[], owner: FunctionStmt | ClassStmt | undefined): void => {
    for (const stmt of stmts) {
      if (stmt.kind === "function" && stmt !== unit.stmt) openSignature(unit.cell, stmt, owner, edits, imports);
      const isScope = stmt.kind === "function" || stmt.kind === "class";
      for (const block of blocksOf(stmt)) visit(block, isScope ? stmt : owner);
    }
  };
  visit([unit.stmt], undefined);
  return { edits, imports };
}

function openSignature(
  cell: ParsedCell,
  stmt: FunctionStmt,
  owner: FunctionStmt | ClassStmt | undefined,
  edits: Edit[],
  imports: Import[],
): void {
  const isStatic = stmt.decorators.some((decorator) => decorator.kind === "name" && decorator.id === "staticmethod");
  const isMethod = owner?.kind === "class" && !isStatic;
  for (const [place, param] of stmt.params.entries()) {
    if (param.annotation) edits.push(...written(cell, param, stmt, imports));
    else if (!(isMethod && place === 0)) {
      imports.push(...anything.imports);
      edits.push(annotated(cell, param, anything.text));
    }
  }
  const isSilent = stmt.name === "__init__" || (!isGenerator(stmt) && !givesValue(stmt));
  if (!isSilent) imports.push(...anything.imports);
  edits.push(...resultEdits(cell, stmt, ` -> ${isSilent ? "None" : anything.text}`, imports));
}

function annotated(cell: ParsedCell, param: Param, text: string): Edit {
  const isMany = param.type === "star" || param.type === "double-star";
  const at = isMany ? param.span.end : param.span.start + param.name.length;
  return { cell, start: at, end: at, text: `: ${text}` };
}

/** What the notebook itself wrote, with the type arguments that it leaves out; not where something may look at it. */
function written(cell: ParsedCell, param: Param, owner: Definition, imports: Import[]): readonly Edit[] {
  if (!param.annotation || (owner.kind === "function" && owner.decorators.length > 0)) return [];
  const found = closed(cell, param.annotation, isNone(param.default));
  imports.push(...found.imports);
  return found.edits;
}

function resultEdits(cell: ParsedCell, stmt: FunctionStmt, result: string, imports: Import[]): readonly Edit[] {
  if (!stmt.returns) {
    const at = stmt.paramsSpan.end + 1;
    return [{ cell, start: at, end: at, text: result }];
  }
  if (stmt.decorators.length > 0) return [];
  const found = closed(cell, stmt.returns, false);
  imports.push(...found.imports);
  return found.edits;
}

/** Puts the lifted globals behind the parameters, by keyword only. */
function lifting(cell: ParsedCell, definition: Definition, added: readonly string[]): Edit {
  const { params } = definition;
  const hasStar = params.some((p) => p.type === "star" || p.type === "keyword-only");
  const list = `${hasStar ? "" : "*, "}${added.join(", ")}`;
  const rest = params.find((p) => p.type === "double-star");
  const last = params.filter((p) => p.type !== "double-star").at(-1);
  const edit = (at: number, text: string): Edit => ({ cell, start: at, end: at, text });
  if (last) return edit(last.span.end, `, ${list}`);
  if (rest) return edit(rest.span.start, `${list}, `);
  return edit(definition.kind === "function" ? definition.paramsSpan.start : definition.body.span.start, list);
}

function isNone(expr: Expr | undefined): boolean {
  return expr?.kind === "constant" && expr.type === "none";
}

/** Whether a function gives anything but None back. */
function givesValue(stmt: FunctionStmt): boolean {
  let found = false;
  walkStmts(stmt.body, (inner) => {
    if (inner.kind === "return" && inner.value && !isNone(inner.value)) found = true;
    return inner.kind !== "function" && inner.kind !== "class";
  });
  return found;
}

function isGenerator(stmt: FunctionStmt): boolean {
  let found = false;
  walkStmts(stmt.body, (inner) => {
    if (inner.kind === "function" || inner.kind === "class") return false;
    for (const expr of stmtExprs(inner))
      walkExpr(expr, (e) => {
        if (e.kind === "yield") found = true;
        return e.kind !== "lambda";
      });
    return true;
  });
  return found;
}
