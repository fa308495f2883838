/**
 * Copies of many small files: cold, with nothing to do, and with one changed source, beside other build tools on the same graph.
 *
 *   node bench/copy.ts [--count 10000] [--small 100] [--runs 7] [--json FILE]
 *
 * CPU (user + system) of the whole process tree, by bash's `time`; the runs of all tools take turns, so that all meet the same noise,
 * which is printed as the spread of `node -e 0`. A tool that is not installed is left out and named: see bench/README.md.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { plainParts } from "../scripts/lib/join-start.ts";
import { type Contender, contenders, find } from "./contenders.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    small: { type: "string", default: "100" },
    runs: { type: "string", default: "7" },
    json: { type: "string" },
  },
});

/** CPU seconds, and whether it ended well. */
interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

function cost(command: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Cost {
  const script = `TIMEFORMAT='%3U %3S %3R'; time "$@" >/dev/null 2>"$ERRORS"`;
  const errors = join(cwd, ".bench-errors");
  const ran = spawnSync("bash", ["-c", script, "time", ...command], {
    cwd,
    env: { ...process.env, ...env, ERRORS: errors },
    encoding: "utf8",
  });
  if (ran.status !== 0)
    throw new Error(`${command.join(" ")} ended with ${ran.status}\n${fs.readFileSync(errors, "utf8").slice(0, 600)}`);
  const [user = 0, system = 0, wall = 0] = ran.stderr.trim().split(/\s+/).slice(-3).map(Number);
  return { cpu: user + system, wall };
}

function median(numbers: readonly number[]): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[ordered.length >> 1] ?? 0;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** What a tool needs in a state: all of its runs, in the order in which they were made. */
interface Measured {
  readonly cold: Cost;
  readonly idle: Cost[];
  readonly one: Cost[];
}

function prepare(folder: string, count: number): void {
  fs.mkdirSync(join(folder, "src"), { recursive: true });
  fs.mkdirSync(join(folder, "out"), { recursive: true });
  for (let i = 0; i < count; i++)
    fs.writeFileSync(join(folder, "src", `f${i}.txt`), `file ${i}\n`.padEnd(5000, "copied "));
}

function isWhole(folder: string, count: number): boolean {
  const same = (name: string): boolean =>
    fs.readFileSync(join(folder, "src", name)).equals(fs.readFileSync(join(folder, "out", name)));
  return Array.from({ length: count }, (_, i) => `f${i}.txt`).every(same);
}

/** One graph, all tools in turn. */
function compare(tools: readonly Contender[], count: number, runs: number, base: string) {
  const found = new Map<string, Measured>();
  const floor: number[] = [];
  for (const tool of tools) {
    const folder = join(base, `${tool.name}-${count}`);
    prepare(folder, count);
    tool.prepare?.(folder, count);
    const cold = cost(tool.command(folder), folder, tool.env?.(folder));
    if (!isWhole(folder, count)) throw new Error(`${tool.name} did not copy everything`);
    // The first run after a cold one may still write down what it saw: it is no run with nothing to do.
    cost(tool.command(folder), folder, tool.env?.(folder));
    found.set(tool.name, { cold, idle: [], one: [] });
    process.stderr.write(`${tool.name} ${count}: cold ${cold.cpu.toFixed(2)} s\n`);
  }
  for (let run = 0; run < runs; run++) {
    floor.push(cost([process.execPath, "-e", "0"], base).cpu);
    for (const tool of tools) {
      const folder = join(base, `${tool.name}-${count}`);
      found.get(tool.name)?.idle.push(cost(tool.command(folder), folder, tool.env?.(folder)));
    }
  }
  for (let run = 0; run < Math.ceil(runs / 2); run++) {
    for (const tool of tools) {
      const folder = join(base, `${tool.name}-${count}`);
      fs.writeFileSync(join(folder, "src", `f${run}.txt`), `changed ${run}\n`.padEnd(5000, "and copied "));
      found.get(tool.name)?.one.push(cost(tool.command(folder), folder, tool.env?.(folder)));
      if (!isWhole(folder, count)) throw new Error(`${tool.name} missed a change`);
    }
  }
  const reference = found.get("ninja");
  const cpu = (costs: readonly Cost[]): number => median(costs.map((one) => one.cpu));
  return {
    count,
    floor: { node: rounded(median(floor)), least: rounded(Math.min(...floor)), most: rounded(Math.max(...floor)) },
    tools: [...found].map(([name, { cold, idle, one }]) => ({
      name,
      cold: rounded(cold.cpu),
      idle: rounded(cpu(idle)),
      idleLeast: rounded(Math.min(...idle.map((run) => run.cpu))),
      one: rounded(cpu(one)),
      idleToNinja: reference ? rounded(cpu(idle) / cpu(reference.idle)) : undefined,
      idleLeastToNinja: reference
        ? rounded(Math.min(...idle.map((run) => run.cpu)) / Math.min(...reference.idle.map((run) => run.cpu)))
        : undefined,
    })),
  };
}

async function main(): Promise<void> {
  const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "crosswalk-bench-")));
  try {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, "copy-build.ts")],
      write: false,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node22.22",
      logLevel: "warning",
    });
    // Bundled and started as the command line is: what was compiled once is read from a cache.
    fs.mkdirSync(join(base, "program"));
    fs.writeFileSync(join(base, "program", "copy-build.cjs"), plainParts(outputFiles[0]?.text ?? ""));
    const load = join(import.meta.dirname, "..", "bin", "load.js");
    fs.writeFileSync(
      join(base, "program", "start.cjs"),
      `require(${JSON.stringify(load)})(require("node:path").join(__dirname, "copy-build.cjs"));\n`,
    );
    const all = contenders(join(base, "program", "start.cjs"), join(base, "program", "cache"));
    const here = all.filter((tool) => tool.needs === undefined || find(tool.needs) !== undefined);
    const missing = all.filter((tool) => !here.includes(tool)).map((tool) => tool.name);
    const graphs = [
      compare(
        here.filter((tool) => tool.isForLarge),
        Number(values.count),
        Number(values.runs),
        base,
      ),
      compare(here, Number(values.small), Number(values.runs), base),
    ];
    const report = { node: process.versions.node, platform: `${process.platform} ${process.arch}`, missing, graphs };
    const text = `${JSON.stringify(report, null, 2)}\n`;
    if (values.json === undefined) process.stdout.write(text);
    else fs.writeFileSync(values.json, text);
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

await main();
