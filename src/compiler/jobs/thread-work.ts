import { createEngine } from "../../engine/engine.ts";
import type { Action } from "../../engine/query.ts";
import { LostValue } from "../../engine/store/values.ts";
import type { Trace, TraceStore } from "../../engine/traces.ts";
import type { Host } from "../../foundation/host.ts";
import { type Actions, declareActions, type ModelProduct } from "../actions/declared.ts";
import { loadBodies } from "../actions/load-bodies.ts";
import { loading } from "../not-loaded.ts";
import type { Compilation, FromThread, ToThread } from "./messages.ts";

/**
 * What a thread does: it compiles the models that it is told, one after the other, and hands each over with all that it looked at. It keeps
 * nothing of one model for the next but what is known of the workspace, and writes nothing.
 */
export function compilingThread(host: Host, post: (message: FromThread) => void): (model: ToThread) => Promise<void> {
  const phase = (model: string, name: string): void => post({ kind: "phase", model, phase: name });
  const actions = declareActions((kind, all) => loadBodies(kind, host, all, phase));
  let made: Compilation | undefined;
  const store = handingOver(actions.product.kind, ({ reads, value, digest }) => {
    made = { reads, value: value as ModelProduct, digest };
  });
  const engine = createEngine({ host, actions: Object.values(actions) as readonly Action<unknown, unknown>[], store });
  const compile = async (model: ToThread): Promise<void> => {
    made = undefined;
    try {
      await loading(() => engine.settle(actions.product, model));
    } catch {
      made = undefined;
    }
    post(made ? { kind: "made", model, made } : { kind: "failed", model });
    made = undefined;
    engine.letGo(actions.notebook.kind);
  };
  let last = Promise.resolve();
  return (model) => {
    last = last.then(() => compile(model));
    return last;
  };
}

/** Of one model: nothing of it is of use for the next. */
const ofOneModel: ReadonlySet<keyof Actions> = new Set(["notebook", "cells", "layout", "runOrder"]);

/**
 * A store for an engine that sees a world once and hands over the runs of one kind of action: it is asked for nothing that it was given, as the
 * engine itself knows what has ended. Values of one model are kept until `letGo`.
 */
function handingOver(kind: string, take: (trace: Trace) => void): TraceStore & { letGo(): void } {
  const values = new Map<Trace, unknown>();
  const kinds: ReadonlySet<string> = ofOneModel;
  return {
    find: () => [],
    // Nobody looks again: who built on what need not be known.
    fresh: () => undefined,
    put(asked, trace) {
      const isKept = kinds.has(asked.kind);
      if (asked.kind === kind) take(trace);
      else if (!isKept) return trace;
      const { key, digest } = trace;
      const stored: Trace = {
        key,
        digest,
        reads: [],
        get value(): unknown {
          if (values.has(stored)) return values.get(stored);
          throw new LostValue();
        },
      };
      if (isKept) values.set(stored, trace.value);
      return stored;
    },
    letGo: () => values.clear(),
  };
}
