import { type CustomPatternMatcherFunc, createToken, Lexer, type TokenType } from "chevrotain";
import { CONSTANTS, UNITS, WORDS, type Word } from "./words.ts";

/** Categories: no text of their own. Each token says where it may stand. */
const category = (name: string, label: string): TokenType => createToken({ name, label, pattern: Lexer.NA });
/** A name, or any word of the grammar but `because`. */
export const AnyName = category("AnyName", "a name");
/** May stand in an expression outside brackets. */
export const ExpressionToken = category("ExpressionToken", "a Python expression");
/** May stand in an expression inside brackets; brackets themselves are told apart by the parser. */
export const InnerToken = category("InnerToken", "a Python expression");
/** Parts the rules of a block. */
export const Separator = category("Separator", "a line end, `,` or `;`");
/** `>=`, `<=`, `>` or `<`. */
export const Comparison = category("Comparison", "`>=`, `<=`, `>` or `<`");

const everywhere = [ExpressionToken, InnerToken];
const nameStart = "A-Za-z_\\u0080-\\uffff";

export const Name = createToken({
  name: "Name",
  label: "a name",
  pattern: new RegExp(`[${nameStart}][\\w\\u0080-\\uffff]*`),
  categories: [AnyName, ...everywhere],
});

const digits = "\\d(?:_?\\d)*";
export const DateToken = createToken({
  name: "Date",
  label: "a date like 2027-03-31",
  pattern: /\d{4}-\d\d-\d\d(?![\w])/,
  categories: everywhere,
});
export const Duration = createToken({
  name: "Duration",
  label: `a duration like 30d (${UNITS.join(", ")})`,
  pattern: new RegExp(`\\d+(?:${[...UNITS].sort((a, b) => b.length - a.length).join("|")})(?![\\w\\u0080-\\uffff])`),
  categories: everywhere,
});
/** Numbers that only Python expressions know: 0x1f, 0b1, 2j. */
export const PythonNumber = createToken({
  name: "PythonNumber",
  label: "a Python number",
  pattern: new RegExp(
    `0[xX][\\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:${digits}\\.?(?:${digits})?)(?:[eE][+-]?${digits})?[jJ]`,
  ),
  categories: everywhere,
});
/** No sign; a fraction's dot is never followed by a dot, so that 18..120 is a range. */
export const NumberToken = createToken({
  name: "Number",
  label: "a number",
  pattern: new RegExp(`(?:${digits}(?:\\.(?!\\.)(?:${digits})?)?|\\.${digits})(?:[eE][+-]?${digits})?`),
  categories: everywhere,
});

// Unrolled loops: a text of many megabytes must not fill the stack of the regular expression engine.
const quoted = ['"', "'"].map((q) => `${q}[^${q}\\\\\\n\\r]*(?:\\\\[^\\n\\r][^${q}\\\\\\n\\r]*)*${q}`).join("|");
export const StringToken = createToken({
  name: "String",
  label: "a text in quotes",
  pattern: new RegExp(quoted),
  categories: everywhere,
});
export const PythonString = createToken({
  name: "PythonString",
  label: "a Python string",
  pattern: new RegExp(`(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])(?:${quoted})`),
  categories: everywhere,
});
/** A quote that no other closes on its line: takes the rest of the line, so that one error says so. */
export const OpenString = createToken({ name: "OpenString", label: "a text in quotes", pattern: /["'][^\n\r]*/ });
const range = (from: number, to: number): string => `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;
/** Anything that is no token at all, control characters too. */
export const Unknown = createToken({
  name: "Unknown",
  label: "an unknown sign",
  pattern: new RegExp(`[${range(0, 8)}${range(14, 31)}${range(33, 0xffff)}]`),
});

const sign = (name: string, text: string, categories: readonly TokenType[] = []): TokenType =>
  createToken({
    name,
    label: `\`${text}\``,
    pattern: new RegExp(text.replace(/[^\w\s]/g, "\\$&")),
    categories: [...categories],
  });

export const Arrow = sign("Arrow", "->");
export const DotDot = sign("DotDot", "..", everywhere);
export const GreaterEqual = sign("GreaterEqual", ">=", [Comparison, ...everywhere]);
export const LessEqual = sign("LessEqual", "<=", [Comparison, ...everywhere]);
export const Greater = sign("Greater", ">", [Comparison, ...everywhere]);
export const Less = sign("Less", "<", [Comparison, ...everywhere]);
export const Equal = sign("Equal", "=", [InnerToken]);
export const Colon = sign("Colon", ":", everywhere);
export const Comma = sign("Comma", ",", [Separator, InnerToken]);
export const Semicolon = sign("Semicolon", ";", [Separator, InnerToken]);
export const Pipe = sign("Pipe", "|", everywhere);
export const Dot = sign("Dot", ".", everywhere);
export const Minus = sign("Minus", "-", everywhere);
export const Plus = sign("Plus", "+", everywhere);
export const LeftParen = sign("LeftParen", "(");
export const RightParen = sign("RightParen", ")");
export const LeftBracket = sign("LeftBracket", "[");
export const RightBracket = sign("RightBracket", "]");
export const LeftBrace = sign("LeftBrace", "{");
export const RightBrace = sign("RightBrace", "}");
export const PythonOperator = createToken({
  name: "PythonOperator",
  label: "a Python operator",
  pattern: /\*\*|\/\/|<<|>>|:=|==|!=|[*/%@&^~]/,
  categories: everywhere,
});
/** A line end inside an open directive. */
export const LineEnd = createToken({
  name: "LineEnd",
  label: "a line end",
  pattern: /\r?\n/,
  line_breaks: true,
  categories: [Separator],
});
// Ranges and not `\s`: the lexer finds a pattern by its first character, which it cannot tell from a complement.
const Blank = createToken({
  name: "Blank",
  pattern: /[ \t\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+|\r(?!\n)/,
  group: Lexer.SKIPPED,
});

const capital = (word: string): string => word[0]?.toUpperCase() + word.slice(1);

/** The token of each word of the grammar. */
export const word = Object.fromEntries(
  Object.keys(WORDS).map((text) => [
    text,
    createToken({
      name: capital(text),
      label: `\`${text}\``,
      pattern: new RegExp(text),
      longer_alt: Name,
      categories: text === "because" ? [InnerToken] : [AnyName, ...everywhere],
    }),
  ]),
) as unknown as Readonly<Record<Word, TokenType>>;

/** `True`, `False`, `None`. */
export const constant = Object.fromEntries(
  CONSTANTS.map((text) => [
    text,
    createToken({
      name: text,
      label: `\`${text}\``,
      pattern: new RegExp(text),
      longer_alt: Name,
      categories: everywhere,
    }),
  ]),
) as unknown as Readonly<Record<(typeof CONSTANTS)[number], TokenType>>;

/** Reads `/…/` only directly after the word `matches`, so that `/` stays division everywhere else. */
const regexAfterMatches: CustomPatternMatcherFunc = (text, offset, matched) => {
  const last = matched[matched.length - 1];
  if (text[offset] !== "/" || last?.tokenType !== word.matches) return null;
  if (matched[matched.length - 2]?.tokenType === Dot) return null;
  const found = /\/(?!\/)[^/\\\n\r]*(?:\\[^\n\r][^/\\\n\r]*)*\//y;
  found.lastIndex = offset;
  return found.exec(text);
};
export const Regex = createToken({
  name: "Regex",
  label: "a regular expression like /^[a-z]+$/",
  pattern: regexAfterMatches,
  start_chars_hint: ["/"],
  line_breaks: false,
  categories: everywhere,
});

const byLength = (a: TokenType, b: TokenType): number => String(b.PATTERN).length - String(a.PATTERN).length;

/** Every token, in the order in which the lexer tries them. */
export const allTokens: readonly TokenType[] = [
  Blank,
  LineEnd,
  PythonString,
  ...Object.values(word).sort(byLength),
  ...Object.values(constant),
  Name,
  DateToken,
  Duration,
  PythonNumber,
  NumberToken,
  StringToken,
  OpenString,
  Regex,
  Arrow,
  DotDot,
  PythonOperator,
  GreaterEqual,
  LessEqual,
  Greater,
  Less,
  Equal,
  Colon,
  Comma,
  Semicolon,
  Pipe,
  Dot,
  Minus,
  Plus,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Unknown,
  AnyName,
  ExpressionToken,
  InnerToken,
  Separator,
  Comparison,
];
