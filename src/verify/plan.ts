import type { Blueprint, Cite, Code } from "../blueprint/blueprint.ts";
import { dirName } from "../foundation/paths.ts";
import type { Notebook } from "../notebook/notebook.ts";

/** What is run and noted of a model, read from its notebooks alone: the product on disk has no say in it. */
export interface Plan {
  readonly notebooks: readonly PlannedNotebook[];
  readonly notes: readonly Note[];
  /** Variables whose last value is kept. */
  readonly wanted: readonly string[];
  /** Artifacts that a run of the product must list. */
  readonly expected: readonly string[];
  /** Metric → variable. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Files that the notebook writes: dataset → path relative to the folder of crosswalk.yaml. */
  readonly files: Readonly<Record<string, string>>;
  /** Served values, by their names in the notebook. */
  readonly served: readonly string[];
  /** Those without which nothing is equal: all that a directive asks for, else those that the notebook itself computes for held-out rows. */
  readonly promised: readonly string[];
  readonly dataset?: {
    readonly path: string;
    readonly format: string;
    readonly options: Readonly<Record<string, string>>;
  };
  /** Parameters that crosswalk.yaml sets otherwise, as `name=value` of the notebook: verification runs with the notebook's. */
  readonly overridden: readonly string[];
}

/** A notebook as a kernel runs it. */
export interface PlannedNotebook {
  readonly path: string;
  /** Its folder, relative to the workspace root. */
  readonly folder: string;
  readonly databricks: boolean;
  readonly cells: readonly { readonly notebook: string; readonly cell: number; readonly source: string }[];
}

/** Expressions that are evaluated right behind the statement at a line of a cell. */
export interface Note {
  readonly notebook: string;
  readonly cell: number;
  readonly line: number;
  /** Key → Python expression. */
  readonly values: Readonly<Record<string, string>>;
}

/** Plans the verification of a model. */
export function planOf(blueprint: Blueprint, notebooks: readonly Notebook[]): Plan {
  const finals = blueprint.steps.flatMap((step) => step.outputs.filter((output) => output.final));
  const metrics = Object.fromEntries(blueprint.metrics.map((metric) => [metric.name, metric.variable]));
  const { serving } = blueprint;
  const served = (serving?.answers ?? []).flatMap((answer) => answer.values);
  const noted = servedNotes(blueprint);
  const isComputed = (name: string): boolean => noted.some(({ values }) => Object.hasOwn(values, `answer/${name}`));
  const source = serving && blueprint.datasets.find((dataset) => dataset.name === serving.dataset);
  return {
    notebooks: blueprint.notebooks.flatMap((path) => {
      const notebook = notebooks.find((one) => one.path === path);
      return notebook ? [planned(notebook)] : [];
    }),
    notes: [...noted, ...metricNotes(blueprint)],
    wanted: [...new Set([...finals.map((output) => output.name), ...Object.values(metrics)])],
    expected: finals.filter((output) => output.required && !output.maybe).map((output) => output.name),
    metrics,
    files: Object.fromEntries(
      blueprint.datasets.flatMap(({ name, mode, path }) => (mode === "output" ? [[name, path] as const] : [])),
    ),
    served,
    promised: serving?.isUnasked ? served.filter(isComputed) : served,
    ...(serving && source
      ? {
          dataset: {
            path: source.path,
            format: source.format,
            options: Object.fromEntries(serving.reads.map(({ name, text }) => [name, text])),
          },
        }
      : {}),
    overridden: blueprint.parameters.flatMap(({ name, value }) =>
      Object.hasOwn(blueprint.overrides, name)
        ? [`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`]
        : [],
    ),
  };
}

function planned(notebook: Notebook): PlannedNotebook {
  const isDatabricks = notebook.format === "databricks";
  return {
    path: notebook.path,
    folder: dirName(notebook.path),
    databricks: isDatabricks,
    cells: notebook.cells.flatMap((cell) =>
      cell.kind === "code" && (isDatabricks ? cell.python : cell.source).trim() !== ""
        ? [{ notebook: notebook.path, cell: cell.index, source: isDatabricks ? cell.python : withoutInstalls(cell) }]
        : [],
    ),
  };
}

/** The cell without the lines that install something: the environment is made from the pins. Lines keep their numbers. */
function withoutInstalls({ source, magics }: Notebook["cells"][number]): string {
  let text = source;
  for (const { span, policy } of magics) {
    if (policy.kind !== "requirement") continue;
    const lines = source.slice(span.start, span.end).split("\n").length - 1;
    const filler = `pass${"\n".repeat(lines)}`;
    text = text.slice(0, span.start) + filler.padEnd(span.end - span.start) + text.slice(span.end);
  }
  return text;
}

function noteAt({ notebook, cell, line }: Cite, values: Readonly<Record<string, string>>): Note {
  return { notebook, cell, line, values };
}

/** The calls with which training tells what it answered for rows held out say where the notebook has computed it. */
function servedNotes({ steps }: Blueprint): readonly Note[] {
  return steps.flatMap(({ body }) =>
    body.flatMap((code) => {
      const values = answersOf(code);
      return values ? [noteAt(code.cite, values)] : [];
    }),
  );
}

function answersOf({ text }: Code): Readonly<Record<string, string>> | undefined {
  const values: Record<string, string> = {};
  for (const [, inside = ""] of text.matchAll(/(?:^|;)[ \t]*keep_answers\(\{(.*?)\}, (?:None\b|range\()/gms)) {
    const heads = [...inside.matchAll(/"((?:[^"\\]|\\.)*)": /g)];
    heads.forEach((head, i) => {
      const end = heads[i + 1]?.index ?? inside.length;
      values[`answer/${head[1]}`] = inside
        .slice(head.index + head[0].length, end)
        .trim()
        .replace(/,$/, "");
    });
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

/** A metric that the notebook only prints has no variable there: its expression is evaluated where it stands. */
function metricNotes({ steps, metrics }: Blueprint): readonly Note[] {
  return metrics.flatMap((metric) => {
    const step = steps.find(({ name }) => name === metric.step);
    const code = step?.body.find(({ figures }) => figures && Object.hasOwn(figures, metric.variable));
    const text = code?.figures?.[metric.variable];
    return code && text !== undefined ? [noteAt(code.cite, { [`metric/${metric.name}`]: text })] : [];
  });
}
