import { canonicalJson } from "../../foundation/hash.ts";
import { mergeMaps } from "../../foundation/merge.ts";
import { type LockEntry, lockText, parseLock } from "../lock-file.ts";

/** Three locks as one; undefined where two people pinned the same thing differently, or a line cannot be read. */
export function mergeLocks(texts: {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}): string | undefined {
  const base = entriesOf(texts.base);
  const ours = entriesOf(texts.ours);
  const theirs = entriesOf(texts.theirs);
  if (!base || !ours || !theirs) return undefined;
  const merged = mergeMaps<LockEntry>(
    { base, ours, theirs },
    (a, b) => canonicalJson(a) === canonicalJson(b),
    () => undefined,
  );
  return merged && lockText(merged.values());
}

function entriesOf(text: string): ReadonlyMap<string, LockEntry> | undefined {
  const { entries, damaged } = parseLock(text);
  if (damaged.length > 0) return undefined;
  const out = new Map<string, LockEntry>();
  for (const [id, [only, ...more]] of entries) {
    if (!only || more.length > 0) return undefined;
    out.set(id, only);
  }
  return out;
}
