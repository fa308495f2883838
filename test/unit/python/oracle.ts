import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeHost } from "../../../src/foundation/host-node.ts";
import type { ConstantExpr, Expr, FStringPart, Param, Pattern, Stmt, TypeParam } from "../../../src/python/ir.ts";
import { initPython } from "../../../src/python/parse.ts";

await initPython(nodeHost());

const missing = "skipped: python3 3.11 not found";

/** The python3 on the PATH, when it is 3.11; tests that need it are skipped with this text otherwise. */
export const python311: { readonly command?: string; readonly skip?: string } = find();

function find(): { command?: string; skip?: string } {
  for (const command of ["python3", "python3.11"]) {
    const run = spawnSync(command, ["-c", "import sys; print(sys.version_info[:2] == (3, 11))"], { encoding: "utf8" });
    if (run.status === 0 && run.stdout.trim() === "True") return { command };
  }
  console.warn(missing);
  return { skip: missing };
}

/** The first difference of two dumps as text, or undefined; what the IR marks as undecoded fits any text. */
export function differ(expected: unknown, actual: unknown): string | undefined {
  if (expected === actual) return undefined;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [kind, value] = expected as [unknown, unknown];
    if (kind === "str" && actual[0] === "str" && actual[1] === "?") return undefined;
    const isNumber = expected.length === 2 && typeof value === "string" && (kind === "float" || kind === "complex");
    if (isNumber && kind === actual[0] && typeof actual[1] === "number")
      return Number(value === "inf" ? Number.POSITIVE_INFINITY : value) === actual[1]
        ? undefined
        : show(expected, actual);
    if (kind === "fstring" && JSON.stringify(actual).includes('["str","?"]')) return undefined;
    for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
      const found = differ(expected[i], actual[i]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return show(expected, actual);
}

function show(expected: unknown, actual: unknown): string {
  return `CPython ${JSON.stringify(expected)?.slice(0, 200)}, ours ${JSON.stringify(actual)?.slice(0, 200)}`;
}

/** Runs a script of scripts/oracle with JSON on its stdin; gives its lines of JSON. */
export function oracle(script: string, input: unknown, command = python311.command): readonly unknown[] {
  const path = fileURLToPath(new URL(`../../../scripts/oracle/${script}`, import.meta.url));
  const run = spawnSync(command ?? "python3", [path], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(-2000));
  return run.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

/** Every n-th .py file of the standard library that holds UTF-8, sorted. */
export function libraryFiles(every: number): readonly string[] {
  const run = spawnSync(python311.command ?? "python3", ["-c", "import os; print(os.path.dirname(os.__file__))"], {
    encoding: "utf8",
  });
  const out: string[] = [];
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      if (name === "site-packages" || name === "__pycache__") continue;
      const path = join(folder, name);
      if (statSync(path).isDirectory()) visit(path);
      else if (name.endsWith(".py") && isUtf8(path)) out.push(path);
    }
  };
  visit(run.stdout.trim());
  return out.filter((_, i) => i % every === 0);
}

function isUtf8(path: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    return true;
  } catch {
    return false;
  }
}

/** The IR in the shape that ast_dump.py prints. */
export function dumpStmts(stmts: readonly Stmt[]): unknown {
  return stmts.map(dumpStmt);
}

type Dump = unknown;
const maybe = (expr: Expr | undefined): Dump => (expr ? dumpExpr(expr) : null);
const all = (exprs: readonly Expr[]): Dump => exprs.map(dumpExpr);

function text(value: string): Dump {
  const plain = /^[\x20-\x7e]*$/.test(value);
  return ["str", plain ? value : [...value].map((c) => c.codePointAt(0))];
}

function constant(expr: ConstantExpr): Dump {
  switch (expr.type) {
    case "str":
      return expr.value === undefined ? ["str", "?"] : text(String(expr.value));
    case "bytes":
      return ["bytes", [...(expr.detail ?? "")].map((c) => c.charCodeAt(0))];
    case "int":
      return ["int", `0x${BigInt(expr.detail ?? String(expr.value)).toString(16)}`];
    case "float":
      return ["float", Number(expr.value)];
    case "complex":
      return ["complex", Number(expr.detail)];
    case "bool":
      return ["const", expr.value ? "True" : "False"];
    case "none":
      return ["const", "None"];
    case "ellipsis":
      return ["const", "Ellipsis"];
  }
}

const part = (one: FStringPart): Dump =>
  one.kind === "text"
    ? one.undecoded
      ? ["str", "?"]
      : text(one.value)
    : ["field", dumpExpr(one.value), one.conversion ?? null, one.spec.map(part)];
const param = (one: Param): Dump => [one.name, one.type, maybe(one.annotation), maybe(one.default)];
const typeParam = (one: TypeParam): Dump => [one.type, one.name, maybe(one.bound), maybe(one.default)];

export function dumpExpr(expr: Expr): Dump {
  switch (expr.kind) {
    case "name":
      return ["name", expr.id];
    case "constant":
      return constant(expr);
    case "fstring":
      return ["fstring", expr.parts.map(part)];
    case "attribute":
      return ["attribute", dumpExpr(expr.value), expr.attr];
    case "subscript":
      return ["subscript", dumpExpr(expr.value), dumpExpr(expr.index)];
    case "slice":
      return ["slice", maybe(expr.lower), maybe(expr.upper), maybe(expr.step)];
    case "call":
      return [
        "call",
        dumpExpr(expr.func),
        all(expr.args),
        expr.keywords.map((k) => [k.name ?? null, dumpExpr(k.value)]),
      ];
    case "binary":
      return ["binary", expr.op, dumpExpr(expr.left), dumpExpr(expr.right)];
    case "bool":
      return ["bool", expr.op, all(expr.values)];
    case "unary":
      return ["unary", expr.op, dumpExpr(expr.operand)];
    case "compare":
      return ["compare", dumpExpr(expr.left), expr.ops, all(expr.comparators)];
    case "conditional":
      return ["conditional", dumpExpr(expr.test), dumpExpr(expr.then), dumpExpr(expr.otherwise)];
    case "lambda":
      return ["lambda", expr.params.map(param), dumpExpr(expr.body)];
    case "tuple":
    case "list":
    case "set":
      return [expr.kind, all(expr.items)];
    case "dict":
      return ["dict", expr.items.map((item) => [maybe(item.key), dumpExpr(item.value)])];
    case "comprehension": {
      const clauses = expr.clauses.map((c) => [c.isAsync, dumpExpr(c.target), dumpExpr(c.iterable), all(c.conditions)]);
      return ["comprehension", expr.type, dumpExpr(expr.element), maybe(expr.key), clauses];
    }
    case "walrus":
      return ["walrus", expr.target.id, dumpExpr(expr.value)];
    case "starred":
      return ["starred", dumpExpr(expr.value)];
    case "await":
      return ["await", dumpExpr(expr.value)];
    case "yield":
      return ["yield", expr.from, maybe(expr.value)];
  }
}

function dumpPattern(one: Pattern): Dump {
  switch (one.kind) {
    case "value":
      return ["value", dumpExpr(one.value)];
    case "capture":
      return ["capture", one.name ?? null, one.pattern ? dumpPattern(one.pattern) : null];
    case "star":
      return ["star", one.name ?? null];
    case "sequence":
    case "or":
      return [one.kind, one.patterns.map(dumpPattern)];
    case "mapping":
      return ["mapping", all(one.keys), one.patterns.map(dumpPattern), one.rest ?? null];
    case "class": {
      const keywords = one.keywords.map((keyword) => [keyword.name, dumpPattern(keyword.pattern)]);
      return ["class", dumpExpr(one.cls), one.patterns.map(dumpPattern), keywords];
    }
  }
}

function dumpStmt(stmt: Stmt): Dump {
  switch (stmt.kind) {
    case "expr":
      return ["expr", dumpExpr(stmt.value)];
    case "assign":
      return ["assign", all(stmt.targets), dumpExpr(stmt.value)];
    case "augassign":
      return ["augassign", dumpExpr(stmt.target), stmt.op, dumpExpr(stmt.value)];
    case "annassign":
      return ["annassign", dumpExpr(stmt.target), dumpExpr(stmt.annotation), maybe(stmt.value)];
    case "delete":
      return ["delete", all(stmt.targets)];
    case "return":
      return ["return", maybe(stmt.value)];
    case "raise":
      return ["raise", maybe(stmt.exception), maybe(stmt.cause)];
    case "assert":
      return ["assert", dumpExpr(stmt.test), maybe(stmt.message)];
    case "import":
      return ["import", stmt.names.map((name) => [name.name, name.as ?? null])];
    case "importfrom":
      return ["importfrom", stmt.module, stmt.level, stmt.names.map((name) => [name.name, name.as ?? null])];
    case "global":
    case "nonlocal":
      return [stmt.kind, stmt.names];
    case "pass":
    case "break":
    case "continue":
    case "opaque":
      return [stmt.kind];
    case "if":
    case "while":
      return [stmt.kind, dumpExpr(stmt.test), dumpStmts(stmt.body), dumpStmts(stmt.otherwise)];
    case "for": {
      const head = [dumpExpr(stmt.target), dumpExpr(stmt.iterable)];
      return ["for", stmt.isAsync, ...head, dumpStmts(stmt.body), dumpStmts(stmt.otherwise)];
    }
    case "with": {
      const items = stmt.items.map((item) => [dumpExpr(item.context), maybe(item.target)]);
      return ["with", stmt.isAsync, items, dumpStmts(stmt.body)];
    }
    case "try": {
      const handlers = stmt.handlers.map((one) => [maybe(one.type), one.name ?? null, dumpStmts(one.body)]);
      return ["try", stmt.isStar, dumpStmts(stmt.body), handlers, dumpStmts(stmt.otherwise), dumpStmts(stmt.finally)];
    }
    case "match": {
      const cases = stmt.cases.map((one) => [dumpPattern(one.pattern), maybe(one.guard), dumpStmts(one.body)]);
      return ["match", dumpExpr(stmt.subject), cases];
    }
    case "function": {
      const head = [stmt.params.map(param), maybe(stmt.returns), all(stmt.decorators), stmt.typeParams.map(typeParam)];
      return ["function", stmt.isAsync, stmt.name, ...head, dumpStmts(stmt.body)];
    }
    case "class": {
      const keywords = stmt.keywords.map((keyword) => [keyword.name ?? null, dumpExpr(keyword.value)]);
      const head = [all(stmt.bases), keywords, all(stmt.decorators), stmt.typeParams.map(typeParam)];
      return ["classdef", stmt.name, ...head, dumpStmts(stmt.body)];
    }
    case "typealias":
      return ["typealias", stmt.name, stmt.typeParams.map(typeParam), dumpExpr(stmt.value)];
  }
}
