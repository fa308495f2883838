import { Agent } from "node:http";
import { ask } from "./service.ts";

/** What came of sending requests for a while. */
export interface Load {
  readonly count: number;
  /** Answered with something else than 200, or not at all. */
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
  /** In milliseconds, as p50. */
  readonly p99: number;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Sends bodies in turn over so many connections, each request as soon as the one before is answered. */
export async function load(
  port: number,
  path: string,
  bodies: readonly string[],
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let failed = 0;
  let next = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      const body = bodies[next++ % bodies.length];
      const start = performance.now();
      try {
        const { status } = await ask(port, "POST", path, body, agent);
        if (status === 200) took.push(performance.now() - start);
        else failed++;
      } catch {
        failed++;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const lasted = (performance.now() - began) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  return {
    count: took.length,
    failed,
    perSecond: took.length / lasted,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
  };
}
