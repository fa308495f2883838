/**
 * Remembers what a pure function gave for a text. The texts that were asked for longest ago are forgotten when all kept ones together
 * exceed `limit` characters: what is made of a text may take fifty times of what it takes.
 */
export function memoised<V>(compute: (text: string) => V, limit = 2 ** 20): (text: string) => V {
  const kept = new Map<string, V>();
  let size = 0;
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) {
      kept.delete(text);
      kept.set(text, known);
      return known;
    }
    const made = compute(text);
    kept.set(text, made);
    size += text.length;
    for (const oldest of kept.keys()) {
      if (size <= limit || oldest === text) break;
      kept.delete(oldest);
      size -= oldest.length;
    }
    return made;
  };
}
