import { spawn } from "node:child_process";

/** What came of one process. */
export interface Ran {
  /** Exit code; 127 where it could not be started, 124 where its time was up. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly ended: "itself" | "time" | "interrupt" | "not started";
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Most seconds that it may take, with all that it starts. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** No more than this of what a process says is kept: its end. */
const most = 1 << 20;

/** Runs a program without a shell and with no input. When its time is up, it ends with everything that it has started. */
export function run(command: readonly string[], options: RunOptions): Promise<Ran> {
  const started = performance.now();
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    let ended: Ran["ended"] = "itself";
    const done = (code: number): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
      resolve({ code, stdout, stderr, seconds: (performance.now() - started) / 1000, ended });
    };
    // A group of its own, so that kernels and servers end with it.
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    const end = (why: Ran["ended"]): void => {
      ended = why;
      try {
        if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // It has ended by itself meanwhile.
      }
    };
    const interrupt = (): void => end("interrupt");
    const timer = setTimeout(() => end("time"), options.seconds * 1000);
    if (options.signal?.aborted) end("interrupt");
    options.signal?.addEventListener("abort", interrupt);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-most);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-most);
    });
    child.on("error", (error) => {
      ended = "not started";
      stderr += error.message;
      done(127);
    });
    child.on("close", (code) => {
      // What it has left running (a server, a kernel) ends too.
      if (ended === "itself") end("itself");
      done(ended === "time" ? 124 : (code ?? 1));
    });
  });
}
