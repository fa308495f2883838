import { digestOf } from "./digest.ts";
import type { Engine, Read } from "./query.ts";
import { isSource } from "./sources.ts";
import type { Trace } from "./traces.ts";

type Known = Pick<Engine, "traces">;

/** Every source under the last run of an action, however deep, each once; what lies under actions of the kinds `without` is left out. */
export function sourcesOf(
  known: Known,
  kind: string,
  params: unknown,
  without: ReadonlySet<string> = new Set(),
): readonly Read[] {
  const out: Read[] = [];
  const seen = new Set<string>();
  const visit = (reads: readonly Read[]): void => {
    for (const read of reads) {
      const name = nameOf(read);
      if (seen.has(name)) continue;
      seen.add(name);
      if (isSource(read.kind)) out.push(read);
      else if (!without.has(read.kind)) visit(known.traces(read.kind, read.params)[0]?.reads ?? []);
    }
  };
  visit(known.traces(kind, params)[0]?.reads ?? []);
  return out;
}

/** Why an action ran the last time: it had never run before, or the first things on the way down that were no longer the same. */
export type Why =
  | { readonly code: "new" }
  | {
      readonly code: "changed";
      /** From what the action itself read down to what differs and reads nothing that does. */
      readonly way: readonly Difference[];
    };

/** Something that was read and is another now. */
export interface Difference {
  readonly kind: string;
  readonly params: unknown;
  readonly before: Seen;
  readonly now: Seen;
}

/** What was seen; the value is not there for sources, and for what no store keeps. */
export interface Seen {
  readonly digest: string;
  readonly value?: unknown;
}

/** Compares the last run of an action with the one before it. undefined where nothing is known, or both read the same. */
export function whyLast(known: Known, kind: string, params: unknown): Why | undefined {
  const [now, before] = known.traces(kind, params);
  if (!now) return undefined;
  if (!before) return { code: "new" };
  const way: Difference[] = [];
  descend(known, before, now, way);
  return way.length === 0 ? undefined : { code: "changed", way };
}

function descend(known: Known, before: Trace, now: Trace, way: Difference[]): void {
  const later = new Map(now.reads.map((read) => [nameOf(read), read]));
  for (const read of before.reads) {
    const other = later.get(nameOf(read));
    if (other?.digest === read.digest) continue;
    const runs = isSource(read.kind) ? [] : known.traces(read.kind, read.params);
    const [old, new_] = [read.digest, other?.digest].map((digest) => runs.find((run) => run.digest === digest));
    way.push({
      kind: read.kind,
      params: read.params,
      before: seen(read.digest, old),
      now: seen(other?.digest ?? "", new_),
    });
    if (old && new_) descend(known, old, new_, way);
    return;
  }
}

function seen(digest: string, run: Trace | undefined): Seen {
  if (!run || run.isGone || run.kept === "memory") return { digest };
  try {
    return { digest, value: run.value };
  } catch {
    // Lost: the digests still say that it differs.
    return { digest };
  }
}

function nameOf({ kind, params }: Read): string {
  return `${kind}\n${digestOf(params)}`;
}
