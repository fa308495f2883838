import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { optionalTool, type ToolName } from "../../../../scripts/lib/optional-tools.ts";

export interface RealServer {
  readonly url: string;
  /** Everything it keeps on disk lies below. */
  readonly folder: string;
  stop(): Promise<void>;
}

interface Start {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A path that answers when it is up. */
  readonly ready: string;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address ? address.port : 0;
}

async function start(name: ToolName, prepare: (folder: string, port: number) => Start): Promise<RealServer> {
  const tool = optionalTool(name);
  if (tool.kind === "missing") throw new Error(tool.reason);
  const folder = mkdtempSync(join(tmpdir(), `cw-${name}-`));
  const port = await freePort();
  const { args, env, ready } = prepare(folder, port);
  const child: ChildProcess = spawn(tool.command, [...tool.args, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null && child.kill())
      await Promise.race([ended, new Promise((done) => setTimeout(done, 3000))]);
    if (child.exitCode === null) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break;
    const up = await fetch(url + ready).then(
      () => true,
      () => false,
    );
    if (up) return { url, folder, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`${name} did not start`);
}

/** nginx with WebDAV, as docs/shared-cache.md shows it. */
export function startNginx(): Promise<RealServer> {
  return start("nginx", (folder, port) => {
    for (const part of ["data", "tmp"]) mkdirSync(join(folder, part));
    const conf = join(folder, "nginx.conf");
    writeFileSync(
      conf,
      `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off; client_body_temp_path ${folder}/tmp; client_max_body_size 100m;
  proxy_temp_path ${folder}/tmp; fastcgi_temp_path ${folder}/tmp; scgi_temp_path ${folder}/tmp; uwsgi_temp_path ${folder}/tmp;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/data;
    location / { dav_methods PUT; create_full_put_path on; dav_access user:rw; }
  }
}
`,
    );
    return { args: ["-p", folder, "-e", join(folder, "error.log"), "-c", conf], ready: "/" };
  });
}

export function startTurborepo(token: string): Promise<RealServer> {
  return start("turborepo-remote-cache", (folder, port) => ({
    args: [],
    env: {
      TURBO_TOKEN: token,
      PORT: String(port),
      HOST: "127.0.0.1",
      STORAGE_PROVIDER: "local",
      STORAGE_PATH: "kept",
      TMPDIR: folder,
      LOG_LEVEL: "silent",
      NODE_ENV: "production",
    },
    ready: "/v8/artifacts/status",
  }));
}

/** moto's S3, with an empty bucket named "cache". */
export async function startMoto(): Promise<RealServer> {
  const server = await start("moto", (_, port) => ({
    args: ["-H", "127.0.0.1", "-p", String(port)],
    ready: "/moto-api/",
  }));
  const made = await fetch(`${server.url}/cache`, { method: "PUT" });
  if (!made.ok) throw new Error(`moto made no bucket: ${made.status}`);
  return server;
}
