import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readChain } from "../../src/compiler/chain.ts";
import { loadWorkspace } from "../../src/config/load.ts";
import type { ModelConfig } from "../../src/config/project.ts";
import { analyse, type Dataflow } from "../../src/dataflow/analyse.ts";
import { program } from "../../src/dataflow/program.ts";
import type { Host } from "../../src/foundation/host.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { initPython } from "../../src/python/engine.ts";
import { inRepository } from "../lib/repository.ts";
import { run } from "../lib/run.ts";
import { type Judgement, judge, type Observed } from "./judge.ts";
import { recordable } from "./program.ts";

/** A chain of notebooks to record. */
export interface Subject {
  readonly name: string;
  /** Folder with the notebooks and their data: a copy, as notebooks may write files. */
  readonly root: string;
  readonly notebooks: readonly string[];
}

/** The Python that runs them, and how. */
export interface Runner {
  readonly python: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Seconds that one chain may take. */
  readonly limit: number;
  /** Folder in which recordings are kept: the same program is not run twice. */
  readonly cache?: string;
}

export interface Measured extends Judgement {
  readonly subject: Subject;
  readonly flow: Dataflow;
  /** Statements of the program. */
  readonly units: number;
  /** Why not all of them ran. */
  readonly stopped: string | undefined;
  /** What could not be observed wholly, and why. */
  readonly capped: Readonly<Record<string, string>>;
}

/** Analyses chains, runs them statement by statement, and holds one against the other. */
export async function measure(subjects: readonly Subject[], runner: Runner): Promise<readonly Measured[]> {
  await initPython(nodeHost());
  const flows = subjects.map((subject) => flowOf(subject));
  const recordings = await record(subjects, flows, runner);
  return subjects.map((subject, i) => {
    const flow = flows[i] as Dataflow;
    const { lines, capped, stopped } = recordings[i] as Recording;
    return { subject, flow, units: flow.facts.length, stopped, capped, ...judge(flow, lines) };
  });
}

function flowOf({ root, notebooks }: Subject): Dataflow {
  const host = nodeHost(root);
  const chain = readChain({ host, root, model: modelOf(host, root, notebooks) });
  return analyse(program(chain.cells));
}

/** The configuration of somebody without wishes. */
function modelOf(disk: Host, root: string, notebooks: readonly string[]): ModelConfig {
  const yaml = join(root, "crosswalk.yaml");
  const bytes = new TextEncoder().encode(`model: m\nnotebooks: ${JSON.stringify(notebooks)}\n`);
  const host: Host = {
    ...disk,
    stat: (path) => (path === yaml ? { kind: "file", size: bytes.length } : disk.stat(path)),
    readBytes: (path) => (path === yaml ? bytes : disk.readBytes(path)),
  };
  const { value, diagnostics } = loadWorkspace(host, root);
  const model = value?.models[0];
  if (!model) throw new Error(`no model for ${notebooks.join(", ")}: ${diagnostics.map((d) => d.message).join(" ")}`);
  return model;
}

interface Recording {
  readonly lines: readonly Observed[];
  readonly capped: Readonly<Record<string, string>>;
  readonly stopped: string | undefined;
}

interface Ending {
  readonly capped: Readonly<Record<string, string>>;
  readonly stopped?: number;
}

const scripts = ["record.py", "digest.py", "namespace.py"].map((name) => inRepository("scripts", "recorder", name));

async function record(
  subjects: readonly Subject[],
  flows: readonly Dataflow[],
  runner: Runner,
): Promise<readonly Recording[]> {
  mkdirSync(inRepository(".work"), { recursive: true });
  const folder = mkdtempSync(inRepository(".work", "recorder-"));
  const cache = runner.cache ?? folder;
  mkdirSync(cache, { recursive: true });
  const sources = scripts.map((file) => readFileSync(file, "utf8")).join();
  try {
    const jobs = subjects.map((subject, i) => {
      const text = JSON.stringify(recordable(flows[i] as Dataflow));
      const key = createHash("sha256").update([text, runner.python, runner.limit, sources].join("\0")).digest("hex");
      const program = join(folder, `${i}.json`);
      writeFileSync(program, text);
      const out = join(cache, `${runner.cache === undefined ? i : key.slice(0, 24)}.jsonl`);
      return { program, out, folder: join(subject.root, dirname(subject.notebooks[0] ?? "")), limit: runner.limit };
    });
    const open = jobs.filter(({ out }) => !existsSync(out));
    let said = "";
    if (open.length > 0) {
      const list = join(folder, "jobs.json");
      writeFileSync(list, JSON.stringify(open));
      const ran = await run(runner.python, ["-W", "ignore", scripts[0] ?? "", list], {
        env: { ...(runner.env ?? process.env), MPLBACKEND: "agg", PYTHONHASHSEED: "0" },
        limit: runner.limit * open.length + 60,
      });
      said = ran.stderr.trim().split("\n").at(-1) ?? "";
    }
    return jobs.map(({ out }) => recording(existsSync(out) ? readFileSync(out, "utf8") : "", said));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function recording(text: string, said: string): Recording {
  const rows = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Observed | Ending);
  const lines = rows.filter((row): row is Observed => "unit" in row);
  const ending = rows.find((row): row is Ending => "capped" in row);
  if (!ending) return { lines, capped: {}, stopped: said || "it took too long" };
  return { lines, capped: ending.capped, stopped: lines.find((line) => line.unit === ending.stopped)?.problem };
}
