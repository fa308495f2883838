import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { watchWorkspace } from "../../../../src/compiler/session.ts";
import type { WatchEvent, WatchOptions } from "../../../../src/compiler/watch/contract.ts";
import { nodeHost } from "../../../../src/foundation/host-node.ts";
import { realFolder } from "../../engine/kit.ts";

export type Ended = Extract<WatchEvent, { kind: "end" }>;

export interface Watching {
  readonly root: string;
  readonly events: readonly WatchEvent[];
  path(path: string): string;
  text(path: string): string;
  write(path: string, text: string): void;
  replace(path: string, from: string, to: string): void;
  /** Waits for the next build that ends after this call, or one for which something holds. */
  next(holds?: (ended: Ended) => boolean): Promise<Ended>;
  /** Waits long enough for anything that could happen, and gives how many builds there were. */
  quiet(): Promise<number>;
  end(): Promise<void>;
}

/** Files on the real disk, and a watch over them that has built once. */
export async function watching(
  files: Readonly<Record<string, string>>,
  parts: WatchOptions["parts"] = {},
  prepare: (root: string) => void = () => {},
): Promise<Watching> {
  const root = realFolder();
  const path = (name: string): string => join(root, name);
  const write = (name: string, text: string): void => {
    fs.mkdirSync(dirname(path(name)), { recursive: true });
    fs.writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  prepare(root);
  const stop = new AbortController();
  const events: WatchEvent[] = [];
  let heard = (): void => {};
  const done = watchWorkspace({
    host: nodeHost(root, {}),
    folder: root,
    toolVersion: "0.0.0",
    signal: stop.signal,
    models: [],
    // Models are compiled ahead however long that takes. What no event tells is found much later than any test waits: what is found was told.
    parts: { rescan: 600_000, quick: 60_000, ...parts },
    async tell(event) {
      events.push(event);
      heard();
    },
  });
  done.catch(() => {});
  const end = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  onTestFinished(end);
  const until = (found: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        const said = events.map((event) => JSON.stringify(event).slice(0, 300)).join("\n");
        reject(new Error(`nothing of the kind happened in time; what did:\n${said}`));
      }, 15_000);
      heard = () => {
        if (!found()) return;
        clearTimeout(late);
        heard = () => {};
        resolve();
      };
      heard();
    });
  await until(() => events.some(({ kind }) => kind === "idle"));
  // The first look at everything after the folders are watched.
  await sleep(150);
  return {
    root,
    events,
    path,
    write,
    text: (name) => fs.readFileSync(path(name), "utf8"),
    replace(name, from, to) {
      const text = fs.readFileSync(path(name), "utf8");
      if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
      fs.writeFileSync(path(name), text.replaceAll(from, to));
    },
    async next(holds = () => true) {
      const before = events.length;
      const found = (): Ended | undefined =>
        events.slice(before).find((event): event is Ended => event.kind === "end" && holds(event));
      await until(() => found() !== undefined);
      const ended = found();
      if (!ended) throw new Error("a build that was found is gone");
      return ended;
    },
    async quiet() {
      await sleep(900);
      return events.filter(({ kind }) => kind === "end").length;
    },
    end,
  };
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A notebook as a plain script, quickly compiled. */
export const script = (factor: number): string => `# %%
import pandas as pd
# %%
df = pd.read_csv("data.csv")
# %%
df["b"] = df["a"] * ${factor}
df.to_csv("out.csv")
`;

/** The same as .ipynb. */
export const notebook = (factor: number): string => {
  const sources = script(factor).split("# %%\n").slice(1);
  const cells = sources.map((source, nth) => ({
    cell_type: "code",
    id: `c${nth}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
};

export const config = (...models: readonly string[]): string =>
  `models:\n${models.map((path) => `  - model: ${/(\w+)\.\w+$/.exec(path)?.[1]}\n    notebooks: [${path}]\n`).join("")}`;
