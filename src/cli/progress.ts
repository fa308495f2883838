import type { ProgressEvent } from "../compiler/session-contract.ts";
import type { CliIo } from "./io.ts";

/** Shows that work goes on. `close` must be awaited before anything else is printed. */
export interface Progress {
  onEvent(event: ProgressEvent): void;
  close(): Promise<void>;
}

/** Work that is over sooner than this shows nothing and loads nothing. */
const patience = 250;

const silent: Progress = { onEvent() {}, async close() {} };

/** listr2 on a terminal, plain lines elsewhere, nothing with `quiet`. All on the standard error. */
export function progress(io: CliIo, quiet: boolean, command: string): Progress {
  if (quiet) return silent;
  const { env } = io.host;
  if (io.stderr.isTty && env.TERM !== "dumb" && !env.CI) return listed(io);
  return command === "build" || command === "lock" ? plainLines(io) : silent;
}

function plainLines(io: CliIo): Progress {
  return {
    onEvent(event) {
      if (event.kind === "done") io.stderr.write(`${event.model}: ${event.outcome}\n`);
    },
    async close() {},
  };
}

function listed(io: CliIo): Progress {
  const start = io.now();
  const before: ProgressEvent[] = [];
  let list: Promise<Progress> | undefined;
  return {
    onEvent(event) {
      if (list) void list.then((shown) => shown.onEvent(event));
      else {
        before.push(event);
        if (io.now() - start < patience) return;
        list = import("./progress-list.ts").then(({ progressList }) => {
          const shown = progressList();
          for (const earlier of before) shown.onEvent(earlier);
          return shown;
        });
      }
    },
    async close() {
      if (list) await (await list).close();
    },
  };
}
