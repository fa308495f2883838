/** Names in a sentence: the first ones, and how many there are besides. A workspace may have hundreds. */
export function someOf(names: readonly string[], most = 10): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
