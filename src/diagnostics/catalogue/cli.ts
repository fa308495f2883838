import { entries } from "../define.ts";

/** CW01xx: what the command line does with its reports. (Unknown commands and flags are CW008x.) */
export const cliEntries = entries(() => ({
  CW0101: {
    slug: "report-unwritable",
    severity: "error",
    title: "a report could not be written",
    message: "the report `{file}` cannot be written: {why}.",
    cause: "`--output` names a file that the system does not let Crosswalk write.",
    fix: "choose a file in a folder where you may write and that has room.",
  },
  CW0102: {
    slug: "two-formats-one-stream",
    severity: "error",
    title: "two formats on one stream",
    message: "`--format {first}` and `--format {second}` would both go to the standard output.",
    cause: "Two documents in one stream can be read by no program.",
    fix: "give one of them a file: `--format {second} --output FILE`.",
  },
  CW0103: {
    slug: "explain-unknown-target",
    severity: "error",
    title: "nothing to explain by that name",
    message: "there is no code, generated line or cell `{target}` to explain.",
    cause:
      "`crosswalk explain` takes a code or its slug, `generated-file:line`, `notebook.ipynb:cell N` or `notebook.ipynb:cell N:line`.",
    fix: "{fix}.",
  },
  CW0104: {
    slug: "output-without-format",
    severity: "error",
    title: "--output without --format",
    message: "`--output {file}` has no `--format` to go with it.",
    cause: "Each `--output` names the file for one `--format`, and there are more outputs than formats.",
    fix: "write `--format json --output {file}`, or another format.",
  },
  CW0105: {
    slug: "too-many-warnings",
    severity: "note",
    title: "more warnings than allowed",
    message: "there are {count} warnings, and `--max-warnings {limit}` allows {limit}.",
    cause: "`check` fails on warnings only where `--max-warnings` sets a limit.",
    fix: "mend some of the warnings, or raise the limit.",
  },
  CW0106: {
    slug: "options-conflict",
    severity: "error",
    title: "two options that exclude each other",
    message: "`{first}` and `{second}` exclude each other.",
    cause: "The two options ask for opposite things, and Crosswalk does not guess which one you meant.",
    fix: "leave out one of them.",
  },
  CW0107: {
    slug: "unknown-global-option",
    severity: "error",
    title: "an unknown option before the command",
    message: "`crosswalk` itself has no option `{flag}`.",
    cause: "Before the command only `--version`, `--verbose` and `--help` may stand; all other options come after it.",
    fix: "{fix}.",
  },
}));
