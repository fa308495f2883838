import { spawn } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Lets the program write to the terminal while it runs; its output is kept all the same. */
  readonly show?: boolean;
  /** Ended after so many seconds (default 900). */
  readonly limit?: number;
}

/** Milliseconds to wait for output after a program has ended. */
const patience = 3000;

/** Runs a program to its end and gives its exit code and output; never throws for a program that fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const started = process.hrtime.bigint();
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env) },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: (options.limit ?? 900) * 1000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (options.show) process.stdout.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (options.show) process.stderr.write(text);
    });
    const end = (code: number): void =>
      done({ code, stdout, stderr, seconds: Number(process.hrtime.bigint() - started) / 1e9 });
    child.on("error", (error) => {
      stderr += `${command}: ${error.message}\n`;
      end(127);
    });
    // What it started and left behind (idle workers of a pool) may hold its output open for minutes.
    child.on("exit", () => {
      const late = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, patience);
      child.on("close", () => clearTimeout(late));
    });
    child.on("close", (code, signal) => {
      if (signal) stderr += `${command} was ended by ${signal}\n`;
      end(code ?? 1);
    });
  });
}

/** Runs a program and gives its standard output; throws with what it said where it fails. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(command, args, options);
  if (ran.code === 0) return ran.stdout;
  const said = `${ran.stdout}${ran.stderr}`.trim().split("\n").slice(-40).join("\n");
  throw new Error(`${[command, ...args].join(" ")}\nended with exit code ${ran.code}\n${said}`);
}
