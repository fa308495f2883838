import type { Param, TypeParam } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { fieldOf, identifier, inner, LowerError, type Lowering, namedOf, need, spanOf, textOf } from "./context.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Parameters of a def or a lambda, with Python's rules of their order. */
export function lowerParams(cx: Lowering, node: RawNode): readonly Param[] {
  const params: Mutable<Param>[] = [];
  let keywordOnly = false;
  let closed = false;
  let defaulted = false;
  let bareStar: RawNode | undefined;
  let seenSlash = false;
  const seen = new Set<string>();
  for (const child of namedOf(node)) {
    if (closed) throw new LowerError(child, "nothing can follow the ** parameter");
    if (child.type === "positional_separator") {
      if (seenSlash || keywordOnly || params.length === 0)
        throw new LowerError(child, "'/' must stand once, after the first parameters and before '*'");
      seenSlash = true;
      for (const param of params) param.type = "positional-only";
      continue;
    }
    if (child.type === "keyword_separator") {
      if (keywordOnly) throw new LowerError(child, "'*' may stand only once among the parameters");
      keywordOnly = true;
      bareStar = child;
      continue;
    }
    const param = lowerParam(cx, child, keywordOnly);
    if (seen.has(param.name)) throw new LowerError(child, `parameter '${param.name}' is named twice`);
    seen.add(param.name);
    if (param.type === "star") {
      if (keywordOnly) throw new LowerError(child, "'*' may stand only once among the parameters");
      keywordOnly = true;
    } else if (param.type === "double-star") {
      if (bareStar) throw new LowerError(bareStar, "a named parameter must follow a bare '*'");
      closed = true;
    } else if (param.type === "normal") {
      if (param.default) defaulted = true;
      else if (defaulted)
        throw new LowerError(child, `parameter '${param.name}' needs a default, as one before it has`);
    }
    bareStar = undefined;
    params.push(param);
  }
  if (bareStar) throw new LowerError(bareStar, "a named parameter must follow a bare '*'");
  return params;
}

function lowerParam(cx: Lowering, node: RawNode, keywordOnly: boolean): Mutable<Param> {
  const typed = node.type === "typed_parameter" || node.type === "typed_default_parameter";
  const holder = node.type === "typed_parameter" ? inner(node) : (fieldOf(node, "name") ?? node);
  const star =
    holder.type === "list_splat_pattern"
      ? "star"
      : holder.type === "dictionary_splat_pattern"
        ? "double-star"
        : undefined;
  const name = star ? inner(holder) : holder;
  if (name.type !== "identifier") throw new LowerError(node, `a parameter must be a name, not ${textOf(cx, name)}`);
  const type = typed ? fieldOf(node, "type") : undefined;
  const value = node.type === "typed_parameter" ? undefined : fieldOf(node, "value");
  const annotation = type ? cx.annotation(type) : undefined;
  if (annotation?.kind === "starred" && star !== "star")
    throw new LowerError(node, "only a * parameter can have a starred annotation");
  return {
    name: identifier(cx, name),
    type: star ?? (keywordOnly ? "keyword-only" : "normal"),
    ...(annotation ? { annotation } : {}),
    ...(value ? { default: cx.expr(value) } : {}),
    span: spanOf(node),
  };
}

/** `[T: bound = default, *Ts, **P]`. The defaults were masked before parsing and come from `cx.typeDefaults`. */
export function lowerTypeParams(cx: Lowering, node: RawNode | undefined): readonly TypeParam[] {
  if (!node) return [];
  const params: TypeParam[] = [];
  const seen = new Set<string>();
  for (const child of namedOf(node)) {
    let item = child;
    while (item.type === "type") item = inner(item);
    let bound: RawNode | undefined;
    if (item.type === "constrained_type") {
      const [name, limit] = namedOf(item);
      if (!name || !limit) throw new LowerError(item, "a type parameter is incomplete");
      bound = limit;
      item = name;
      while (item.type === "type") item = inner(item);
    }
    const text = textOf(cx, item);
    const stars = item.type === "splat_type" || item.type === "list_splat" ? (text.startsWith("**") ? 2 : 1) : 0;
    const name = stars > 0 ? inner(item) : item;
    if (name.type !== "identifier") throw new LowerError(item, `a type parameter must be a name, not ${text}`);
    if (stars > 0 && bound) throw new LowerError(child, "only a plain type parameter can have a bound");
    const id = identifier(cx, name);
    if (seen.has(id)) throw new LowerError(child, `type parameter '${id}' is named twice`);
    seen.add(id);
    const fallback = cx.typeDefaults.get(child.start);
    if (!fallback && stars < 2 && params.some((param) => param.default && param.type !== "star") && stars === 0)
      throw new LowerError(child, `type parameter '${id}' needs a default, as one before it has`);
    if (fallback?.kind === "starred" && stars !== 1)
      throw new LowerError(child, "only a type parameter with * can have a starred default");
    params.push({
      name: id,
      type: stars === 2 ? "double-star" : stars === 1 ? "star" : "plain",
      ...(bound ? { bound: cx.annotation(bound) } : {}),
      ...(fallback ? { default: fallback } : {}),
      span: spanOf(child),
    });
  }
  return params;
}

/** The name that a definition gives. */
export function definedName(cx: Lowering, node: RawNode): { name: string; nameSpan: { start: number; end: number } } {
  const name = need(node, "name");
  return { name: identifier(cx, name), nameSpan: spanOf(name) };
}
