/** A Python string literal with double quotes, as ruff writes it. */
export function pyString(text: string): string {
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  let out = "";
  for (const c of text) {
    if (c === "\\" || c === quote) out += `\\${c}`;
    else if (c === "\n") out += "\\n";
    else if (c === "\r") out += "\\r";
    else if (c === "\t") out += "\\t";
    else if (c < " " || c === "\u007f") out += `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
    else if (c === "\u2028" || c === "\u2029" || (c >= "\ud800" && c <= "\udfff" && c.length === 1))
      out += `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
    else out += c;
  }
  return `${quote}${out}${quote}`;
}

/** A Python literal of plain data. */
export function pyLiteral(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number")
    return Number.isFinite(value) ? String(value) : `float("${value > 0 ? "inf" : value < 0 ? "-inf" : "nan"}")`;
  if (typeof value === "string") return pyString(value);
  if (Array.isArray(value)) return `[${value.map(pyLiteral).join(", ")}]`;
  return `{${Object.entries(value as Record<string, unknown>)
    .map(([key, inner]) => `${pyString(key)}: ${pyLiteral(inner)}`)
    .join(", ")}}`;
}

/** A tuple expression; one item keeps its comma. */
export function pyTuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** Text safe inside a triple-quoted docstring, on one line. */
export function docText(text: string): string {
  const plain = text.replace(/\s+/g, " ").replaceAll("\\", "\\\\").replaceAll('"""', "'''").trim();
  return plain.endsWith('"') ? `${plain} ` : plain;
}

/** Breaks words into lines of at most `width` characters. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines;
}
