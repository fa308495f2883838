import { type Host, HostError } from "../../foundation/host.ts";
import { joinPath } from "../../foundation/paths.ts";

/** Distributions installed in `.venv` or `venv` of a folder: read from the names of *.dist-info, no Python is run. */
export function installedIn(host: Host, folder: string): readonly (readonly [name: string, version: string])[] {
  for (const name of [".venv", "venv"]) {
    const packages = sitePackages(host, joinPath(folder, name));
    if (packages === undefined) continue;
    return names(host, packages).flatMap((entry): [string, string][] => {
      const match = /^(.+)-([^-]+)\.dist-info$/.exec(entry);
      return match ? [[match[1] ?? "", match[2] ?? ""]] : [];
    });
  }
  return [];
}

function sitePackages(host: Host, environment: string): string | undefined {
  const windows = joinPath(environment, "Lib", "site-packages");
  for (const folder of names(host, joinPath(environment, "lib"))) {
    const packages = joinPath(environment, "lib", folder, "site-packages");
    if (/^python3\.\d+t?$/.test(folder) && names(host, packages).length > 0) return packages;
  }
  return names(host, windows).length > 0 ? windows : undefined;
}

function names(host: Host, folder: string): readonly string[] {
  try {
    return host.list(folder);
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}
