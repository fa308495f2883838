import type { SyntaxProblem } from "./ir.ts";
import { isBound, isFunctionLike, type Table } from "./scope-table.ts";

/**
 * Decides for every name of every scope where it lives, as CPython's symtable.c does: `bound` are the names of the
 * functions around (undefined at the top), `global` those that were declared global around. Gives the names that
 * this scope needs from outside.
 */
export function resolve(
  table: Table,
  bound: ReadonlySet<string> | undefined,
  global: ReadonlySet<string>,
  problems: SyntaxProblem[],
): ReadonlySet<string> {
  const visible = new Set(bound);
  const globals = new Set(global);
  const local = new Set<string>();
  const free = new Set<string>();
  // A class passes on what it was given, not what it binds or declares.
  const passedBound = new Set(bound);
  const passedGlobal = new Set(global);
  for (const [name, facts] of table.names) {
    if (facts.global) {
      facts.resolved = "global";
      if (facts.nonlocal) problem(table, name, `'${name}' is declared both nonlocal and global`, problems);
      globals.add(name);
      visible.delete(name);
    } else if (facts.nonlocal) {
      facts.resolved = "free";
      free.add(name);
      if (bound !== undefined && !bound.has(name))
        problem(table, name, `'nonlocal ${name}': no function around binds this name`, problems);
    } else if (isBound(facts)) {
      facts.resolved = "local";
      local.add(name);
      globals.delete(name);
    } else if (bound?.has(name)) {
      facts.resolved = "free";
      free.add(name);
    } else facts.resolved = "global";
  }
  const isClass = table.kind === "class";
  const innerBound = isClass ? passedBound : visible;
  if (isFunctionLike(table)) for (const name of local) innerBound.add(name);
  if (isClass) innerBound.add("__class__");
  const innerGlobal = isClass ? passedGlobal : globals;
  const needed = new Set<string>();
  for (const child of table.children)
    for (const name of resolve(child, new Set(innerBound), innerGlobal, problems)) needed.add(name);
  if (isFunctionLike(table)) {
    for (const name of local) {
      if (!needed.delete(name)) continue;
      const facts = table.names.get(name);
      if (facts) facts.resolved = "cell";
    }
  }
  if (isClass) needed.delete("__class__");
  for (const name of needed) {
    if (table.names.has(name) || (bound !== undefined && !bound.has(name))) continue;
    if (bound === undefined) continue;
    passThrough(table, name);
  }
  for (const name of needed) free.add(name);
  return free;
}

/** A scope between a name's home and its use holds it as free. */
function passThrough(table: Table, name: string): void {
  table.names.set(name, {
    assigned: false,
    read: false,
    parameter: false,
    imported: false,
    annotated: false,
    iterates: false,
    global: false,
    nonlocal: false,
    resolved: "free",
  });
}

function problem(table: Table, name: string, message: string, problems: SyntaxProblem[]): void {
  const span = table.declarations.get(name);
  if (span) problems.push({ span, message });
}
