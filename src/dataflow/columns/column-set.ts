/**
 * A set of column labels: finite, or cofinite ("all but these"). The sets are a Boolean algebra: union, intersection and
 * difference of two are such a set again. A column whose name only the data can tell is in `all` and in no finite set.
 */
export interface ColumnSet {
  /** False: exactly `labels`. True: every label but `labels`, those nobody has thought of included. */
  readonly cofinite: boolean;
  readonly labels: ReadonlySet<string>;
}

const noLabels: ReadonlySet<string> = new Set();

export const noColumns: ColumnSet = { cofinite: false, labels: noLabels };
export const allColumns: ColumnSet = { cofinite: true, labels: noLabels };

/** Exactly these. */
export function only(labels: Iterable<string>): ColumnSet {
  return { cofinite: false, labels: new Set(labels) };
}

/** Every column but these. */
export function allBut(labels: Iterable<string>): ColumnSet {
  return { cofinite: true, labels: new Set(labels) };
}

export function complement(set: ColumnSet): ColumnSet {
  return { cofinite: !set.cofinite, labels: set.labels };
}

export function union(a: ColumnSet, b: ColumnSet): ColumnSet {
  if (a === b || isEmpty(b) || isAll(a)) return a;
  if (isEmpty(a) || isAll(b)) return b;
  if (!a.cofinite && !b.cofinite) return only([...a.labels, ...b.labels]);
  if (a.cofinite && b.cofinite) return allBut([...a.labels].filter((label) => b.labels.has(label)));
  const [finite, cofinite] = a.cofinite ? [b, a] : [a, b];
  return allBut([...cofinite.labels].filter((label) => !finite.labels.has(label)));
}

export function intersect(a: ColumnSet, b: ColumnSet): ColumnSet {
  return complement(union(complement(a), complement(b)));
}

export function minus(a: ColumnSet, b: ColumnSet): ColumnSet {
  return intersect(a, complement(b));
}

export function unionAll(sets: Iterable<ColumnSet>): ColumnSet {
  let out = noColumns;
  for (const set of sets) out = union(out, set);
  return out;
}

export function has(set: ColumnSet, label: string): boolean {
  return set.labels.has(label) !== set.cofinite;
}

/** True when no column can be in the set. A cofinite set is never empty: there is always a label that nobody has thought of. */
export function isEmpty(set: ColumnSet): boolean {
  return !set.cofinite && set.labels.size === 0;
}

export function isAll(set: ColumnSet): boolean {
  return set.cofinite && set.labels.size === 0;
}

export function overlaps(a: ColumnSet, b: ColumnSet): boolean {
  if (a.cofinite && b.cofinite) return true;
  const [finite, other] = a.cofinite ? [b, a] : [a, b];
  for (const label of finite.labels) if (has(other, label)) return true;
  return false;
}

/** True when every column of `inner` is one of `outer`. */
export function contains(outer: ColumnSet, inner: ColumnSet): boolean {
  return !overlaps(inner, complement(outer));
}

export function sameColumns(a: ColumnSet, b: ColumnSet): boolean {
  return a.cofinite === b.cofinite && a.labels.size === b.labels.size && contains(a, b);
}

/**
 * The columns from which a rename makes columns of `set`: each old name whose new name is in it, and each label that the rename
 * leaves alone. A label that exists already and that some other column is renamed to is both.
 */
export function beforeRename(set: ColumnSet, newNames: ReadonlyMap<string, string>): ColumnSet {
  const from: string[] = [];
  const gone: string[] = [];
  for (const [old, name] of newNames) (has(set, name) ? from : gone).push(old);
  return union(minus(set, only(gone)), only(from));
}
