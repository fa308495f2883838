import { report } from "../diagnostics/catalogue.ts";
import type { Host } from "../foundation/host.ts";
import { digestOf } from "./digest.ts";
import type { Action, ActionRecord, Engine, Read, Reader } from "./query.ts";
import { createSources, isSource, type Settled } from "./sources.ts";
import { identityOf, memoryTraceStore, type TraceStore, traceKey } from "./traces.ts";

type AnyAction = Action<unknown, unknown>;

/** Unwinds to the outermost query when an action asks for itself. */
class Cycle extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[]) {
    super(path.join(" → "));
    this.path = path;
  }
}

/**
 * An engine over a host. A result is found by what it read: the reads of an earlier run are looked at again, in order, and the
 * first that differs makes the action run anew; when none differs its value is taken as it is.
 * (A later read depends on the earlier ones only, so a read is looked at only where the action itself would do so.)
 */
export function createEngine(options: {
  readonly host: Host;
  readonly store?: TraceStore;
  /** Actions that a kept trace may name before anyone asks for them; needed only with a store that outlives the engine. */
  readonly actions?: readonly AnyAction[];
}): Engine {
  const sources = createSources(options.host);
  const store = options.store ?? memoryTraceStore();
  const actions = new Map<string, AnyAction>();
  const settled = new Map<string, Settled>();
  const active = new Map<string, { readonly kind: string; readonly params: unknown }>();
  let records: ActionRecord[] = [];
  let cycle: Cycle | undefined;

  const forget = (): void => {
    if (active.size > 0) throw new Error("an action must not change the world it is computed from");
    sources.forget();
    settled.clear();
    records = [];
  };

  const register = (action: AnyAction): void => {
    const known = actions.get(action.kind);
    if (isSource(action.kind) || (known && known !== action))
      throw new Error(`two actions are called "${action.kind}"`);
    actions.set(action.kind, action);
  };

  /** What a recorded read is now, with its value where that is needed; undefined when nobody knows its action any more. */
  const look = (kind: string, params: unknown, isNeeded: boolean): Settled | undefined => {
    if (isSource(kind)) return sources.read(kind, params);
    const action = actions.get(kind);
    return action && demand(action, params, isNeeded);
  };

  const firstChange = (reads: readonly Read[]): ActionRecord["reason"] | undefined => {
    for (const read of reads) {
      const now = look(read.kind, read.params, false)?.digest;
      if (now !== read.digest) return { code: "changed", read, now: now ?? "gone" };
    }
    return undefined;
  };

  const run = (action: AnyAction, params: unknown, identity: string): Settled => {
    const reads = new Map<string, Read>();
    let open = true;
    const see = (kind: string, seen: unknown): unknown => {
      if (!open) throw new Error(`action "${action.kind}" reads after it has ended`);
      const now = look(kind, seen, true);
      if (!now) throw new Error(`no action is called "${kind}"`);
      const name = `${kind}\n${digestOf(seen)}`;
      if (!reads.has(name)) reads.set(name, { kind, params: seen, digest: now.digest });
      return now.value;
    };
    const reader: Reader = {
      get<P, V>(other: Action<P, V>, wanted: P): V {
        register(other);
        return see(other.kind, wanted) as V;
      },
      file: (path) => see("file", path) as ReturnType<Reader["file"]>,
      list: (path) => see("list", path) as ReturnType<Reader["list"]>,
      realPath: (path) => see("real-path", path) as ReturnType<Reader["realPath"]>,
      kind: (path) => see("kind", path) as ReturnType<Reader["kind"]>,
      env: (name) => see("env", name) as ReturnType<Reader["env"]>,
      input: (name, ...path) => see("input", [name, ...path]),
    };
    const value = action.compute(params, reader);
    open = false;
    if (cycle) throw cycle; // An action that catches everything must not hide it.
    const digest = digestOf(action.canonical ? action.canonical(value) : value);
    const list = [...reads.values()];
    store.put(identity, {
      key: traceKey(identity, list, digestOf),
      reads: list,
      digest,
      value,
      ...(action.kept === "memory" ? { kept: action.kept } : {}),
    });
    return { value, digest };
  };

  /** Inside of one action, so that one that needs itself is seen. */
  const inside = <T>(action: AnyAction, params: unknown, identity: string, work: () => T): T => {
    if (active.has(identity)) {
      const labels = [...active.values()].slice([...active.keys()].indexOf(identity)).map(label);
      cycle = new Cycle([...labels, labels[0] ?? action.kind]);
      throw cycle;
    }
    active.set(identity, { kind: action.kind, params });
    try {
      return work();
    } finally {
      active.delete(identity);
    }
  };

  /** A kept result that still holds, or why there is none. */
  const held = (
    action: AnyAction,
    params: unknown,
    identity: string,
  ): Settled | NonNullable<ActionRecord["reason"]> => {
    let reason: ActionRecord["reason"] = { code: "new" };
    for (const [nth, trace] of store.find(identity).entries()) {
      const change = firstChange(trace.reads);
      if (!change) {
        settled.set(identity, trace);
        records.push({ kind: action.kind, params, status: "fresh", digest: trace.digest });
        return trace;
      }
      if (nth === 0) reason = change;
    }
    return reason;
  };

  const demand = (action: AnyAction, params: unknown, isNeeded: boolean): Settled => {
    const identity = identityOf(action.kind, action.version, digestOf(params));
    const done = settled.get(identity);
    if (done && !(isNeeded && done.isGone)) return done;
    return inside(action, params, identity, () => {
      const found = done ?? held(action, params, identity);
      if ("digest" in found && !(isNeeded && found.isGone)) return found;
      const reason = "code" in found ? found : ({ code: "not-kept" } as const);
      const result = run(action, params, identity);
      settled.set(identity, result);
      records.push({ kind: action.kind, params, status: "ran", reason, digest: result.digest });
      return result;
    });
  };

  for (const action of options.actions ?? []) register(action);

  return {
    query<P, V>(action: Action<P, V>, params: P) {
      if (active.size > 0) throw new Error("an action asks through its reader, never through the engine");
      register(action);
      cycle = undefined;
      try {
        const { value } = demand(action, params, true);
        return { value: value as V, diagnostics: [] };
      } catch (error) {
        if (!(error instanceof Cycle)) throw error;
        return { value: undefined, diagnostics: [report("CW6026", undefined, { path: error.path.join(" → ") })] };
      }
    },
    isFresh(action, params) {
      if (active.size > 0) throw new Error("an action asks through its reader, never through the engine");
      register(action as AnyAction);
      const identity = identityOf(action.kind, action.version, digestOf(params));
      cycle = undefined;
      try {
        const found =
          settled.get(identity) ??
          inside(action as AnyAction, params, identity, () => held(action as AnyAction, params, identity));
        return "digest" in found && !found.isGone;
      } catch (error) {
        if (!(error instanceof Cycle)) throw error;
        return false;
      }
    },
    set(name, value) {
      if (sources.set(name, value)) forget();
    },
    refresh: forget,
    records: () => records,
  };
}

/** How an action is named to people: its kind and, shortened, its parameters. */
function label({ kind, params }: { readonly kind: string; readonly params: unknown }): string {
  const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
  const text = typeof params === "string" ? params : (JSON.stringify(params, plain) ?? "");
  return text === "" ? kind : `${kind}(${text.length > 80 ? `${text.slice(0, 77)}…` : text})`;
}
