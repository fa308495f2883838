import { Agent } from "node:http";
import { connect } from "node:net";
import { median } from "./median.ts";
import { type Random, random } from "./random.ts";
import { run } from "./run.ts";
import { ask, freePort, type Reply, type Service } from "./service.ts";

/** What came of a load with faults. */
export interface Faults {
  readonly answered: number;
  /** Sent whole to a service that was not killed, and never answered; or not answered in many tries. */
  readonly lost: number;
  /** Answered with the answer of another request. */
  readonly wrong: number;
  /** Answered with 5xx, whatever was sent. */
  readonly errors: number;
  readonly bad: number;
  readonly cut: number;
  readonly stops: number;
  readonly kills: number;
  /** Memory at the end of the steady part, in MiB, and what it is of that after the first quarter. */
  readonly memory: number;
  readonly growth: number;
}

/** Bodies that no service may take, and that must not hurt it. */
export function badBodies(good: string): readonly string[] {
  const within = (value: string): string => good.replace(/:\s*(?:-?\d[\d.]*|"[^"]*")/, `:${value}`);
  return [
    "",
    "{",
    good.slice(0, -3),
    `${"[".repeat(100_000)}`,
    `{"records":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
    `{"records":[${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}]}`,
    within("NaN"),
    within("1e308"),
    within("-1e999"),
    within("9".repeat(5000)),
    within(`"${"x".repeat(500_000)}"`),
    within("null"),
    within('{"$ref":"file:///etc/passwd"}'),
    '{"records":null}',
    '{"records":"/etc/passwd"}',
    '{"records":[[]]}',
    `{"records":[${"{},".repeat(5000)}{}]}`,
    "x".repeat(3 << 20),
  ];
}

/** The memory that a process holds, in MiB. */
export async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout.trim()) / 1024;
}

/** What is the same in every answer to a body: its predictions. */
function essence(reply: Reply): string {
  return JSON.stringify((JSON.parse(reply.text) as { readonly predictions?: unknown }).predictions);
}

/**
 * Loads a service from four sides while bad bodies come, connections are cut, and in the last two fifths it is stopped and killed by turns.
 * `start` starts it on a port. Seeded: the same faults in the same order.
 */
export async function faults(
  start: (port: number) => Promise<Service>,
  path: string,
  bodies: readonly string[],
  { seconds, seed, log }: { readonly seconds: number; readonly seed: number; readonly log: (line: string) => void },
): Promise<Faults> {
  const port = await freePort();
  let service = await start(port);
  const expected = new Map<string, string>();
  for (const body of bodies) expected.set(body, essence(await service.ask("POST", path, body)));
  const found = { answered: 0, lost: 0, wrong: 0, errors: 0, bad: 0, cut: 0, stops: 0, kills: 0 };
  const began = performance.now();
  const end = began + seconds * 1000;
  const steady = began + seconds * 600;
  /** From when on nothing new is accepted, and when that ended; and whether it was a kill. */
  let pause: { readonly from: number; readonly isKill: boolean; until: number } | undefined;
  const note = (reply: Reply): void => {
    if (reply.status >= 500) found.errors++;
  };

  /** One request until it is answered; a service that is being stopped or started is asked again. */
  const insist = async (body: string, agent: Agent): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      const sent = performance.now();
      try {
        const reply = await ask(port, "POST", path, body, agent);
        note(reply);
        if (reply.status === 200) {
          found.answered++;
          if (essence(reply) !== expected.get(body)) found.wrong++;
          return;
        }
      } catch {
        // Sent well before a stop that waits for what has come in, or with no stop at all: it was accepted.
        const now = performance.now();
        const isExcused =
          pause !== undefined && now >= pause.from && sent <= pause.until && (pause.isKill || sent > pause.from - 200);
        if (!isExcused) {
          found.lost++;
          return;
        }
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    found.lost++;
  };

  const client = async (generator: Random): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (performance.now() < end) await insist(generator.pick(bodies), agent);
    agent.destroy();
  };

  const vandal = async (generator: Random): Promise<void> => {
    const bad = badBodies(bodies[0] ?? "{}");
    while (performance.now() < end) {
      try {
        if (generator.chance(0.5)) {
          note(await ask(port, "POST", path, generator.pick(bad)));
          found.bad++;
        } else {
          await cut(port, path, generator.pick(bodies), generator);
          found.cut++;
        }
      } catch {
        // It is stopped, or it has hung up on a body that is too large.
        found.bad++;
      }
      await new Promise((done) => setTimeout(done, 20 + generator.below(60)));
    }
  };

  const memory: number[] = [];
  const watch = async (): Promise<void> => {
    while (performance.now() < steady) {
      memory.push(await memoryOf(service.process.pid ?? 0));
      await new Promise((done) => setTimeout(done, Math.max(200, seconds * 5)));
    }
    while (performance.now() < end - 4000) {
      const isKill = found.stops > found.kills;
      pause = { from: performance.now(), isKill, until: Number.POSITIVE_INFINITY };
      await service.stop(isKill ? "SIGKILL" : "SIGTERM");
      if (isKill) found.kills++;
      else found.stops++;
      service = await start(port);
      pause.until = performance.now() + 200;
      await new Promise((done) => setTimeout(done, Math.max(1000, seconds * 20)));
    }
  };

  try {
    const generators = Array.from({ length: 5 }, (_, i) => random(seed * 100 + i));
    await Promise.all([...generators.slice(0, 4).map(client), ...generators.slice(4).map(vandal), watch()]);
  } finally {
    await service.stop();
  }
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  const last = median(memory.slice(-quarter));
  const growth = last / median(memory.slice(quarter, 2 * quarter));
  log(`faults: ${JSON.stringify(found)}`);
  return { ...found, memory: last, growth };
}

/** Sends a part of a request, or all of it, and hangs up without waiting. */
function cut(port: number, path: string, body: string, generator: Random): Promise<void> {
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const whole = head + body;
  const part = generator.chance(0.3) ? whole : whole.slice(0, generator.below(whole.length));
  return new Promise((done, fail) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(part, () => {
        socket.destroy();
        done();
      });
    });
    socket.on("error", fail);
  });
}
