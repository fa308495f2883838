import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageOf, runProduct, tool, type Workbench, workbench } from "../lib/example.ts";
import { faults } from "../lib/faults.ts";
import { type Load, load } from "../lib/load.ts";
import { median } from "../lib/median.ts";
import { inRepository } from "../lib/repository.ts";
import { must } from "../lib/run.ts";
import { schemathesis } from "../lib/schemathesis.ts";
import { rowsOf, type Service, serveProduct, startService } from "../lib/service.ts";
import type { Group, Row } from "./number.ts";

const model = "credit-risk";
const path = "/v1/score";
const connections = 4;

/** The hand-written service of the same notebook. */
function baselineOf(bench: Workbench, workdir: string): Promise<Service> {
  return startService({
    command: bench.python.python,
    args: (port) => [inRepository("scripts", "oracle", "service_baseline.py"), workdir, String(port)],
    cwd: bench.folder,
    env: { ...bench.env, PYTHONPATH: join(bench.folder, "production", model, "src") },
    ready: "/health/ready",
  });
}

/** Requests of one raw row each, as the team's file has them; only rows that both services take. */
async function bodiesOf(
  bench: Workbench,
  ours: Service,
  theirs: Service,
): Promise<{ bodies: string[]; differ: number }> {
  const bodies: string[] = [];
  let differ = 0;
  for (const row of (await rowsOf(bench, { file: "data/applications.csv" })).slice(0, 400)) {
    const body = JSON.stringify({ records: [row] });
    const [a, b] = [await ours.ask("POST", path, body), await theirs.ask("POST", path, body)];
    if (a.status !== b.status) differ++;
    else if (a.status === 200) {
      bodies.push(body);
      if (!areEqual(a.text, b.text)) differ++;
    }
  }
  return { bodies, differ };
}

function areEqual(a: string, b: string): boolean {
  const numbers = (text: string): number[] =>
    Object.values((JSON.parse(text) as { predictions: Record<string, number>[] }).predictions[0] ?? {});
  const [x, y] = [numbers(a), numbers(b)];
  return x.length === y.length && x.every((value, i) => Math.abs(value - (y[i] ?? Number.NaN)) <= 1e-9);
}

async function speed(
  ours: Service,
  theirs: Service,
  bodies: readonly string[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  log: (line: string) => void,
): Promise<Row[]> {
  const all: { readonly ours: Load[]; readonly theirs: Load[] } = { ours: [], theirs: [] };
  const single: { readonly ours: Load[]; readonly theirs: Load[] } = { ours: [], theirs: [] };
  for (const service of [ours, theirs]) await load(service.port, path, bodies, { seconds: 2, connections });
  for (let round = 0; round < rounds; round++) {
    // In turns, and the one that begins changes.
    const order = round % 2 === 0 ? (["ours", "theirs"] as const) : (["theirs", "ours"] as const);
    for (const who of order) {
      const { port } = who === "ours" ? ours : theirs;
      all[who].push(await load(port, path, bodies, { seconds, connections }));
      single[who].push(await load(port, path, bodies, { seconds: seconds / 5, connections: 1 }));
    }
    const [a, b] = [all.ours.at(-1), all.theirs.at(-1)];
    log(`round ${round + 1}: ${a?.perSecond.toFixed(1)} and ${b?.perSecond.toFixed(1)} requests a second`);
  }
  const middle = (loads: readonly Load[], key: "perSecond" | "p50" | "p99"): number =>
    median(loads.map((one) => one[key]));
  const failed = [...all.ours, ...all.theirs, ...single.ours, ...single.theirs].reduce(
    (sum, one) => sum + one.failed,
    0,
  );
  const throughput = middle(all.ours, "perSecond") / middle(all.theirs, "perSecond");
  const slow = middle(all.ours, "p99") / middle(all.theirs, "p99");
  const how = `median of ${rounds} × ${seconds} s in turns, ${connections} connections, one worker each`;
  return [
    {
      what: `throughput beside a hand-written FastAPI service of the notebook's cells (${how})`,
      value: `×${throughput.toFixed(2)} (${middle(all.ours, "perSecond").toFixed(1)} and ${middle(all.theirs, "perSecond").toFixed(1)} requests a second)`,
      goal: "≥ ×0.8",
      holds: throughput >= 0.8,
    },
    {
      what: "99th percentile beside it",
      value: `×${slow.toFixed(2)} (${middle(all.ours, "p99").toFixed(1)} and ${middle(all.theirs, "p99").toFixed(1)} ms)`,
      goal: "≤ ×1.5",
      holds: slow <= 1.5,
    },
    {
      what: "one row, one connection: median",
      value: `${middle(single.ours, "p50").toFixed(2)} ms (hand-written ${middle(single.theirs, "p50").toFixed(2)} ms)`,
      goal: "",
      holds: true,
    },
    { what: "requests that failed meanwhile", value: String(failed), goal: "0", holds: failed === 0 },
  ];
}

/** The parts of a request, timed in a process of their own. */
async function parts(bench: Workbench, workdir: string, bodies: readonly string[]): Promise<Row> {
  const file = join(bench.folder, "bodies.txt");
  writeFileSync(file, bodies.join("\n"));
  const script = inRepository("scripts", "oracle", "service_profile.py");
  const said = await must(bench.python.python, [script, packageOf(bench, model), workdir, file], {
    env: { ...bench.env, PYTHONPATH: join(bench.folder, "production", model, "src") },
  });
  const found = Object.entries(JSON.parse(said.trim().split("\n").at(-1) ?? "{}") as Record<string, number>);
  return {
    what: "where the time of one row goes, besides HTTP itself",
    value: found.map(([name, micros]) => `${name} ${(micros / 1000).toFixed(2)} ms`).join(", "),
    goal: "",
    holds: true,
  };
}

/** The service of the credit-risk example. */
export const service: Group = {
  name: "service",
  title: "The service of the credit-risk example",
  async measure({ log, count }) {
    const bench = workbench("credit-risk", log);
    const started: Service[] = [];
    try {
      const built = await tool(bench, "build", "--format", "concise");
      if (built.code !== 0) throw new Error(`crosswalk build ended with ${built.code}\n${built.stdout}${built.stderr}`);
      const workdir = await runProduct(bench, model);
      const ours = await serveProduct(bench, model, workdir);
      started.push(ours);
      const theirs = await baselineOf(bench, workdir);
      started.push(theirs);
      const { bodies, differ } = await bodiesOf(bench, ours, theirs);
      const rows: Row[] = [
        {
          what: "raw rows that the two services answer alike, to 1e-9",
          value: `${bodies.length - differ} of ${bodies.length}`,
          goal: "all",
          holds: differ === 0 && bodies.length >= 200,
        },
      ];
      rows.push(
        ...(await speed(ours, theirs, bodies, { rounds: count ?? 7, seconds: count === undefined ? 20 : 3 }, log)),
      );
      rows.push(await parts(bench, workdir, bodies));
      const asked = await schemathesis(bench, ours, count === undefined ? 200 : 20);
      rows.push({
        what: "schemathesis against the OpenAPI document: server errors",
        value: asked.isClean ? `0 in ${asked.cases} cases` : asked.said.slice(-300),
        goal: "0",
        holds: asked.isClean,
      });
      await Promise.all(started.splice(0).map((one) => one.stop()));
      const seconds = count === undefined ? 600 : 20;
      const found = await faults((port) => serveProduct(bench, model, workdir, port), path, bodies, {
        seconds,
        seed: 1,
        log,
      });
      const facts = `${found.answered} answered, ${found.bad} bad bodies, ${found.cut} cut connections, ${found.stops} stops, ${found.kills} kills`;
      rows.push(
        {
          what: `${seconds} s of load with faults: accepted requests that were lost`,
          value: `${found.lost} (${facts})`,
          goal: "0",
          holds: found.lost === 0 && found.answered > 0,
        },
        {
          what: "answers that were another request's",
          value: String(found.wrong),
          goal: "0",
          holds: found.wrong === 0,
        },
        { what: "server errors meanwhile", value: String(found.errors), goal: "0", holds: found.errors === 0 },
        {
          what: "memory at the end of the steady part beside its first quarter",
          value: `×${found.growth.toFixed(3)} (${found.memory.toFixed(0)} MiB)`,
          goal: "≤ ×1.05",
          holds: found.growth <= 1.05,
        },
      );
      return rows;
    } finally {
      await Promise.all(started.map((one) => one.stop("SIGKILL")));
      rmSync(bench.folder, { recursive: true, force: true });
    }
  },
};
