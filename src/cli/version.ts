import { sha256 } from "../foundation/hash.ts";
import type { CliIo } from "./io.ts";
import type { PackageInfo } from "./package-info.ts";

/** What `--version` prints: the number; with `--verbose` what a bug report needs, and no content of any file. */
export function versionText(info: PackageInfo, io: CliIo, verbose: boolean): string {
  if (!verbose) return `${info.version}\n`;
  const lines = [
    `crosswalk ${info.version}`,
    `node ${io.runtime}`,
    ...Object.entries(info.dependencies).map(([name, version]) => `${name} ${version}`),
    `crosswalk.yaml ${configDigest(io)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function configDigest(io: CliIo): string {
  try {
    return `sha256 ${sha256(io.host.readBytes("crosswalk.yaml"))}`;
  } catch {
    return "none in this folder";
  }
}
