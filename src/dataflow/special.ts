import type { CallExpr } from "../python/ir.ts";
import type { Arguments } from "./arguments.ts";
import { sameNames } from "./columns/demand-map.ts";
import { someRows } from "./columns/shape.ts";
import { deepCopy } from "./deep-copy.ts";
import { goesThrough, iterated } from "./elements.ts";
import { elementOf, refer } from "./heap.ts";
import { drawFrom } from "./library.ts";
import { born, derive, fresh, type Machine, mutate, readToken, siteOf, writeToken } from "./machine.ts";
import { rowsAfter, rowsOfSplit } from "./rows.ts";
import { noteSettingStore, noteText } from "./settings.ts";
import { randomParts, seeDraw } from "./sights.ts";
import { changeDefinition } from "./targets.ts";
import { plain, tag, type Value } from "./value.ts";

/** Calls whose result has a shape that a line of the knowledge base cannot tell. undefined: nothing special. */
export function special(m: Machine, expr: CallExpr, callee: string, args: Arguments, self?: Value): Value | undefined {
  const [first] = args.positional;
  const iterator = (items: readonly Value[], sources: readonly Value[] = []): Value => {
    const pair: Value = {
      type: "tuple",
      objs: new Set(items.flatMap((item) => [...item.objs])),
      tags: items.reduce((t, i) => t | i.tags, 0) & ~tag.fitted,
      items,
    };
    const obj = fresh(m, expr.span, "iterator");
    for (const id of pair.objs) refer(m.heap, obj, id);
    obj.element = pair;
    goesThrough(m, obj, sources);
    return { type: "iterator", objs: new Set([obj.id]), tags: pair.tags };
  };
  switch (callee) {
    case "enumerate":
      return first && iterator([plain("int"), iterated(m, first)], [first]);
    case "zip":
      return iterator(
        args.positional.map((value) => iterated(m, value)),
        args.positional,
      );
    case ".items":
      if (self?.type === "dict") return dictView(m, expr, self, [plain("unknown-scalar"), elementOf(m.heap, self)]);
      if (self?.type === "DataFrame")
        return iterator([plain("unknown-scalar"), { type: "Series", objs: self.objs, tags: self.tags }]);
      return undefined;
    case "pandas.cut":
    case "pandas.qcut": {
      const bins = args.named.get("retbins");
      if (!bins || bins.constant === false) return undefined;
      const items = ["Series", "ndarray"].map(
        (type): Value => ({ type, objs: new Set([fresh(m, expr.span, type).id]), tags: first?.tags ?? 0 }),
      );
      return { type: "tuple", objs: new Set([fresh(m, expr.span, "tuple", items).id]), tags: first?.tags ?? 0, items };
    }
    case ".align": {
      if (!self || !first) return undefined;
      const part: Value = {
        type: self.type,
        objs: new Set([fresh(m, expr.span, self.type).id]),
        tags: self.tags | first.tags,
      };
      return { type: "tuple", objs: part.objs, tags: part.tags, items: [part, part] };
    }
    case ".iterrows":
      return self && iterator([plain("unknown-scalar"), { type: "Series", objs: self.objs, tags: self.tags }]);
    case ".values":
      return self?.type === "dict" ? dictView(m, expr, self, [elementOf(m.heap, self)]) : undefined;
    case ".keys":
      return self?.type === "dict" ? dictView(m, expr, self, [plain("unknown-scalar")]) : undefined;
    case "sklearn.model_selection.train_test_split":
      return split(m, expr, args);
    case ".fit_resample":
      return self && args.positional.length > 1 ? resampled(m, expr, self, args) : undefined;
    case "pathlib.Path":
      return { ...plain("Path"), ...joinedPath(args) };
    case "os.path.join":
      return { ...plain("str"), ...joinedPath(args) };
    case "repr":
    case "format":
      if (first) noteText(m, first);
      return undefined;
    case ".to_string":
    case ".to_html":
    case ".to_markdown":
    case ".to_latex":
    case ".__str__":
    case ".__repr__":
      if (self) noteText(m, self);
      return undefined;
    case "str":
      if (first) noteText(m, first);
      return typeof first?.constant === "string" && args.all.length === 1
        ? { ...plain("str", first.tags), constant: first.constant }
        : undefined;
    case "os.path.normpath":
    case "os.path.expanduser":
      return typeof first?.constant === "string" && args.all.length === 1
        ? { ...plain("str", first.tags), constant: first.constant }
        : undefined;
    case ".joinpath":
      return self?.type === "Path" && typeof self.constant === "string"
        ? {
            ...plain("Path"),
            ...joinedPath({ ...args, positional: [{ ...plain("str"), constant: self.constant }, ...args.positional] }),
          }
        : undefined;
    case "collections.defaultdict": {
      const obj = fresh(m, expr.span, "defaultdict", args.positional);
      return { type: "dict", objs: new Set([obj.id]), tags: 0 };
    }
    case "os.getenv":
    case "os.environ.get":
      readToken(m, "environment");
      return undefined;
    case "os.environ.setdefault":
    case "os.environ.update":
    case "os.environ.pop":
    case "os.environ.clear":
    case "os.putenv":
    case "os.unsetenv":
      writeToken(m, "environment");
      return plain("str");
    case ".format":
      return undefined;
    case "open":
    case ".open": {
      if (callee === ".open" && self?.type !== "Path") return undefined;
      return undefined;
    }
    case "super":
      return m.frame?.names.get("self") ?? m.frame?.parent?.names.get("self");
    case "input":
      m.trace.refusals.push({ span: siteOf(m, expr.span), what: "asks for input at the keyboard" });
      return plain("str");
    case "exec":
    case "eval":
    case "globals":
    case "locals":
    case "get_ipython":
      m.trace.refusals.push(
        callee === "get_ipython"
          ? { span: siteOf(m, expr.span), what: "is a notebook command", isCommand: true }
          : { span: siteOf(m, expr.span), what: `calls ${callee}(), whose effect on names cannot be seen` },
      );
      // A notebook command gives a value that nobody knows; the others may rebind any name.
      if (callee !== "get_ipython") writeToken(m, "namespace");
      return plain("unknown");
    case "os.getcwd":
    case "pathlib.Path.cwd":
      readToken(m, "settings:os");
      return undefined;
    case "setattr":
      if (first?.member !== undefined) noteSettingStore(m, first.member, expr.span);
      if (first) changeDefinition(m, first);
      if (first?.objs.size === 0)
        m.trace.refusals.push({ span: siteOf(m, expr.span), what: "sets an attribute whose owner is not known" });
      return undefined;
    case "copy.deepcopy":
      return first && deepCopy(m, first, expr.span);
    default:
      return undefined;
  }
}

/** `d.keys()` and its like follow their dict: a change of it is one of theirs. */
function dictView(m: Machine, expr: CallExpr, dict: Value, items: readonly Value[]): Value {
  const obj = fresh(m, expr.span, "dict-view", items);
  for (const id of dict.objs) refer(m.heap, obj, id);
  const tags = items.reduce((bits, item) => bits | item.tags, dict.tags) & ~tag.fitted;
  const [only] = items;
  obj.element =
    items.length === 1
      ? only
      : { ...plain("tuple", tags), objs: new Set(items.flatMap((item) => [...item.objs])), items };
  return { type: "dict-view", objs: new Set([obj.id]), tags };
}

/** `fit_resample(X, y)`: other rows of both, of the same types; the sampler learns and may draw on the way. */
function resampled(m: Machine, expr: CallExpr, self: Value, args: Arguments): Value {
  mutate(m, self.objs, ".fit_resample");
  const parts = [...m.heap.reach(self.objs)].map((id) => m.heap.get(id));
  if (parts.length === 0 || parts.some((part) => part.draws)) {
    m.trace.draws.add("numpy");
    const random = randomParts(m, [self]);
    if (random.length > 0) seeDraw(m, "numpy", random, expr);
    writeToken(m, "random.numpy");
  }
  const items = args.positional.slice(0, 2).map((value, i): Value => {
    const obj = m.heap.at(`${m.unit}:${m.stack.length}:${expr.span.start}:resampled:${i}`, value.type);
    born(m, obj);
    const { constant: _constant, items: _items, member: _member, ...like } = value;
    return { ...like, objs: new Set([obj.id]), tags: value.tags & ~tag.fitted, rows: rowsAfter(m, expr.span) };
  });
  const pair = fresh(m, expr.span, "tuple", items);
  return { type: "tuple", objs: new Set([pair.id]), tags: 0, items };
}

function joinedPath(args: Arguments): { readonly constant?: string } {
  const parts = args.positional.map((value) => value.constant);
  if (args.open || parts.length === 0 || !parts.every((part): part is string => typeof part === "string")) return {};
  return {
    constant: parts.reduce((path, part) => (part.startsWith("/") ? part : `${path.replace(/\/$/, "")}/${part}`)),
  };
}

/** `train_test_split`: two fresh parts of each table; labels stay labels; rows are new on either side. */
function split(m: Machine, expr: CallExpr, args: Arguments): Value | undefined {
  if (args.open) return undefined;
  const shuffles = args.named.get("shuffle")?.constant !== false;
  const seeded = args.named.get("random_state");
  if (seeded) drawFrom(m, seeded, "train_test_split");
  if (shuffles && (!seeded || seeded.type === "None")) {
    m.trace.draws.add("numpy");
    seeDraw(m, "numpy", [], expr);
    writeToken(m, "random.numpy");
  }
  const items = args.positional.flatMap((value) =>
    ["train", "test"].map((side): Value => {
      const obj = m.heap.at(
        `${m.unit}:${m.part}:${m.stack.length}:${expr.span.start}:${value.family ?? [...value.objs].join()}:${side}`,
        value.type,
      );
      born(m, obj);
      // Neither side is ever empty.
      obj.solid = true;
      const part: Value = {
        type: value.type === "list" ? "list" : value.type,
        objs: new Set([obj.id]),
        tags: value.tags & ~tag.fitted,
        rows: rowsOfSplit(m, expr.span, side, args.positional[0]?.rows),
        ...(value.family === undefined ? {} : { family: value.family }),
        ...(value.type === "DataFrame" ? { exact: true as const } : {}),
      };
      derive(m, value, part, sameNames, "train_test_split", shuffles ? { ...someRows, order: "changed" } : someRows);
      return part;
    }),
  );
  const list = fresh(m, expr.span, "list", items);
  return { type: "list", objs: new Set([list.id]), tags: 0, items };
}
