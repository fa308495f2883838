import { type IToken, Lexer } from "chevrotain";
import { DirectiveParser } from "./parser.ts";
import { allTokens } from "./tokens.ts";

export interface GrammarTools {
  readonly lexer: Lexer;
  readonly parser: DirectiveParser;
}
let tools: GrammarTools | undefined;

/** The one lexer and parser of the process, made when first needed; the grammar itself is validated in a test. */
export function grammarTools(): GrammarTools {
  tools ??= {
    lexer: new Lexer([...allTokens], { positionTracking: "full", skipValidations: true }),
    parser: new DirectiveParser({ skipValidations: true }),
  };
  return tools;
}

/** Nobody writes a longer directive, and a text of megabytes could fill the stack of the regular expression engine. */
export const MAX_LENGTH = 100_000;

/** All tokens of a text, line ends included. Never fails: what is no token is an `Unknown` one. None of a text that is too long. */
export function tokenize(text: string): readonly IToken[] {
  if (text.length > MAX_LENGTH) return [];
  return grammarTools().lexer.tokenize(text).tokens;
}
