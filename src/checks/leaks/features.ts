import type { FitEvent } from "../story/events.ts";
import type { Column, Value } from "../story/values.ts";
import { labelColumn } from "./facts.ts";

/** Columns that are named one by one: those of the notebook, not ones that came without a name. */
export function named(x: Value): readonly (readonly [string, Column])[] {
  if (x.kind !== "frame") return [["", x.column]];
  return [...(x.columns ?? [])];
}

/** A column that is read, "3:age", as the label of its table; undefined for one that is computed. */
export function rawLabel(is: string): string | undefined {
  const at = is.indexOf(":");
  return at < 0 ? undefined : is.slice(at + 1);
}

/** Raw columns of which a column is made. */
export function leavesOf({ made }: Column): readonly string[] {
  return [...made].filter((is) => is.includes(":"));
}

/** The name under which the features hold a column with these very values; undefined where they do not, or nobody can say. */
export function holds(x: Value, is: string): string | undefined {
  if (x.isVague) return undefined;
  const listed = named(x).find(([, column]) => column.is === is);
  if (listed) return listed[0];
  const label = rawLabel(is);
  if (label === undefined || label.startsWith("[") || x.kind !== "frame" || x.isClosed || x.gone?.has(label))
    return undefined;
  return `${x.column.is}:${label}` === is && !x.columns?.has(label) ? label : undefined;
}

/** A fit with its label, where the label is one column. */
export function labelled(fit: FitEvent): { readonly x: Value; readonly label: Column } | undefined {
  const label = fit.y && labelColumn(fit.y);
  return label ? { x: fit.x, label } : undefined;
}
