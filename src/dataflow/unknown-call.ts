import type { Span } from "../foundation/span.ts";
import type { CallExpr } from "../python/ir.ts";
import { type Arguments, madeArguments } from "./arguments.ts";
import { consume } from "./elements.ts";
import { isLost, mentionAll } from "./give-up.ts";
import { referTo } from "./heap.ts";
import { runAllCode } from "./held-code.ts";
import { fresh, insideOf, type Machine, mutate, siteOf, tagsOf, writeToken } from "./machine.ts";
import { seeUnknownSeed } from "./sights.ts";
import { tag, type Value } from "./value.ts";

/** Nothing is known: it may change all it is given, draw random numbers, and keep or return any of it. */
export function unknownCall(
  m: Machine,
  self: Value | undefined,
  args: Arguments,
  expr: CallExpr,
  callee: string,
): Value {
  if (!m.trace.unknownCalls.has(callee)) m.trace.unknownCalls.set(callee, siteOf(m, expr.span));
  noteUnknownFile(m, args, expr, callee);
  const given = [...(self ? [self] : []), ...args.all];
  const made = madeArguments(
    given.map((value) => ({ type: "unknown", objs: m.heap.reach(value.objs), tags: value.tags })),
  );
  for (const value of given) consume(m, value);
  m.supposing++;
  // Where whatever has a name was read and changed, code that is given adds the names that it mentions.
  if (isLost(m)) mentionAll(m, given);
  else runAllCode(m, given, made, expr.span);
  mutate(m, m.heap.reach(given.flatMap((value) => [...value.objs])), callee);
  m.supposing--;
  keepEachOther(m, given, expr.span);
  seeUnknownSeed(m, callee, args);
  for (const generator of ["numpy", "python"]) writeToken(m, `random.${generator}`);
  writeToken(m, `library:${callee.startsWith(".") ? "?" : (callee.split(".")[0] ?? callee)}`);
  const tags = given.reduce((bits, value) => bits | tagsOf(m, value), 0) & ~tag.fitted;
  return {
    type: "unknown",
    objs: new Set([
      fresh(m, expr.span, "unknown", given.map(withoutRows)).id,
      ...given.flatMap((value) => [...value.objs]),
    ]),
    tags,
  };
}

/**
 * What an unknown library is given at one time may refer to each other from then on; tables and arrays copy what is stored into them. One
 * object stands for all that such calls have put together: each of them refers to it, and it to each.
 */
function keepEachOther(m: Machine, given: readonly Value[], span: Span): void {
  const ids = new Set(given.flatMap((value) => [...value.objs]));
  if (ids.size < 2) return;
  const reach = [...m.heap.reach(ids)].map((id) => m.heap.get(id));
  const keepers = reach.filter((obj) => !m.knowledge.copies(obj.type));
  if (keepers.length === 0) return;
  const [first, ...others] = reach.filter((obj) => obj.gathers);
  const together = first ?? m.heap.at(`${m.unit}:${m.stack.length}:${span.start}-${span.end}:kept`, "unknown");
  together.gathers = true;
  together.kept = together.id;
  for (const other of others) {
    referTo(m.heap, together, other.id);
    referTo(m.heap, other, together.id);
  }
  for (const id of ids) if (id !== together.id) referTo(m.heap, together, id);
  for (const obj of keepers) {
    if (obj.kept !== undefined) continue;
    obj.kept = together.id;
    referTo(m.heap, obj, together.id);
  }
}

/** What an unknown call gives need not have the rows that it was given. */
function withoutRows({ rows: _rows, ...rest }: Value): Value {
  return rest;
}

const dataFile =
  /^(?![a-z][a-z0-9+.-]*:\/\/)[^\n]+\.(?:csv|tsv|txt|parquet|json|jsonl|xlsx?|feather|pkl|pickle|joblib|npy|npz|h5|hdf5|db|sqlite|dta|sav|orc|arrow|yaml|yml)$/i;

/** A call of an unknown library with the name of a data file: it probably opens it, so its place is worth a word. */
function noteUnknownFile(m: Machine, args: Arguments, expr: CallExpr, callee: string): void {
  const at = args.positional.findIndex((value) => typeof value.constant === "string" && dataFile.test(value.constant));
  const path = args.positional[at]?.constant;
  if (typeof path !== "string") return;
  const pathSpan = args.expressions[at]?.span;
  m.trace.files.push({
    mode: "load",
    span: siteOf(m, expr.span),
    pathSpan,
    path,
    callee,
    inFunction: m.stack.length > 0,
    ...insideOf(m, expr.span),
    depth: m.depth,
    tags: 0,
  });
}
