import { CstParser, type IParserConfig, type IToken, tokenMatcher } from "chevrotain";
import * as t from "./tokens.ts";
import { constant, word as w } from "./tokens.ts";
import { OPERATOR_WORDS } from "./words.ts";

const operators: ReadonlySet<string> = new Set(OPERATOR_WORDS);
const operands = [t.NumberToken, t.PythonNumber, t.DateToken, t.Duration, t.StringToken, t.PythonString, t.Regex];
const closers = [t.RightParen, t.RightBracket, t.RightBrace];

/** G2: true after a token that can end a value; a text behind it is the reason and no part of the expression. */
export function endsOperand(token: IToken): boolean {
  if (tokenMatcher(token, t.AnyName)) return !operators.has(token.image);
  return [...operands, ...closers, ...Object.values(constant)].some((type) => token.tokenType === type);
}

/** G1: true after a token behind which a rule of a block may begin. */
export function startsRule(before: IToken): boolean {
  return before.tokenType === t.LeftBrace || tokenMatcher(before, t.Separator);
}

/** The parts that directives are made of: names, bounds, types, literals, expressions. */
export class PartsParser extends CstParser {
  constructor(config: IParserConfig) {
    super([...t.allTokens], config);
  }

  readonly name = this.RULE("name", () => {
    this.CONSUME(t.AnyName);
  });
  readonly qualifiedName = this.RULE("qualifiedName", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.CONSUME(t.AnyName) });
  });
  readonly names = this.RULE("names", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.name) });
  });
  readonly column = this.RULE("column", () => {
    this.OR([{ ALT: () => this.CONSUME(t.AnyName) }, { ALT: () => this.CONSUME(t.StringToken) }]);
  });
  readonly columns = this.RULE("columns", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.column) });
  });
  readonly format = this.RULE("format", () => {
    this.CONSUME(w.as);
    this.SUBRULE(this.name);
  });
  readonly doc = this.RULE("doc", () => {
    this.CONSUME(t.StringToken);
  });
  readonly reason = this.RULE("reason", () => {
    this.OPTION(() => this.CONSUME(w.because));
    this.CONSUME(t.StringToken);
  });
  readonly because = this.RULE("because", () => {
    this.CONSUME(w.because);
    this.CONSUME(t.StringToken);
  });
  readonly code = this.RULE("code", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Minus, DEF: () => this.CONSUME(t.AnyName) });
  });
  readonly bounds = this.RULE("bounds", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.compare) },
      {
        ALT: () => {
          this.CONSUME(w.in);
          this.SUBRULE(this.domain);
        },
      },
    ]);
  });
  readonly compare = this.RULE("compare", () => {
    this.CONSUME(t.Comparison);
    this.SUBRULE(this.bound);
  });
  readonly bound = this.RULE("bound", () => {
    this.OR([
      {
        ALT: () => {
          this.OPTION(() => this.OR2([{ ALT: () => this.CONSUME(t.Minus) }, { ALT: () => this.CONSUME(t.Plus) }]));
          this.CONSUME(t.NumberToken);
        },
      },
      { ALT: () => this.CONSUME(t.DateToken) },
      { ALT: () => this.CONSUME(t.Duration) },
    ]);
  });
  readonly domain = this.RULE("domain", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.range) }, { ALT: () => this.SUBRULE(this.set) }]);
  });
  readonly set = this.RULE("set", () => {
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.literal) });
    this.CONSUME(t.RightBrace);
  });
  readonly range = this.RULE("range", () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.bound);
          this.CONSUME(t.DotDot);
          this.SUBRULE2(this.bound);
        },
      },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(t.LeftParen) }, { ALT: () => this.CONSUME(t.LeftBracket) }]);
          this.SUBRULE3(this.bound);
          this.CONSUME2(t.DotDot);
          this.SUBRULE4(this.bound);
          this.OR3([{ ALT: () => this.CONSUME(t.RightParen) }, { ALT: () => this.CONSUME(t.RightBracket) }]);
        },
      },
    ]);
  });
  readonly type = this.RULE("type", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Pipe, DEF: () => this.SUBRULE(this.typeAtom) });
  });
  readonly typeAtom = this.RULE("typeAtom", () => {
    this.OR([
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.CONSUME(t.Name) }) },
      { ALT: () => this.CONSUME(constant.None) },
    ]);
    this.OPTION(() => {
      this.CONSUME(t.LeftBracket);
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => this.SUBRULE(this.type) });
      this.CONSUME(t.RightBracket);
    });
  });
  readonly literal = this.RULE("literal", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.bound) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(constant.True) },
      { ALT: () => this.CONSUME(constant.False) },
      { ALT: () => this.CONSUME(constant.None) },
      { ALT: () => this.SUBRULE(this.listLiteral) },
      { ALT: () => this.SUBRULE(this.tupleLiteral) },
      { ALT: () => this.SUBRULE(this.dictLiteral) },
    ]);
  });
  readonly listLiteral = this.RULE("listLiteral", () => {
    this.CONSUME(t.LeftBracket);
    this.OPTION(() => this.SUBRULE(this.literals));
    this.CONSUME(t.RightBracket);
  });
  readonly tupleLiteral = this.RULE("tupleLiteral", () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => this.SUBRULE(this.literals));
    this.CONSUME(t.RightParen);
  });
  /** A comma may follow the last item. */
  readonly literals = this.RULE("literals", () => {
    this.SUBRULE(this.literal);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.literal);
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
  });
  /** A dict; without colons a set. */
  readonly dictLiteral = this.RULE("dictLiteral", () => {
    this.CONSUME(t.LeftBrace);
    this.OPTION(() => {
      this.SUBRULE(this.entry);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.entry);
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RightBrace);
  });
  readonly entry = this.RULE("entry", () => {
    this.SUBRULE(this.literal);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE2(this.literal);
    });
  });

  // --- expressions: a run of tokens with balanced brackets ---
  readonly expression = this.RULE("expression", () => {
    this.SUBRULE(this.expressionPart);
    this.MANY({
      GATE: () => this.LA(1).tokenType !== t.StringToken || !endsOperand(this.LA(0)),
      DEF: () => this.SUBRULE2(this.expressionPart),
    });
  });
  readonly bracketedExpression = this.RULE("bracketedExpression", () => {
    this.AT_LEAST_ONE(() => this.SUBRULE(this.innerPart));
  });
  readonly expressionPart = this.RULE("expressionPart", () => {
    this.OR([{ ALT: () => this.CONSUME(t.ExpressionToken) }, { ALT: () => this.SUBRULE(this.brackets) }]);
  });
  readonly innerPart = this.RULE("innerPart", () => {
    this.OR([{ ALT: () => this.CONSUME(t.InnerToken) }, { ALT: () => this.SUBRULE(this.brackets) }]);
  });
  readonly brackets = this.RULE("brackets", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.MANY(() => this.SUBRULE(this.innerPart));
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.MANY2(() => this.SUBRULE2(this.innerPart));
          this.CONSUME(t.RightBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBrace);
          this.MANY3(() => this.SUBRULE3(this.innerPart));
          this.CONSUME(t.RightBrace);
        },
      },
    ]);
  });
}
