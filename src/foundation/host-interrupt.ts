import { Interrupted } from "./host.ts";

/** Where a script finds its work: code that can be ended must be run as a script of its own. */
const place = Symbol.for("crosswalk.interruptible");

/**
 * Does work at one go so that an interrupt (Ctrl-C) ends it in the middle, where listeners of the process would be told only when it is
 * over. Then `interrupted` is called, and `Interrupted` thrown; `finally` inside of the work is not carried out. Where the signal says that
 * it happened already, the work is not begun. SIGTERM, for which Node has no such way, ends the process at once, as it ends any
 * program. A call costs 0.2 ms.
 */
export function interruptible(signal: AbortSignal, interrupted: () => void): <T>(work: () => T) => T {
  let run: (() => unknown) | undefined;
  let isRunning = false;
  return (work) => {
    if (isRunning) return work();
    if (signal.aborted) throw new Interrupted();
    run ??= inScript();
    const terminated = process.listeners("SIGTERM");
    process.removeAllListeners("SIGTERM");
    isRunning = true;
    let value: ReturnType<typeof work> | undefined;
    Reflect.set(globalThis, place, () => {
      value = work();
    });
    try {
      run();
    } catch (error) {
      if ((error as NodeJS.ErrnoException | undefined)?.code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
      interrupted();
      throw new Interrupted();
    } finally {
      isRunning = false;
      Reflect.deleteProperty(globalThis, place);
      for (const listener of terminated) process.on("SIGTERM", listener);
    }
    return value as ReturnType<typeof work>;
  };
}

function inScript(): () => unknown {
  const { Script } = process.getBuiltinModule("node:vm");
  const script = new Script('globalThis[Symbol.for("crosswalk.interruptible")]()');
  return () => script.runInThisContext({ breakOnSigint: true, displayErrors: false });
}
