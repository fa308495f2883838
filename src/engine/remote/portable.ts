/** Where the workspace lies, in what is shared: it is another folder on every machine. */
const here = "<workspace>";

/** Plain data with the folder of the workspace taken out; undefined where that could not be undone. */
export function portable(value: unknown, root: string): { readonly value: unknown } | undefined {
  let isAmbiguous = false;
  const changed = mapTexts(value, (text) => {
    if (text.startsWith(here)) isAmbiguous = true;
    if (text === root) return here;
    return text.startsWith(`${root}/`) ? here + text.slice(root.length) : text;
  });
  return isAmbiguous ? undefined : { value: changed };
}

/** The same the other way round, for the workspace of this machine. */
export function local(value: unknown, root: string): unknown {
  return mapTexts(value, (text) => {
    if (text === here) return root;
    return text.startsWith(`${here}/`) ? root + text.slice(here.length) : text;
  });
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
