import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { commitProduct } from "../../src/engine/commit.ts";
import { parseJournal } from "../../src/engine/journal.ts";
import { memoryHost } from "../../src/foundation/host-memory.ts";
import { productFolder, productOf, requestOf } from "./engine-product.ts";
import { random } from "./random.ts";
import { inRepository } from "./repository.ts";

/** What came of many rounds with processes that build one product. */
export interface Rounds {
  readonly tried: number;
  /** Rounds in which a process was really ended in its work. */
  readonly killed: number;
  /** How the next run ended the interrupted commit: by the codes it told. */
  readonly told: Readonly<Record<string, number>>;
  /** What was wrong, with the number of the round. */
  readonly problems: readonly string[];
}

interface Ended {
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly calls: number;
  /** Between which calls the product was put in place. */
  readonly commit: { readonly from: number; readonly to: number };
  readonly signal: string | null;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** A workspace on the real disk, sources that change by a seed, and processes that build it. */
async function workspace(seed: number) {
  const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "crosswalk-kills-")));
  const program = join(root, "build.mjs");
  await build({
    entryPoints: [inRepository("scripts", "lib", "engine-build.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  fs.mkdirSync(join(root, "src"));
  const dice = random(seed);
  const next = (): number => dice.below(2 ** 30) / 2 ** 30;
  const sources = new Map<string, string>();

  /** Runs a process; `delay` ends it from outside after so many milliseconds, `call` from inside at a call to the host. */
  const start = (mode: string, how: { readonly delay?: number; readonly call?: number } = {}): Promise<Ended> =>
    new Promise((done) => {
      const began = performance.now();
      const args = [program, root, mode, ...(how.call === undefined ? [] : [String(how.call)])];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      const timer = how.delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), how.delay);
      child.on("close", (_, signal) => {
        clearTimeout(timer);
        const said = stdout.startsWith("{")
          ? JSON.parse(stdout)
          : { outcome: "", codes: [], calls: 0, commit: { from: 0, to: 0 } };
        done({ ...said, signal, stderr, milliseconds: performance.now() - began });
      });
    });
  return {
    root,
    next,
    start,
    remove: () => fs.rmSync(root, { recursive: true, force: true }),
    /** Changes some of the sources: new, changed and gone ones. */
    change(): void {
      const count = 1 + Math.floor(next() * 5);
      for (let nth = 0; nth < count; nth++) {
        const name = `${"abcdefghijkl"[Math.floor(next() * 12)]}.txt`;
        if (next() < 0.25 && sources.size > 1) {
          sources.delete(name);
          fs.rmSync(join(root, "src", name), { force: true });
        } else {
          const text = `${name} ${Math.floor(next() * 1e9)} `.repeat(1 + Math.floor(next() * 400));
          sources.set(name, text);
          fs.writeFileSync(join(root, "src", name), text);
        }
      }
    },
    /** The product on disk, with whatever else lies about in its folder. */
    tree(): Readonly<Record<string, string>> {
      const base = join(root, productFolder);
      if (!fs.existsSync(base)) return {};
      const paths = fs.readdirSync(base, { recursive: true, encoding: "utf8" }).sort();
      return Object.fromEntries(
        paths
          .filter((path) => fs.statSync(join(base, path)).isFile())
          .map((path) => [path.replaceAll("\\", "/"), fs.readFileSync(join(base, path), "utf8")]),
      );
    },
    /** The product as a clean build in an empty workspace gives it. */
    clean(): Readonly<Record<string, string>> {
      const host = memoryHost();
      commitProduct(host, requestOf("/repo", productOf(Object.fromEntries(sources))));
      const prefix = `/repo/${productFolder}/`;
      const paths = [...host.files.keys()].filter((path) => path.startsWith(prefix)).sort();
      return Object.fromEntries(paths.map((path) => [path.slice(prefix.length), host.text(path) ?? ""]));
    },
    /** What no run may leave behind. (Half-written files in the state's folder go with the next garbage collection.) */
    leftovers(): readonly string[] {
      const names = fs.existsSync(join(root, ".crosswalk")) ? fs.readdirSync(join(root, ".crosswalk")) : [];
      return names.filter((name) => /^lock$|^commit-\w+\.json$/.test(name));
    },
    /** The files that an interrupted commit still has to write. */
    pending(): readonly string[] {
      const names = fs.existsSync(join(root, ".crosswalk")) ? fs.readdirSync(join(root, ".crosswalk")) : [];
      const name = names.find((one) => /^commit-\w+\.json$/.test(one));
      const journal = name === undefined ? "" : fs.readFileSync(join(root, ".crosswalk", name), "utf8");
      const writes = parseJournal(journal)?.writes ?? [];
      return writes.map(({ path }) => path).filter((path) => fs.existsSync(join(root, productFolder, path)));
    },
  };
}

const same = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * Changes sources, builds, and ends the process with SIGKILL at a random point, again and again. After each: the next run, before it
 * builds, leaves the whole old or the whole new product and says which; a person's edit made in between is never lost; then a
 * build gives what a clean one gives.
 */
export async function runKills(count: number, seed: number, log: (line: string) => void = () => {}): Promise<Rounds> {
  const space = await workspace(seed);
  const problems: string[] = [];
  const told: Record<string, number> = {};
  let killed = 0;
  try {
    space.change();
    let usual = await space.start("build");
    const first = usual.commit;
    if (first.to === 0) problems.push("the first build made no commit");
    for (let round = 0; round < count; round++) {
      const wrong = (what: string): void => {
        problems.push(`round ${round}: ${what}`);
      };
      const before = space.tree();
      space.change();
      const after = space.clean();
      // Most are ended while the product is put in place, some at any call to the host, some from outside at any time.
      const kind = space.next();
      const point = space.next();
      const { from, to } = usual.commit;
      const how =
        kind < 0.5
          ? { call: from + Math.floor(point * (to - from + 1)) }
          : kind < 0.75
            ? { call: Math.floor(point * usual.calls) }
            : { delay: point * usual.milliseconds * 1.1 };
      const doomed = await space.start("build", how);
      if (doomed.signal === "SIGKILL") killed++;
      else if (doomed.stderr !== "") wrong(doomed.stderr.slice(0, 300));
      // Sometimes a person edits a file before anyone looks, if possible one that was about to be written.
      const edited = space.next() < (space.pending().length > 0 ? 0.5 : 0.1) ? edit(space) : undefined;
      const recovered = await space.start("recover");
      if (recovered.stderr !== "") wrong(recovered.stderr.slice(0, 300));
      for (const code of recovered.codes) told[code] = (told[code] ?? 0) + 1;
      const now = space.tree();
      if (edited) {
        if (now[edited.path] !== edited.text) wrong(`the edit of ${edited.path} was lost while recovering`);
        const refused = await space.start("build");
        if (space.tree()[edited.path] !== edited.text) wrong(`the edit of ${edited.path} was lost`);
        if (refused.outcome !== "drift" && after[edited.path] !== undefined)
          wrong(`an edit of ${edited.path} gave ${refused.outcome}`);
        fs.rmSync(join(space.root, productFolder, edited.path));
      } else if (!same(now, before) && !same(now, after)) {
        const all = new Set([...Object.keys(now), ...Object.keys(before), ...Object.keys(after)]);
        const off = [...all].filter((path) => now[path] !== after[path] || now[path] !== before[path]);
        wrong(`neither the old nor the new product: ${off.join(", ")}`);
      }
      usual = await space.start("build");
      if (usual.stderr !== "") wrong(usual.stderr.slice(0, 300));
      if (!same(space.tree(), after)) wrong(`the next build (${usual.outcome} ${usual.codes}) is not a clean build's`);
      const left = space.leftovers();
      if (left.length > 0) wrong(`left behind: ${left.join(", ")}`);
      const idle = await space.start("build");
      if (idle.outcome !== "untouched" && idle.outcome !== "unchanged") wrong(`nothing to do gave ${idle.outcome}`);
      // A build that had nothing to do says nothing of when one dies that has.
      if (usual.commit.to === 0) usual = { ...usual, calls: Math.max(usual.calls, first.to), commit: first };
      if ((round + 1) % 20 === 0) log(`${round + 1} of ${count}, ${killed} killed, ${problems.length} problems`);
    }
  } finally {
    space.remove();
  }
  return { tried: count, killed, told, problems };
}

/** A person's edit of one file of the product, if there is one. */
function edit(
  space: Awaited<ReturnType<typeof workspace>>,
): { readonly path: string; readonly text: string } | undefined {
  const ofProduct = (path: string): boolean => /^part\d\/[a-l]\.txt$/.test(path);
  const pending = space.pending().filter(ofProduct);
  const paths = pending.length > 0 ? pending : Object.keys(space.tree()).filter(ofProduct);
  const path = paths[Math.floor(space.next() * paths.length)];
  if (path === undefined) return undefined;
  const text = `mine ${Math.floor(space.next() * 1e9)}\n`;
  fs.writeFileSync(join(space.root, productFolder, path), text);
  return { path, text };
}

/** Starts two builds at once, sometimes with a source that changes under them; both must end well, and the next build is a clean one's. */
export async function runPairs(count: number, seed: number, log: (line: string) => void = () => {}): Promise<Rounds> {
  const space = await workspace(seed);
  const problems: string[] = [];
  const told: Record<string, number> = {};
  try {
    for (let round = 0; round < count; round++) {
      space.change();
      const first = space.start("build");
      const pause = space.next() * 30;
      await new Promise((resolve) => setTimeout(resolve, pause));
      const isChanged = space.next() < 0.5;
      if (isChanged) space.change();
      const ended = await Promise.all([first, space.start("build")]);
      for (const one of ended) {
        for (const code of one.codes) told[code] = (told[code] ?? 0) + 1;
        const isWell = ["written", "unchanged", "untouched"].includes(one.outcome) && one.stderr === "";
        if (!isWell) problems.push(`round ${round}: ${one.outcome} ${one.codes} ${one.stderr.slice(0, 300)}`);
      }
      if (!isChanged && !same(space.tree(), space.clean())) problems.push(`round ${round}: not a clean build's`);
      const last = await space.start("build");
      if (!same(space.tree(), space.clean())) problems.push(`round ${round}: the next build is not a clean one's`);
      const left = space.leftovers();
      if (left.length > 0) problems.push(`round ${round}: left behind: ${left.join(", ")}`);
      if (last.stderr !== "") problems.push(`round ${round}: ${last.stderr.slice(0, 300)}`);
      if ((round + 1) % 20 === 0) log(`${round + 1} of ${count}, ${problems.length} problems`);
    }
  } finally {
    space.remove();
  }
  return { tried: count, killed: 0, told, problems };
}
