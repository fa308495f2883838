import { dirName, isAbsolutePath, joinPath, staysInside } from "../../foundation/paths.ts";
import { type ParsedRequirement, parseRequirement } from "./requirement.ts";

/** A line of a requirements file that could not be followed. */
export interface RequirementsProblem {
  readonly file: string;
  readonly line: string;
  readonly why: string;
}

export interface RequirementsFile {
  readonly requirements: readonly ParsedRequirement[];
  readonly problems: readonly RequirementsProblem[];
}

/**
 * The requirements of a file as pip reads it, with those of the files it includes (`-r`, `-c`). Paths are relative to the
 * workspace root; `read` gives a file's text. Includes stay inside the root, and each file counts once.
 */
export function readRequirements(path: string, read: (path: string) => string | undefined): RequirementsFile {
  const requirements: ParsedRequirement[] = [];
  const problems: RequirementsProblem[] = [];
  const seen = new Set<string>();
  const visit = (file: string, text: string): void => {
    seen.add(file);
    for (const line of logicalLines(text)) {
      const include = /^(?:-r|-c|--requirement|--constraint)(?:\s+|=|(?=[^\s=-]))(.+)$/.exec(line);
      if (!include) {
        const requirement = line.startsWith("-") ? undefined : parseRequirement(withoutOptions(line));
        if (requirement) requirements.push(requirement);
        continue;
      }
      const written = (include[1] ?? "").trim().replace(/^["']|["']$/g, "");
      const target = joinPath(dirName(file), written.replaceAll("\\", "/"));
      const say = (why: string): void => {
        problems.push({ file, line, why });
      };
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) say("it names an address outside the repository");
      else if (isAbsolutePath(written) || !staysInside(target)) say("it names a file outside the workspace");
      else if (!seen.has(target)) {
        const inner = read(target);
        if (inner === undefined) say("the file is not there");
        else visit(target, inner);
      }
    }
  };
  const text = read(path);
  if (text !== undefined) visit(path, text);
  return { requirements, problems };
}

/** Lines with continuations joined, comments and blank lines left out. */
function logicalLines(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n[ \t]*/g, " ")
    .split(/\r?\n|\r/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** `--hash=…` and other options of one requirement. */
function withoutOptions(line: string): string {
  return line.replace(/\s+--?[A-Za-z][\w-]*(?:[= ].*)?$/, "").trim();
}
