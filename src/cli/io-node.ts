import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { nodeHost } from "../foundation/host-node.ts";
import type { Threads } from "../foundation/host-threads.ts";
import type { CliIo, OutStream } from "./io.ts";

/** The real terminal. */
export function nodeIo(): CliIo {
  return {
    host: nodeHost(),
    stdout: stream(process.stdout),
    stderr: stream(process.stderr),
    runtime: `${process.version} ${process.platform}-${process.arch}`,
    now: () => performance.now(),
    agree,
    threads,
    stayLean,
    stayLong() {
      // V8 lets its heap grow to several times of what is in use before it collects. These two act on a process that runs already.
      setFlagsFromString("--semi-space-growth-factor=1");
      setFlagsFromString("--heap-growing-percent=30");
    },
  };
}

function stream(out: NodeJS.WriteStream): OutStream {
  return {
    isTty: out.isTTY === true,
    columns: out.columns ?? 100,
    write: (text) => {
      out.write(text);
    },
  };
}

/** Bytes of V8's space for what is young, beyond which it does not grow. Left alone it takes 130 MB for 30 that are in use. */
const youngSpace = 24e6;
let isLean = false;

function stayLean(): void {
  if (isLean) return;
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  isLean = (young?.space_size ?? 0) > youngSpace;
  if (isLean) setFlagsFromString("--semi-space-growth-factor=1");
}

/** Threads of this program; it stands beside this file, as source or in a bundle. */
async function threads(): Promise<Threads> {
  const { threadsOf } = await import("../foundation/host-threads.ts");
  return threadsOf(new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url));
}

async function agree(question: string): Promise<true | string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return "there is no terminal to ask on, and --yes was not given";
  const { createInterface } = await import("node:readline/promises");
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  asked.on("close", () => stop.abort());
  try {
    const answer = await asked.question(question, { signal: stop.signal });
    return /^\s*y(?:es)?\s*$/i.test(answer) ? true : "the answer was no";
  } catch {
    return "nobody answered";
  } finally {
    asked.close();
  }
}
