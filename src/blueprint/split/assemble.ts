import { plain } from "../../dataflow/value.ts";
import type { Unit } from "../../dataflow/program.ts";
import { printExpr } from "../../python/print/expressions.ts";
import { walkStmts } from "../../python/walk.ts";
import { annotationOfValue, kindsModule } from "../annotations.ts";
import type { Dataset, Import, Serving } from "../blueprint.ts";
import { cite } from "../cite.ts";
import type { Edit } from "../edits.ts";
import type { CallPlace, Capture, Cut } from "./graph.ts";
import type { Split } from "./index.ts";

/** Stands for the product's modules of the same names; a target puts their relative names there. */
export const servingModules = { fit: "@fit", learned: "@learned" } as const;

const learnedNames = new Set([
  "keep_columns",
  "keep_list",
  "keep_flag",
  "keep_renames",
  "keep_categories",
  "keep_group_values",
  "keep_row_labels",
  "learn_bins",
  "learn_codes",
]);

/** What the blueprint says of serving, and the changes of the training code that it takes. */
export interface Assembled {
  readonly serving: Serving;
  readonly edits: readonly Edit[];
  readonly imports: ReadonlyMap<number, readonly Import[]>;
}

/** Writes a split down for the blueprint; `datasetOf` names the dataset that a unit reads. */
export function assemble(split: Split, datasetOf: (unit: number) => Dataset | undefined): Assembled | undefined {
  const { machine, served, written } = split;
  const { flow } = machine;
  const { units } = flow.program;
  const dataset = datasetOf(served.source.unit);
  if (!dataset) return undefined;
  const edits: Edit[] = [];
  const imports = new Map<number, Import[]>();
  const use = (unit: number, name: string): void => {
    const module = learnedNames.has(name) ? servingModules.learned : servingModules.fit;
    const list = imports.get(unit) ?? [];
    if (!list.some((one) => one.name === name)) list.push({ module, name, local: name });
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
      edits.push(...insert(at, place.span, `within(${JSON.stringify(name)}, `, `${keyText(place.keys)})`));
      use(place.unit, "within");
    }
    return name;
  };
  for (const { cut, field } of written.cuts) {
    for (const place of cut.calls) scopeOf(place);
    edits.push(...captureEdits(units, cut, field));
    use(cut.capture.unit, cut.capture.call === "keep_lookup" ? "keep" : cut.capture.call);
  }
  const reading = units[served.source.unit];
  if (reading) {
    edits.push(...insert(reading, served.source.read.span, "keep_input(", ")"));
    use(reading.id, "keep_input");
  }
  const labels = served.prediction?.rows.labels;
  const through: string[] = [];
  if (labels !== undefined && labels !== "lost")
    for (const { name, unit, span } of labels) {
      const at = units[unit];
      if (!at) continue;
      let own = name;
      for (let i = 2; through.includes(own); i++) own = `${name}_${i}`;
      through.push(own);
      edits.push(...insert(at, span, `keep_row_labels(${JSON.stringify(own)}, `, ")"));
      use(unit, "keep_row_labels");
    }
  for (const { unit, text } of answerCalls(split, through)) {
    const at = units[unit];
    if (!at) continue;
    edits.push(behind(at, at.stmt.span.start, text));
    use(unit, "keep_answers");
  }
  const read = served.source.read;
  const fields = written.cuts.map(({ cut, field }) => {
    const annotation = annotationOfCut(split, cut);
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
  const first = units[served.prediction?.unit ?? machine.fits.at(-1)?.unit ?? 0];
  return {
    serving: {
      dataset: dataset.name,
      reads:
        read.kind === "call"
          ? read.keywords.flatMap(({ name, value }) =>
              name !== undefined && value.kind !== "name" && name !== "filepath_or_buffer" ? [{ name, text: printExpr(value) }] : [],
            )
          : [],
      fields,
      answers: [
        {
          name: "predict",
          values: served.values.map((value) => value.name),
          lines: written.lines.map(({ text, unit }) => {
            const at = units[unit];
            return { text, ...(at ? { cite: cite(at) } : {}) };
          }),
          imports: importsFor(split),
          own: [...written.own].sort(),
          helpers: helpersOf(split),
          ...(first ? { cite: cite(first) } : {}),
        },
      ],
    },
    edits,
    imports,
  };
}

const anyObject: Import = { module: kindsModule, name: "AnyObject", local: "AnyObject" };

/** Where training tells what it answered for the rows held out: behind the statements that compute it. */
function answerCalls(
  { machine, served }: Split,
  through: readonly string[],
): readonly { readonly unit: number; readonly text: string }[] {
  const { prediction } = served;
  if (!prediction) return [];
  const out: { unit: number; text: string }[] = [];
  const byUnit = new Map<number, string[]>();
  for (const { name, variable } of served.values) {
    const unit = variable === undefined ? undefined : machine.boundAt.get(variable);
    if (unit === undefined) continue;
    byUnit.set(unit, [...(byUnit.get(unit) ?? []), `${JSON.stringify(name)}: ${variable}`]);
  }
  const tables = through.length === 0 ? "" : `, (${through.map((name) => `${JSON.stringify(name)},`).join(" ")})`;
  for (const [unit, items] of [...byUnit].sort(([a], [b]) => a - b)) {
    out.push({ unit, text: `keep_answers({${items.join(", ")}}, ${prediction.labels ?? "None"}${tables})` });
  }
  return out;
}

/** The libraries that the predictor's code uses, as the notebook imports them. */
function importsFor({ machine, written }: Split): readonly Import[] {
  return [...written.names].sort().flatMap((name) => machine.imports.get(name) ?? []);
}

function helpersOf({ machine, written }: Split): readonly string[] {
  return [...written.names].filter((name) => machine.scope.names.get(name)?.fn !== undefined).sort();
}

function annotationOfCut({ machine }: Split, { type }: Cut): { readonly text: string; readonly imports: readonly Import[] } {
  if (type === "bins") return { text: "dict[str, AnyObject]", imports: [anyObject] };
  if (type === "table") return annotationOfValue(machine.flow.heap, plain("Series"));
  const found = type === "unknown" ? undefined : annotationOfValue(machine.flow.heap, plain(type));
  return found ?? { text: "AnyObject", imports: [anyObject] };
}

/** The changes of training's text that keep a value. */
function captureEdits(units: readonly Unit[], { capture, ownKeys }: Cut, field: string): readonly Edit[] {
  const unit = units[capture.unit];
  if (!unit) return [];
  const key = keyText(ownKeys);
  const name = JSON.stringify(field);
  switch (capture.kind) {
    case "around": {
      const call = capture.call === "keep_lookup" ? "keep" : capture.call;
      const also = capture.also === undefined ? "" : `, ${capture.also}`;
      const isRename = capture.call === "keep_renames";
      return insert(unit, capture.span, `${call}(${name}, ${isRename ? `${capture.also}, ` : ""}`, `${isRename ? "" : also}${key})`);
    }
    case "behind":
      return [behind(unit, capture.span.start, `${capture.call}(${name}, ${capture.value}${key})`)];
    case "callee": {
      const { text } = unit.cell.module;
      const open = text.indexOf("(", capture.span.end);
      return [
        { cell: unit.cell, start: capture.span.start, end: capture.span.start, text: `${capture.call}(${name}, ` },
        { cell: unit.cell, start: open, end: open + 1, text: key === "" ? ", " : `${key}, ` },
      ];
    }
  }
}

/** The turn of the loops around, as an argument. */
function keyText(keys: readonly string[]): string {
  return keys.length === 0 ? "" : `, key=${keys.length === 1 ? keys[0] : `(${keys.join(", ")})`}`;
}

function insert(unit: Unit, span: { readonly start: number; readonly end: number }, before: string, after: string): readonly Edit[] {
  return [
    { cell: unit.cell, start: span.start, end: span.start, text: before, wraps: true },
    { cell: unit.cell, start: span.end, end: span.end, text: after, wraps: true },
  ];
}

/** `; call` at the end of the simple statement around a place; on a line of its own behind a compound one. */
function behind(unit: Unit, at: number, call: string): Edit {
  let end = unit.stmt.span.end;
  let isSimple = true;
  let start = unit.stmt.span.start;
  walkStmts([unit.stmt], (stmt) => {
    if (stmt.span.start <= at && at < stmt.span.end && stmt.span.end <= end) {
      end = stmt.span.end;
      start = stmt.span.start;
      isSimple = !("body" in stmt);
    }
  });
  const { text } = unit.cell.module;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))?.[0] ?? "";
  return { cell: unit.cell, start: end, end, text: isSimple ? `; ${call}` : `\n${indent}${call}` };
}

export type { Capture };
