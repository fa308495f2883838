import type { Expr, Pattern, Stmt, TypeParam } from "../ir.ts";
import { printArguments, printExpr, printParams, printTarget, printValue } from "./expressions.ts";

/**
 * Python source of statements, four blanks a level, one statement a line. Comments are no part of the IR and are not
 * printed; an opaque statement has no source of its own and becomes `...`.
 */
export function printStmts(stmts: readonly Stmt[]): string {
  const out: string[] = [];
  for (const stmt of stmts) print(stmt, "", out);
  return out.length === 0 ? "" : `${out.join("\n")}\n`;
}

function block(stmts: readonly Stmt[], indent: string, out: string[]): void {
  if (stmts.length === 0) out.push(`${indent}    pass`);
  for (const stmt of stmts) print(stmt, `${indent}    `, out);
}

function print(stmt: Stmt, indent: string, out: string[]): void {
  const line = (text: string): void => {
    out.push(indent + text);
  };
  const section = (head: string, body: readonly Stmt[]): void => {
    line(`${head}:`);
    block(body, indent, out);
  };
  switch (stmt.kind) {
    case "if":
      section(`if ${printExpr(stmt.test)}`, stmt.body);
      otherwise(stmt.otherwise, indent, out);
      return;
    case "for":
      section(
        `${stmt.isAsync ? "async " : ""}for ${printTarget(stmt.target)} in ${printExpr(stmt.iterable)}`,
        stmt.body,
      );
      if (stmt.otherwise.length > 0) section("else", stmt.otherwise);
      return;
    case "while":
      section(`while ${printExpr(stmt.test)}`, stmt.body);
      if (stmt.otherwise.length > 0) section("else", stmt.otherwise);
      return;
    case "with": {
      const items = stmt.items.map(
        ({ context, target }) => printExpr(context) + (target ? ` as ${printItem(target)}` : ""),
      );
      section(`${stmt.isAsync ? "async " : ""}with ${items.join(", ")}`, stmt.body);
      return;
    }
    case "try":
      section("try", stmt.body);
      for (const { type, name, body } of stmt.handlers) {
        const caught = type ? ` ${printExpr(type)}${name === undefined ? "" : ` as ${name}`}` : "";
        section(`except${stmt.isStar ? "*" : ""}${caught}`, body);
      }
      if (stmt.otherwise.length > 0) section("else", stmt.otherwise);
      if (stmt.finally.length > 0) section("finally", stmt.finally);
      return;
    case "match":
      line(`match ${printExpr(stmt.subject)}:`);
      for (const { pattern, guard, body } of stmt.cases) {
        const test = guard ? ` if ${printExpr(guard)}` : "";
        out.push(`${indent}    case ${printPattern(pattern)}${test}:`);
        block(body, `${indent}    `, out);
      }
      return;
    case "function": {
      for (const one of stmt.decorators) line(`@${printExpr(one)}`);
      const returns = stmt.returns ? ` -> ${printExpr(stmt.returns)}` : "";
      const head = `${stmt.isAsync ? "async " : ""}def ${stmt.name}${typeParams(stmt.typeParams)}`;
      section(`${head}(${printParams(stmt.params)})${returns}`, stmt.body);
      return;
    }
    case "class": {
      for (const one of stmt.decorators) line(`@${printExpr(one)}`);
      const bases = printArguments(stmt.bases, stmt.keywords);
      section(`class ${stmt.name}${typeParams(stmt.typeParams)}${bases === "" ? "" : `(${bases})`}`, stmt.body);
      return;
    }
    default:
      line(simple(stmt));
  }
}

/** `else`, or `elif` where the one statement inside was written so. */
function otherwise(stmts: readonly Stmt[], indent: string, out: string[]): void {
  const [first] = stmts;
  if (stmts.length === 1 && first?.kind === "if" && first.isElif) {
    out.push(`${indent}elif ${printExpr(first.test)}:`);
    block(first.body, indent, out);
    otherwise(first.otherwise, indent, out);
  } else if (stmts.length > 0) {
    out.push(`${indent}else:`);
    block(stmts, indent, out);
  }
}

function simple(stmt: Stmt): string {
  switch (stmt.kind) {
    case "expr":
      return printValue(stmt.value);
    case "assign":
      return [...stmt.targets.map(printTarget), printValue(stmt.value)].join(" = ");
    case "augassign":
      return `${printTarget(stmt.target)} ${stmt.op.endsWith("=") ? stmt.op : `${stmt.op}=`} ${printValue(stmt.value)}`;
    case "annassign": {
      // In brackets a name is no declaration of a local, which this IR does not tell apart.
      const value = stmt.value ? ` = ${printValue(stmt.value)}` : "";
      return `${printTarget(stmt.target)}: ${printExpr(stmt.annotation)}${value}`;
    }
    case "delete":
      return `del ${stmt.targets.map(printItem).join(", ")}`;
    case "return":
      return stmt.value ? `return ${printExpr(stmt.value)}` : "return";
    case "raise": {
      const cause = stmt.cause ? ` from ${printExpr(stmt.cause)}` : "";
      return stmt.exception ? `raise ${printExpr(stmt.exception)}${cause}` : "raise";
    }
    case "assert":
      return `assert ${printExpr(stmt.test)}${stmt.message ? `, ${printExpr(stmt.message)}` : ""}`;
    case "import":
      return `import ${stmt.names.map(imported).join(", ")}`;
    case "importfrom":
      return `from ${".".repeat(stmt.level)}${stmt.module} import ${stmt.names.map(imported).join(", ")}`;
    case "global":
    case "nonlocal":
      return `${stmt.kind} ${stmt.names.join(", ")}`;
    case "typealias":
      return `type ${stmt.name}${typeParams(stmt.typeParams)} = ${printExpr(stmt.value)}`;
    case "pass":
    case "break":
    case "continue":
      return stmt.kind;
    default:
      return "...";
  }
}

function imported({ name, as }: { readonly name: string; readonly as?: string }): string {
  return as === undefined ? name : `${name} as ${as}`;
}

/** A target among others that commas divide: a tuple keeps its brackets. */
function printItem(target: Expr): string {
  return target.kind === "tuple" ? printExpr(target) : printTarget(target);
}

function typeParams(params: readonly TypeParam[]): string {
  if (params.length === 0) return "";
  const written = params.map(({ type, name, bound, default: value }) => {
    const stars = type === "star" ? "*" : type === "double-star" ? "**" : "";
    return `${stars}${name}${bound ? `: ${printExpr(bound)}` : ""}${value ? ` = ${printExpr(value)}` : ""}`;
  });
  return `[${written.join(", ")}]`;
}

function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "value":
      return printExpr(pattern.value);
    case "capture":
      if (pattern.pattern) return `${grouped(pattern.pattern)} as ${pattern.name ?? "_"}`;
      return pattern.name ?? "_";
    case "star":
      return `*${pattern.name ?? "_"}`;
    case "or":
      return pattern.patterns.map(grouped).join(" | ");
    case "sequence":
      return `[${pattern.patterns.map(printPattern).join(", ")}]`;
    case "mapping": {
      const items = pattern.keys.map((key, i) => {
        const value = pattern.patterns[i];
        return `${printExpr(key)}: ${value ? printPattern(value) : "_"}`;
      });
      return `{${[...items, ...(pattern.rest === undefined ? [] : [`**${pattern.rest}`])].join(", ")}}`;
    }
    case "class": {
      const keywords = pattern.keywords.map((one) => `${one.name}=${printPattern(one.pattern)}`);
      return `${printExpr(pattern.cls)}(${[...pattern.patterns.map(printPattern), ...keywords].join(", ")})`;
    }
  }
}

/** Inside `|` and before `as`, what binds weaker stands in brackets. */
function grouped(pattern: Pattern): string {
  const isLoose = pattern.kind === "or" || (pattern.kind === "capture" && pattern.pattern !== undefined);
  return isLoose ? `(${printPattern(pattern)})` : printPattern(pattern);
}
