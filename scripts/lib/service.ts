import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Agent, request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { packageOf, type Workbench } from "./example.ts";
import type { Serves } from "./examples.ts";
import { must } from "./run.ts";

/** What a service has answered. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A program that listens on this machine. */
export interface Service {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it wrote to stderr so far. */
  log(): string;
  ask(method: string, path: string, body?: string): Promise<Reply>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** How a service is started. */
export interface ServiceOptions {
  readonly command: string;
  /** Arguments for this port. */
  args(port: number): readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A path that is answered with 200 as soon as it is ready. */
  readonly ready: string;
  /** Where it listens; any free port by default. */
  readonly port?: number;
}

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Sends one request to this machine and reads the whole answer. */
export function ask(port: number, method: string, path: string, body?: string, agent?: Agent): Promise<Reply> {
  return new Promise((done, fail) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        ...(agent ? { agent } : {}),
        headers:
          body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", fail);
        response.on("end", () =>
          done({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString(), headers: response.headers }),
        );
      },
    );
    sent.on("error", fail);
    sent.setTimeout(60_000, () => sent.destroy(new Error("no answer within a minute")));
    sent.end(body);
  });
}

/** Starts a service and waits until it is ready; throws with its log where it ends instead. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const port = options.port ?? (await freePort());
  const child = spawn(options.command, options.args(port), {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  // Only the end is kept: a service under load writes without end.
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-20_000);
  });
  const ended = new Promise<number | null>((done) => child.on("exit", (code) => done(code)));
  const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  const service: Service = {
    port,
    process: child,
    log: () => log,
    ask: (method, path, body) => ask(port, method, path, body),
    stop,
  };
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}\n${log}`);
    try {
      if ((await service.ask("GET", options.ready)).status === 200) return service;
    } catch {
      // Nobody listens yet.
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop("SIGKILL");
  throw new Error(`the service was not ready within a minute\n${log}`);
}

/** The outcome of the self-check that a training run left. */
export interface SelfCheck {
  readonly outcome: string;
  readonly rows: number;
  readonly alone: number;
}

/** What the state of a work folder says of its self-check, and a row that it can answer. */
export function stateOf(workdir: string): {
  readonly check: SelfCheck;
  readonly example: Readonly<Record<string, unknown>>;
} {
  const state = JSON.parse(readFileSync(`${workdir}/state/state.json`, "utf8")) as {
    self_check: SelfCheck;
    input: { example: Record<string, unknown> };
  };
  return { check: state.self_check, example: state.input.example };
}

/** The rows of a CSV file of an example as JSON has them, as pandas reads them. */
export async function rowsOf(
  bench: Workbench,
  { file, reads = { sep: ",", decimal: "." } }: Pick<Serves, "file" | "reads">,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const script =
    "import json, pandas as pd, sys; print(pd.read_csv(sys.argv[1], **json.loads(sys.argv[2])).to_json(orient='records'))";
  const path = join(bench.folder, file);
  return JSON.parse(await must(bench.python.python, ["-c", script, path, JSON.stringify(reads)])) as Record<
    string,
    unknown
  >[];
}

/** Starts the service of a product, whose work folder a run has filled; on any free port where none is named. */
export function serveProduct(bench: Workbench, model: string, workdir: string, port?: number): Promise<Service> {
  return startService({
    ...(port === undefined ? {} : { port }),
    command: bench.python.python,
    args: (port) => ["-m", packageOf(bench, model), "serve", "--workdir", workdir, "--port", String(port)],
    cwd: bench.folder,
    env: { ...bench.env, PYTHONPATH: join(bench.folder, "production", model, "src") },
    ready: "/health/ready",
  });
}
