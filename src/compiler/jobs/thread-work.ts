import { createEngine } from "../../engine/engine.ts";
import type { Action } from "../../engine/query.ts";
import { LostValue } from "../../engine/store/values.ts";
import { memoryTraceStore, type Trace, type TraceStore } from "../../engine/traces.ts";
import type { Host } from "../../foundation/host.ts";
import { declareActions, type ModelProduct } from "../actions/declared.ts";
import { loadBodies } from "../actions/load-bodies.ts";
import { loading } from "../not-loaded.ts";
import type { Compilation, FromThread, ToThread } from "./messages.ts";

/**
 * What a thread does: it compiles the models that it is told, one after the other, and hands each over with all that it looked at. It keeps
 * no product, writes nothing, and sees each file once.
 */
export function compilingThread(host: Host, post: (message: FromThread) => void): (model: ToThread) => Promise<void> {
  const phase = (model: string, name: string): void => post({ kind: "phase", model, phase: name });
  const actions = declareActions((kind, all) => loadBodies(kind, host, all, phase));
  let made: Compilation | undefined;
  const engine = createEngine({
    host,
    actions: Object.values(actions) as readonly Action<unknown, unknown>[],
    store: handingOver(actions.product.kind, ({ reads, value, digest }) => {
      made = { reads, value: value as ModelProduct, digest };
    }),
  });
  const compile = async (model: ToThread): Promise<void> => {
    made = undefined;
    try {
      await loading(() => engine.settle(actions.product, model));
    } catch {
      made = undefined;
    }
    post(made ? { kind: "made", model, made } : { kind: "failed", model });
    made = undefined;
  };
  let last = Promise.resolve();
  return (model) => {
    last = last.then(() => compile(model));
    return last;
  };
}

/** Keeps what it is given, but for the runs of one kind of action, which it hands over and forgets. */
function handingOver(kind: string, take: (trace: Trace) => void): TraceStore {
  const kept = memoryTraceStore();
  return {
    ...kept,
    put(asked, trace) {
      if (asked.kind !== kind) return kept.put(asked, trace);
      take(trace);
      const { key, digest } = trace;
      return {
        key,
        digest,
        reads: [],
        get value(): unknown {
          throw new LostValue();
        },
      };
    },
  };
}
