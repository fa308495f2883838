import { availableParallelism } from "node:os";
import { parentPort, Worker } from "node:worker_threads";

/** Another thread of this process. Messages are plain data, and are copied. */
export interface Thread {
  post(message: unknown): void;
  /** Ends it wherever it is. */
  close(): void;
}

export interface ThreadListener {
  message(message: unknown): void;
  /** It ended by itself, or could not go on: nothing more comes of it. */
  lost(problem: string): void;
}

/** Starts threads of one kind, as many at most as there are processors. */
export interface Threads {
  readonly processors: number;
  start(listener: ThreadListener): Thread;
}

/** Megabytes for what is young, in which V8 would let garbage lie up to several times of that. */
const youngSpace = 32;

/** Threads that run the module at `entry`. They read no standard input and cannot end the process. */
export function threadsOf(entry: URL): Threads {
  return {
    processors: availableParallelism(),
    start(listener) {
      const worker = new Worker(entry, { execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: youngSpace } });
      let isOpen = true;
      const lost = (problem: string): void => {
        if (!isOpen) return;
        isOpen = false;
        listener.lost(problem);
      };
      worker.on("message", (message) => {
        if (isOpen) listener.message(message);
      });
      worker.on("error", (error) => lost(error instanceof Error ? error.message : String(error)));
      worker.on("exit", (code) => lost(`it ended with ${code}`));
      return {
        post: (message) => worker.postMessage(message),
        close() {
          isOpen = false;
          void worker.terminate();
        },
      };
    },
  };
}

/** In such a thread: the way to who started it. undefined elsewhere. */
export function parentThread():
  | { listen(take: (message: unknown) => void): void; post(message: unknown): void }
  | undefined {
  const port = parentPort;
  if (!port) return undefined;
  return {
    listen: (take) => port.on("message", take),
    post: (message) => port.postMessage(message),
  };
}
