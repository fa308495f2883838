import { fileURLToPath } from "node:url";
import { decodeUtf8, type Host } from "../foundation/host.ts";

/** The installed package: found from where this code lies, so it is the same from any folder. */
export interface PackageInfo {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** Text of a file of the package; undefined when it is missing. */
  read(path: string): string | undefined;
}

export function packageInfo(host: Host): PackageInfo {
  // Never beside this code: to look for what is not there costs an error, and errors are dear in a start.
  for (let url = new URL("../", import.meta.url); ; url = new URL("../", url)) {
    const folder = fileURLToPath(url);
    const read = (path: string): string | undefined => readText(host, `${folder}${path}`);
    const found = parse(read("package.json"));
    if (found?.name === "crosswalk")
      return { version: found.version ?? "0.0.0", dependencies: found.dependencies ?? {}, read };
    if (new URL("../", url).href === url.href) return { version: "0.0.0", dependencies: {}, read: () => undefined };
  }
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function parse(text: string | undefined): PackageJson | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as PackageJson);
  } catch {
    return undefined;
  }
}

function readText(host: Host, path: string): string | undefined {
  try {
    return decodeUtf8(host.readBytes(path));
  } catch {
    return undefined;
  }
}
