const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type".split(
    " ",
  ),
);

export function isKeyword(name: string): boolean {
  return keywords.has(name);
}

/** Letters that Unicode does not take apart. */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  ı: "i",
  þ: "th",
};

/** Words that no name ends with. */
const small = new Set("a an the of and or to in at for with from on by as is vs".split(" "));

/** Lower-case ASCII words, as many as stand in no more than `most` words and `length` characters; only a first word is ever cut. */
function wordsOf(text: string, most: number, length: number): string {
  const all = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[ßæœøđðłıþ]/g, (letter) => letters[letter] ?? "")
    .replace(/(?<=[a-z])['’](?=[a-z])/g, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const out: string[] = [];
  let size = -1;
  for (const word of all.slice(0, most)) {
    if (size + 1 + word.length > length) break;
    size += 1 + word.length;
    out.push(word);
  }
  if (out.length < all.length) while (out.length > 1 && small.has(out[out.length - 1] ?? "")) out.pop();
  return out.length > 0 ? out.join("_") : (all[0] ?? "").slice(0, length);
}

/** A lower-case Python identifier made from any words, cut between words; `fallback` when nothing is left of them. */
export function identifier(words: string, fallback: string, most = 5, length = 40): string {
  const cut = wordsOf(words, most, length);
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
