import type { Host } from "../foundation/host.ts";
import type { Threads } from "../foundation/host-threads.ts";

/** The terminal and the machine as the command line sees them; tests make their own. */
export interface CliIo {
  readonly host: Host;
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  /** For `--version --verbose`, e.g. `v24.15.0 linux-x64`. */
  readonly runtime: string;
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Asks a person on the terminal for a yes; gives the reason where there is no terminal or the answer is no. */
  agree(question: string): Promise<true | string>;
  /** More threads of this program; without it everything is done in one. */
  threads?(): Promise<Threads>;
  /** To be called between pieces of work: keeps garbage from piling up in memory, for no measurable time. */
  stayLean?(): void;
  /** For a command that goes on for hours: memory is given back sooner, for a little more time. */
  stayLong?(): void;
}

export interface OutStream {
  readonly isTty: boolean;
  readonly columns: number;
  write(text: string): void;
}
