import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Choices } from "../../../src/engine/choices.ts";
import { type CommitResult, commitProduct } from "../../../src/engine/commit.ts";
import type { CommitRequest } from "../../../src/engine/plan.ts";
import { type Host, HostError, type HostErrorKind } from "../../../src/foundation/host.ts";
import type { MemoryHost } from "../../../src/foundation/host-memory.ts";

export const root = "/repo";
export const folder = "production/credit";

/** A build of the one product of these tests: its files by path. */
export function request(
  files: Readonly<Record<string, string | Uint8Array>>,
  more: Partial<CommitRequest> & { readonly choices?: Choices } = {},
): CommitRequest {
  return {
    root,
    folder,
    tool: "crosswalk 0.1.0",
    files: Object.entries(files).map(([path, content]) => ({
      path,
      content,
      origin: [{ notebook: "train.ipynb", cells: ["c1"] }],
    })),
    ...more,
  };
}

export function build(host: Host, files: Readonly<Record<string, string>>, choices: Choices = {}): CommitResult {
  return commitProduct(host, request(files, { choices }));
}

export function codes(result: { readonly diagnostics: readonly { readonly code: string }[] }): string[] {
  return result.diagnostics.map(({ code }) => code);
}

/** The files outside `.crosswalk`, as text, by path relative to the root. */
export function tree(host: MemoryHost): Record<string, string> {
  const paths = [...host.files.keys()].filter((path) => !path.startsWith(`${root}/.crosswalk/`)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), host.text(path) ?? "(binary)"]));
}

/** A new empty folder on the real disk, removed when the test ends. */
export function realFolder(): string {
  const path = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "crosswalk-engine-")));
  onTestFinished(() => fs.rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Faults {
  /** The 0-based call that fails. */
  readonly at: number;
  /** once: only that call. dead: that one and all after it, as when the process is killed. after: that call does its work first. */
  readonly mode: "once" | "dead" | "after";
  readonly kind: HostErrorKind;
}

const operations = [
  "stat",
  "readBytes",
  "list",
  "writeAtomic",
  "createExclusive",
  "appendText",
  "appendBytes",
  "rename",
  "remove",
  "removeEmptyFolder",
] as const;

/** The host with faults, and how many calls were made. */
export function faulty(host: Host, faults: Faults): { readonly host: Host; readonly calls: () => number } {
  let calls = 0;
  const out: Record<string, unknown> = { ...host };
  for (const name of operations) {
    const work = host[name] as (...args: unknown[]) => unknown;
    out[name] = (...args: unknown[]) => {
      const nth = calls++;
      const fails = nth === faults.at || (faults.mode === "dead" && nth > faults.at);
      if (!fails) return work(...args);
      if (faults.mode === "after") work(...args);
      throw new HostError(faults.kind, String(args[0]), `injected at ${nth}`);
    };
  }
  return { host: out as unknown as Host, calls: () => calls };
}

/** The host on a file system that ignores case and keeps the name a file was first given, as on Windows and macOS. */
export function caseless(host: MemoryHost): MemoryHost {
  const spelt = (path: string): string => {
    const wanted = (path.startsWith("/") ? path : `${host.cwd}/${path}`).split("/");
    let out = "";
    for (const part of wanted.slice(1)) {
      const below = [...host.files.keys()].filter((key) => key.startsWith(`${out}/`));
      const names = below.map((key) => key.slice(out.length + 1).split("/")[0] ?? "");
      out += `/${names.find((name) => name.toLowerCase() === part.toLowerCase()) ?? part}`;
    }
    return out;
  };
  return {
    ...host,
    stat: (path) => host.stat(spelt(path)),
    readBytes: (path) => host.readBytes(spelt(path)),
    list: (path) => host.list(spelt(path)),
    writeAtomic: (path, content) => host.writeAtomic(spelt(path), content),
    rename: (from, to) => {
      const [source, target] = [spelt(from), spelt(to)];
      host.rename(source, source === target ? to : target);
    },
    remove: (path) => host.remove(spelt(path)),
    removeEmptyFolder: (path) => host.removeEmptyFolder(spelt(path)),
  };
}
