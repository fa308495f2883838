/** One requirement as PEP 508 has it. */
export interface ParsedRequirement {
  /** As written. */
  readonly name: string;
  readonly extras: readonly string[];
  /** "==2.2.3", ">=2,<3"; "" where any version will do. */
  readonly specifier: string;
  /** An address instead of a version. */
  readonly url?: string;
  /** Where it applies: `python_version < "3.12"`. */
  readonly marker?: string;
}

const clause = String.raw`(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()=<>!~]+`;
const whole = new RegExp(
  String.raw`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*` +
    String.raw`(?:@\s*(\S+)|(\(?\s*${clause}(?:\s*,\s*${clause})*\s*,?\s*\)?))?\s*(?:;\s*(.+))?$`,
);

/** Reads one requirement; undefined for what is none (a path, an option, a plain address). */
export function parseRequirement(text: string): ParsedRequirement | undefined {
  const match = whole.exec(text.trim());
  if (!match) return undefined;
  const [, name = "", extras = "", url, specifier = "", marker] = match;
  return {
    name,
    extras: extras
      .split(",")
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ""),
    specifier: specifier.replace(/[()\s]/g, "").replace(/,$/, ""),
    ...(url === undefined ? {} : { url: url.replace(/;$/, "") }),
    ...(marker === undefined ? {} : { marker: marker.trim() }),
  };
}
