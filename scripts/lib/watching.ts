import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { large } from "./large.ts";
import { crosswalk } from "./repository.ts";

export interface WatchFigures {
  /** Milliseconds from a saved notebook to the last file of its product on disk, one for each edit. */
  readonly latencies: readonly number[];
  /** The same for the machine alone: from a written file to the event that tells of it. */
  readonly events: readonly number[];
  /** What the watch itself says that a build took. */
  readonly builds: readonly number[];
  /** CPU seconds of the watching process, for each edit. */
  readonly cpu: number;
  /** Resident memory in MB after half of the edits, and at the end. */
  readonly memory: readonly [number, number];
  /** Edits after which something else than the edited model was compiled. */
  readonly others: number;
  /** How many actions each edit ran. */
  readonly actions: readonly number[];
  /** Whether the products are those of a build from nothing. */
  readonly isEqual: boolean;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The notebook that is edited, as it is after one of the edits. */
export function editedText(cells: number, nth: number): string {
  const text = large("cells of many kinds", cells - 2);
  return nth === 0 ? text : text.replace("df['a'] * 0", `df['a'] * 0.${nth}`);
}

/** Edits one cell of one notebook again and again under `crosswalk watch`, in a workspace of many models. */
export async function measureWatch(edits: number, models: number, cells: number): Promise<WatchFigures> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "crosswalk-watching-")));
  try {
    return await measure(root, edits, models, cells);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measure(root: string, edits: number, models: number, cells: number): Promise<WatchFigures> {
  const text = editedText(cells, 0);
  mkdirSync(join(root, "notebooks"));
  const names = Array.from({ length: models }, (_, nth) => `m${nth}`);
  for (const name of names) writeFileSync(join(root, "notebooks", `${name}.ipynb`), text);
  const blocks = names.map((name) => `  - model: ${name}\n    notebooks: [notebooks/${name}.ipynb]\n`);
  writeFileSync(join(root, "crosswalk.yaml"), `models:\n${blocks.join("")}`);
  const said: Said[] = [];
  const child = spawn(process.execPath, [crosswalk, "watch", "--format", "json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const listen = linesOf(child, (line) => said.push(JSON.parse(line) as Said));
  try {
    await until(() => said.length > 0, 600_000);
    await pause(3000);
    const name = names[Math.floor(models / 2)] ?? "m0";
    const notebook = join(root, "notebooks", `${name}.ipynb`);
    const manifest = join(root, "production", name, "crosswalk.manifest.json");
    const latencies: number[] = [];
    const events: number[] = [];
    const first = said.length;
    const begun = cpuOf(child);
    let half = 0;
    for (let nth = 1; nth <= edits; nth++) {
      const before = statSync(manifest).mtimeMs;
      const start = performance.now();
      writeFileSync(notebook, editedText(cells, nth));
      for (const end = start + 20_000; statSync(manifest, { throwIfNoEntry: false })?.mtimeMs === before; ) {
        if (performance.now() > end) throw new Error(`nothing was built after edit ${nth}`);
        await pause(1);
      }
      latencies.push(performance.now() - start);
      if (nth === Math.ceil(edits / 2)) half = memoryOf(child);
      if (nth % 10 === 0) events.push(await eventLatency(root));
      await pause(30);
    }
    await until(() => said.length >= first + edits, 20_000);
    const own = said.slice(first);
    return {
      latencies,
      events,
      builds: own.map(({ milliseconds }) => milliseconds),
      cpu: (cpuOf(child) - begun) / edits,
      memory: [half, memoryOf(child)],
      // What is saved while a build runs is looked at once more, and may be nothing new.
      actions: own.map(({ actions }) => actions).filter((count) => count > 0),
      others: own.filter((one) => one.models.some((model) => model.name !== name && model.why !== undefined)).length,
      isEqual:
        readFileSync(join(root, "production", name, "src", name, "pipeline.py"), "utf8").length > 0 &&
        (await isClean(root)),
    };
  } finally {
    child.kill("SIGINT");
    await listen;
  }
}

interface Said {
  readonly milliseconds: number;
  readonly actions: number;
  readonly models: readonly { readonly name: string; readonly why?: string }[];
}

/** Calls for each line until the process has ended. */
function linesOf(child: ChildProcess, take: (line: string) => void): Promise<void> {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  return new Promise((resolve) => child.on("close", () => resolve()));
}

/** True where a build that knows nothing finds every product as it should be. */
function isClean(root: string): Promise<boolean> {
  const child = spawn(process.execPath, [crosswalk, "build", "--check", "--no-cache", "--quiet"], {
    cwd: root,
    stdio: "ignore",
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code === 0)));
}

async function until(holds: () => boolean, most: number): Promise<void> {
  for (const end = performance.now() + most; !holds(); await pause(5))
    if (performance.now() > end) throw new Error("the watch did not get so far in time");
}

/** What the machine itself takes to tell of a written file. */
function eventLatency(root: string): Promise<number> {
  const folder = mkdtempSync(join(root, ".git-"));
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      resolve(performance.now() - start);
      watcher.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const start = performance.now();
    writeFileSync(join(folder, "file"), "x");
  });
}

function memoryOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** CPU seconds that a process has used, by the system's clock of 100 ticks a second. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The value below which this part of the others lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
