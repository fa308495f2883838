import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Phase, Place } from "../diagnostics/diagnostic.ts";
import type { Stmt } from "../python/ir.ts";
import { parseModule } from "../python/parse.ts";
import type { Attached, ParsedNotebook, Target } from "./attached.ts";
import { boundNames, statementsFrom } from "./binds.ts";
import { type Carrier, carrierOf, MARKER } from "./carrier.ts";
import type { Directive } from "./directive.ts";
import { type Lift, liftParam, liftSecret } from "./lift.ts";
import { type AnnotationTools, type ReadFrom, readCell } from "./read-cell.ts";
import { type Site, siteOf } from "./site.ts";
import { sayTwice } from "./twice.ts";

/** The directives that may stand in a Markdown cell. */
const inMarkdown: ReadonlySet<Directive["kind"]> = new Set([
  ...([
    "section",
    "seed",
    "entity",
    "feature",
    "monotone",
    "drift",
    "use",
    "misuse",
    "assume",
    "limit",
    "risk",
  ] as const),
  ...(["decide", "protect", "label", "monitor", "review", "waive", "contract", "metric", "threshold", "test"] as const),
]);

/**
 * Reads every directive of a model's notebooks and attaches it. `initPython` must have been awaited, unless `tools` bring a
 * parser of their own. The directives come in the order of the notebooks, cells and lines.
 */
export function attachAll(
  notebooks: readonly ParsedNotebook[],
  tools: AnnotationTools = { parse: parseModule },
): Phase<readonly Attached[]> {
  const value: Attached[] = [];
  const diagnostics: Diagnostic[] = [];
  notebooks.forEach(({ notebook, cells }, notebookIndex) => {
    cells.forEach(({ cell, module }, cellIndex) => {
      const carrier = carrierOf(notebook, cell);
      if (carrier === undefined) return;
      const read = readCell(cell, carrier, module, tools);
      diagnostics.push(...read.diagnostics);
      for (const from of read.value) {
        const place = cell.place(from.directive.span);
        const anchorOffset = carrier === "python" ? from.raw.span.start : 0;
        const where: Where = {
          from,
          carrier,
          body: module.body,
          python: module.text,
          anchorOffset,
          place,
          ...site(from, carrier, module),
        };
        const { target, statement, candidates = [], lifted, problem } = attachOne(where);
        if (problem !== undefined) diagnostics.push(problem);
        value.push({
          directive: from.directive,
          notebook,
          notebookIndex,
          cellIndex,
          cell,
          carrier,
          target,
          ...(statement === undefined ? {} : { statement }),
          candidates,
          ...(lifted === undefined ? {} : { value: lifted }),
          anchorOffset,
          span: from.directive.span,
        });
      }
    });
  });
  return { value, diagnostics: [...diagnostics, ...sayTwice(value), ...sayEmptySteps(value, notebooks)] };
}

interface Where {
  readonly from: ReadFrom;
  readonly carrier: Carrier;
  readonly body: readonly Stmt[];
  readonly python: string;
  readonly anchorOffset: number;
  readonly place: Place;
  readonly site: Site;
}

interface Found {
  readonly target: Target;
  readonly statement?: Stmt | undefined;
  readonly candidates?: readonly Stmt[];
  readonly lifted?: Lift["value"];
  readonly problem?: Diagnostic | undefined;
}

function site(
  { raw }: ReadFrom,
  carrier: Carrier,
  module: ParsedNotebook["cells"][number]["module"],
): { readonly site: Site } {
  if (carrier === "python") return { site: siteOf(module, raw.span.start, raw.ownLine) };
  return { site: { block: module.body, index: 0, around: [], relation: "below" } };
}

function attachOne(where: Where): Found {
  const { from, carrier, body, site, place, python } = where;
  const { directive } = from;
  if (carrier === "markdown") {
    const problem = inMarkdown.has(directive.kind)
      ? undefined
      : report("CW1114", place, { directive: directive.kind, marker: MARKER.python });
    return { target: "model", problem };
  }
  const statement = site.block[site.index];
  const below = statement === undefined ? [] : statementsFrom(body, statement.span.start);
  switch (directive.kind) {
    case "step":
      return { target: "before", statement, problem: stepProblem(directive.name.name, site, place) };
    case "skip":
    case "keep": {
      const first = body[0];
      if (site.relation === "below" && (first === undefined || where.anchorOffset <= first.span.start))
        return { target: "cell" };
      return needed(where, statement);
    }
    case "input":
    case "output":
    case "source":
      return { ...needed(where, statement), candidates: below };
    case "ignore":
    case "apply":
      return needed(where, statement);
    case "param":
      return lifting(
        "name",
        statement === undefined ? needed(where, statement) : liftParam(directive, below, python, place),
      );
    case "secret":
      return lifting(
        "statement",
        statement === undefined ? needed(where, statement) : liftSecret(directive, statement, place),
      );
    case "fit":
      return { target: "name", statement: binding(below, directive.names[0]?.name) };
    case "metric":
    case "threshold":
    case "contract":
      return { target: "name", statement: binding(below, directive.name.name) };
    case "expect":
      return moment(site);
    case "assume":
      return directive.check === undefined ? { target: "model" } : moment(site);
    case "serve":
      return { target: "after", statement: body.at(-1) };
    default:
      return { target: "model" };
  }
}

/** The first statement that binds the name; of a dotted name, its first part. */
function binding(below: readonly Stmt[], name: string | undefined): Stmt | undefined {
  const first = name?.split(".")[0];
  return first === undefined ? undefined : below.find((stmt) => boundNames(stmt).includes(first));
}

function lifting(target: Target, lift: Lift | Found): Found {
  const lifted = "value" in lift ? { lifted: lift.value } : {};
  return { target, statement: lift.statement, ...lifted, problem: lift.problem };
}

/** A directive that must have a statement; in a cell of another language it is left to whoever reads that language. */
function needed({ from, carrier, site, place }: Where, statement: Stmt | undefined): Found {
  if (statement !== undefined || carrier !== "python") return { target: "statement", statement };
  const where = site.around.length > 0 ? "this block" : "this cell";
  return { target: "statement", problem: report("CW1119", place, { directive: from.directive.kind, where }) };
}

/** Just before the statement below; behind code, or at the end of a block, just after the statement. */
function moment(site: Site): Found {
  const statement = site.block[site.index];
  if (site.relation === "on") return { target: "after", statement };
  return statement === undefined ? { target: "after", statement: site.block.at(-1) } : { target: "before", statement };
}

function stepProblem(name: string, site: Site, place: Place): Diagnostic | undefined {
  const holder = site.around.at(-1);
  if (holder === undefined) return undefined;
  const kind =
    holder.kind === "function" || holder.kind === "class" ? `${holder.kind} \`${holder.name}\`` : `\`${holder.kind}\``;
  return report("CW1115", place, {
    name,
    where: ` of a ${kind}`.replace("a function", "the function").replace("a class", "the class"),
  });
}

/** A step that stands last in its cell begins with the next cell; when no statement follows before the next step, it is empty. */
function sayEmptySteps(all: readonly Attached[], notebooks: readonly ParsedNotebook[]): readonly Diagnostic[] {
  const steps = all.filter((one) => one.directive.kind === "step" && one.carrier === "python");
  return steps.flatMap((step, i) => {
    if (step.statement !== undefined) return [];
    const next = steps[i + 1];
    const follows = notebooks.some(({ cells }, n) =>
      cells.some(({ module }, c) => {
        const isLater = n > step.notebookIndex || (n === step.notebookIndex && c > step.cellIndex);
        if (!isLater) return false;
        if (next === undefined) return module.body.length > 0;
        if (n > next.notebookIndex || (n === next.notebookIndex && c > next.cellIndex)) return false;
        const isCellOfNext = n === next.notebookIndex && c === next.cellIndex;
        return module.body.some((stmt) => !isCellOfNext || stmt.span.start < next.anchorOffset);
      }),
    );
    if (follows) return [];
    const where = next === undefined ? "the rest of the notebook" : "the cells before the next `step`";
    return [report("CW1119", step.cell.place(step.directive.span), { directive: "step", where })];
  });
}
