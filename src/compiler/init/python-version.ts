import { decodeUtf8, type Host, HostError } from "../../foundation/host.ts";
import { joinPath } from "../../foundation/paths.ts";
import { satisfies } from "../../foundation/pep440.ts";

/** Products are tested from this version on. */
const lowest = "3.11";

/** The Python versions of a repository: as .python-version or pyproject.toml say, from 3.11 on. */
export function pythonOf(host: Host, folder: string): string {
  const pinned = /^\s*(3\.\d+)/.exec(textOf(host, joinPath(folder, ".python-version")) ?? "")?.[1];
  if (pinned !== undefined && satisfies(pinned, `>=${lowest}`)) return `>=${pinned}`;
  const project = textOf(host, joinPath(folder, "pyproject.toml")) ?? "";
  const section = /^\[project\][ \t]*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(project)?.[1] ?? "";
  const asked = /^requires-python\s*=\s*["']\s*>=\s*(3\.\d+)(?:\.\d+)?\s*["']/m.exec(section)?.[1];
  return asked !== undefined && satisfies(asked, `>=${lowest}`) ? `>=${asked}` : `>=${lowest}`;
}

function textOf(host: Host, path: string): string | undefined {
  try {
    return decodeUtf8(host.readBytes(path));
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
