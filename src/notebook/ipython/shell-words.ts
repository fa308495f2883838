/** One simple command of a shell line. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Files that its output is written to, e.g. "out.txt"; without /dev/null and 2>&1. */
  readonly writes: readonly string[];
}

/** A shell line cut into its simple commands, or undefined where quotes do not close. */
export interface ShellLine {
  readonly commands: readonly ShellCommand[];
  /** True for `…` and $(…): commands inside commands. */
  readonly substitutes: boolean;
}

/** Reads a shell line the way a POSIX shell cuts it; expansions are left as they stand. */
export function readShellLine(text: string): ShellLine | undefined {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let writes: string[] = [];
  let word: string | undefined;
  let redirecting: "write" | "other" | undefined;
  let substitutes = false;
  const endWord = (): void => {
    if (word === undefined) return;
    if (redirecting === undefined) words.push(word);
    else if (redirecting === "write" && word !== "/dev/null" && !/^&\d$/.test(word)) writes.push(word);
    redirecting = undefined;
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0 || writes.length > 0) commands.push({ words, writes });
    words = [];
    writes = [];
  };
  let i = 0;
  while (i < text.length) {
    const c = text.charAt(i);
    if (c === "\\") {
      if (text.charAt(i + 1) !== "\n") word = (word ?? "") + text.charAt(i + 1);
      i += 2;
      continue;
    }
    if (c === "'" || c === '"') {
      const end = closing(text, i);
      if (end === undefined) return undefined;
      const inner = text.slice(i + 1, end);
      if (c === '"' && /`|\$\(/.test(inner)) substitutes = true;
      word = (word ?? "") + (c === '"' ? inner.replace(/\\(["\\$`])/g, "$1") : inner);
      i = end + 1;
      continue;
    }
    if (c === "`" || (c === "$" && text.charAt(i + 1) === "(")) substitutes = true;
    if (c === "#" && word === undefined) {
      while (i < text.length && text.charAt(i) !== "\n") i++;
      continue;
    }
    if (c === ">" || c === "<") {
      if (word !== undefined && /^[0-9&]$/.test(word)) word = undefined;
      endWord();
      redirecting = c === ">" ? "write" : "other";
      i++;
      while (text.charAt(i) === ">" || text.charAt(i) === "<") i++;
      if (text.charAt(i) === "&") {
        word = "&";
        i++;
      } else while (text.charAt(i) === " ") i++;
      continue;
    }
    if (c === "&" && text.charAt(i + 1) === ">") {
      endWord();
      i++;
      continue;
    }
    if (c === ";" || c === "|" || c === "&" || c === "\n") {
      endCommand();
      i++;
      continue;
    }
    if (c === " " || c === "\t" || c === "\r") endWord();
    else word = (word ?? "") + c;
    i++;
  }
  endCommand();
  return { commands, substitutes };
}

function closing(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  for (let i = start + 1; i < text.length; i++) {
    if (quote === '"' && text.charAt(i) === "\\") i++;
    else if (text.charAt(i) === quote) return i;
  }
  return undefined;
}
