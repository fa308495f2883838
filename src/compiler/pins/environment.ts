import type { Host } from "../../foundation/host.ts";
import { listIfThere } from "../../foundation/if-there.ts";
import { joinPath } from "../../foundation/paths.ts";

/** Distributions installed in `.venv` or `venv` of a folder: read from the names of *.dist-info, no Python is run. */
export function installedIn(host: Host, folder: string): readonly (readonly [name: string, version: string])[] {
  for (const name of [".venv", "venv"]) {
    const packages = sitePackages(host, joinPath(folder, name));
    if (packages === undefined) continue;
    return (listIfThere(host, packages) ?? []).flatMap((entry): [string, string][] => {
      const match = /^(.+)-([^-]+)\.dist-info$/.exec(entry);
      return match ? [[match[1] ?? "", match[2] ?? ""]] : [];
    });
  }
  return [];
}

function sitePackages(host: Host, environment: string): string | undefined {
  const isFilled = (folder: string): boolean => (listIfThere(host, folder) ?? []).length > 0;
  const windows = joinPath(environment, "Lib", "site-packages");
  for (const folder of listIfThere(host, joinPath(environment, "lib")) ?? []) {
    const packages = joinPath(environment, "lib", folder, "site-packages");
    if (/^python3\.\d+t?$/.test(folder) && isFilled(packages)) return packages;
  }
  return isFilled(windows) ? windows : undefined;
}
