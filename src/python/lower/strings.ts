import type { ConstantExpr, Expr, FStringPart } from "../ir.ts";
import type { RawNode } from "../tree.ts";
import { fieldOf, has, inner, LowerError, type Lowering, spanOf, textOf } from "./context.ts";
import { decodeBody } from "./decode.ts";

interface Piece {
  readonly kind: "str" | "bytes" | "f" | "t";
  readonly parts: readonly FStringPart[];
  readonly exact: boolean;
}

/** A string literal, or several joined implicitly: one constant, or one fstring, over all of them. */
export function lowerString(cx: Lowering, node: RawNode): Expr {
  const pieces = (node.type === "string" ? [node] : node.children.filter((c) => c.type === "string")).map((one) =>
    lowerPiece(cx, one),
  );
  const span = spanOf(node);
  const kinds = new Set(pieces.map((piece) => piece.kind));
  if (kinds.has("bytes") && kinds.size > 1) throw new LowerError(node, "bytes and str literals cannot be joined");
  if (kinds.has("t") && kinds.size > 1) throw new LowerError(node, "a t-string can only be joined with t-strings");
  const parts = mergeText(pieces.flatMap((piece) => piece.parts));
  if (kinds.has("f") || kinds.has("t")) return { kind: "fstring", parts, template: kinds.has("t"), span };
  const value = parts.map((part) => (part.kind === "text" ? part.value : "")).join("");
  return constant(
    kinds.has("bytes") ? "bytes" : "str",
    value,
    pieces.every((piece) => piece.exact),
    span,
  );
}

function constant(type: "str" | "bytes", value: string, exact: boolean, span: ConstantExpr["span"]): ConstantExpr {
  if (type === "bytes") return { kind: "constant", type, value: undefined, detail: value, span };
  return { kind: "constant", type, value: exact ? value : undefined, span };
}

function lowerPiece(cx: Lowering, node: RawNode): Piece {
  const open = node.children[0];
  const close = node.children[node.children.length - 1];
  if (open?.type !== "string_start" || close?.type !== "string_end" || open === close)
    throw new LowerError(node, "this string is not closed");
  const start = textOf(cx, open).toLowerCase();
  if (start.includes("`")) throw new LowerError(node, "backquotes are Python 2; write repr(…)");
  const prefix = start.replace(/['"]+$/, "");
  if (!/^(?:u|[bft]?r?|r[bft])$/.test(prefix)) throw new LowerError(open, `'${prefix}' is no prefix of a string`);
  const kind = prefix.includes("b") ? "bytes" : prefix.includes("f") ? "f" : prefix.includes("t") ? "t" : "str";
  const mode = { raw: prefix.includes("r"), bytes: kind === "bytes", braces: kind === "f" || kind === "t" };
  const parts: FStringPart[] = [];
  let exact = true;
  let at = open.end;
  const textUpTo = (end: number): void => {
    if (end <= at) return;
    const span = { start: at, end };
    const read = decodeBody(cx.text.slice(at, end), mode);
    if (read.problem !== undefined) throw new LowerError(span, read.problem);
    if (!read.exact) exact = false;
    parts.push({ kind: "text", value: read.value, span, ...(read.exact ? {} : { undecoded: true as const }) });
  };
  for (const child of node.children) {
    if (child.type !== "interpolation") continue;
    textUpTo(child.start);
    parts.push(...lowerField(cx, child, mode.raw));
    at = child.end;
  }
  // The closing token of the grammar may hold a raw string's backslashes too; only its quotes are sure.
  textUpTo(close.end - (start.length - prefix.length));
  return { kind, parts, exact };
}

/** `{value=!r:spec}`; with `=` Python shows the source too, so a text part comes first. */
function lowerField(cx: Lowering, node: RawNode, raw: boolean): readonly FStringPart[] {
  const shown = fieldOf(node, "expression") ?? inner(node);
  const conversionNode = node.children.find((c) => c.type === "type_conversion");
  const specNode = node.children.find((c) => c.type === "format_specifier");
  if (shown.type === "named_expression" && !specNode && !conversionNode) return [walrusLike(cx, node, shown)];
  if (shown.type === "lambda") throw new LowerError(shown, "a lambda in an f-string must stand in parentheses");
  const spec = specNode ? lowerSpec(cx, specNode, raw) : [];
  const debug = has(node, "=");
  let conversion = conversionNode ? textOf(cx, conversionNode).slice(1) : undefined;
  if (conversion !== undefined && !/^[rsa]$/.test(conversion))
    throw new LowerError(node, `'!${conversion}' is no conversion; expected !r, !s or !a`);
  const before: FStringPart[] = [];
  if (debug) {
    const end = conversionNode?.start ?? specNode?.start ?? node.end - 1;
    before.push({
      kind: "text",
      value: shownSource(cx.text.slice(node.start + 1, end)),
      span: { start: node.start + 1, end },
    });
    if (conversion === undefined && !specNode) conversion = "r";
  }
  const value = cx.expr(shown);
  return [...before, { kind: "field", value, spec, span: spanOf(node), ...(conversion ? { conversion } : {}) }];
}

/** Python leaves comments out of what `{x=}` shows. */
function shownSource(source: string): string {
  return source.includes("#") && !/['"]/.test(source) ? source.replace(/#[^\n]*/g, "") : source;
}

/** `{x:=5}` is x with the format "=5": the grammar takes it for a walrus. */
function walrusLike(cx: Lowering, node: RawNode, shown: RawNode): FStringPart {
  const name = shown.children[0];
  if (!name) throw new LowerError(shown, "an expression is missing here");
  const start = cx.text.indexOf(":", name.end) + 1;
  const span = { start, end: node.end - 1 };
  const value = cx.text.slice(span.start, span.end);
  if (/[{}\\]/.test(value)) throw new LowerError(shown, "this format is too unusual to be read; name it first");
  return { kind: "field", value: cx.expr(name), spec: [{ kind: "text", value, span }], span: spanOf(node) };
}

function lowerSpec(cx: Lowering, node: RawNode, raw: boolean): readonly FStringPart[] {
  const parts: FStringPart[] = [];
  let at = node.start + 1;
  const textUpTo = (end: number): void => {
    if (end <= at) return;
    const read = decodeBody(cx.text.slice(at, end), { raw, bytes: false, braces: false });
    if (read.problem !== undefined) throw new LowerError({ start: at, end }, read.problem);
    parts.push({ kind: "text", value: read.value, span: { start: at, end } });
  };
  for (const child of node.children) {
    if (!child.named) continue;
    textUpTo(child.start);
    parts.push(...lowerField(cx, child, raw));
    at = child.end;
  }
  textUpTo(node.end);
  return mergeText(parts);
}

function mergeText(parts: readonly FStringPart[]): readonly FStringPart[] {
  const out: FStringPart[] = [];
  for (const part of parts) {
    const last = out[out.length - 1];
    if (part.kind === "text" && last?.kind === "text") {
      const undecoded = part.undecoded || last.undecoded ? { undecoded: true as const } : {};
      const span = { start: last.span.start, end: part.span.end };
      out[out.length - 1] = { kind: "text", value: last.value + part.value, span, ...undecoded };
    } else out.push(part);
  }
  return out;
}
