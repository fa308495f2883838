import { report } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { HostError, type HostErrorKind } from "../foundation/host.ts";

const reasons: Readonly<Record<Exclude<HostErrorKind, "other">, readonly [reason: string, remedy: string]>> = {
  missing: ["it disappeared, or a folder above it did", "Restore it, or stop what removes it"],
  denied: ["permission denied", "Give yourself permission to write there"],
  "read-only": ["the file system is read-only", "Build on a writable copy, or make the file system writable"],
  full: ["no space is left on the disk", "Free some space"],
  "not-a-file": ["there is a folder in its place", "Move the folder away"],
  exists: ["there is something in its place", "Move it away"],
};

/** A failed file operation in words: the path relative to the root, why, and what helps. */
export function describe(root: string, error: HostError): { path: string; reason: string; remedy: string } {
  const slashed = error.path.replaceAll("\\", "/");
  const path = slashed.startsWith(`${root}/`) ? slashed.slice(root.length + 1) : slashed;
  const [reason, remedy] =
    error.kind === "other"
      ? // The system's own words, without the absolute paths that follow the comma.
        [error.message.split(",")[0] ?? "unknown", "Look at the folder and the disk"]
      : reasons[error.kind];
  return { path, reason, remedy };
}

/** Runs file operations; a HostError becomes the diagnostic that `say` makes of it. Anything else is a bug and goes on. */
export function attempt<T>(
  work: () => T,
  say: (error: HostError) => Diagnostic,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly diagnostic: Diagnostic } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { ok: false, diagnostic: say(error) };
  }
}

export function unreadable(root: string): (error: HostError) => Diagnostic {
  return (error) => report("CW6014", undefined, describe(root, error));
}

export function notWritten(root: string): (error: HostError) => Diagnostic {
  return (error) => report("CW6015", undefined, describe(root, error));
}
