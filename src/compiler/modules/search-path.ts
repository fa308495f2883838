import type { ParsedCell } from "../../dataflow/program.ts";
import { isAbsolutePath, normalizePath } from "../../foundation/paths.ts";
import type { Expr, Stmt } from "../../python/ir.ts";
import { walkExpr, walkStmts } from "../../python/walk.ts";

/** A folder as code writes it, relative to the working directory. */
type Place = string | undefined;

/**
 * Folders that the code of notebooks adds to `sys.path`, relative to the working directory, in the order in which Python would look:
 * those put first, then those put last. Only what is written out in the code is found.
 */
export function addedFolders(cells: readonly ParsedCell[]): readonly string[] {
  const names = constants(cells);
  const first: string[] = [];
  const last: string[] = [];
  const add = (expr: Expr | undefined, into: string[], front: boolean): void => {
    const place = expr && placeOf(expr, names);
    if (place === undefined || isAbsolutePath(place)) return;
    if (front) into.unshift(place);
    else into.push(place);
  };
  for (const { module } of cells)
    walkStmts(module.body, (stmt) => {
      if (stmt.kind === "augassign" && isSysPath(stmt.target) && stmt.value.kind === "list")
        for (const item of stmt.value.items) add(item, last, false);
      if (stmt.kind !== "expr" || stmt.value.kind !== "call" || stmt.value.func.kind !== "attribute") return;
      const { func, args } = stmt.value;
      if (!isSysPath(func.value)) {
        if (func.attr === "addsitedir") add(args[0], last, false);
      } else if (func.attr === "append") add(args[0], last, false);
      else if (func.attr === "insert") add(args[1], first, true);
      else if (func.attr === "extend" && args[0]?.kind === "list")
        for (const item of args[0].items) add(item, last, false);
    });
  return [...new Set([...first, ...last])];
}

function isSysPath(expr: Expr): boolean {
  return expr.kind === "attribute" && expr.attr === "path" && expr.value.kind === "name" && expr.value.id === "sys";
}

/** Values of names that are assigned once, at the top level. */
function constants(cells: readonly ParsedCell[]): ReadonlyMap<string, Expr> {
  const out = new Map<string, Expr>();
  const twice = new Set<string>();
  const bind = (stmt: Stmt): void => {
    if (stmt.kind !== "assign" || stmt.targets.length !== 1 || stmt.targets[0]?.kind !== "name") return;
    const name = stmt.targets[0].id;
    if (out.has(name)) twice.add(name);
    out.set(name, stmt.value);
  };
  for (const { module } of cells) for (const stmt of module.body) bind(stmt);
  for (const name of twice) out.delete(name);
  return out;
}

/** The folder that an expression means. */
function placeOf(expr: Expr, names: ReadonlyMap<string, Expr>, depth = 0): Place {
  const inner = (one: Expr | undefined): Place => (one && depth < 8 ? placeOf(one, names, depth + 1) : undefined);
  switch (expr.kind) {
    case "constant":
      return typeof expr.value === "string" ? normalizePath(expr.value.replaceAll("\\", "/")) : undefined;
    case "name":
      return inner(names.get(expr.id));
    case "binary": {
      const [left, right] = [inner(expr.left), inner(expr.right)];
      return left === undefined || right === undefined || expr.op !== "/"
        ? undefined
        : normalizePath(`${left}/${right}`);
    }
    case "attribute":
      if (expr.attr === "pardir") return "..";
      if (expr.attr === "curdir") return ".";
      return expr.attr === "parent" ? up(inner(expr.value)) : undefined;
    case "subscript": {
      const { value, index } = expr;
      const count = index.kind === "constant" && typeof index.value === "number" ? index.value + 1 : 0;
      if (value.kind !== "attribute" || value.attr !== "parents" || count < 1 || count > 9) return undefined;
      let place = inner(value.value);
      for (let i = 0; i < count; i++) place = up(place);
      return place;
    }
    case "call": {
      const name = expr.func.kind === "attribute" ? expr.func.attr : expr.func.kind === "name" ? expr.func.id : "";
      const self = expr.func.kind === "attribute" ? expr.func.value : undefined;
      if (name === "getcwd" || name === "cwd") return ".";
      if (name === "dirname") return mentionsFile(expr.args[0]) ? undefined : up(inner(expr.args[0]));
      if (/^(?:abspath|realpath|normpath|expanduser|str|fspath)$/.test(name)) return inner(expr.args[0]);
      if (/^(?:resolve|absolute|as_posix)$/.test(name) && self) return inner(self);
      if (name === "join" || name === "Path" || name === "joinpath") {
        const parts = [...(name === "joinpath" && self ? [self] : []), ...expr.args].map(inner);
        return parts.length === 0 || parts.includes(undefined) ? undefined : normalizePath(parts.join("/"));
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

function up(place: Place): Place {
  return place === undefined ? undefined : normalizePath(`${place}/..`);
}

function mentionsFile(expr: Expr | undefined): boolean {
  let found = false;
  if (expr)
    walkExpr(expr, (one) => {
      found ||= one.kind === "name" && one.id === "__file__";
    });
  return found;
}
