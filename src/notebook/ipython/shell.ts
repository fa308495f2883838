import { report } from "../../diagnostics/catalogue.ts";
import { type Install, onlyShowsPackages, readInstall } from "./install.ts";
import type { Outcome } from "./policy.ts";
import { readShellLine, type ShellCommand } from "./shell-words.ts";

/** Commands that only show something. What they print is no part of the product. */
export const readOnlyCommands: ReadonlySet<string> = new Set(
  (
    "ls dir ll pwd cat head tail more less echo printf wc which whereis type file stat tree du df free uname lscpu nproc " +
    "whoami id hostname date uptime env printenv nvidia-smi nvcc top ps sleep true grep egrep fgrep zcat zgrep sort uniq " +
    "cut column tr nl md5sum sha1sum sha256sum cal clear history man help ping lsb_release cd"
  ).split(" "),
);

/** What becomes of `!command`: read-only commands go, install lines become requirements, the rest is opaque. */
export function shellOutcome(command: string): Outcome {
  const line = readShellLine(command);
  const opaque: Outcome = {
    policy: { kind: "opaque" },
    why: "a shell command whose effect is not known",
    report: (place) => report("CW1043", place, { command: shorten(command) }),
  };
  if (!line || line.substitutes) return opaque;
  const installs: Install[] = [];
  for (const simple of line.commands) {
    const install = readInstall(simple);
    if (install) installs.push(install);
    else if (!onlyShows(simple)) return opaque;
  }
  return installs.length > 0
    ? installOutcome(installs, command)
    : { policy: { kind: "drop" }, why: "a shell command that only shows something" };
}

/** What becomes of `%pip …` and its kin; `words` is the whole command, the tool first. */
export function packageOutcome(command: string): Outcome {
  const outcome = shellOutcome(command);
  return outcome.policy.kind === "drop" ? { ...outcome, why: "it only shows the installed packages" } : outcome;
}

function installOutcome(installs: readonly Install[], command: string): Outcome {
  const why = "it names packages that the notebook needs";
  const unreadable = installs.find((install) => install.unreadable !== undefined)?.unreadable;
  if (unreadable !== undefined)
    return {
      policy: { kind: "opaque" },
      why: unreadable,
      report: (place) => report("CW1048", place, { command: shorten(command), why: unreadable }),
    };
  const swallowed = installs.find((install) => install.swallowed)?.swallowed;
  return {
    policy: { kind: "requirement", requirements: installs.flatMap((install) => install.requirements) },
    why,
    ...(swallowed ? { report: (place) => report("CW1049", place, swallowed) } : {}),
  };
}

function onlyShows(command: ShellCommand): boolean {
  if (command.writes.length > 0) return false;
  const name = command.words[0] ?? "";
  const args = command.words.slice(1);
  if (onlyShowsPackages(command.words)) return true;
  if (name === "find") return !args.some((arg) => /^-(?:delete|exec|execdir|ok|okdir|fprint.*|fls)$/.test(arg));
  if (name === "sort") return !args.some((arg) => /^(?:-o|--output)/.test(arg));
  if (name === "date") return !args.some((arg) => /^(?:-s|--set)/.test(arg));
  // `env X=1 cmd` and `printenv`: only the form without a command shows.
  if (name === "env") return args.length === 0;
  if (name === "git") return /^(?:status|log|show|diff|rev-parse|describe|remote|--version)$/.test(args[0] ?? "");
  if (args.length === 1 && /^(?:--version|-V|--help|-h|version)$/.test(args[0] ?? "")) return !/^(?:rm|mv)$/.test(name);
  if (name === "uniq") return args.filter((arg) => !arg.startsWith("-")).length <= 1;
  return readOnlyCommands.has(name);
}

function shorten(text: string): string {
  const line = text.replace(/\\?\n\s*/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
