/** What Python's `re` writes and JavaScript does not; a pattern that uses it is not checked here. */
const onlyPython = /\(\?(?:[aiLmsux]+[):-]|-|>|#|\(|P[>=])|[*+?}]\+/;

/**
 * Undefined when a pattern looks right, else what is wrong with it. Patterns are Python's; they are read here with JavaScript's
 * rules, which agree on brackets, classes and repeats. Only what is certainly wrong is reported.
 */
export function patternFault(pattern: string): string | undefined {
  if (onlyPython.test(pattern)) return undefined;
  const translated = pattern
    .replace(/\(\?P</g, "(?<")
    .replace(/\\A/g, "^")
    .replace(/\\Z/g, "$");
  try {
    new RegExp(translated);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    return text.slice(text.lastIndexOf(": ") + 2).toLowerCase() || "it cannot be read";
  }
}
