import type { Expr, Stmt } from "../python/ir.ts";
import type { Part } from "./parts.ts";

/** Where a part stands among the loops and `try` statements of its unit. */
interface Position {
  readonly part: Part;
  /** Heads of the loops around it, innermost last. A loop's own head is inside: it runs in every round. */
  readonly loops: readonly number[];
  readonly tries: readonly { readonly head: number; readonly role: "body" | "handler" | "otherwise" | "finally" }[];
  /** Contexts around it that may swallow what is raised, or make something of what is done in them. */
  readonly holders: readonly number[];
}

/**
 * For each part of a unit the parts that must stay with it for the sake of control: the head around it, the ways out of its loops,
 * what may skip it, guards, and what may raise before it where that leads elsewhere.
 */
export function controlOf(parts: readonly Part[]): ReadonlyMap<number, ReadonlySet<number>> {
  const out = new Map<number, Set<number>>(
    parts.map((part) => [part.id, new Set(part.around === undefined ? [] : [part.around])]),
  );
  if (parts.length < 2) return out;
  const all = positions(parts);
  const keep = (part: number, needed: number): void => {
    if (part !== needed) out.get(part)?.add(needed);
  };
  for (const { part: jump, loops, tries, holders } of all) {
    const { kind, span } = jump.stmt;
    const loop = loops[loops.length - 1];
    if (kind === "break" && loop !== undefined) keep(loop, jump.id);
    if (kind === "continue" && loop !== undefined)
      for (const other of all)
        if (other.loops.includes(loop) && other.part.stmt.span.start > span.start) keep(other.part.id, jump.id);
    if (isGuard(jump.stmt)) {
      const caught = tries.find((t) => t.role === "body");
      const within = tries.find((t) => t.role === "handler");
      for (const other of all) {
        const isAfter = other.part.stmt.span.start > span.start || other.loops.some((l) => loops.includes(l));
        // In a handler it matters where the body stays; in a body, the rule on what may raise holds.
        const isMeant = within ? other.tries.some((t) => t.head === within.head && t.role === "body") : isAfter;
        if (isMeant && !caught) keep(other.part.id, jump.id);
      }
    }
    for (const t of tries)
      if (t.role === "body" && mayRaise(jump))
        for (const other of all) {
          const theirs = other.tries.find((o) => o.head === t.head);
          const isLater =
            other.part.stmt.span.start > span.start ||
            other.loops.some((l) => loops.includes(l) && !isAround(l, t.head));
          if (theirs && (theirs.role === "body" ? isLater : theirs.role !== "finally")) keep(other.part.id, jump.id);
        }
    for (const holder of holders) keep(holder, jump.id);
  }
  return out;

  /** True when the loop stands around the `try`. */
  function isAround(loop: number, head: number): boolean {
    return all.find((p) => p.part.id === head)?.loops.includes(loop) ?? false;
  }
}

function positions(parts: readonly Part[]): readonly Position[] {
  const byStmt = new Map(parts.map((part) => [part.stmt, part]));
  const out: Position[] = [];
  const visit = (stmts: readonly Stmt[], at: Omit<Position, "part">): void => {
    for (const stmt of stmts) {
      const part = byStmt.get(stmt);
      if (!part) continue;
      const isLoop = stmt.kind === "for" || stmt.kind === "while";
      const inside = isLoop ? { ...at, loops: [...at.loops, part.id] } : at;
      out.push({ part, ...inside });
      switch (stmt.kind) {
        case "if":
          visit(stmt.body, at);
          visit(stmt.otherwise, at);
          break;
        case "for":
        case "while":
          visit(stmt.body, inside);
          visit(stmt.otherwise, at);
          break;
        case "with":
          visit(stmt.body, part.holds ? { ...at, holders: [...at.holders, part.id] } : at);
          break;
        case "match":
          for (const one of stmt.cases) visit(one.body, at);
          break;
        case "try": {
          const as = (role: Position["tries"][number]["role"]) => ({
            ...at,
            // Without a handler nothing leads elsewhere.
            tries: stmt.handlers.length === 0 ? at.tries : [...at.tries, { head: part.id, role }],
          });
          visit(stmt.body, as("body"));
          for (const handler of stmt.handlers) visit(handler.body, as("handler"));
          visit(stmt.otherwise, as("otherwise"));
          visit(stmt.finally, as("finally"));
          break;
        }
        default:
      }
    }
  };
  const root = parts.find((part) => part.around === undefined);
  if (root) visit([root.stmt], { loops: [], tries: [], holders: [] });
  return out;
}

/** A statement that stops the program when something is not as it must be. */
function isGuard(stmt: Stmt): boolean {
  if (stmt.kind === "raise" || stmt.kind === "assert") return true;
  if (stmt.kind !== "expr" || stmt.value.kind !== "call") return false;
  const { func } = stmt.value;
  if (func.kind === "name") return func.id === "exit" || func.id === "quit";
  return func.kind === "attribute" && /^_?exit$/.test(func.attr) && func.value.kind === "name";
}

/** False only for what surely raises nothing: names bound to constants or names, and prints of such. */
function mayRaise({ stmt, unsure }: Part): boolean {
  if (unsure) return true;
  switch (stmt.kind) {
    case "pass":
    case "break":
    case "continue":
    case "global":
    case "try":
      return false;
    case "assign":
      return !stmt.targets.every((target) => target.kind === "name") || !isPlain(stmt.value);
    case "expr": {
      const { value } = stmt;
      if (value.kind !== "call") return !isPlain(value);
      const isPrint = value.func.kind === "name" && /^(?:print|display)$/.test(value.func.id);
      return !isPrint || ![...value.args, ...value.keywords.map((k) => k.value)].every(isPlain);
    }
    default:
      return true;
  }
}

function isPlain(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
    case "name":
      return true;
    case "fstring":
      return expr.parts.every((part) => part.kind === "text" || (part.spec.length === 0 && isPlain(part.value)));
    case "tuple":
    case "list":
      return expr.items.every(isPlain);
    case "dict":
      return expr.items.every((item) => item.key?.kind === "constant" && isPlain(item.value));
    default:
      return false;
  }
}
