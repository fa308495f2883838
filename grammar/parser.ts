import { type IParserConfig, tokenMatcher } from "chevrotain";
import { PartsParser, startsRule } from "./parts.ts";
import * as t from "./tokens.ts";
import { word as w } from "./tokens.ts";

/**
 * The grammar of one directive, without its marker. It stops at the first fault: `read.ts` recovers by itself, line by line of a
 * block, because Chevrotain's own recovery reports one slip several times. Rule names avoid the parser's own members (`input`, `or`,
 * `option`, `many`).
 */
export class DirectiveParser extends PartsParser {
  constructor(config: IParserConfig = {}) {
    super({ maxLookahead: 3, nodeLocationTracking: "onlyOffset", ...config });
    this.performSelfAnalysis();
  }

  readonly directive = this.RULE("directive", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.stepDirective) },
      { ALT: () => this.SUBRULE(this.skipDirective) },
      { ALT: () => this.SUBRULE(this.keepDirective) },
      { ALT: () => this.SUBRULE(this.inputDirective) },
      { ALT: () => this.SUBRULE(this.outputDirective) },
      { ALT: () => this.SUBRULE(this.paramDirective) },
      { ALT: () => this.SUBRULE(this.secretDirective) },
      { ALT: () => this.SUBRULE(this.seedDirective) },
      { ALT: () => this.SUBRULE(this.entityDirective) },
      { ALT: () => this.SUBRULE(this.featureDirective) },
      { ALT: () => this.SUBRULE(this.serveDirective) },
      { ALT: () => this.SUBRULE(this.fitDirective) },
      { ALT: () => this.SUBRULE(this.applyDirective) },
      { ALT: () => this.SUBRULE(this.contractDirective) },
      { ALT: () => this.SUBRULE(this.expectDirective) },
      { ALT: () => this.SUBRULE(this.metricDirective) },
      { ALT: () => this.SUBRULE(this.thresholdDirective) },
      { ALT: () => this.SUBRULE(this.monotoneDirective) },
      { ALT: () => this.SUBRULE(this.driftDirective) },
      { ALT: () => this.SUBRULE(this.testDirective) },
      { ALT: () => this.SUBRULE(this.waiveDirective) },
      { ALT: () => this.SUBRULE(this.ignoreDirective) },
      { ALT: () => this.SUBRULE(this.useDirective) },
      { ALT: () => this.SUBRULE(this.misuseDirective) },
      { ALT: () => this.SUBRULE(this.assumeDirective) },
      { ALT: () => this.SUBRULE(this.limitDirective) },
      { ALT: () => this.SUBRULE(this.riskDirective) },
      { ALT: () => this.SUBRULE(this.decideDirective) },
      { ALT: () => this.SUBRULE(this.sourceDirective) },
      { ALT: () => this.SUBRULE(this.protectDirective) },
      { ALT: () => this.SUBRULE(this.labelDirective) },
      { ALT: () => this.SUBRULE(this.monitorDirective) },
      { ALT: () => this.SUBRULE(this.reviewDirective) },
      { ALT: () => this.SUBRULE(this.sectionDirective) },
    ]);
  });

  // --- structure ---
  readonly stepDirective = this.RULE("stepDirective", () => {
    this.CONSUME(w.step);
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.OPTION2(() => this.SUBRULE(this.names, { LABEL: "reads" }));
      this.CONSUME(t.RightParen);
    });
    this.OPTION3(() => {
      this.CONSUME(t.Arrow);
      this.SUBRULE2(this.names, { LABEL: "gives" });
    });
    this.OPTION4(() => this.SUBRULE(this.doc));
  });
  readonly skipDirective = this.RULE("skipDirective", () => {
    this.CONSUME(w.skip);
    this.OPTION(() => this.SUBRULE(this.reason));
  });
  readonly keepDirective = this.RULE("keepDirective", () => {
    this.CONSUME(w.keep);
    this.OPTION(() => this.SUBRULE(this.reason));
  });

  // --- binding to the outside world ---
  readonly inputDirective = this.RULE("inputDirective", () => {
    this.CONSUME(w.input);
    this.SUBRULE(this.qualifiedName);
    this.OPTION(() => {
      this.CONSUME(w.from);
      this.CONSUME(t.StringToken, { LABEL: "outside" });
    });
    this.OPTION2(() => this.SUBRULE(this.format));
    this.OPTION3(() => this.SUBRULE(this.doc));
  });
  readonly outputDirective = this.RULE("outputDirective", () => {
    this.CONSUME(w.output);
    this.SUBRULE(this.qualifiedName);
    this.OPTION(() => {
      this.CONSUME(w.to);
      this.CONSUME(t.StringToken, { LABEL: "outside" });
    });
    this.OPTION2(() => this.SUBRULE(this.format));
    this.OPTION3(() => this.SUBRULE(this.doc));
  });
  readonly paramDirective = this.RULE("paramDirective", () => {
    this.CONSUME(w.param);
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.CONSUME(t.Equal);
      this.SUBRULE(this.literal);
    });
    this.OPTION3(() => {
      this.CONSUME(w.in);
      this.SUBRULE(this.domain);
    });
    this.OPTION4(() => this.SUBRULE(this.doc));
  });
  readonly secretDirective = this.RULE("secretDirective", () => {
    this.CONSUME(w.secret);
    this.SUBRULE(this.name);
    this.OPTION(() => this.SUBRULE(this.doc));
  });
  readonly seedDirective = this.RULE("seedDirective", () => {
    this.CONSUME(w.seed);
    this.CONSUME(t.NumberToken);
  });
  readonly entityDirective = this.RULE("entityDirective", () => {
    this.CONSUME(w.entity);
    this.SUBRULE(this.name);
    this.CONSUME(w.key);
    this.SUBRULE(this.columns);
    this.OPTION(() => {
      this.CONSUME(w.at);
      this.SUBRULE(this.column);
    });
  });
  readonly featureDirective = this.RULE("featureDirective", () => {
    this.CONSUME(w.feature);
    this.SUBRULE(this.column);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(w.of);
    this.SUBRULE(this.name);
    this.OPTION2(() => {
      this.CONSUME(w.ttl);
      this.CONSUME(t.Duration);
    });
    this.OPTION3(() => this.SUBRULE(this.doc));
  });
  readonly serveDirective = this.RULE("serveDirective", () => {
    this.CONSUME(w.serve);
    this.SUBRULE(this.name);
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.SUBRULE(this.names);
      this.CONSUME(t.RightParen);
    });
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.columns);
    this.OPTION2(() => this.SUBRULE(this.doc));
  });
  readonly fitDirective = this.RULE("fitDirective", () => {
    this.CONSUME(w.fit);
    this.SUBRULE(this.names);
    this.OPTION(() => this.SUBRULE(this.doc));
  });
  readonly applyDirective = this.RULE("applyDirective", () => {
    this.CONSUME(w.apply);
    this.OPTION(() => this.SUBRULE(this.names));
    this.OPTION2(() => this.SUBRULE(this.doc));
  });

  // --- promises ---
  readonly contractDirective = this.RULE("contractDirective", () => {
    this.CONSUME(w.contract);
    this.SUBRULE(this.qualifiedName);
    this.CONSUME(t.LeftBrace);
    this.MANY({
      GATE: () => tokenMatcher(this.LA(1), t.Separator) || startsRule(this.LA(0)),
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          { ALT: () => this.SUBRULE(this.tableRule) },
          { ALT: () => this.SUBRULE(this.columnRule) },
        ]),
    });
    this.CONSUME(t.RightBrace);
  });
  readonly columnRule = this.RULE("columnRule", () => {
    this.SUBRULE(this.column);
    this.SUBRULE(this.type);
    this.MANY(() => this.SUBRULE(this.constraint));
    this.OPTION(() => this.SUBRULE(this.doc));
  });
  readonly constraint = this.RULE("constraint", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.compare) },
      {
        ALT: () => {
          this.CONSUME(w.in);
          this.SUBRULE(this.domain);
        },
      },
      { ALT: () => this.CONSUME(w.unique) },
      { ALT: () => this.CONSUME(w.nullable) },
      { ALT: () => this.CONSUME(w.pii) },
      { ALT: () => this.CONSUME(w.sensitive) },
      { ALT: () => this.CONSUME(w.protected) },
      { ALT: () => this.CONSUME(w.key) },
      { ALT: () => this.CONSUME(w.target) },
      {
        ALT: () => {
          this.CONSUME(w.fresh);
          this.CONSUME(t.Duration);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.matches);
          this.CONSUME(t.Regex);
        },
      },
    ]);
  });
  readonly tableRule = this.RULE("tableRule", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.unique);
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.columns);
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.rows);
          this.SUBRULE(this.bounds);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.fresh);
          this.CONSUME(t.Duration);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.expect);
          this.CONSUME2(t.LeftParen);
          this.SUBRULE(this.bracketedExpression);
          this.CONSUME2(t.RightParen);
          this.OPTION(() => this.SUBRULE(this.reason));
        },
      },
    ]);
  });
  readonly expectDirective = this.RULE("expectDirective", () => {
    this.CONSUME(w.expect);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.SUBRULE(this.reason));
  });
  readonly metricDirective = this.RULE("metricDirective", () => {
    this.CONSUME(w.metric);
    this.SUBRULE(this.qualifiedName);
    this.OPTION(() => this.SUBRULE(this.bounds));
    this.OPTION2(() => {
      this.CONSUME(w.on);
      this.SUBRULE(this.name);
    });
    this.OPTION3(() => {
      this.CONSUME(w.by);
      this.SUBRULE(this.columns);
    });
    this.OPTION4(() => this.SUBRULE(this.doc));
  });
  readonly thresholdDirective = this.RULE("thresholdDirective", () => {
    this.CONSUME(w.threshold);
    this.SUBRULE(this.qualifiedName);
    this.SUBRULE(this.compare);
    this.SUBRULE(this.because);
  });
  readonly monotoneDirective = this.RULE("monotoneDirective", () => {
    this.CONSUME(w.monotone);
    this.SUBRULE(this.column);
    this.OR([{ ALT: () => this.CONSUME(w.increasing) }, { ALT: () => this.CONSUME(w.decreasing) }]);
  });
  readonly driftDirective = this.RULE("driftDirective", () => {
    this.CONSUME(w.drift);
    this.OR([
      { ALT: () => this.CONSUME(w.psi) },
      { ALT: () => this.CONSUME(w.ks) },
      { ALT: () => this.CONSUME(w.chi2) },
    ]);
    this.SUBRULE(this.compare);
    this.OPTION(() => {
      this.CONSUME(w.on);
      this.SUBRULE(this.columns);
    });
  });
  readonly testDirective = this.RULE("testDirective", () => {
    this.CONSUME(w.test);
    this.CONSUME(t.StringToken, { LABEL: "title" });
    this.OPTION(() => {
      this.CONSUME(w.of);
      this.SUBRULE(this.name);
    });
    this.CONSUME(t.LeftBrace);
    this.MANY({
      GATE: () => tokenMatcher(this.LA(1), t.Separator) || startsRule(this.LA(0)),
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(t.Separator) },
          { ALT: () => this.SUBRULE(this.given) },
          { ALT: () => this.SUBRULE(this.expectDirective) },
        ]),
    });
    this.CONSUME(t.RightBrace);
  });
  readonly given = this.RULE("given", () => {
    this.CONSUME(w.given);
    this.OPTION(() => this.SUBRULE(this.name));
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });
  readonly waiveDirective = this.RULE("waiveDirective", () => {
    this.CONSUME(w.waive);
    this.SUBRULE(this.code);
    this.SUBRULE(this.because);
    this.CONSUME(w.until);
    this.CONSUME(t.DateToken);
  });
  readonly ignoreDirective = this.RULE("ignoreDirective", () => {
    this.CONSUME(w.ignore);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.code) });
    this.SUBRULE(this.because);
  });

  // --- intent ---
  readonly useDirective = this.RULE("useDirective", () => {
    this.CONSUME(w.use);
    this.SUBRULE(this.doc);
  });
  readonly misuseDirective = this.RULE("misuseDirective", () => {
    this.CONSUME(w.misuse);
    this.SUBRULE(this.doc);
  });
  readonly limitDirective = this.RULE("limitDirective", () => {
    this.CONSUME(w.limit);
    this.SUBRULE(this.doc);
  });
  readonly labelDirective = this.RULE("labelDirective", () => {
    this.CONSUME(w.label);
    this.SUBRULE(this.doc);
  });
  readonly sectionDirective = this.RULE("sectionDirective", () => {
    this.CONSUME(w.section);
    this.SUBRULE(this.doc);
  });
  readonly assumeDirective = this.RULE("assumeDirective", () => {
    this.CONSUME(w.assume);
    this.SUBRULE(this.doc);
    this.OPTION(() => this.SUBRULE(this.because));
    this.OPTION2(() => {
      this.CONSUME(w.check);
      this.SUBRULE(this.expression);
    });
  });
  readonly riskDirective = this.RULE("riskDirective", () => {
    this.CONSUME(w.risk);
    this.SUBRULE(this.doc);
    this.OPTION(() => {
      this.CONSUME(w.mitigated);
      this.CONSUME(t.StringToken, { LABEL: "mitigation" });
    });
  });
  readonly decideDirective = this.RULE("decideDirective", () => {
    this.CONSUME(w.decide);
    this.SUBRULE(this.doc);
    this.SUBRULE(this.because);
  });
  readonly sourceDirective = this.RULE("sourceDirective", () => {
    this.CONSUME(w.source);
    this.SUBRULE(this.doc);
    this.OPTION(() => {
      this.CONSUME(w.license);
      this.CONSUME(t.StringToken, { LABEL: "licence" });
    });
  });
  readonly protectDirective = this.RULE("protectDirective", () => {
    this.CONSUME(w.protect);
    this.SUBRULE(this.columns);
    this.OPTION(() => this.SUBRULE(this.reason));
  });
  readonly monitorDirective = this.RULE("monitorDirective", () => {
    this.CONSUME(w.monitor);
    this.SUBRULE(this.doc);
    this.CONSUME(w.every);
    this.CONSUME(t.Duration);
  });
  readonly reviewDirective = this.RULE("reviewDirective", () => {
    this.CONSUME(w.review);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w.by);
          this.CONSUME(t.DateToken);
        },
      },
      {
        ALT: () => {
          this.CONSUME(w.every);
          this.CONSUME(t.Duration);
        },
      },
    ]);
  });
}
