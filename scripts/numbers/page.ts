/** The first lines of every table of docs/numbers.md. */
export const tableHead = ["| number | value | goal | |", "|---|---|---|---|"] as const;

/** The sections of docs/numbers.md, by the name of their group. */
export function sections(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(/^(?=## )/m).slice(1)) found.set(/^## ([^\s:]+)/.exec(part)?.[1] ?? "", part.trimEnd());
  return found;
}
