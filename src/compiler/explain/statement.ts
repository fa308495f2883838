import { cite } from "../../blueprint/cite.ts";
import { shownText } from "../../blueprint/secrets.ts";
import type { Unit } from "../../dataflow/program.ts";
import { joinPath } from "../../foundation/paths.ts";
import type { Compiled } from "../compile.ts";
import { type Outcome, type Outcomes, outcomesOf } from "../outcomes.ts";

/** What `explain` says of one statement. */
export interface StatementStory {
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  readonly outcome: Outcome["kind"];
  readonly step?: string;
  /** One sentence: what became of it and by which rule. */
  readonly rule: string;
  /** The path to what production keeps, one sentence for each link. */
  readonly path: readonly string[];
  /** Statements inside of it that were left out. */
  readonly leftOut: readonly {
    readonly line: number;
    readonly endLine: number;
    readonly text: string;
    readonly rule: string;
  }[];
  /** Of each table that it reads from outside, the columns that production uses: `'a' and 'b'`, `all but 'y'`, `all`. */
  readonly columns: readonly string[];
  /** Generated lines, relative to the workspace. */
  readonly generated: readonly { readonly file: string; readonly line: number; readonly endLine: number }[];
}

/** Tells the stories of a model's statements. */
export interface Storyteller {
  of(unit: Unit): StatementStory;
}

export function storyteller(compiled: Compiled): Storyteller {
  const { flow } = compiled;
  const outcomes = flow && outcomesOf(flow, compiled.built);
  return {
    of(unit) {
      const at = cite(unit);
      const outcome: Outcome = outcomes?.of(unit.id) ?? { kind: "undecided" };
      return {
        line: at.line,
        endLine: at.endLine,
        text: shownText(unit),
        outcome: outcome.kind,
        ...(outcome.kind === "step" ? { step: outcome.step } : {}),
        rule: ruleOf(outcome, compiled) + unknownOf(outcome, unit, compiled),
        leftOut: outcome.kind === "step" ? leftOutOf(compiled, unit) : [],
        path: flow && outcomes ? pathOf(compiled, outcomes, unit) : [],
        columns: compiled.built?.columnsUsed.get(unit.id) ?? [],
        generated: outcome.kind === "dropped" ? [] : generatedOf(compiled, unit),
      };
    },
  };
}

function ruleOf(outcome: Outcome, compiled: Compiled): string {
  switch (outcome.kind) {
    case "step":
      return `kept in the step \`${outcome.step}\``;
    case "parameter":
      return `kept as the parameter \`${outcome.name}\`, with the notebook's value as its default`;
    case "helper":
      return "kept as a helper: a module-level definition that steps call";
    case "constant":
      return "kept as a module-level constant that helpers read";
    case "import":
      return "kept as an import of the modules that use it";
    case "dropped":
      return `dropped as ${outcome.reason}: ${outcome.detail}`;
    case "undecided":
      return `not decided: the model \`${compiled.model.name}\` has errors`;
  }
}

/** What was left out of a kept statement, with the rule. */
function leftOutOf(compiled: Compiled, unit: Unit): StatementStory["leftOut"] {
  const at = cite(unit);
  const inside = (compiled.built?.blueprint.dropped ?? []).filter(
    (drop) =>
      drop.inside === true &&
      drop.cite.notebook === at.notebook &&
      drop.cite.cellId === at.cellId &&
      at.line <= drop.cite.line &&
      drop.cite.endLine <= at.endLine,
  );
  return inside.map(({ cite: { line, endLine }, text, reason, detail }) => ({
    line,
    endLine,
    text,
    rule: `left out as ${reason}: ${detail}`,
  }));
}

/** Calls about which nothing is known make a statement keep more than it may need: that is said of each. */
function unknownOf(outcome: Outcome, unit: Unit, compiled: Compiled): string {
  const calls = [...(compiled.flow?.facts[unit.id]?.trace.unknownCalls.keys() ?? [])];
  if (outcome.kind === "dropped" || calls.length === 0) return "";
  const names = calls.map((name) => `\`${name}\``).join(", ");
  return `; nothing is known of ${names}, so ${calls.length === 1 ? "it counts" : "they count"} as reading and changing all that is given`;
}

function pathOf(compiled: Compiled, outcomes: Outcomes, unit: Unit): readonly string[] {
  const links = outcomes.path(unit.id);
  return links.map((link, i) => {
    if (i === links.length - 1) return `that is kept for what it gives: ${link.what}`;
    const user = compiled.flow?.program.units[link.unit];
    const other = user && user.cell.notebook !== unit.cell.notebook ? `${user.cell.notebook.path}:` : "";
    const where = user ? `${other}cell ${user.cell.cell.index}:${cite(user).line}` : "another statement";
    return `${link.what === "" ? "it" : link.what} is needed at ${where}`;
  });
}

/** Lines of generated files that say they come from the lines of this statement. */
function generatedOf(compiled: Compiled, unit: Unit): StatementStory["generated"] {
  const at = cite(unit);
  return compiled.files.flatMap((file) =>
    file.origins
      .filter(
        (o) =>
          o.notebook === at.notebook && o.cellId === at.cellId && o.span.start <= at.endLine && at.line <= o.span.end,
      )
      .map((o) => ({ file: joinPath(compiled.model.out, file.path), line: o.line, endLine: o.endLine })),
  );
}

/** Statements of a cell that stand, in part, on these lines of it. */
export function statementsOn(
  compiled: Compiled,
  notebook: string,
  cellId: string,
  from: number,
  to: number,
): readonly Unit[] {
  const seen = new Set<string>();
  return (compiled.flow?.program.units ?? []).filter((unit) => {
    const at = cite(unit);
    if (at.notebook !== notebook || at.cellId !== cellId || at.endLine < from || at.line > to) return false;
    // A notebook that runs twice has each statement twice; once is enough here.
    const key = `${unit.stmt.span.start}-${unit.stmt.span.end}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
