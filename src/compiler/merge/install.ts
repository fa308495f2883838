import type { Workspace } from "../../config/project.ts";
import { decodeUtf8, type Host, HostError } from "../../foundation/host.ts";
import { statIfThere } from "../../foundation/if-there.ts";
import { sorted } from "../../foundation/order.ts";
import { dirName, isAbsolutePath, joinPath } from "../../foundation/paths.ts";
import { gitFolderOf } from "../git-folder.ts";
import { lockName } from "../lock-file.ts";

/** What `installMergeDriver` did. `none`: the folder is in no repository. */
export type Installed = "installed" | "there" | "none" | "unwritable";

/**
 * Where crosswalk cannot be started, or leaves a file to git, git's own text merge follows.
 * `%P` is quoted by git itself.
 */
function sectionOf(host: Host): string {
  const driver = `${startOf(host)} merge-driver %O %A %B %P || git merge-file -L ours -L base -L theirs %A %O %B`;
  // A value of git's configuration in its own form.
  const value = /["\\#;]/.test(driver) ? `"${driver.replace(/["\\]/g, "\\$&")}"` : driver;
  return `[merge "crosswalk"]\n\tname = products, manifests and lock of Crosswalk\n\tdriver = ${value}\n`;
}

/** The words with which git's shell starts crosswalk: its name where that is on the path (an alias is not), else its place on this machine. */
function startOf(host: Host): string {
  const isThere = (path: string): boolean => statIfThere(host, path) !== undefined;
  const isWindows = host.program?.[0]?.includes("\\") ?? false;
  const folders = (host.env.PATH ?? host.env.Path ?? "").split(isWindows ? ";" : ":");
  const names = isWindows ? ["crosswalk.cmd", "crosswalk.exe", "crosswalk"] : ["crosswalk"];
  const isOnPath = folders.some((folder) => folder !== "" && names.some((name) => isThere(joinPath(folder, name))));
  if (isOnPath || !host.program) return "crosswalk";
  return host.program
    .map((word) => `'${word.replaceAll("\\", "/").replaceAll("%", "%%").replaceAll("'", "'\\''")}'`)
    .join(" ");
}

/**
 * Names the merge driver in .gitattributes (committed, for all) and in the configuration of this clone. Adds only what is not there;
 * starts no git.
 */
export function installMergeDriver(host: Host, { root, models }: Workspace): Installed {
  try {
    const gitConfig = gitConfigOf(host, root);
    if (gitConfig === undefined) return "none";
    const folders = sorted(new Set(models.map((model) => dirName(model.out))));
    const wanted = [`/${lockName}`, ...folders.map((folder) => (folder === "." ? "/*/**" : `/${folder}/**`))];
    const attributes = append(
      host,
      joinPath(root, ".gitattributes"),
      (text) => wanted.filter((pattern) => !text.split(/\r?\n/).some((line) => line.startsWith(`${pattern} `))),
      (missing) => missing.map((pattern) => `${pattern} merge=crosswalk\n`).join(""),
    );
    const config = append(
      host,
      gitConfig,
      (text) => (/^\s*\[merge "crosswalk"\]/m.test(text) ? [] : [sectionOf(host)]),
      (missing) => missing.join(""),
    );
    return attributes || config ? "installed" : "there";
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return "unwritable";
  }
}

/** Adds to a file's end what is missing in it; says whether it did. */
function append(
  host: Host,
  path: string,
  missingIn: (text: string) => readonly string[],
  textOf: (missing: readonly string[]) => string,
): boolean {
  const text = readText(host, path) ?? "";
  const missing = missingIn(text);
  if (missing.length === 0) return false;
  const between = text === "" || text.endsWith("\n") ? "" : "\n";
  host.writeAtomic(path, text + between + textOf(missing));
  return true;
}

/** The configuration of the clone that a folder lies in: a second working tree has that of the first. */
function gitConfigOf(host: Host, from: string): string | undefined {
  const own = gitFolderOf(host, from);
  if (own === undefined) return undefined;
  const common = readText(host, joinPath(own, "commondir"))?.trim() ?? ".";
  return joinPath(isAbsolutePath(common) ? common : joinPath(own, common), "config");
}

function readText(host: Host, path: string): string | undefined {
  try {
    return decodeUtf8(host.readBytes(path));
  } catch (error) {
    if (error instanceof HostError && error.kind === "missing") return undefined;
    throw error;
  }
}
