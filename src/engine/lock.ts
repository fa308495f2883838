import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { prettyJson } from "../foundation/hash.ts";
import { decodeUtf8, type Host, HostError } from "../foundation/host.ts";
import { joinPath } from "../foundation/paths.ts";
import { isRecord, parseJson } from "./manifest.ts";
import { stateFolder } from "./names.ts";

interface Holder {
  readonly pid: number;
  readonly machine: string;
}

/** Relative to the workspace root. */
export const lockPath = `${stateFolder}/lock`;

const pause = 50;
/** How often a held lock is tried again: ten seconds in all. A commit takes milliseconds. */
const tries = 200;
/** How often a lock that nobody can read is tried before it counts as left by a process that died writing it. */
const unreadableTries = 10;

/** Runs `work` while this process holds the workspace's lock. Throws HostError where the lock cannot be written. */
export function withLock<T>(
  host: Host,
  root: string,
  work: () => T,
): { readonly held: true; readonly value: T } | { readonly held: false; readonly diagnostic: Diagnostic } {
  const path = joinPath(root, lockPath);
  const busy = acquire(host, root, path);
  if (busy) return { held: false, diagnostic: busy };
  try {
    return { held: true, value: work() };
  } finally {
    release(host, path);
  }
}

/** Takes away a lock whose process is gone: a build that finds nothing to do takes none, and would leave it. Throws HostError. */
export function clearDeadLock(host: Host, root: string): void {
  const path = joinPath(root, lockPath);
  const found = readText(host, path);
  const holder = found === undefined ? undefined : readHolder(found);
  if (found !== undefined && holder && isLeftOver(host, holder, false)) takeAway(host, path, found);
}

/** Makes `.crosswalk` with a file that keeps git out of it. Throws HostError. */
export function ensureStateFolder(host: Host, root: string): void {
  const ignore = joinPath(root, stateFolder, ".gitignore");
  if (host.stat(ignore) === undefined) host.writeAtomic(ignore, "*\n");
}

function acquire(host: Host, root: string, path: string): Diagnostic | undefined {
  ensureStateFolder(host, root);
  const text = prettyJson({ pid: host.pid ?? 0, machine: host.machine ?? "" } satisfies Holder);
  for (let nth = 0; ; nth++) {
    try {
      host.createExclusive(path, text);
      return undefined;
    } catch (error) {
      if (!(error instanceof HostError) || error.kind !== "exists") throw error;
    }
    const found = readText(host, path);
    if (found === undefined) {
      if (nth < tries) continue; // Released between the two calls.
      return report("CW6019", undefined, { holder: "" });
    }
    const holder = readHolder(found);
    const patience = host.sleep ? (holder ? tries : unreadableTries) : 0;
    if (isLeftOver(host, holder, nth >= patience)) takeAway(host, path, found);
    else if (nth >= patience) return report("CW6019", undefined, { holder: describe(holder) });
    else host.sleep?.(pause);
  }
}

/** True when the process that made the lock is gone. A lock of another machine is never judged. */
function isLeftOver(host: Host, holder: Holder | undefined, patienceIsOver: boolean): boolean {
  if (!holder) return patienceIsOver;
  if (holder.machine !== (host.machine ?? "")) return false;
  // This process holds no lock now: its number has come round again, as it does in containers.
  if (holder.pid === (host.pid ?? 0)) return true;
  return host.pidAlive ? !host.pidAlive(holder.pid) : false;
}

/** Moves a left-over lock away; one that another process made in the meantime is put back. */
function takeAway(host: Host, path: string, seen: string): void {
  const aside = `${path}-left-over-${host.pid ?? 0}`;
  try {
    host.rename(path, aside);
    const moved = readText(host, aside);
    if (moved !== undefined && moved !== seen) host.createExclusive(path, moved);
    host.remove(aside);
  } catch (error) {
    if (!(error instanceof HostError) || (error.kind !== "missing" && error.kind !== "exists")) throw error;
  }
}

function release(host: Host, path: string): void {
  try {
    host.remove(path);
  } catch (error) {
    // Left over, it is taken away by the next process: its owner is then dead or asks itself.
    if (!(error instanceof HostError)) throw error;
  }
}

function readText(host: Host, path: string): string | undefined {
  try {
    return decodeUtf8(host.readBytes(path)) ?? "";
  } catch (error) {
    if (error instanceof HostError && error.kind === "missing") return undefined;
    throw error;
  }
}

function readHolder(text: string): Holder | undefined {
  const value = parseJson(text);
  return isRecord(value) && typeof value.pid === "number" && typeof value.machine === "string"
    ? { pid: value.pid, machine: value.machine }
    : undefined;
}

function describe(holder: Holder | undefined): string {
  if (!holder) return "";
  return ` (process ${holder.pid}${holder.machine === "" ? "" : ` on ${holder.machine.replace(/[^\w.-]/g, "?")}`})`;
}
