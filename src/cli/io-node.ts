import { fstatSync } from "node:fs";
import { interruptible } from "../foundation/host-interrupt.ts";
import { nodeHost } from "../foundation/host-node.ts";
import type { Threads } from "../foundation/host-threads.ts";
import type { CliIo, OutStream } from "./io.ts";

/** The real terminal. */
export interface NodeIo extends CliIo {
  /** Calls back once the system has taken all that was printed. */
  flush(done: () => void): void;
}

/**
 * What a command may not need is loaded when it is first used: Node's streams are a tenth of a start. `interrupted` is called where an
 * interrupt ended work in the middle; after the signal no such work is begun.
 */
export function nodeIo(signal: AbortSignal, interrupted: () => void): NodeIo {
  const stdout = outStream(1, () =>
    // A reader that has seen enough (`| head`) is no failure.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70)),
  );
  const stderr = outStream(2, () => process.stderr);
  return {
    // Not spread: the name of the machine is looked up where it is asked for.
    host: Object.assign(nodeHost(), {
      interruptible: interruptible(signal, interrupted),
      program: [process.execPath, ...process.argv.slice(1, 2)],
    }),
    stdout,
    stderr,
    flush: (done) => stdout.flush(() => stderr.flush(done)),
    runtime: `${process.version} ${process.platform}-${process.arch}`,
    now: () => performance.now(),
    agree,
    threads,
    stayLean,
    stayLong() {
      const { setFlagsFromString } = process.getBuiltinModule("node:v8");
      // V8 lets its heap grow to several times of what is in use before it collects. These two act on a process that runs already.
      setFlagsFromString("--semi-space-growth-factor=1");
      setFlagsFromString("--heap-growing-percent=30");
    },
  };
}

function outStream(file: number, open: () => NodeJS.WriteStream): OutStream & Pick<NodeIo, "flush"> {
  let opened: NodeJS.WriteStream | undefined;
  const stream = (): NodeJS.WriteStream => {
    opened ??= open();
    return opened;
  };
  return {
    get isTty() {
      return mayBeTerminal(file) && stream().isTTY === true;
    },
    get columns() {
      return (mayBeTerminal(file) ? stream().columns : undefined) ?? 100;
    },
    write(text) {
      if (text !== "") stream().write(text);
    },
    flush(done) {
      if (opened) opened.write("", () => done());
      else done();
    },
  };
}

/** Bytes of V8's space for what is young, beyond which it does not grow. Left alone it takes 130 MB for 30 that are in use. */
const youngSpace = 24e6;
let isLean = false;

function stayLean(): void {
  if (isLean) return;
  const { getHeapSpaceStatistics, setFlagsFromString } = process.getBuiltinModule("node:v8");
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  isLean = (young?.space_size ?? 0) > youngSpace;
  if (isLean) setFlagsFromString("--semi-space-growth-factor=1");
}

/** Threads of this program; it stands beside this file, as source or in a bundle. */
async function threads(): Promise<Threads> {
  const { threadsOf } = await import("../foundation/host-threads.ts");
  return threadsOf(new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url));
}

/** A file or a pipe is no terminal. Windows says so of the stream only. */
function mayBeTerminal(file: number): boolean {
  try {
    return process.platform === "win32" || fstatSync(file).isCharacterDevice();
  } catch {
    return true;
  }
}

async function agree(question: string): Promise<true | string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return "there is no terminal to ask on, and --yes was not given";
  const { createInterface } = process.getBuiltinModule("node:readline/promises");
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
