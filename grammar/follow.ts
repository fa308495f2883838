import {
  Alternation,
  Alternative,
  type IProduction,
  type IToken,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
  tokenMatcher,
} from "chevrotain";
import { alternatives } from "./gast.ts";
import { endsOperand, startsRule } from "./parts.ts";
import * as t from "./tokens.ts";
import { grammarTools } from "./tools.ts";

/** A token that could stand next, with the rule that asks for it ("" at the very end). */
export interface Expected {
  readonly type: TokenType;
  readonly label: string;
  readonly rule: string;
}

/** What is still to be read: a production, then the rest. Interned, so that equal states are one object. */
interface State {
  readonly production: IProduction | undefined;
  readonly rule: string;
  readonly next: State | undefined;
}

/** Rules of a block, which may begin only behind `{` or a separator (G1). */
const gated: ReadonlySet<string> = new Set(["columnRule", "tableRule", "given", "expectDirective"]);
/** Stands for the end of the directive. */
export const END: TokenType = { name: "End", LABEL: "the end of the directive" };
/** The rule name given to the parts of an expression behind the first. */
const REST = "expressionPart, not the first";

class Walker {
  private readonly interned = new Map<unknown, Map<unknown, State[]>>();
  private readonly rules: Readonly<Record<string, Rule>>;

  constructor() {
    this.rules = grammarTools().parser.getGAstProductions();
  }

  start(): readonly (State | undefined)[] {
    const rule = this.rules.directive;
    return rule === undefined ? [] : [this.push(rule.definition, rule.name, undefined)];
  }

  /** The states at a terminal (or at the end: no production) that `states` lead to without reading a token. */
  terminals(states: readonly (State | undefined)[], before: IToken | undefined): readonly State[] {
    const seen = new Set<State | undefined>();
    const found: State[] = [];
    const todo: (State | undefined)[] = [...states];
    while (todo.length > 0) {
      const state = todo.pop();
      if (seen.has(state)) continue;
      seen.add(state);
      if (state === undefined) found.push({ production: undefined, rule: "", next: undefined });
      else if (state.production instanceof Terminal) found.push(state);
      else todo.push(...this.expand(state, before).toReversed());
    }
    return found;
  }

  private expand(state: State, before: IToken | undefined): readonly (State | undefined)[] {
    const { production: p, rule, next } = state;
    if (p instanceof NonTerminal) {
      const target = p.referencedRule;
      const inBlock = rule === "contractDirective" || rule === "testDirective";
      if (inBlock && gated.has(target.name) && before !== undefined && !startsRule(before)) return [];
      const more = rule === "expression" && p.idx === 2;
      return [this.push(target.definition, more ? REST : target.name, next)];
    }
    if (p instanceof Alternation) return alternatives(p).map((parts) => this.push(parts, rule, next));
    if (p instanceof Alternative) return [this.push(p.definition, rule, next)];
    if (p instanceof Option) return [this.push(p.definition, rule, next), next];
    if (p instanceof Repetition) return [this.push(p.definition, rule, state), next];
    if (p instanceof RepetitionMandatory) {
      const more = this.intern(new Repetition({ definition: p.definition }), p, rule, next);
      return [this.push(p.definition, rule, more)];
    }
    if (p instanceof RepetitionMandatoryWithSeparator || p instanceof RepetitionWithSeparator) {
      const separator = new Terminal({ terminalType: p.separator });
      const more = this.intern(new Repetition({ definition: [separator, ...p.definition] }), p, rule, next);
      const once = this.push(p.definition, rule, more);
      return p instanceof RepetitionWithSeparator ? [once, next] : [once];
    }
    return [next];
  }

  /** The state that reads `definition` and then goes on with `next`. */
  push(definition: readonly IProduction[], rule: string, next: State | undefined): State | undefined {
    return definition.reduceRight<State | undefined>((rest, p) => this.intern(p, p, rule, rest), next);
  }

  private intern(production: IProduction, key: unknown, rule: string, next: State | undefined): State {
    const byNext = this.interned.get(key) ?? new Map<unknown, State[]>();
    this.interned.set(key, byNext);
    const same = byNext.get(next) ?? [];
    byNext.set(next, same);
    // A repetition that was made from another production is kept beside that production itself.
    const known = same.find((s) => s.rule === rule && s.production?.constructor === production.constructor);
    if (known !== undefined) return known;
    const state: State = { production, rule, next };
    same.push(state);
    return state;
  }
}

/** True when `token` can be what the state asks for; behind an operand a text begins the reason (G2). */
function accepts(state: State, token: IToken, before: IToken | undefined): boolean {
  const terminal = state.production;
  if (!(terminal instanceof Terminal) || !tokenMatcher(token, terminal.terminalType)) return false;
  return !(state.rule === REST && token.tokenType === t.StringToken && before !== undefined && endsOperand(before));
}

/** How far `tokens` can be read, and everything that could stand behind that, without repeats, in the order of the grammar. */
export function follow(tokens: readonly IToken[]): { readonly read: number; readonly expected: readonly Expected[] } {
  const walker = new Walker();
  let states = walker.terminals(walker.start(), undefined);
  let before: IToken | undefined;
  let read = 0;
  for (const token of tokens) {
    const next = new Set<State | undefined>();
    for (const state of states) if (accepts(state, token, before)) next.add(state.next);
    if (next.size === 0) break;
    states = walker.terminals([...next], token);
    before = token;
    read++;
  }
  const found = new Map<string, Expected>();
  for (const state of states) {
    const terminal = state.production;
    const type = terminal instanceof Terminal ? terminal.terminalType : END;
    if (type === t.Separator && before !== undefined && startsRule(before)) continue;
    const label = type.LABEL ?? type.name;
    const rule = state.rule === REST ? "expressionPart" : state.rule;
    if (!found.has(`${label}/${rule}`)) found.set(`${label}/${rule}`, { type, label, rule });
  }
  return { read, expected: [...found.values()] };
}
