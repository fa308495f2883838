/** Compares by UTF-16 code unit, so that order never depends on a locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A comparator on one text key of each item. */
export function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => byText(key(a), key(b));
}

export function sorted(items: Iterable<string>): string[] {
  return [...items].sort(byText);
}
