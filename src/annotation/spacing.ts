import type { CstNode, IToken } from "chevrotain";
import * as t from "../../grammar/tokens.ts";

/** What a token is part of. */
export interface Role {
  readonly rule: string;
  readonly expression?: CstNode;
}

const tightBefore = new Set([t.Comma, t.Semicolon, t.RightParen, t.RightBracket, t.Dot, t.DotDot, t.Colon]);
const tightAfter = new Set([t.LeftParen, t.LeftBracket, t.Dot, t.DotDot]);
/** Braces of a block stand apart from what they hold, those of a value do not. */
const isBlock = (role: Role | undefined): boolean =>
  role?.rule === "contractDirective" || role?.rule === "testDirective";

/** The canonical blank between two tokens of one line. */
export function gapBetween(
  before: IToken,
  token: IToken,
  roleBefore: Role | undefined,
  role: Role | undefined,
): "" | " " {
  const left = before.tokenType;
  const right = token.tokenType;
  if (tightBefore.has(right) || tightAfter.has(left)) return "";
  if (left === t.LeftBrace) return isBlock(roleBefore) && right !== t.RightBrace ? " " : "";
  if (right === t.RightBrace) return isBlock(role) ? " " : "";
  if (right === t.LeftParen) return role?.rule === "stepDirective" || role?.rule === "serveDirective" ? "" : " ";
  if (right === t.LeftBracket) return role?.rule === "typeAtom" ? "" : " ";
  if ((left === t.Minus || left === t.Plus) && roleBefore?.rule === "bound") return "";
  if ((left === t.Minus && roleBefore?.rule === "code") || (right === t.Minus && role?.rule === "code")) return "";
  return " ";
}
