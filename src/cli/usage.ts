import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../foundation/nearest.ts";
import type { ReportRequest } from "./report-request.ts";

/** What can be wrong on a command line, as diagnostics. */
export const usage = {
  badValue(flag: string, value: string, expected: string, known: readonly string[]): Diagnostic {
    const near = nearest(value, known);
    return report("CW0085", undefined, {
      flag,
      value,
      expected,
      fix: near ? `did you mean \`${flag} ${near}\`` : `give \`${flag}\` such a value`,
    });
  },
  unknownFlag(command: string, flag: string, known: readonly string[]): Diagnostic {
    const near = nearest(flag, known);
    const fix = near ? `did you mean \`${near}\`` : `see \`crosswalk ${command} --help\``;
    return report("CW0081", undefined, { command, flag, fix });
  },
  /** `elsewhere` is a command that has the flag. */
  unknownGlobal(flag: string, known: readonly string[], elsewhere: string | undefined): Diagnostic {
    const near = nearest(flag, known);
    const fix = elsewhere ? `write it after the command: \`crosswalk ${elsewhere} ${flag}\`` : "see `crosswalk --help`";
    return report("CW0107", undefined, { flag, fix: near ? `did you mean \`${near}\`` : fix });
  },
  unknownCommand(command: string, known: readonly string[]): Diagnostic {
    const near = nearest(command, known);
    const fix = near ? `did you mean \`crosswalk ${near}\`` : `the commands are ${known.join(", ")}`;
    return report("CW0080", undefined, { command, fix });
  },
  missing(command: string, what: string, line: string): Diagnostic {
    return report("CW0086", undefined, { command, what, usage: line });
  },
  excess(command: string, argument: string, line: string): Diagnostic {
    return report("CW0087", undefined, { command, argument, usage: line });
  },
  conflict: (first: string, second: string): Diagnostic => report("CW0106", undefined, { first, second }),
  twoOnStdout: (first: ReportRequest, second: ReportRequest): Diagnostic =>
    report("CW0102", undefined, { first: first.format, second: second.format }),
  outputAlone: (file: string): Diagnostic => report("CW0104", undefined, { file }),
  unwritable: (file: string, why: string): Diagnostic => report("CW0101", undefined, { file, why }),
} as const;
