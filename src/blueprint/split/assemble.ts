import type { Unit } from "../../dataflow/program.ts";
import { plain } from "../../dataflow/value.ts";
import { remembered } from "../../foundation/remembered.ts";
import type { Expr, Stmt } from "../../python/ir.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { walkStmtExprs, walkStmts } from "../../python/walk.ts";
import { annotationOfValue, kindsModule } from "../annotations.ts";
import type { Dataset, Import, ServedAnswer, Serving } from "../blueprint.ts";
import { cite } from "../cite.ts";
import type { Edit } from "../edits.ts";
import type { LabelTable } from "./bound.ts";
import {
  behind,
  captureEdits,
  inOrder,
  insert,
  instead,
  keyText,
  named,
  own,
  type PlacedEdit,
} from "./capture-edits.ts";
import type { CallPlace, Cut, Definition } from "./graph.ts";
import type { Split, SplitAnswer } from "./index.ts";
import type { Machine } from "./machine.ts";

/** Stands for the product's modules of the same names; a target puts their relative names there. */
export const servingModules = { fit: "@fit", learned: "@learned" } as const;

const learnedNames = new Set([
  "keep_columns",
  "keep_name",
  "keep_list",
  "keep_flag",
  "keep_renames",
  "keep_categories",
  "learn_group",
  "keep_row_labels",
  "split_rows",
  "join_rows",
  "index_rows",
  "keep_lookup",
  "keep_turns",
  "keep_table",
  "stack_rows",
  "turn",
  "learn_fitted",
  "learn_bins",
  "learn_codes",
  "learn_align",
  "learn_dates",
]);

/** The dataset of an `input` directive with this name is the history of the rows that are answered. */
export const historyName = "history";

/** What the blueprint says of serving, and the changes of the training code that it takes. */
export interface Assembled {
  readonly serving: Serving;
  readonly edits: readonly Edit[];
  readonly imports: ReadonlyMap<number, readonly Import[]>;
}

/** Writes a split down for the blueprint; `datasetOf` names the dataset that a unit reads. */
export function assemble(split: Split, datasetOf: (unit: number) => Dataset | undefined): Assembled | undefined {
  const { machine, answers } = split;
  const { units } = machine.flow.program;
  const source = answers[0]?.served.source;
  const dataset = source && datasetOf(source.unit);
  if (!source || !dataset || answers.some(({ served }) => served.source !== source)) return undefined;
  const cuts = [...new Map(answers.flatMap(({ written }) => written.cuts.map((one) => [one.field, one]))).values()];
  const edits: PlacedEdit[] = [];
  const imports = new Map<number, Import[]>();
  const local = localNames(units);
  const use = (unit: number, name: string): void => {
    const module = learnedNames.has(name) ? servingModules.learned : servingModules.fit;
    const list = imports.get(unit) ?? [];
    if (!list.some((one) => one.name === name)) list.push({ module, name, local: local(name) });
    imports.set(unit, list);
  };
  const scopes = new Map<string, string>();
  const scopeOf = (place: CallPlace): string => {
    const key = `${place.unit}:${place.span.start}`;
    const known = scopes.get(key);
    if (known !== undefined) return known;
    const taken = new Set(scopes.values());
    let name = place.name;
    for (let i = 2; taken.has(name); i++) name = `${place.name}_${i}`;
    scopes.set(key, name);
    const at = units[place.unit];
    if (at) {
      edits.push(...insert(at, place.span, `${own("within")}(${JSON.stringify(name)}, `, `${keyText(place.keys)})`));
      use(place.unit, "within");
    }
    return name;
  };
  for (const { cut, field } of cuts) {
    for (const place of cut.calls) scopeOf(place);
    edits.push(...captureEdits(units, cut, field));
    use(cut.capture.unit, cut.capture.call);
    if (cut.ownKeys.some((key) => /^turn_\d+$/.test(key))) use(cut.capture.unit, "turn");
  }
  const reading = units[source.unit];
  if (reading) {
    edits.push(...insert(reading, source.read.span, `${own("keep_input")}(`, ")"));
    use(reading.id, "keep_input");
  }
  const noted = new Map<string, string>();
  for (const one of answers) {
    const through = labelTables(one, noted, (table, name) => {
      const at = units[table.unit];
      if (!at) return;
      const text = JSON.stringify(name);
      if (table.how === "values")
        edits.push(behind(at, at.stmt.span.start, `${own("keep_labels")}(${text}, ${table.text})`));
      else if (table.how === "index")
        edits.push(behind(at, at.stmt.span.start, `${own("keep_labels")}(${text}, ${table.variable}.index)`));
      else if (table.how === "around")
        edits.push(...insert(at, table.span, `${own("keep_row_labels")}(${text}, `, ")"));
      else {
        edits.push(...instead(at, table.span, `${own(labelCalls[table.how])}(${text}, `, ", "));
      }
      use(table.unit, labelCalls[table.how]);
    });
    for (const { unit, text } of answerCalls(machine, one, through)) {
      const at = units[unit];
      if (!at) continue;
      edits.push(behind(at, at.stmt.span.start, text));
      use(unit, "keep_answers");
    }
  }
  const { read } = source;
  const history = historyOf(split, dataset, datasetOf);
  for (const unit of history ? (machine.lookBack?.units ?? []) : []) {
    const at = units[unit];
    const one = machine.sources.find((other) => other.unit === unit);
    if (!at || !one) continue;
    edits.push(...insert(at, one.read.span, `${own("keep_history")}(`, ")"));
    use(unit, "keep_history");
  }
  const fields = cuts.map(({ cut, field }) => {
    const annotation = annotationOfCut(machine, cut);
    const unit = units[cut.capture.unit];
    return {
      name: field,
      annotation: cut.keys.length > 0 ? `dict[AnyObject, ${annotation.text}]` : annotation.text,
      imports: [...annotation.imports, ...(cut.keys.length > 0 ? [anyObject] : [])],
      keyed: cut.keys.length > 0,
      within: cut.calls.map(scopeOf),
      ...(unit ? { cite: cite(unit) } : {}),
    };
  });
  return {
    serving: {
      dataset: dataset.name,
      reads:
        read.kind === "call"
          ? read.keywords.flatMap(({ name, value }) =>
              name !== undefined && value.kind !== "name" && name !== "filepath_or_buffer"
                ? [{ name, text: printExpr(value) }]
                : [],
            )
          : [],
      fields,
      answers: answers.map((one) => answerOf(machine, one)),
      ...(history ? { history, ...lookedAtBy(answers) } : {}),
    },
    edits: named(inOrder(edits), local),
    imports,
  };
}

/** The product's functions beside the names of the notebook: a variable may be called `keep`. */
function localNames(units: readonly Unit[]): (name: string) => string {
  const isTaken = (name: string): boolean => units.some(({ stmt }) => namesIn(stmt).has(name));
  return (name) => {
    let out = name;
    while (isTaken(out)) out = `serving_${out}`;
    return out;
  };
}

/** Names that a statement uses, defines or takes, anywhere in it. */
const namesIn = remembered((stmt: Stmt): ReadonlySet<string> => {
  const out = new Set<string>();
  walkStmtExprs([stmt], (expr) => {
    if (expr.kind === "name") out.add(expr.id);
  });
  walkStmts([stmt], (one) => {
    if (one.kind === "function" || one.kind === "class") out.add(one.name);
    if (one.kind === "function") for (const { name } of one.params) out.add(name);
  });
  return out;
});

const labelCalls = {
  index: "keep_labels",
  values: "keep_labels",
  around: "keep_row_labels",
  split: "split_rows",
  parts: "stack_rows",
  join: "join_rows",
  keys: "index_rows",
} as const satisfies Readonly<Record<LabelTable["how"], string>>;

const anyObject: Import = { module: kindsModule, name: "AnyObject", local: "AnyObject" };

/** The raw columns that lags of any answer read. */
function lookedAtBy(answers: readonly SplitAnswer[]): Pick<Serving, "lookedAt"> {
  const lags = answers.flatMap(({ written }) => (written.looksBack ? [written.lookedAt] : []));
  const all = lags.flatMap((one) => (one ? [...one] : []));
  return lags.includes(undefined) ? {} : { lookedAt: [...new Set(all)].sort() };
}

/** The datasets whose rows may stand before those that are answered: a declared history, and the rows' own. */
function historyOf(
  { machine, answers }: Split,
  dataset: Dataset,
  datasetOf: (unit: number) => Dataset | undefined,
): readonly string[] | undefined {
  if (machine.lookBack?.at === undefined || !answers.some(({ written }) => written.looksBack)) return undefined;
  const others = [...machine.lookBack.units].flatMap((unit) => datasetOf(unit)?.name ?? []);
  return [...new Set([...others, dataset.name])];
}

function answerOf(machine: Machine, one: SplitAnswer): ServedAnswer {
  const { served, written } = one;
  const { units } = machine.flow.program;
  const first = units[served.prediction?.unit ?? machine.fits.at(-1)?.unit ?? 0];
  return {
    name: served.name,
    values: served.values.map((value) => value.name),
    lines: written.lines.map(({ text, unit }) => {
      const at = units[unit];
      return { text, ...(at ? { cite: cite(at) } : {}) };
    }),
    imports: [...written.names].sort().flatMap((name) => machine.imports.get(name) ?? []),
    own: [...written.own].sort(),
    ...(written.looksBack ? { looksBack: machine.lookBack?.at === undefined ? "batch" : "history" } : {}),
    helpers: [...written.names].filter((name) => machine.scope.names.get(name)?.fn !== undefined).sort(),
    ...(first ? { cite: cite(first) } : {}),
  };
}

/** Names of the tables through which labels lead back to the dataset; each is noted once. */
function labelTables(
  { served }: SplitAnswer,
  noted: Map<string, string>,
  note: (table: LabelTable, name: string) => void,
): readonly string[] {
  const tables = (served.prediction ?? served.trained)?.through ?? [];
  // The last table made is the first on the way back.
  return [...tables].reverse().map((table) => {
    const key = `${table.unit}:${table.how === "index" ? table.variable : table.how === "values" ? table.text : table.span.start}`;
    const part = table.how === "split" || table.how === "parts" ? `.${table.part}` : "";
    const known = noted.get(key);
    if (known !== undefined) return known + part;
    const taken = new Set(noted.values());
    let name = table.name;
    for (let i = 2; taken.has(name); i++) name = `${table.name}_${i}`;
    noted.set(key, name);
    note(table, name);
    return name + part;
  });
}

/** Where training tells what it answered for the rows held out: behind the statements that compute it. */
function answerCalls(
  machine: Machine,
  { served }: SplitAnswer,
  through: readonly string[],
): readonly { readonly unit: number; readonly text: string }[] {
  const tables = through.length === 0 ? "" : `, (${through.map((name) => `${JSON.stringify(name)},`).join(" ")})`;
  const { prediction, trained } = served;
  if (trained)
    return [
      {
        unit: trained.unit,
        text: `${own("keep_answers")}({"prediction": ${trained.code}}, range(len(${trained.code}))${tables})`,
      },
    ];
  if (!prediction) return [];
  const [only] = served.values;
  const labels = (text: string): string => (prediction.through ? `range(len(${text}))${tables}` : "None");
  if (only?.computed) {
    const { unit, text } = only.computed;
    return [{ unit, text: `${own("keep_answers")}({${JSON.stringify(only.name)}: ${text}}, ${labels(text)})` }];
  }
  const byUnit = new Map<number, string[]>();
  for (const { name, variable, code } of served.values) {
    const unit = variable === undefined ? undefined : lastChange(machine, variable, code);
    if (unit !== undefined) byUnit.set(unit, [...(byUnit.get(unit) ?? []), `${JSON.stringify(name)}: ${variable}`]);
  }
  return [...byUnit]
    .sort(([a], [b]) => a - b)
    .map(([unit, items]) => ({
      unit,
      text: `${own("keep_answers")}({${items.join(", ")}}, ${labels(items[0]?.split(": ")[1] ?? "")})`,
    }));
}

/** The unit after which a variable is what is served, with this code: where it is bound, or changed in place last. */
function lastChange(machine: Machine, variable: string, code: Expr): number | undefined {
  const bound = machine.boundAt.get(variable);
  if (bound === undefined || code.kind !== "name") return bound;
  const makes = ({ version, ...one }: Definition): boolean =>
    version === code.id || ("carried" in one && one.carried.some(({ after }) => after === code.id));
  return Math.max(bound, machine.definitions.find(makes)?.unit ?? bound);
}

function annotationOfCut(
  machine: Machine,
  { type }: Cut,
): { readonly text: string; readonly imports: readonly Import[] } {
  if (type === "bins") return { text: "dict[str, AnyObject]", imports: [anyObject] };
  if (type === "table") return annotationOfValue(machine.flow.heap, plain("Series"));
  const found = type === "unknown" ? undefined : annotationOfValue(machine.flow.heap, plain(type));
  return found ?? { text: "AnyObject", imports: [anyObject] };
}
