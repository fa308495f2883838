import type { Host } from "../../foundation/host.ts";
import { textIfThere } from "../../foundation/if-there.ts";
import { joinPath } from "../../foundation/paths.ts";
import { satisfies } from "../../foundation/pep440.ts";

/** Products are tested from this version on. */
const lowest = "3.11";

/** The Python versions of a repository: as .python-version or pyproject.toml say, from 3.11 on. */
export function pythonOf(host: Host, folder: string): string {
  const pinned = /^\s*(3\.\d+)/.exec(textIfThere(host, joinPath(folder, ".python-version")) ?? "")?.[1];
  if (pinned !== undefined && satisfies(pinned, `>=${lowest}`)) return `>=${pinned}`;
  const project = textIfThere(host, joinPath(folder, "pyproject.toml")) ?? "";
  const section = /^\[project\][ \t]*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(project)?.[1] ?? "";
  const asked = /^requires-python\s*=\s*["']\s*>=\s*(3\.\d+)(?:\.\d+)?\s*["']/m.exec(section)?.[1];
  return asked !== undefined && satisfies(asked, `>=${lowest}`) ? `>=${asked}` : `>=${lowest}`;
}
