/** A test function's name from its title. */
export function identifierOf(title: string, index: number): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 50);
  return plain === "" ? `example_${index + 1}` : plain;
}
