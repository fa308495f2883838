import type { Unit } from "../dataflow/program.ts";
import type { FunctionStmt, Stmt } from "../python/ir.ts";
import { blocksOf, childrenOf, type PyNode } from "../python/walk.ts";
import type { Edit } from "./edits.ts";

const seesAll = new Set(["locals", "vars", "eval", "exec", "dir"]);

/**
 * Says of arguments that a function takes and nothing anywhere reads that this is so: `del name`. Callers hand them over, so the signature
 * stays as it is.
 */
export function unusedArguments(units: readonly Unit[]): readonly Edit[] {
  let all: ReadonlySet<string> | undefined;
  const isRead = (name: string): boolean => {
    all ??= namesIn(units.map((unit) => unit.stmt));
    return all.has(name);
  };
  const edits: Edit[] = [];
  const visit = (unit: Unit, stmts: readonly Stmt[], isInClass: boolean): void => {
    for (const stmt of stmts) {
      if (stmt.kind === "function") edits.push(...markUnused(unit, stmt, isInClass, isRead));
      for (const block of blocksOf(stmt)) visit(unit, block, stmt.kind === "class");
    }
  };
  for (const unit of units) visit(unit, [unit.stmt], false);
  return edits;
}

function markUnused(
  unit: Unit,
  stmt: FunctionStmt,
  isInClass: boolean,
  isRead: (name: string) => boolean,
): readonly Edit[] {
  const own = namesIn(stmt.body);
  if ([...seesAll].some((name) => own.has(name))) return [];
  const unused = stmt.params
    .filter((param, place) => !(isInClass && place === 0) && !param.name.startsWith("_"))
    .map((param) => param.name)
    .filter((name) => !own.has(name) && !isRead(name));
  const first = stmt.body.find((inner, place) => !(place === 0 && isText(inner)));
  if (unused.length === 0 || !first) return [];
  const { text } = unit.cell.module;
  const at = first.span.start;
  const indent = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  // A decorated definition begins before its span; it is left alone.
  if ("decorators" in first && first.decorators.length > 0) return [];
  const separator = indent.trim() === "" ? `\n${indent}` : "; ";
  return [{ cell: unit.cell, start: at, end: at, text: `del ${unused.join(", ")}${separator}` }];
}

function isText(stmt: Stmt): boolean {
  return stmt.kind === "expr" && stmt.value.kind === "constant" && stmt.value.type === "str";
}

/** Names that a text mentions as pandas' queries do: `df.query("age < @top")`. */
function mentioned(text: string): readonly string[] {
  return [...text.matchAll(/@\s*([\p{L}_][\p{L}\p{N}_]*)/gu)].map((match) => match[1] ?? "");
}

/** Every name and attribute that stands in these nodes. */
function namesIn(nodes: readonly PyNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: PyNode): void => {
    if (node.kind === "name") found.add(node.id);
    else if (node.kind === "attribute") found.add(node.attr);
    else if (node.kind === "constant" && typeof node.value === "string")
      for (const name of mentioned(node.value)) found.add(name);
    else if (node.kind === "fstring")
      for (const part of node.parts)
        if (part.kind === "text") for (const name of mentioned(part.value)) found.add(name);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return found;
}
