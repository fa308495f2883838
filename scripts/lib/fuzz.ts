import { readFileSync } from "node:fs";
import { loadSession } from "../../src/cli/session-loader.ts";
import type { Host } from "../../src/foundation/host.ts";
import { memoryHost } from "../../src/foundation/host-memory.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { directives, notebookAround } from "./directives.ts";
import { mutateNotebook, mutateText } from "./mutate.ts";
import { random } from "./random.ts";
import { inRepository } from "./repository.ts";

export type FuzzKind = "notebooks" | "directives";

/** What one broken input did. `problem` is undefined when all went well. */
export interface FuzzResult {
  readonly seed: number;
  /** CPU seconds of all threads. */
  readonly cpu: number;
  /** The exit a person would have seen: a product, or errors with places. */
  readonly refused: boolean;
  readonly problem?: string;
}

/** A compiler that is asked to build one input after the other, in memory. */
export interface Fuzzer {
  try(kind: FuzzKind, seed: number): Promise<FuzzResult>;
  /** The bytes that a seed stands for. */
  input(kind: FuzzKind, seed: number): Uint8Array;
}

const data = "application_id,age\nA1,20\nA2,30\n";
const config = "model: fuzz\nnotebooks: [notebooks/n.ipynb]\n";
const limit = 2;

/** The host in memory; what lies outside the workspace (Crosswalk's own files) is read, never written, on the real one. */
function withOwnFiles(memory: Host): Host {
  const real = nodeHost();
  const at = (path: string): Host => (path.startsWith("/") && !path.startsWith("/ws") ? real : memory);
  return {
    ...memory,
    stat: (path) => at(path).stat(path),
    readBytes: (path) => at(path).readBytes(path),
    list: (path) => at(path).list(path),
    realPath: (path) => at(path).realPath(path),
  };
}

/** Loads the compiler once, and the notebooks that mutants are made from. */
export async function fuzzer(): Promise<Fuzzer> {
  const { openWorkspace } = await loadSession();
  const bases = ["train.ipynb", "train_annotated.ipynb"].map((name) =>
    readFileSync(inRepository("examples", "credit-risk", "notebooks", name), "utf8"),
  );

  const input = (kind: FuzzKind, seed: number): Uint8Array => {
    const dice = random(seed * 2 + (kind === "notebooks" ? 0 : 1));
    if (kind === "notebooks") return mutateNotebook(dice.pick(bases), dice);
    let directive = dice.pick(directives);
    for (let i = 1 + dice.below(3); i > 0; i--) directive = mutateText(directive, dice);
    return new TextEncoder().encode(notebookAround(directive));
  };

  const once = async (kind: FuzzKind, seed: number): Promise<FuzzResult> => {
    const host = memoryHost(
      { "/ws/crosswalk.yaml": config, "/ws/notebooks/n.ipynb": input(kind, seed), "/ws/data/applications.csv": data },
      {},
      "/ws",
    );
    const before = process.cpuUsage();
    let problem: string | undefined;
    let refused = false;
    try {
      const opened = await openWorkspace({
        host: withOwnFiles(host),
        folder: "/ws",
        toolVersion: "0.0.0",
        progress: () => {},
        signal: new AbortController().signal,
      });
      const session = opened.value;
      if (!session) problem = `the workspace was not opened: ${opened.diagnostics[0]?.message}`;
      else {
        const built = await session.build({
          models: [],
          checkOnly: false,
          choices: { adopt: [], overwrite: [], eject: [] },
        });
        const errors = built.diagnostics.filter((d) => d.severity === "error");
        refused = errors.length > 0;
        const wrote = host.touched.some((path) => path.startsWith("/ws/production/"));
        if (refused && wrote) problem = "errors, and yet files of the product were written";
        else if (!refused && !wrote) problem = "no error and no product";
        else if (errors.some((d) => !d.place))
          problem = `an error without a place: ${errors.find((d) => !d.place)?.code}`;
        if (kind === "directives") await session.fmt({ files: [], checkOnly: true });
      }
    } catch (error) {
      problem = `thrown: ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 3).join(" | ") : String(error)}`;
    }
    const used = process.cpuUsage(before);
    const cpu = (used.user + used.system) / 1e6;
    const outside = host.touched.filter((path) => !/^\/ws\/(production\/|\.crosswalk\/|crosswalk\.lock$)/.test(path));
    if (outside.length > 0) problem ??= `written outside the output folder: ${outside[0]}`;
    if (cpu > limit) problem ??= `${cpu.toFixed(1)} CPU seconds`;
    return { seed, cpu, refused, ...(problem === undefined ? {} : { problem }) };
  };
  return {
    input,
    async try(kind, seed) {
      const result = await once(kind, seed);
      // The first builds of a process pay for loading the compiler: a slow seed is tried again before it is blamed.
      return result.cpu > limit ? once(kind, seed) : result;
    },
  };
}
