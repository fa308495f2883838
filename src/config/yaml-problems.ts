interface Problem {
  readonly problem: string;
  readonly fix: string;
}

/** What the YAML reader's error codes mean to a person who does not know YAML's grammar. */
const problems: Readonly<Record<string, Problem>> = {
  BAD_ALIAS: {
    problem: "an alias (`*name`) has no anchor (`&name`) before it",
    fix: "write the value out, or put a text that begins with `*` in quotes",
  },
  BAD_INDENT: {
    problem: "this line is not indented like its neighbours",
    fix: "give all keys of one block the same number of blanks before them",
  },
  BAD_DIRECTIVE: { problem: "this line beginning with `%` is not a YAML directive", fix: "remove the line" },
  BAD_DQ_ESCAPE: {
    problem: "a text in double quotes has a `\\` that begins no known escape",
    fix: "use single quotes, or write `\\\\`",
  },
  BAD_SCALAR_START: {
    problem: "a plain text cannot begin with this character",
    fix: "put the text in quotes",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    problem: "there is a second `key: value` where one value was expected",
    fix: "put a text that contains `: ` in quotes, or give the second key its own line",
  },
  BLOCK_IN_FLOW: {
    problem: "a block stands inside brackets that are still open",
    fix: "close the bracket before, or write this value in brackets too",
  },
  MISSING_CHAR: {
    problem: "a sign is missing (a closing bracket or quote, a comma, or the `:` after a key)",
    fix: "look for an open bracket or quote before this place, and for a key without `:`",
  },
  MULTIPLE_ANCHORS: { problem: "a value has two anchors", fix: "keep one of the two" },
  MULTIPLE_DOCS: {
    problem: "the file holds more than one document (a line `---`)",
    fix: "keep one document; for several models use `models:`",
  },
  MULTILINE_IMPLICIT_KEY: {
    problem: "a key reaches over several lines",
    fix: "look for a missing `:` or a missing closing quote or bracket in the lines before",
  },
  TAG_RESOLVE_FAILED: {
    problem: "there is a tag (`!name`), and crosswalk.yaml has none",
    fix: "remove the tag, or put a text that begins with `!` in quotes",
  },
  UNEXPECTED_TOKEN: {
    problem: "this was not expected here",
    fix: "look for a bracket or quote too many, or put the text in quotes",
  },
};

/** The problem behind an error code of the YAML reader, and how to mend it. */
export function yamlProblem(code: string, message: string): Problem {
  const end = /end with a (.)$/.exec(message)?.[1];
  if (end !== undefined) {
    const problem = `a list or map in brackets is not closed before this place`;
    return { problem, fix: `write the missing \`${end}\`` };
  }
  return (
    problems[code] ?? {
      problem: message.replace(/\s+/g, " ").replace(/\.$/, ""),
      fix: "correct the YAML at this place",
    }
  );
}
