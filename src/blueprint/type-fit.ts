import { childrenOf, type PyNode } from "../python/walk.ts";

const number =
  "real imag conjugate as_integer_ratio is_integer hex fromhex bit_length bit_count numerator denominator to_bytes from_bytes";
const attributes: Readonly<Record<string, ReadonlySet<string>>> = {
  AnyFloat: words(number),
  AnyInt: words(number),
  AnyBool: words(number),
  list: words("append clear copy count extend index insert pop remove reverse sort []"),
  dict: words("clear copy fromkeys get items keys pop popitem setdefault update values [] [,]"),
  tuple: words("count index []"),
  set: words(
    "add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove symmetric_difference symmetric_difference_update union update",
  ),
};

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** How code uses a name: the attributes it takes of it, `[]` for an index and `[,]` for several at once. */
export function usesOf(nodes: readonly PyNode[], name: string): ReadonlySet<string> {
  const uses = new Set<string>();
  const visit = (node: PyNode): void => {
    if (node.kind === "attribute" && node.value.kind === "name" && node.value.id === name) uses.add(node.attr);
    if (node.kind === "subscript" && node.value.kind === "name" && node.value.id === name)
      uses.add(node.index.kind === "tuple" ? "[,]" : "[]");
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of nodes) visit(node);
  return uses;
}

/** Whether a value of this annotation can be used so: code that asks a float for its shape has something else in hand. */
export function fits(annotation: string, uses: ReadonlySet<string>): boolean {
  const known = attributes[annotation.replace(/^Maybe\[(.*)\]$/, "$1").replace(/\[.*$/, "")];
  return known === undefined || [...uses].every((use) => known.has(use));
}
