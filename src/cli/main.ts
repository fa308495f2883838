import { nodeIo } from "./io-node.ts";
import { runAway, runCli } from "./run.ts";
import { loadSession } from "./session-loader.ts";

/** How long work may take to reach a safe point after an interrupt. */
const grace = 3000;

const stop = new AbortController();
const interrupt = (): void => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
  setTimeout(() => process.exit(130), grace).unref();
};
process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70));

const parts = { io: nodeIo(), signal: stop.signal, loadSession };
process.on("uncaughtException", (error) => {
  runAway(error, parts).then(flushed, () => flushed(70));
});
runCli(process.argv.slice(2), parts).then(flushed, () => flushed(70));

/** Exits once both streams have taken everything: worker threads must not keep a finished command alive. */
function flushed(exitCode: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
}
