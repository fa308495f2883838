/** The `[project] dependencies` of a pyproject.toml. Reads no other part of TOML than is needed to find them. */
export function projectDependencies(text: string): readonly string[] {
  const out: string[] = [];
  let at = 0;
  let table = "";
  const spaces = (): void => {
    while (at < text.length && (text.charAt(at) === " " || text.charAt(at) === "\t")) at++;
  };
  const toLineEnd = (): void => {
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end + 1;
  };
  while (at < text.length) {
    const before = at;
    spaces();
    const header = /^\[\[?\s*([^\]]*?)\s*\]\]?/.exec(text.slice(at, at + 300));
    if (header) {
      table = header[0].startsWith("[[") ? "[[]]" : plainKey(header[1] ?? "");
      at += header[0].length;
      toLineEnd();
      continue;
    }
    const key = /^((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=/.exec(
      text.slice(at, at + 300),
    );
    if (key) {
      at += key[0].length;
      const full = [table, plainKey(key[1] ?? "")].filter((part) => part !== "").join(".");
      const strings = passValue();
      if (full === "project.dependencies") out.push(...strings);
    }
    toLineEnd();
    if (at === before) break;
  }
  return out;

  /** Moves behind a value and gives the strings in it, however deep. */
  function passValue(): readonly string[] {
    const strings: string[] = [];
    let depth = 0;
    while (at < text.length) {
      const c = text.charAt(at);
      if (c === '"' || c === "'") strings.push(passString());
      else if (c === "#") {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      } else if (c === "\n" && depth === 0) return strings;
      else {
        if (c === "[" || c === "{") depth++;
        if (c === "]" || c === "}") depth--;
        at++;
      }
    }
    return strings;
  }

  function passString(): string {
    const quote = text.charAt(at);
    const isLong = text.startsWith(quote.repeat(3), at);
    const mark = isLong ? quote.repeat(3) : quote;
    at += mark.length;
    let value = "";
    while (at < text.length && !text.startsWith(mark, at)) {
      if (!isLong && text.charAt(at) === "\n") return value;
      if (quote === '"' && text.charAt(at) === "\\") {
        value += unescaped(text.charAt(at + 1));
        at += 2;
      } else value += text.charAt(at++);
    }
    at += mark.length;
    return value;
  }
}

/** A requirement needs no other escapes than those of quotes and backslashes. */
function unescaped(c: string): string {
  return c === "n" ? "\n" : c === "t" ? "\t" : c;
}

function plainKey(key: string): string {
  return key
    .split(".")
    .map((part) => part.trim().replace(/^["']|["']$/g, ""))
    .join(".");
}
