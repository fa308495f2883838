import type { DataBinding, Json, ModelConfig } from "../config/project.ts";
import type { Dataflow } from "../dataflow/analyse.ts";
import type { Unit } from "../dataflow/program.ts";
import type { FileUse } from "../dataflow/trace.ts";
import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Place } from "../diagnostics/diagnostic.ts";
import { baseName, dirName, isAbsolutePath, joinPath, normalizePath, relativePath } from "../foundation/paths.ts";
import type { Expr, Stmt } from "../python/ir.ts";
import { walkStmtExprs, walkStmts } from "../python/walk.ts";
import type { Dataset, Parameter } from "./blueprint.ts";
import { cite, citeSpan, placeOf } from "./cite.ts";
import type { Definitions } from "./definitions.ts";
import type { Edit } from "./edits.ts";
import { literalBinder } from "./helpers.ts";
import { identifier, unique } from "./identifiers.ts";
import { rawLinesOf } from "./raw-lines.ts";

/** Calls whose first argument is the place of a file that can be lifted out of the code. */
const liftable =
  /^(?:pandas\.read_(?:csv|parquet|excel|json|feather|pickle|table|fwf|stata|sas|orc|xml)|numpy\.(?:load|loadtxt|genfromtxt|fromfile|save|savetxt|savez|savez_compressed)|joblib\.(?:load|dump)|open|\.(?:open|read_text|read_bytes|write_text|write_bytes)|\.to_(?:csv|parquet|excel|json|pickle|feather|stata|orc))$/;

const formats: Readonly<Record<string, string>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".json": "json",
  ".jsonl": "jsonl",
  ".xlsx": "excel",
  ".xls": "excel",
  ".feather": "feather",
  ".pkl": "pickle",
  ".joblib": "joblib",
  ".npy": "npy",
  ".npz": "npz",
  ".db": "sqlite",
};

/** What an `input` or `output` directive says of a statement's data. */
export interface DataDirective {
  readonly unit: number;
  readonly name: string;
  readonly mode: "input" | "output";
  readonly world?: string;
  readonly format?: string;
  readonly doc?: string;
}

export interface LiftedData {
  readonly datasets: readonly Dataset[];
  readonly edits: readonly Edit[];
  /** Unit → the path arguments it needs. */
  readonly argumentsOf: ReadonlyMap<number, readonly string[]>;
  /** File uses of kept units whose place is not known at build time. */
  readonly unknown: readonly { readonly unit: Unit; readonly use: FileUse }[];
  readonly used: ReadonlySet<DataDirective>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lifts the places of files out of kept code: each becomes a dataset, bound when the product runs. */
export function liftData(
  flow: Dataflow,
  kept: ReadonlySet<number>,
  model: ModelConfig,
  directives: readonly DataDirective[],
  names: Set<string>,
): LiftedData {
  const byPath = new Map<string, Dataset>();
  const edits: Edit[] = [];
  const argumentsOf = new Map<number, string[]>();
  const unknown: { unit: Unit; use: FileUse }[] = [];
  const used = new Set<DataDirective>();
  const taken = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const id of [...kept].sort((a, b) => a - b)) {
    const facts = flow.facts[id];
    if (!facts) continue;
    for (const use of facts.trace.files) {
      if (use.inFunction || !liftable.test(use.callee)) {
        const isFile =
          use.path === undefined
            ? liftable.test(use.callee)
            : /^(?![a-z][a-z0-9+.-]*:\/\/).*\.[A-Za-z0-9]{2,8}$/i.test(use.path);
        if (isFile && !unknown.some((u) => u.unit === facts.unit && u.use.callee === use.callee))
          unknown.push({ unit: facts.unit, use });
        continue;
      }
      if (use.path === undefined || use.pathSpan === undefined) {
        unknown.push({ unit: facts.unit, use });
        continue;
      }
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(use.path)) continue;
      const mode = use.mode === "load" ? "input" : "output";
      const directive = directives.find((d) => d.unit === id && d.mode === mode);
      if (directive) used.add(directive);
      const place = placeOfPath(use.path, facts.unit.cell.run ?? facts.unit.cell.notebook.path, model);
      // What the notebook itself has written is read from where it was written.
      const key = byPath.has(`output:${place}`) ? `output:${place}` : `${mode}:${place}`;
      const before = byPath.get(key);
      const made = before ?? makeDataset(place, mode, use, facts.unit, model, directive, taken, names);
      const { optional, ...plain } = made;
      const isOptional = mode === "input" && use.depth > 0 && (before === undefined || optional === true);
      const known: Dataset = isOptional ? { ...plain, optional: true } : plain;
      byPath.set(key, known);
      const { cell } = facts.unit;
      if (!edits.some((e) => e.cell === cell && e.start === use.pathSpan?.start))
        edits.push({ cell, start: use.pathSpan.start, end: use.pathSpan.end, text: known.argument });
      const options = optionEdits(model, known.name, use, facts.unit);
      edits.push(...options.edits);
      diagnostics.push(...options.diagnostics);
      const list = argumentsOf.get(id) ?? [];
      if (!list.includes(known.argument)) list.push(known.argument);
      argumentsOf.set(id, list);
    }
  }
  return { datasets: [...byPath.values()], edits, argumentsOf, unknown, used, diagnostics };
}

/** Where a file is opened: in the function that does it, wherever that was called. */
export function placeOfUse(flow: Dataflow, unit: Unit, use: FileUse): Place {
  const { inside } = use;
  const home = inside && flow.program.units.find((one) => holds(one.stmt, inside.definition));
  return inside && home ? placeOf(home, inside.span) : placeOf(unit, use.span);
}

function holds(stmt: Stmt, definition: object): boolean {
  let found = false;
  const look = (node: object): void => {
    found ||= node === definition;
  };
  walkStmts([stmt], look);
  if (!found) walkStmtExprs([stmt], look);
  return found;
}

/** Options of crosswalk.yaml go to the reader by name; one that the call sets itself is an error. */
function optionEdits(
  model: ModelConfig,
  name: string,
  use: FileUse,
  unit: Unit,
): { readonly edits: readonly Edit[]; readonly diagnostics: readonly Diagnostic[] } {
  const options = Object.entries(model.data[name]?.options ?? {});
  if (options.length === 0 || use.mode !== "load") return { edits: [], diagnostics: [] };
  const { cell } = unit;
  const call = cell.module.text.slice(use.span.start, use.span.end);
  const clash = options.find(([option]) => new RegExp(`[(,]\\s*${option}\\s*=`).test(call));
  if (clash) return { edits: [], diagnostics: [report("CW3017", placeOf(unit, use.span), { option: clash[0], name })] };
  const at = use.span.end - 1;
  const comma = /,\s*\)$/.test(call) ? " " : ", ";
  const text = options.map(([option, value]) => `${option}=${pythonOf(value)}`).join(", ");
  return { edits: [{ cell, start: at, end: at, text: comma + text }], diagnostics: [] };
}

function pythonOf(value: Json): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([k, v]) => `${JSON.stringify(k)}: ${pythonOf(v)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
}

/** The place a notebook means, relative to the folder of its crosswalk.yaml. */
function placeOfPath(path: string, notebook: string, model: ModelConfig): string {
  if (isAbsolutePath(path)) return path;
  return relativePath(model.folder, joinPath(dirName(notebook), normalizePath(path.replaceAll("\\", "/"))));
}

function makeDataset(
  place: string,
  mode: "input" | "output",
  use: FileUse,
  unit: Unit,
  model: ModelConfig,
  directive: DataDirective | undefined,
  taken: Set<string>,
  names: Set<string>,
): Dataset {
  const configured = Object.entries(model.data).find(
    ([name, binding]) =>
      name === directive?.name || (binding.path !== undefined && relativePath(model.folder, binding.path) === place),
  );
  const file = baseName(place);
  const dot = file.indexOf(".", 1);
  const wanted = configured?.[0] ?? directive?.name ?? identifier(dot > 0 ? file.slice(0, dot) : file, "data");
  const name =
    directive?.name === undefined && taken.has(wanted)
      ? unique(mode === "output" ? `${wanted}_out` : wanted, taken)
      : wanted;
  taken.add(name);
  const binding = configured?.[1] ?? model.data[name];
  const extension = file.slice(file.lastIndexOf("."));
  const world = directive?.world;
  return {
    name,
    mode,
    path: binding?.path === undefined ? place : relativePath(model.folder, binding.path),
    format:
      binding?.format ??
      directive?.format ??
      formats[extension.toLowerCase()] ??
      (use.callee.includes("parquet") ? "parquet" : "file"),
    role: binding?.role ?? (mode === "input" ? "source" : "output"),
    ...(world === undefined ? {} : { world }),
    ...(directive?.doc === undefined ? {} : { doc: directive.doc }),
    ...(binding && isRebound(binding) ? { binding: bindingJson(binding, model) } : {}),
    argument: unique(`${identifier(name, "data")}_path`, names),
    cite: citeSpan(unit.cell, use.span),
  };
}

function isRebound(binding: DataBinding): boolean {
  return binding.sql !== undefined || binding.table !== undefined || binding.connection !== undefined;
}

/** A data binding as the product's params.yaml holds it. */
export function bindingJson(binding: DataBinding, model: ModelConfig): Readonly<Record<string, Json>> {
  const { path, options, ...rest } = binding;
  return {
    ...(rest as Record<string, Json>),
    ...(path === undefined ? {} : { path: relativePath(model.folder, path) }),
    ...(options ? { options } : {}),
  };
}

/** Kept assignments of a literal that nothing rebinds or changes: they become parameters, with their value as default. */
export function liftParameters(
  flow: Dataflow,
  defs: Definitions,
  kept: ReadonlySet<number>,
  excluded: ReadonlySet<string>,
): ReadonlyMap<string, { readonly unit: Unit; readonly parameter: Parameter }> {
  const out = new Map<string, { readonly unit: Unit; readonly parameter: Parameter }>();
  for (const id of kept) {
    const unit = flow.program.units[id];
    const { stmt } = unit ?? {};
    const target = stmt?.kind === "assign" ? stmt.targets[0] : undefined;
    if (
      !unit ||
      stmt?.kind !== "assign" ||
      target?.kind !== "name" ||
      excluded.has(target.id) ||
      target.id.startsWith("_")
    )
      continue;
    if (literalBinder(flow, defs, target.id) !== unit || !isScalarList(stmt.value)) continue;
    // A list that is changed, or told from its equals, through another name has to stay the one object that it is.
    const own = [...(flow.names.get(target.id)?.value.objs ?? [])];
    if (own.some((obj) => flow.heap.get(obj).history.some((by) => by !== id))) continue;
    const type = literalType(stmt.value);
    if (type === undefined) continue;
    const written = unit.cell.module.text.slice(stmt.value.span.start, stmt.value.span.end);
    out.set(target.id, {
      unit,
      parameter: {
        name: target.id,
        type,
        default: written,
        rawLines: rawLinesOf(written),
        value: literalJson(stmt.value),
        cite: cite(unit),
      },
    });
  }
  return out;
}

function isScalarList(expr: Expr): boolean {
  if (expr.kind === "list" || expr.kind === "tuple")
    return expr.items.length > 0 && expr.items.every((item) => item.kind === "constant" || item.kind === "unary");
  return (expr.kind === "constant" && expr.type !== "none") || expr.kind === "unary";
}

/** Python type of a literal as an annotation; undefined where its parts differ. */
export function literalType(expr: Expr): string | undefined {
  if (expr.kind === "constant") return ["str", "int", "float", "bool"].includes(expr.type) ? expr.type : undefined;
  if (expr.kind === "unary") return literalType(expr.operand);
  if (expr.kind !== "list" && expr.kind !== "tuple") return undefined;
  const types = new Set(expr.items.map(literalType));
  if (types.size === 2 && types.has("int") && types.has("float"))
    return expr.kind === "list" ? "list[float]" : "tuple[float, ...]";
  const [only] = types;
  if (types.size !== 1 || only === undefined) return undefined;
  return expr.kind === "list" ? `list[${only}]` : `tuple[${only}, ...]`;
}

export function literalJson(expr: Expr): Json {
  if (expr.kind === "constant") return expr.value ?? null;
  if (expr.kind === "unary") {
    const inner = literalJson(expr.operand);
    return typeof inner === "number" && expr.op === "-" ? -inner : inner;
  }
  if (expr.kind === "list" || expr.kind === "tuple" || expr.kind === "set") return expr.items.map(literalJson);
  if (expr.kind === "dict")
    return Object.fromEntries(
      expr.items.map((item) => [item.key ? String(literalJson(item.key)) : "", literalJson(item.value)]),
    );
  return null;
}
