import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manyModels } from "../lib/many-models.ts";
import { inRepository } from "../lib/repository.ts";
import { medianUsed, type Used } from "../lib/used.ts";
import { exampleEnv } from "../python-env.mjs";
import type { Group, Row } from "./number.ts";

const cells = 60;
const sizes = [5, 50, 500];

/** CPU of builds of many models, in turns with a bare start of Node and with nbconvert on the same notebooks. */
export const builds: Group = {
  name: "builds",
  title: "Builds of workspaces with many models of 60 cells",
  async measure({ log, count }) {
    const rounds = count ?? 5;
    const { python, bin } = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
    const rows: Row[] = [];
    const growth: Record<"cold" | "none" | "edit", Used[]> = { cold: [], none: [], edit: [] };
    for (const models of sizes) {
      const workspace = manyModels(python, models, cells);
      try {
        const colds: Used[] = [];
        // The largest takes a minute, and its first build is the one that counts for memory.
        for (let round = 0; round < (models > 50 ? 1 : rounds); round++) {
          workspace.clean();
          colds.push(await workspace.build());
        }
        const cold = medianUsed(colds);
        // What the first build wrote is looked at by the second; from then on there is nothing to do.
        await workspace.build();
        await workspace.build();
        const none: Used[] = [];
        const bare: Used[] = [];
        for (let round = 0; round < rounds; round++) {
          none.push(await workspace.build());
          bare.push(await workspace.run([process.execPath, "-e", "0"]));
        }
        const edits: Used[] = [];
        for (let round = 0; round < rounds; round++) {
          workspace.edit(round % models);
          edits.push(await workspace.build());
        }
        growth.cold.push(cold);
        growth.none.push(medianUsed(none));
        growth.edit.push(medianUsed(edits));
        log(
          `${models} models: ${JSON.stringify({ cold, none: medianUsed(none), edit: medianUsed(edits), bare: medianUsed(bare) })}`,
        );
        if (models === 50) {
          const ratio = medianUsed(none).cpu / medianUsed(bare).cpu;
          rows.push({
            what: `nothing to do, 50 models, every output looked at (median of ${rounds})`,
            value: `${seconds(medianUsed(none))}, ×${ratio.toFixed(1)} of \`node -e 0\` (${seconds(medianUsed(bare))}), ${megabytes(medianUsed(none))}`,
            goal: "≤ ×3, ≤ 80 MB",
            holds: ratio <= 3 && medianUsed(none).memory <= 80,
          });
          rows.push(await besideNbconvert(workspace, cold, join(bin, "jupyter")));
          rows.push(await fromCache(workspace, rounds));
        }
      } finally {
        workspace.remove();
      }
    }
    const kinds = [
      ["cold", "from nothing"],
      ["none", "nothing to do"],
      ["edit", "one cell edited"],
    ] as const;
    for (const [kind, what] of kinds) {
      const [small, middle, big] = growth[kind];
      const last = (big?.cpu ?? 0) / (middle?.cpu ?? 1);
      rows.push({
        what: `growth, ${what}: ${sizes.join(" → ")} models`,
        value: [small, middle, big].map((one) => (one ? seconds(one) : "-")).join(" → "),
        goal: "linear or better: the last step at most ×10",
        holds: last <= 10,
      });
    }
    const most = growth.cold.at(-1)?.memory ?? 0;
    rows.push({
      what: "most memory, 500 models from nothing",
      value: `${most.toFixed(0)} MB`,
      goal: "< 400 MB",
      holds: most < 400,
    });
    return rows;
  },
};

type Workspace = ReturnType<typeof manyModels>;

/** Notebooks for each second of CPU, beside one nbconvert process for each notebook; a few of those stand for all. */
async function besideNbconvert(workspace: Workspace, cold: Used, jupyter: string): Promise<Row> {
  const some = workspace.notebooks.slice(0, 5);
  let cpu = 0;
  for (const notebook of some) {
    const command = [jupyter, "nbconvert", "--to", "script", notebook, "--stdout"];
    cpu += (await workspace.run(command)).cpu / some.length;
  }
  const times = cpu / (cold.cpu / workspace.notebooks.length);
  return {
    what: "from nothing, 50 models, formatting included, beside one `nbconvert --to script` process for each notebook",
    value: `${seconds(cold)} for 50, nbconvert ${cpu.toFixed(2)} s for one: ×${times.toFixed(1)} of its notebooks per CPU second`,
    goal: "≥ ×10",
    holds: times >= 10,
  };
}

/** A clean checkout that takes its results from a shared cache, beside one that computes them. */
async function fromCache(workspace: Workspace, rounds: number): Promise<Row> {
  const config = join(workspace.folder, "crosswalk.yaml");
  const text = readFileSync(config, "utf8");
  const shared = `${workspace.folder}-shared`;
  const key = "a key that only this measurement knows, 32 bytes and more";
  const env = process.env;
  const before = { CROSSWALK_CACHE: env.CROSSWALK_CACHE, CROSSWALK_CACHE_SECRET: env.CROSSWALK_CACHE_SECRET };
  try {
    // A shared folder that is not there is taken for one that is not mounted.
    mkdirSync(shared);
    writeFileSync(config, `cache:\n  kind: folder\n  url: file://${shared}\n${text}`);
    Object.assign(env, { CROSSWALK_CACHE: "write", CROSSWALK_CACHE_SECRET: key });
    workspace.clean();
    await workspace.build();
    const warm: Used[] = [];
    const cold: Used[] = [];
    for (let round = 0; round < rounds; round++) {
      workspace.clean("production", "crosswalk.lock");
      warm.push(await workspace.build());
      workspace.clean("production", "crosswalk.lock");
      cold.push(await workspace.build("--no-cache"));
    }
    const ratio = medianUsed(warm).cpu / medianUsed(cold).cpu;
    return {
      what: `clean checkout of 50 models with a warm shared cache, beside one without (median of ${rounds})`,
      value: `${seconds(medianUsed(warm))} and ${seconds(medianUsed(cold))}: ×${ratio.toFixed(2)}`,
      goal: "≤ ×0.25",
      holds: ratio <= 0.25,
    };
  } finally {
    Object.assign(env, before);
    for (const [name, value] of Object.entries(before)) if (value === undefined) delete env[name];
    writeFileSync(config, text);
    rmSync(shared, { recursive: true, force: true });
  }
}

const seconds = ({ cpu }: Used): string => `${cpu.toFixed(cpu < 1 ? 3 : 1)} s`;
const megabytes = ({ memory }: Used): string => `${memory.toFixed(0)} MB`;
