/**
 * Remembers what a pure function gave for a text. The texts that were asked for longest ago are forgotten when all kept ones together
 * exceed `limit` characters: what is made of a text may take fifty times of what it takes. So is one that nobody has asked for in the last
 * `age` calls: under a watch each edit leaves texts behind that do not come back.
 */
export function memoised<V>(compute: (text: string) => V, limit = 2 ** 20, age = 10_000): (text: string) => V {
  const kept = new Map<string, { readonly made: V; readonly at: number }>();
  let size = 0;
  let calls = 0;
  return (text) => {
    const known = kept.get(text);
    const made = known ? known.made : compute(text);
    const at = ++calls;
    if (known) kept.delete(text);
    else size += text.length;
    kept.set(text, { made, at });
    for (const [oldest, one] of kept) {
      if ((size <= limit && one.at > at - age) || oldest === text) break;
      kept.delete(oldest);
      size -= oldest.length;
    }
    return made;
  };
}
