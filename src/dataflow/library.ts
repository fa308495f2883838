import type { Span } from "../foundation/span.ts";
import type { CallExpr } from "../python/ir.ts";
import type { Effect } from "../python/knowledge/effect.ts";
import { type Arguments, isDeterministic, madeArguments } from "./arguments.ts";
import { isTruth, keepsColumns } from "./columns/columnwise.ts";
import { rowsLens } from "./columns/tables.ts";
import { dataAndTarget, dataSet, isAsked } from "./data-sets.ts";
import { consume, goesThrough, iterated } from "./elements.ts";
import { callBack } from "./functions.ts";
import { hold, type Obj, openType, refer } from "./heap.ts";
import { runAllCode, runHeldCode } from "./held-code.ts";
import {
  type ChangedColumns,
  fresh,
  insideOf,
  type Machine,
  mutate,
  readDeep,
  readToken,
  siteOf,
  storesInPart,
  tagsOf,
  viewOf,
  writeToken,
} from "./machine.ts";
import { operate } from "./operate.ts";
import { appliedType, concatenatedType, resultType } from "./result-types.ts";
import { rowsAfter, wasFittedOn } from "./rows.ts";
import { feelSettings, noteSettingCall } from "./settings.ts";
import { measuredOn, randomParts, seeChange, seeClock, seeDraw, seeGenerator, seeScore, seeSeed } from "./sights.ts";
import { changeConstant } from "./targets.ts";
import { type ObjId, plain, tag, type Value } from "./value.ts";

/** Applies what the knowledge base says of a library function or method. */
export function apply(
  m: Machine,
  effect: Effect,
  self: Value | undefined,
  args: Arguments,
  expr: CallExpr,
  callee: string,
  changed?: ChangedColumns,
): Value {
  const receiver = self ?? args.positional[0];
  noteSettingCall(m, effect, callee, args, expr.span);
  feelSettings(m, self, callee);
  if (effect.display) return show(m, effect, self, args, expr, callee);
  let stored: string | undefined;
  if (effect.loads || effect.stores) {
    if (effect.text && isWithoutPlace(args)) return plain("str", all(m, args, self));
    stored = fileUse(m, effect, self, args, expr, callee);
  }
  if (effect.looks) readFiles(m);
  if (effect.prepares) writeToken(m, "files");
  if (effect.seeds) {
    m.trace.seeds.add(effect.seeds);
    writeToken(m, `random.${effect.seeds}`, true);
    seeSeed(m, effect.seeds, args);
  }
  if (effect.returns === "RandomState") seeGenerator(m, args, expr);
  const drawn =
    effect.draws && !isDeterministic(effect, args) ? draw(m, effect, effect.draws, self, args, callee) : undefined;
  if (effect.draws && drawn) seeDraw(m, effect.draws, drawn, expr);
  for (const value of [...(self ? [self] : []), ...args.all]) {
    consume(m, value);
    operate(m, value);
  }
  if (effect.mutates) {
    if (effect.fits) fit(m, self ?? args.positional[0], args, callee);
    else if (self) changeConstant(m, self, expr.span);
    if (self && (!effect.fits || self.type === "estimator")) seeChange(m, self, expr.span);
    if (!effect.fits && self) mutate(m, self.objs, callee, effect.structure ? "structure" : "elements", changed);
  }
  const shared = changeArguments(m, effect, self, args, expr.span, callee);
  const inplace = effect.inplace && self ? isInplace(args) : false;
  if (inplace === true && self) seeChange(m, self, expr.span);
  if (inplace && self) mutate(m, self.objs, callee, effect.structure ? "structure" : "elements", changed);
  if (inplace === true) return plain("None");
  if (
    effect.fits ||
    effect.means !== undefined ||
    (self ? self.type === "estimator" : /^sklearn\.[a-z_]+\.[a-z]/.test(callee))
  )
    runHeldCode(m, self, args, callee, expr.span);
  if (effect.runs && self) runAllCode(m, [self], madeArguments([partsOf(m, self)]), expr.span);
  if (effect.holds && effect.mutates && self)
    for (const id of self.objs) for (const value of args.all) hold(m.heap, m.heap.get(id), value);
  const called =
    effect.calls || args.all.some((value) => value.callables !== undefined && value.callables.length > 0)
      ? callBacks(m, self, args, expr.span, callee)
      : undefined;
  // Functions that an estimator was made of run when it is asked for anything.
  if (self && m.knowledge.typeInfo(self.type)?.fits === true)
    callBack(m, self, madeArguments(args.positional), expr.span);
  const made = result(m, effect, self, receiver, args, expr, callee, called);
  if (m.knowledge.typeInfo(made.type)?.fitted === true) for (const id of made.objs) m.heap.get(id).tags |= tag.fitted;
  // A mapped function is called when the iterator is used.
  if (made.type === "iterator" && called !== undefined)
    for (const id of made.objs)
      goesThrough(m, m.heap.get(id), args.all, () => {
        callBacks(m, self, args, expr.span, callee);
      });
  // What is written to an open file from now on is written to that place.
  if (stored !== undefined && made.type === "file") for (const id of made.objs) m.heap.get(id).stored = stored;
  return shared.length === 0 || m.knowledge.isImmutable(made.type)
    ? made
    : { ...made, objs: new Set([...made.objs, ...shared.flatMap((value) => sharedWith(m, value, made, expr.span))]) };
}

/** Whatever can be got at from a value. */
function partsOf(m: Machine, value: Value): Value {
  return { type: "unknown", objs: m.heap.reach(value.objs), tags: value.tags };
}

/** Shows something. What it is shown may be used up on the way, or drawn with random numbers, and functions may be called. */
function show(
  m: Machine,
  effect: Effect,
  self: Value | undefined,
  args: Arguments,
  expr: CallExpr,
  callee: string,
): Value {
  if (m.stack.length === 0) m.trace.shows.push(expr.span);
  if (effect.draws) draw(m, effect, effect.draws, self, args, callee);
  if ((effect.mutates || args.named.has("inplace")) && self) mutate(m, self.objs, callee);
  for (const value of args.all) {
    consume(m, value);
    m.operate(value);
  }
  if (args.all.some((value) => value.callables !== undefined)) callBacks(m, self, args, expr.span, callee);
  return plain(effect.returns === "None" ? "None" : "figure");
}

/** Changes what the call changes of its arguments; gives those that its result may share storage with. */
function changeArguments(
  m: Machine,
  effect: Effect,
  self: Value | undefined,
  args: Arguments,
  span: Span,
  callee: string,
): readonly Value[] {
  const [first] = args.positional;
  for (const position of effect.mutatesArgs) {
    const value = args.positional[position];
    if (value && !args.open) seeChange(m, value, span);
    // Handed over by name, or by `*args`: then it may be any of them.
    for (const changed of value && !args.open ? [value] : args.all) mutate(m, changed.objs, callee);
  }
  // A generator is handed over to be drawn from, unless for a later fit.
  if (m.knowledge.typeInfo(effect.returns)?.fits !== true)
    for (const value of args.all) if (value.type === "RandomState") mutate(m, value.objs, callee);
  const out = args.named.get("out") ?? (effect.out === undefined ? undefined : args.positional[effect.out]);
  if (out) for (const taken of [out, ...(out.items ?? [])]) mutate(m, taken.objs, callee);
  if (args.open && !effect.display) return [...(out ? [out] : []), ...(effect.view0 && first ? [first] : [])];
  const overwrites = [...args.named].some(([key, { constant }]) => /^overwrite_/.test(key) && constant !== false);
  const keeps = [...args.named].some(([key, value]) => isNoCopy(key, value));
  const isWorkedOn = self !== undefined && effect.returns !== "estimator" && worksOnArguments(m, self);
  if (overwrites || isWorkedOn || (keeps && !self)) for (const value of args.all) mutate(m, value.objs, callee);
  const shared = [...(out ? [out] : []), ...(keeps && self && !isWorkedOn ? [self] : [])];
  return (effect.view0 || overwrites || keeps || isWorkedOn) && first ? [...shared, first] : shared;
}

/** `copy=False` and its kin: the call may work on what it is given. */
export function isNoCopy(key: string, { constant }: Value): boolean {
  return /^copy(?:_\w+)?$/.test(key) && constant !== true && constant !== null;
}

/** An estimator made with `copy=False`, or made of such a one. */
function worksOnArguments(m: Machine, self: Value): boolean {
  return [...m.heap.reach(self.objs)].some((id) => m.heap.get(id).worksOnArguments);
}

function sharedWith(m: Machine, value: Value, made: Value, span: Span): readonly ObjId[] {
  const areTables = m.knowledge.isTable(value.type) && m.knowledge.isTable(made.type);
  return [...(areTables ? viewOf(m, value, made.type, span) : value.objs)];
}

/** `df.to_csv()` with no place gives text and writes nothing. */
function isWithoutPlace(args: Arguments): boolean {
  return args.all.length === args.named.size && !args.named.has("path_or_buf") && !args.named.has("buf");
}

/** Does it work in place? "perhaps" where nobody can see what `inplace` is. */
function isInplace(args: Arguments): boolean | "perhaps" {
  const inplace = args.named.get("inplace");
  if (inplace === undefined) return args.open ? "perhaps" : false;
  return typeof inplace.constant === "boolean" ? inplace.constant : "perhaps";
}

function all(m: Machine, args: Arguments, self: Value | undefined): number {
  let tags = self ? tagsOf(m, self) : 0;
  for (const value of args.all) tags |= tagsOf(m, value);
  return tags & ~tag.fitted;
}

/**
 * Draws from a global generator, unless the call has a seed of its own. Gives the parts that are known to draw, none of them where the
 * call draws by itself; undefined where nothing is known to be drawn.
 */
function draw(
  m: Machine,
  { drawsWithParts: withParts, random: isKnown }: Effect,
  generator: string,
  self: Value | undefined,
  args: Arguments,
  callee: string,
): readonly Obj[] | undefined {
  for (const key of ["random_state", "seed", "rng"]) {
    const given = args.named.get(key);
    if (given && given.type !== "None") {
      drawFrom(m, given, callee);
      return undefined;
    }
  }
  if (args.named.get("shuffle")?.constant === false && /train_test_split$/.test(callee)) return undefined;
  const estimators = [...(self ? [self] : []), ...args.all]
    .flatMap((value) => [...m.heap.reach(value.objs)])
    .map((id) => m.heap.get(id))
    .filter((obj) => obj.type === "estimator");
  const isDraw = !withParts || estimators.length === 0 || estimators.some((obj) => obj.draws);
  if (isDraw) m.trace.draws.add(generator);
  else if (!estimators.some((obj) => obj.advances)) return undefined;
  writeToken(m, `random.${generator}`);
  if (!withParts) return isKnown ? [] : undefined;
  const random = randomParts(m, [...(self ? [self] : []), ...args.all]);
  return random.length > 0 ? random : undefined;
}

/** A generator that was handed over is changed by drawing from it. */
export function drawFrom(m: Machine, given: Value, callee: string): void {
  mutate(
    m,
    [...m.heap.reach(given.objs)].filter((id) => m.heap.get(id).type === "RandomState"),
    callee,
  );
}

/** `fit` changes the estimator and what it is made of, and remembers the rows it saw. */
function fit(m: Machine, estimator: Value | undefined, args: Arguments, callee: string): void {
  if (!estimator) return;
  mutate(m, changedByFit(m, estimator), callee);
  const features = args.positional[0] ?? args.named.get("X");
  const label = args.positional[1] ?? args.named.get("y");
  if (label?.family !== undefined) m.labelsSeen.add(label.family);
  for (const id of estimator.objs) {
    const obj = m.heap.get(id);
    obj.tags |= tag.fitted;
    // A fit forgets the one before.
    if (estimator.objs.size === 1 && !obj.several && callee !== ".partial_fit") obj.fittedRows.clear();
    if (features?.rows !== undefined) obj.fittedRows.add(features.rows);
    obj.supervised ||= label !== undefined && label.type !== "None";
    for (const value of args.positional) for (const inner of value.objs) if (inner !== id) refer(m.heap, obj, inner);
  }
}

/**
 * The estimator, its parts, and the generators that they draw from. A part of which copies are fitted stays as it is, and so do its own
 * parts; generators are listed all the same, as splitters hand theirs on.
 */
function changedByFit(m: Machine, { objs }: Value): readonly ObjId[] {
  const fitted = new Set<ObjId>();
  const todo = [...objs];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (fitted.has(id)) continue;
    fitted.add(id);
    const { clones, contents } = m.heap.get(id);
    if (!clones) todo.push(...contents);
    else for (const part of contents) if (!isFittedAsCopy(m, part)) todo.push(part);
  }
  return [...m.heap.reach(objs)].filter((id) => {
    const { type } = m.heap.get(id);
    if (!fitted.has(id)) return type === "RandomState" || type === "unknown";
    return partOfFit(m, type) || type.startsWith("instance:");
  });
}

/** An estimator, or a list, tuple or dict of such. */
function isFittedAsCopy(m: Machine, id: ObjId): boolean {
  return /^(?:estimator|list|tuple|dict|instance:.*)$/.test(m.heap.get(id).type);
}

function partOfFit(m: Machine, type: string): boolean {
  return type === "unknown" || m.knowledge.typeInfo(type)?.fits === true;
}

/** Where a path that is made on the spot has its text: `'a.txt'` in `Path('a.txt').read_text()`. */
function placeInside(expr: CallExpr): Span | undefined {
  const owner = expr.func.kind === "attribute" ? expr.func.value : undefined;
  const [only, ...more] = owner?.kind === "call" ? owner.args : [];
  return more.length === 0 && only?.kind === "constant" ? only.span : undefined;
}

/** Notes that a call reads or writes a file; gives the hidden state that stands for a written one. */
function fileUse(
  m: Machine,
  effect: Effect,
  self: Value | undefined,
  args: Arguments,
  expr: CallExpr,
  callee: string,
): string | undefined {
  const at = effect.place;
  const keys = [
    "filepath_or_buffer",
    "path",
    "path_or_buf",
    "io",
    "fname",
    "file",
    "filename",
    "sql",
    "path_or_buffer",
  ];
  const key = keys.find((k) => args.named.has(k));
  const value = effect.here ? self : (args.positional[at] ?? (key === undefined ? undefined : args.named.get(key)));
  const span = effect.here
    ? placeInside(expr)
    : (args.expressions[at]?.span ?? (key === undefined ? undefined : args.namedExpressions.get(key)?.span));
  if (value?.type === "file" && value.constant === undefined && value.objs.size > 0) {
    // A buffer in memory, not a file.
    readDeep(m, value, callee);
    if (effect.stores) mutate(m, value.objs, callee);
    return undefined;
  }
  let mode: "load" | "store" = effect.stores ? "store" : "load";
  if (callee === "open" || callee === ".open") {
    const flag = args.positional[callee === "open" ? 1 : 0] ?? args.named.get("mode");
    mode = !flag || (typeof flag.constant === "string" && !/[wax+]/.test(flag.constant)) ? "load" : "store";
  }
  const path = typeof value?.constant === "string" ? value.constant : undefined;
  // A file object that `open` gave: the opening call is the one that counts.
  if (value?.type !== "file") {
    m.trace.files.push({
      mode,
      span: siteOf(m, expr.span),
      pathSpan: span,
      path,
      callee,
      inFunction: m.stack.length > 0,
      ...insideOf(m, expr.span),
      depth: m.depth,
      tags: all(m, { ...args, all: args.all.filter((one) => one !== value) }, effect.here ? undefined : self),
    });
  } else if (mode === "store") mutate(m, value.objs, callee);
  readToken(m, "files");
  if (path === undefined) readFiles(m);
  else readToken(m, `file:${path}`);
  if (mode !== "store") return undefined;
  const token = path === undefined ? "files" : `file:${path}`;
  storesInPart(m);
  writeToken(m, token);
  return token;
}

/** Reads what any file holds, or which files there are. */
function readFiles(m: Machine): void {
  for (const token of [...m.tokens.keys()]) if (token === "files" || token.startsWith("file:")) readToken(m, token);
}

function callBacks(
  m: Machine,
  self: Value | undefined,
  args: Arguments,
  span: Span,
  callee: string,
): Value | undefined {
  const argument = callbackArgument(m, self, args, callee);
  let out: Value | undefined;
  for (const value of args.all) {
    if (value === self) continue;
    // Where a function is expected, what is not known may be a method of an object that it changes.
    if (/^(?:map|filter|reduce|functools\.reduce|\.(?:map|apply|applymap|pipe|submit|starmap|imap))$/.test(callee))
      if (value.type === "unknown" && !value.callables) mutate(m, m.heap.reach(value.objs), callee);
    const result = callBack(m, value, madeArguments(argument), span);
    if (result) out = result;
  }
  return out;
}

/** What a library hands to a function: the whole frame, a row, a group, or an element. */
function callbackArgument(m: Machine, self: Value | undefined, args: Arguments, callee: string): readonly Value[] {
  if (!self) return args.all.filter((value) => !value.callables).map((value) => iterated(m, value));
  if (/^\.(?:assign|pipe|loc)$/.test(callee)) return [self];
  if (self.type === "DataFrame" && /^\.(?:apply|agg|aggregate|transform)$/.test(callee))
    return [{ type: "Series", objs: self.objs, tags: self.tags }];
  if (self.type === "GroupBy")
    return [{ type: "unknown-frame", objs: self.objs, tags: self.tags, ...(self.sees ? { sees: self.sees } : {}) }];
  if (self.type === "Series" || self.type === "DataFrame")
    return [{ type: "unknown-scalar", objs: self.objs, tags: self.tags }];
  return [{ type: "unknown", objs: m.heap.reach(self.objs), tags: self.tags }];
}

function result(
  m: Machine,
  effect: Effect,
  self: Value | undefined,
  receiver: Value | undefined,
  args: Arguments,
  expr: CallExpr,
  callee: string,
  called: Value | undefined,
): Value {
  let tags = all(m, args, self);
  if (effect.clock) tags |= seeClock(m, expr.span, callee);
  const features = self ? args.positional[0] : receiver;
  let rows = self && self.type !== "estimator" && self.type !== "results" ? self.rows : features?.rows;
  if (effect.rows) rows = rowsAfter(m, expr.span, rows);
  const seen = self ? [...self.objs].filter((id) => wasFittedOn(m, m.heap.get(id), rows)) : [];
  if (effect.means === "prediction") {
    const onFit = seen.length > 0 || callee === ".fit_predict";
    tags &= ~(tag.prediction | tag.trainPrediction | tag.recalled);
    tags |= onFit ? tag.trainPrediction : tag.prediction;
    if (seen.some((id) => m.heap.get(id).supervised)) tags |= tag.recalled;
  }
  if (effect.means === "score") {
    seeScore(m, expr.span, callee, measuredOn(m, callee, self, seen, rows, tags));
    tags |= tag.score;
  }
  let type = resultType(effect.returns, receiver?.type);
  if (type === "bunch" && isAsked(args, "return_X_y")) return dataAndTarget(m, args, callee, tags, expr.span);
  if (effect.calls && callee === ".apply" && self?.type === "Series") type = appliedType(m, args, called) ?? type;
  // Part of what it was given, or made of it: then it is of a library if that is.
  if (type === "unknown" && (effect.view || effect.holds))
    type = openType(m.heap, [...(receiver ? [receiver] : []), ...args.all]);
  if (type === "report" && args.named.has("output_dict")) type = "dict";
  if (callee === "pandas.concat") type = concatenatedType(m, args) ?? type;
  if (effect.calls && called && (type === "unknown" || type === "unknown-frame") && callee === ".pipe") return called;
  if (effect.calls && type === "unknown" && self?.type === "DataFrame")
    type = called && m.knowledge.isImmutable(called.type) ? "Series" : "unknown-frame";
  if (effect.calls && callee === ".agg" && self?.type === "Series" && typeof args.positional[0]?.constant === "string")
    type = "float";
  if (type === "estimator" && effect.self && receiver) return { ...receiver, tags };
  if (effect.self && receiver) return { ...receiver, tags: receiver.tags | tags };
  // What keeps a function has storage, whatever else is known of it: a scorer runs the notebook's code later.
  const keepsCode = effect.holds && args.all.some((value) => value.callables !== undefined);
  const truth = self && isTruth(self.type, callee) ? { truth: true as const } : {};
  if (m.knowledge.isImmutable(type) && !keepsCode)
    return { ...plain(type, tags), ...(rows === undefined ? {} : { rows }) };
  // A table that is made of none has rows of its own. Of what a container holds nobody knows the rows, data sets apart.
  if (!m.knowledge.isTable(type)) rows = dataSet.test(callee) ? rowsAfter(m, expr.span) : undefined;
  else if (!self) rows ??= rowsAfter(m, expr.span);
  const objs = new Set<number>();
  const shares = receiver !== undefined && m.knowledge.isTable(receiver.type) && m.knowledge.isTable(type);
  const isOpen = type === "unknown" || type === "unknown-pure";
  const holds = effect.holds && !effect.mutates ? args.all : [];
  // Of a container it is the parts that are views.
  const isContainer = effect.element !== undefined;
  if (effect.view && receiver && !isContainer && !isCopied(m, receiver, type, args)) {
    const lens = keepsColumns(callee) ? rowsLens : undefined;
    const same = isOpen ? m.heap.reach(receiver.objs) : receiver.objs;
    for (const id of shares ? viewOf(m, receiver, type, expr.span, lens) : same) objs.add(id);
    if (shares) for (const id of objs) for (const value of holds) hold(m.heap, m.heap.get(id), value);
  }
  // What is given back may be what was given.
  if (isOpen && effect.holds) for (const value of args.all) for (const id of m.heap.reach(value.objs)) objs.add(id);
  if (objs.size === 0 || !effect.view || isContainer || (effect.holds && !shares)) {
    const made = fresh(m, expr.span, type, holds);
    objs.add(made.id);
    if (effect.refers && self) hold(m.heap, made, self);
    if (effect.element !== undefined) hold(m.heap, made, elements(m, effect, receiver, tags, expr.span));
  }
  // What the product reads from a file has rows, or the notebook would not be worth a product.
  if (effect.loads) for (const id of objs) Object.assign(m.heap.get(id), { solid: true, loaded: true });
  const isSelf = receiver !== undefined && [...objs].some((id) => receiver.objs.has(id));
  return {
    type,
    objs,
    tags,
    ...(rows === undefined ? {} : { rows }),
    ...(type === "DataFrame" && objs.size === 1 && !isSelf ? { exact: true as const } : {}),
    ...truth,
  };
}

/** A table that is made of a list or a dict has elements of its own. */
function isCopied(m: Machine, from: Value, type: string, args: Arguments): boolean {
  return m.knowledge.isTable(type) && /^(?:list|tuple|dict|range)$/.test(from.type) && !args.named.has("copy");
}

/** What a container that a library makes holds: one object for all of its parts. */
function elements(m: Machine, effect: Effect, receiver: Value | undefined, tags: number, span: Span): Value {
  const type = effect.element ?? "unknown";
  if (m.knowledge.isImmutable(type)) return plain(type, tags);
  const base = effect.view ? receiver : undefined;
  return { type, objs: base ? viewOf(m, base, type, span) : new Set([fresh(m, span, type).id]), tags };
}
