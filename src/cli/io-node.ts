import { nodeHost } from "../foundation/host-node.ts";
import type { CliIo, OutStream } from "./io.ts";

/** The real terminal. */
export function nodeIo(): CliIo {
  return {
    host: nodeHost(),
    stdout: stream(process.stdout),
    stderr: stream(process.stderr),
    runtime: `${process.version} ${process.platform}-${process.arch}`,
    now: () => performance.now(),
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
