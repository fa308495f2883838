/**
 * Remembers what a pure function gave for each object, as long as the object lives. For what never changes once it is made, such as the
 * statements of a cell: those of cells that nobody edited are the same objects in the next build of a session.
 */
export function remembered<K extends object, V extends object>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = compute(key);
    known.set(key, made);
    return made;
  };
}
