/** How long work goes on before the event loop gets a turn, in milliseconds. */
const longest = 20;

/**
 * Gives way to the event loop, where interrupts wait and progress is drawn, once enough time has passed since it last did: a turn costs
 * more than to find that a model has nothing to do. Without a clock it gives way at each call.
 */
export function turns(now: (() => number) | undefined): () => Promise<void> {
  let last = now?.();
  return async () => {
    const time = now?.();
    if (time !== undefined && last !== undefined && Math.abs(time - last) < longest) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = now?.();
  };
}
