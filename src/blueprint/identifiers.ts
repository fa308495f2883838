const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type".split(
    " ",
  ),
);

export function isKeyword(name: string): boolean {
  return keywords.has(name);
}

/** A lower-case Python identifier made from any words; `fallback` when nothing is left of them. */
export function identifier(words: string, fallback: string): string {
  const plain = words
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const cut = plain.split("_").slice(0, 5).join("_").slice(0, 40).replace(/_+$/, "");
  const named = /^[0-9]/.test(cut) ? `${fallback}_${cut}` : cut;
  if (named === "") return fallback;
  return keywords.has(named) ? `${named}_` : named;
}

/** The first of `name`, `name_2`, `name_3` … that is not taken; it is taken from then on. */
export function unique(name: string, taken: Set<string>): string {
  let out = name;
  for (let i = 2; taken.has(out); i++) out = `${name}_${i}`;
  taken.add(out);
  return out;
}
