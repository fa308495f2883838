/** Lines of a plain-text table: columns as wide as their widest cell, the last one as it is; cells over `limit` signs are cut. */
export function table(rows: readonly (readonly string[])[], limit = 64): string {
  const cut = (text: string): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
  const short = rows.map((row) => row.map(cut));
  const widths = (short[0] ?? []).map((_, i) => Math.max(...short.map((row) => row[i]?.length ?? 0)));
  return short
    .map((row) =>
      `  ${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ")}`.trimEnd(),
    )
    .join("\n");
}
