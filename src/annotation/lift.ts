import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import type { ConstantExpr, Expr, Stmt } from "../python/ir.ts";
import { boundNames, visit } from "./binds.ts";
import type { Param, Secret } from "./directive.ts";
import { isLiteral, sameLiteral } from "./literal.ts";
import { didYouMean } from "./types.ts";

/** What a directive lifts out of the code, or why it cannot. */
export interface Lift {
  readonly statement?: Stmt;
  readonly value?: Expr;
  readonly problem?: Diagnostic;
}

/** The literal that `param` lifts: from the first of `below` that assigns the name, or a widget of that name. */
export function liftParam(param: Param, below: readonly Stmt[], python: string, place: Place): Lift {
  const { name } = param.name;
  const statement = below.find((stmt) => boundNames(stmt).includes(name) || widgetDefault(stmt, name) !== undefined);
  if (statement === undefined) {
    const hint = didYouMean(name, below.flatMap(boundNames));
    return { problem: report("CW1120", place, { directive: "param", name, hint }) };
  }
  const value = widgetDefault(statement, name) ?? assigned(statement, name);
  if (value === undefined) {
    return { statement, problem: report("CW1117", place, { name }) };
  }
  // A widget's value is read at run time; its default stands where the widget is made.
  if (isWidgetGet(value)) return { statement };
  if (!isLiteral(value)) return { statement, problem: report("CW1117", place, { name }) };
  if (param.value !== undefined && !sameLiteral(param.value, value, python)) {
    const code = python.slice(value.span.start, value.span.end);
    return { statement, value, problem: report("CW1118", place, { name, written: param.value.text, code }) };
  }
  return { statement, value };
}

/** The value a statement assigns to a name, also out of a tuple of the same length. */
function assigned(stmt: Stmt, name: string): Expr | undefined {
  if (stmt.kind === "annassign") return stmt.value;
  if (stmt.kind !== "assign") return undefined;
  for (const target of stmt.targets) {
    if (target.kind === "name" && target.id === name) return stmt.value;
    const { value } = stmt;
    const isPair = (e: Expr): e is Expr & { readonly kind: "tuple" | "list" } =>
      e.kind === "tuple" || e.kind === "list";
    if (!isPair(target) || !isPair(value) || target.items.length !== value.items.length) continue;
    const at = target.items.findIndex((item) => item.kind === "name" && item.id === name);
    if (at >= 0 && !value.items.some((item) => item.kind === "starred")) return value.items[at];
  }
  return undefined;
}

const widgets: ReadonlySet<string> = new Set(["text", "dropdown", "combobox", "multiselect"]);

/** `dbutils.widgets.text("name", default)`: the default. */
function widgetDefault(stmt: Stmt, name: string): Expr | undefined {
  if (stmt.kind !== "expr" || stmt.value.kind !== "call") return undefined;
  const { func, args, keywords } = stmt.value;
  const kind = widgetMethod(func);
  if (kind === undefined || !widgets.has(kind)) return undefined;
  const byName = (key: string): Expr | undefined => keywords.find((keyword) => keyword.name === key)?.value;
  const title = args[0] ?? byName("name");
  return title?.kind === "constant" && title.value === name ? (args[1] ?? byName("defaultValue")) : undefined;
}

function isWidgetGet(value: Expr): boolean {
  let call = value;
  // `int(dbutils.widgets.get("n"))`
  if (call.kind === "call" && call.func.kind === "name" && call.args.length === 1) call = call.args[0] ?? call;
  return call.kind === "call" && widgetMethod(call.func) === "get";
}

function widgetMethod(func: Expr): string | undefined {
  const isWidgets = func.kind === "attribute" && func.value.kind === "attribute" && func.value.attr === "widgets";
  return isWidgets ? func.attr : undefined;
}

/** `dbutils.secrets.get` */
function isVault(func: Expr): boolean {
  const isSecrets = func.kind === "attribute" && func.value.kind === "attribute" && func.value.attr === "secrets";
  return isSecrets && func.attr === "get";
}

/** The one text literal of the statement that `secret` stands above, or its one `dbutils.secrets.get(…)`. */
export function liftSecret(secret: Secret, statement: Stmt, place: Place): Lift {
  const texts: ConstantExpr[] = [];
  const vaults: Expr[] = [];
  let formatted = false;
  visit(statement, (node) => {
    const expr = node as Expr;
    if (expr.kind === "fstring") formatted = true;
    if (expr.kind === "call" && isVault(expr.func)) {
      vaults.push(expr);
      return false;
    }
    if (expr.kind === "constant" && expr.type === "str") texts.push(expr);
    return true;
  });
  const [vault] = vaults;
  if (vault !== undefined && vaults.length === 1) return { statement, value: vault };
  const [value] = texts;
  if (value !== undefined && texts.length === 1 && !formatted) return { statement, value };
  const found = formatted ? "is an f-string" : texts.length === 0 ? "is none" : `are ${texts.length}`;
  return { statement, problem: report("CW1116", place, { name: secret.name.name, found }) };
}
