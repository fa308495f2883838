import { nodeIo } from "./io-node.ts";
import { runAway, runCli } from "./run.ts";
import { loadSession } from "./session-loader.ts";

/** How long work may take to reach a safe point after an interrupt. */
const grace = 3000;

/** Runs the command line of this process, and ends it. Loading the code runs nothing: other threads load the same bundle. */
export function runProcess(): void {
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    setTimeout(() => process.exit(130), grace).unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);

  const io = nodeIo(stop.signal, interrupt);
  const parts = { io, signal: stop.signal, loadSession };
  // Exits once all is printed: worker threads must not keep a finished command alive.
  const flushed = (exitCode: number): void => io.flush(() => process.exit(exitCode));
  process.on("uncaughtException", (error) => {
    runAway(error, parts).then(flushed, () => flushed(70));
  });
  runCli(process.argv.slice(2), parts).then(flushed, () => flushed(70));
}
