import type { Span } from "../foundation/span.ts";
import { type Edit, edited } from "./edits.ts";
import { syntaxTree } from "./engine.ts";
import { explain } from "./explain.ts";
import type { Comment, Expr, PyModule, Stmt, SyntaxProblem } from "./ir.ts";
import { lineRules } from "./line-rules.ts";
import { inner } from "./lower/context.ts";
import { type LoweredStmt, lowering, lowerTopLevel } from "./lower/module.ts";
import type { LogicalLine } from "./scan.ts";
import { chunkReader, indentFault, logicalLines } from "./split.ts";
import { blank, type TypeDefaultText, typeDefaultsOf } from "./type-defaults.ts";
import { futureProblems, validity } from "./validity.ts";

export { initPython } from "./engine.ts";

/**
 * Parses Python source to the IR. Total: never throws, whatever the text; what cannot be read becomes `opaque`
 * statements, one per broken top-level statement, each with one problem. `initPython` must have been awaited.
 */
export function parseModule(text: string): PyModule {
  const found: Span[] = [];
  const lines = logicalLines(text, found);
  const comments = commentsOf(text, found);
  const faulty = lines.some((line) => line.fault) || indentFault(text, lines) !== undefined;
  if (!faulty) {
    const whole = parsePiece(text, 0, text.length, lines);
    if (whole.ok) return finish(text, whole.stmts, comments);
  }
  const recovered: Span[] = [];
  const stmts = recover(text, recovered);
  return finish(text, stmts, commentsOf(text, recovered));
}

/** Parses one expression. It may span lines and be a bare tuple; no statement, no assignment expression at the top. */
export function parseExpression(text: string): { readonly expr?: Expr; readonly problems: readonly SyntaxProblem[] } {
  const problem = (message: string, span: Span = { start: 0, end: text.length }) => ({ problems: [{ span, message }] });
  if (text.trim() === "") return problem("an expression is expected here");
  // The closing bracket stands on a line of its own, for texts that end in a comment.
  const wrapped = `(${text}\n)`;
  const module = parseModule(wrapped);
  const shift = (span: Span): Span => ({
    start: Math.min(Math.max(span.start - 1, 0), text.length),
    end: Math.min(Math.max(span.end - 1, 0), text.length),
  });
  const [first] = module.problems;
  if (first) return problem(first.message, shift(first.span));
  const edits = logicalLines(wrapped, []).flatMap((line) => line.edits);
  const tree = syntaxTree(plainLineEnds(edited(wrapped, edits, 0, wrapped.length)), -1);
  const stmt = tree.ok ? tree.tree.root.children[0] : undefined;
  const node = stmt?.children[0];
  const isWhole = node?.start === -1 && node.end === text.length + 2 && stmt?.children.length === 1;
  if (!tree.ok || !node || !isWhole || !wrappers.has(node.type)) return problem("one expression is expected here");
  if (node.type === "generator_expression") return problem("this generator must stand in parentheses");
  const bare = node.type === "parenthesized_expression" ? inner(node) : undefined;
  if (bare?.type === "named_expression" || bare?.children[0]?.type === "named_expression")
    return problem("':=' must stand in parentheses here");
  const [lowered] = lowerTopLevel(lowering(text, new Map()), tree.tree);
  if (lowered?.stmt.kind !== "expr") return problem(lowered?.problem?.message ?? "one expression is expected here");
  const expr = lowered.stmt.value;
  if (node.type !== "tuple") return { expr, problems: [] };
  const start = text.length - text.trimStart().length;
  return { expr: { ...expr, span: { start, end: text.trimEnd().length } }, problems: [] };
}

/** What parentheses around an expression can make of it. */
const wrappers: ReadonlySet<string> = new Set(["parenthesized_expression", "tuple", "generator_expression"]);

type Piece =
  | { readonly ok: true; readonly stmts: readonly LoweredStmt[] }
  | { readonly ok: false; readonly problem: SyntaxProblem };

/** Parses `text[start, end)` on its own; all spans are of the whole text. */
function parsePiece(text: string, start: number, end: number, lines: readonly LogicalLine[]): Piece {
  const masked = lines.flatMap((line) => typeDefaultsOf(text, line));
  const source = edited(text, editsOf(text, lines, masked), start, end);
  const found = syntaxTree(plainLineEnds(source), start);
  if (!found.ok) return { ok: false, problem: explain(text, lines, { start, end }, found.error) };
  const rule = lineRules(text, lines);
  for (const child of found.tree.root.children) {
    const problem = child.named ? rule(child) : undefined;
    if (problem) return { ok: false, problem };
  }
  const defaults = new Map<number, Expr>();
  for (const one of masked) {
    const value = defaultValue(text, one);
    if (!value)
      return { ok: false, problem: { span: one, message: "this default of a type parameter cannot be read" } };
    defaults.set(one.owner, value);
  }
  return { ok: true, stmts: lowerTopLevel(lowering(text, defaults), found.tree).map(checked) };
}

function editsOf(text: string, lines: readonly LogicalLine[], masked: readonly TypeDefaultText[]): readonly Edit[] {
  const edits = lines.flatMap((line) => line.edits);
  if (masked.length === 0) return edits;
  return [...edits, ...masked.map((one) => blank(text, one))].sort((a, b) => a.start - b.start);
}

/** A lone carriage return ends a line in Python; the grammar takes it for a blank. */
function plainLineEnds(source: string): string {
  return source.includes("\r") ? source.replace(/\r(?!\n)/g, "\n") : source;
}

function defaultValue(text: string, one: TypeDefaultText): Expr | undefined {
  const source = text.slice(one.valueStart, one.end);
  const star = /^\s*\*(?!\*)/.exec(source)?.[0].length ?? 0;
  const from = one.valueStart + star;
  const parsed = parseExpression(text.slice(from, one.end));
  if (!parsed.expr) return undefined;
  const value = moved(parsed.expr, from);
  if (star === 0) return value;
  return { kind: "starred", value, span: { start: from - 1, end: value.span.end } };
}

/** A copy of an expression with all its spans moved. */
function moved<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map((item) => moved(item, by)) as T;
  if (value === null || typeof value !== "object") return value;
  const out: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if ((key === "start" || key === "end") && typeof part === "number") out[key] = part + by;
    else out[key] = moved(part, by);
  }
  return out as T;
}

/** What the grammar accepts and Python does not becomes opaque too. */
function checked(one: LoweredStmt): LoweredStmt {
  const problem = one.problem ? undefined : validity(one.stmt);
  return problem ? { stmt: { kind: "opaque", span: one.stmt.span }, problem } : one;
}

/** Statement by statement, each parsed on its own, after the whole could not be. */
function recover(text: string, comments: Span[]): readonly LoweredStmt[] {
  const out: LoweredStmt[] = [];
  const reader = chunkReader(text, comments);
  // Reading again after a wrong turn costs time; a text full of them gets none after this.
  let budget = text.length * 8 + 100_000;
  for (let chunk = reader.next(); chunk; chunk = reader.next()) {
    const { start, end } = chunk;
    budget -= end - start;
    if (chunk.fault) {
      out.push({ stmt: { kind: "opaque", span: { start, end } }, problem: chunk.fault });
      continue;
    }
    const piece = parsePiece(text, start, end, chunk.lines);
    if (piece.ok) {
      out.push(...piece.stmts);
      continue;
    }
    const breakAt = budget > 0 ? chunk.candidate : undefined;
    if (breakAt !== undefined) reader.moveTo(breakAt);
    const stop = breakAt === undefined ? end : start + text.slice(start, breakAt).trimEnd().length;
    out.push({ stmt: { kind: "opaque", span: { start, end: stop } }, problem: piece.problem });
  }
  return out;
}

function finish(text: string, stmts: readonly LoweredStmt[], comments: readonly Comment[]): PyModule {
  const body: Stmt[] = [];
  const problems: SyntaxProblem[] = [];
  const late = futureProblems(stmts.map((one) => one.stmt));
  stmts.forEach((one, i) => {
    const problem = one.problem ?? late.get(i);
    body.push(problem ? { kind: "opaque", span: one.stmt.span } : one.stmt);
    if (problem) problems.push(problem);
  });
  return { text, body, comments, problems };
}

function commentsOf(text: string, spans: readonly Span[]): readonly Comment[] {
  const sorted = [...spans]
    .sort((a, b) => a.start - b.start)
    .filter((span, i, all) => all[i - 1]?.start !== span.start);
  return sorted.map((span) => ({ span, text: text.slice(span.start, span.end), ownLine: isOwnLine(text, span.start) }));
}

function isOwnLine(text: string, start: number): boolean {
  for (let i = start - 1; i >= 0; i--) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return true;
    if (c !== 32 && c !== 9 && c !== 12 && c !== 0xfeff) return false;
  }
  return true;
}
