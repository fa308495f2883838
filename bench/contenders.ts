import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { delimiter, join } from "node:path";

/** A build tool on the graph of the bench: `out/fN.txt` is a copy of `src/fN.txt`. */
export interface Contender {
  readonly name: string;
  /** The program it needs; nothing for ourselves. */
  readonly needs?: string;
  /** Quick enough for the large graph. */
  readonly isForLarge: boolean;
  prepare?(folder: string, count: number): void;
  command(folder: string): readonly string[];
  env?(folder: string): Readonly<Record<string, string>>;
}

/** Where a program is: in `.cache/bench` of this repository (see bench/README.md), or on the path. */
export function find(program: string): string | undefined {
  const own = join(import.meta.dirname, "..", ".cache", "bench");
  const places = [join(own, "node_modules", ".bin"), join(own, "venv", "bin")];
  return [...places, ...(process.env.PATH ?? "").split(delimiter)]
    .map((folder) => join(folder, program))
    .find((path) => fs.existsSync(path));
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `f${i}.txt`);
const program = (name: string): string => find(name) ?? name;

/** `ours` is our own program, and `cache` where it keeps what was compiled. */
export function contenders(ours: string, cache: string): readonly Contender[] {
  return [
    {
      name: "crosswalk engine",
      isForLarge: true,
      command: (folder) => [process.execPath, ours, folder],
      env: () => ({ NODE_COMPILE_CACHE: cache }),
    },
    {
      name: "ninja",
      needs: "ninja",
      isForLarge: true,
      prepare(folder, count) {
        const edges = names(count).map((name) => `build out/${name}: copy src/${name}\n`);
        fs.writeFileSync(join(folder, "build.ninja"), `rule copy\n  command = cp $in $out\n${edges.join("")}`);
      },
      command: () => [program("ninja")],
    },
    { name: "turbo", needs: "turbo", isForLarge: false, prepare: packages("turbo"), command: turbo, env: quiet },
    { name: "nx", needs: "nx", isForLarge: false, prepare: packages("nx"), command: nx, env: quiet },
    {
      name: "dvc",
      needs: "dvc",
      isForLarge: false,
      prepare(folder, count) {
        git(folder);
        spawnSync(program("dvc"), ["init", "-q"], { cwd: folder });
        const stage = (name: string): string =>
          `  s${name.replace(".txt", "")}:\n    cmd: cp src/${name} out/${name}\n    deps: [src/${name}]\n    outs: [out/${name}]\n`;
        fs.writeFileSync(join(folder, "dvc.yaml"), `stages:\n${names(count).map(stage).join("")}`);
      },
      command: () => [program("dvc"), "repro", "-q"],
      env: () => ({ DVC_NO_ANALYTICS: "1" }),
    },
  ];
}

const turbo = (): readonly string[] => [program("turbo"), "run", "copy", "--output-logs=none"];
const nx = (): readonly string[] => [program("nx"), "run-many", "-t", "copy", "--outputStyle=static"];
const quiet = (): Readonly<Record<string, string>> => ({
  NX_DAEMON: "false",
  NX_NO_CLOUD: "true",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
});

/** A repository of one npm package for each file, as these tools want it; each copies its file. */
function packages(tool: "turbo" | "nx"): (folder: string, count: number) => void {
  return (folder, count) => {
    const write = (path: string, value: unknown): void =>
      fs.writeFileSync(join(folder, path), `${JSON.stringify(value, null, 2)}\n`);
    const workspaces = ["packages/*"];
    write("package.json", { name: "bench", version: "1.0.0", private: true, packageManager: "npm@10.0.0", workspaces });
    write("package-lock.json", { name: "bench", version: "1.0.0", lockfileVersion: 3, requires: true, packages: {} });
    const [inputs, outputs] = [["{projectRoot}/in.txt"], ["{projectRoot}/out.txt"]];
    if (tool === "turbo") write("turbo.json", { tasks: { copy: { inputs: ["in.txt"], outputs: ["out.txt"] } } });
    else write("nx.json", { targetDefaults: { copy: { cache: true, inputs, outputs } } });
    for (const name of names(count)) {
      const at = `packages/${name.replace(".txt", "")}`;
      fs.mkdirSync(join(folder, at), { recursive: true });
      // The graph's own folders stay the place where all tools read and write.
      fs.linkSync(join(folder, "src", name), join(folder, at, "in.txt"));
      const copy = `cp in.txt out.txt && cp in.txt ../../out/${name}`;
      write(`${at}/package.json`, { name: name.replace(".txt", ""), version: "1.0.0", scripts: { copy } });
    }
    git(folder);
  };
}

function git(folder: string): void {
  fs.writeFileSync(join(folder, ".gitignore"), "out/\nout.txt\nnode_modules/\n.turbo/\n.nx/\n.bench-errors\n");
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "bench"],
  ])
    spawnSync("git", args, { cwd: folder });
}
