import type { IToken } from "chevrotain";
import type {
  ColumnCstNode,
  ColumnsCstNode,
  NameCstNode,
  NamesCstNode,
  QualifiedNameCstNode,
} from "../../grammar/cst.generated.ts";
import { report } from "../diagnostics/catalogue.ts";
import { cover, type Span } from "../foundation/span.ts";
import { type Builder, tokenSpan } from "./builder.ts";
import type { Column, Name, Text } from "./directive.ts";
import { decodeString } from "./literal.ts";

const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import " +
    "in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** A name as Python sees it, checked to be an identifier that is no keyword. */
function identifier(b: Builder, token: IToken): string {
  const name = token.image.normalize("NFKC");
  const why = keywords.has(name)
    ? "it is a keyword of Python"
    : /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name)
      ? undefined
      : "it holds a character that Python allows in no name";
  if (why !== undefined) b.say(report("CW1108", b.place(tokenSpan(b, token)), { name: token.image, why }));
  return name;
}

function nameOf(b: Builder, tokens: readonly IToken[]): Name {
  const spans = tokens.map((token) => tokenSpan(b, token));
  return { name: tokens.map((token) => identifier(b, token)).join("."), span: coverAll(spans) };
}

function coverAll(spans: readonly Span[]): Span {
  return spans.reduce((all, span) => cover(all, span), spans[0] ?? { start: 0, end: 0 });
}

/** A single name. */
export function buildName(b: Builder, node: NameCstNode | undefined): Name {
  return nameOf(b, node?.children.AnyName ?? []);
}

/** A dotted name. */
export function buildQualifiedName(b: Builder, node: QualifiedNameCstNode | undefined): Name {
  return nameOf(b, node?.children.AnyName ?? []);
}

/** A list of names, each checked to stand there once. */
export function buildNames(b: Builder, node: NamesCstNode | undefined): readonly Name[] {
  const names = (node?.children.name ?? []).map((name) => buildName(b, name));
  sayRepeats(b, names, (name) => `\`${name.name}\``);
  return names;
}

/** A column; any word may be one, Python's keywords too. */
export function buildColumn(b: Builder, node: ColumnCstNode | undefined): Column {
  const text = node?.children.String?.[0];
  if (text !== undefined) {
    const { value, span } = buildText(b, text);
    if (value.trim() === "")
      b.say(report("CW1108", b.place(span), { name: value, why: "a column's name cannot be empty" }));
    return { name: value, quoted: true, span };
  }
  const word = node?.children.AnyName?.[0];
  const span = word === undefined ? { start: 0, end: 0 } : tokenSpan(b, word);
  return { name: (word?.image ?? "").normalize("NFC"), quoted: false, span };
}

/** A list of columns, each checked to stand there once. */
export function buildColumns(b: Builder, node: ColumnsCstNode | undefined): readonly Column[] {
  const columns = (node?.children.column ?? []).map((column) => buildColumn(b, column));
  sayRepeats(b, columns, (column) => `column \`${column.name}\``);
  return columns;
}

/** Reports each item whose name stood before. */
export function sayRepeats<T extends { readonly name: string; readonly span: Span }>(
  b: Builder,
  items: readonly T[],
  what: (item: T) => string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item.name)) b.say(report("CW1123", b.place(item.span), { what: what(item) }));
    seen.add(item.name);
  }
}

/** A text in quotes. */
export function buildText(b: Builder, token: IToken | undefined): Text {
  if (token === undefined) return { value: "", span: { start: 0, end: 0 } };
  const { value, bad } = decodeString(token.image);
  if (bad !== undefined) {
    const at = token.startOffset + bad.at;
    b.say(report("CW1125", b.place(b.locate(at, at + bad.text.length)), { escape: bad.text }));
  }
  return { value, span: tokenSpan(b, token) };
}

interface HasText {
  readonly children: { readonly String: IToken[] };
  readonly location?: { readonly startOffset: number; readonly endOffset?: number };
}

/** The text of `doc`, `reason` and `because`. */
export function textIn(b: Builder, node: HasText | undefined): Text {
  return node === undefined ? { value: "", span: { start: 0, end: 0 } } : buildText(b, node.children.String[0]);
}

/** The same under a key, or nothing where there is no text. */
export function optionalText<K extends string>(
  b: Builder,
  key: K,
  nodes: readonly HasText[] | undefined,
): { readonly [P in K]?: Text } {
  const node = nodes?.[0];
  return (node === undefined ? {} : { [key]: textIn(b, node) }) as { readonly [P in K]?: Text };
}
