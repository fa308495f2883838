import { computed, figure, type Machine } from "./machine.ts";
import { type Lessons, lessonsOf, madeOf, noLessons, type Predicted, taught, union, type Value } from "./values.ts";

/** A value made entry by entry of others: a column, a table, or a figure where none has rows. */
export function combine(m: Machine, values: readonly Value[], more: Partial<Value> = {}): Value {
  const lessons = all(values);
  const main = values.find((value) => value.rows && value.kind === "frame") ?? values.find((value) => value.rows);
  const predicted = values.find((value) => value.predicted)?.predicted;
  const mark = predicted ? { predicted } : {};
  if (!main?.rows) return figure(lessons, { ...mark, ...more });
  if (main.kind === "frame") {
    const others = all(values.filter((value) => value !== main));
    const { constant: _constant, ...rest } = taught(main, others);
    return { ...rest, ...mark, ...more };
  }
  const made = values.reduce<ReadonlySet<string>>(
    (sum, value) => union(sum, value.rows ? madeOf(value) : new Set()),
    new Set(),
  );
  return { kind: "series", rows: main.rows, column: computed(m, made, lessons), ...mark, ...more };
}

/** Lessons of all of them. */
export function all(values: readonly Value[]): Lessons {
  return values.reduce<Lessons>((sum, value) => union(sum, lessonsOf(value)), noLessons);
}

/** Answers compared with labels: each is right or wrong. */
export function compared(values: readonly Value[]): { readonly predicted?: Predicted } {
  const answer = values.find((value) => value.predicted && !value.predicted.isCompared)?.predicted;
  const labels = values.some((value) => value.rows && !value.predicted);
  return answer && labels ? { predicted: { ...answer, isCompared: true } } : {};
}
