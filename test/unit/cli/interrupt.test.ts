import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { large } from "../../../scripts/lib/large.ts";
import { inRepository } from "../../../scripts/lib/repository.ts";
import { Interrupted } from "../../../src/foundation/host.ts";

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** Milliseconds from the last signal to the end. */
  readonly after: number;
  readonly out: string;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "crosswalk-interrupt-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs Node, and interrupts it when it has said something, or a while after it has made this file. */
function interrupted(
  args: readonly string[],
  cwd: string,
  signal: "SIGINT" | "SIGTERM",
  made?: string,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let sent = 0;
  const send = (): void => {
    sent = performance.now();
    child.kill(signal);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes) => {
      if (out === "" && made === undefined) send();
      out += String(bytes);
    });
  const look = (): void => {
    if (made !== undefined) setTimeout(existsSync(made) ? send : look, 1000);
  };
  look();
  child.on("error", reject);
  child.on("close", (code, ended) => resolve({ code, signal: ended, after: performance.now() - sent, out }));
  return promise;
}

/** A process that is busy for half a minute with work that may be interrupted, or (`isPlain`) may not. */
function busy(isPlain = false): readonly string[] {
  const text = `
    import { writeSync } from "node:fs";
    import { interruptible } from ${JSON.stringify(inRepository("src/foundation/host-interrupt.ts"))};
    process.on("SIGINT", () => process.exit(7));
    process.on("SIGTERM", () => process.exit(8));
    const run = ${isPlain ? "(work) => work()" : 'interruptible(new AbortController().signal, () => writeSync(1, "told "))'};
    try {
      run(() => {
        writeSync(1, "begun ");
        for (const end = Date.now() + ${isPlain ? 1500 : 30_000}; Date.now() < end; );
      });
    } catch (error) {
      writeSync(1, error.constructor.name);
      process.exitCode = 130;
    }`;
  return ["--input-type=module", "--eval", text];
}

it("an interrupt ends work in the middle; without it the work is ended first", async () => {
  const here = folder();
  const ended = await interrupted(busy(), here, "SIGINT");
  expect(ended).toMatchObject({ code: 130, signal: null, out: "begun told Interrupted" });
  expect(await interrupted(busy(), here, "SIGTERM")).toMatchObject({ code: null, signal: "SIGTERM", out: "begun " });
  // Twin: that is not how Node does it by itself.
  const plain = await interrupted(busy(true), here, "SIGINT");
  expect(plain.after).toBeGreaterThan(1000);
}, 60_000);

it("gives what the work gives, throws what it throws, and listens as before when it is over", async () => {
  const { interruptible } = await import("../../../src/foundation/host-interrupt.ts");
  const listener = (): void => {};
  process.on("SIGTERM", listener);
  onTestFinished(() => void process.off("SIGTERM", listener));
  const stop = new AbortController();
  const run = interruptible(stop.signal, () => {});
  const problem = new Error("of the work");
  expect(run(() => run(() => [1, 2]))).toEqual([1, 2]);
  let thrown: unknown;
  try {
    run(() => {
      throw problem;
    });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBe(problem);
  expect(process.listeners("SIGTERM")).toContain(listener);
  stop.abort();
  expect(() => run(() => 1)).toThrow(Interrupted);
});

it("a build whose only model takes long is over soon after Ctrl-C; the old product stays, and nothing is locked", async () => {
  const here = folder();
  const product = join(here, "production", "m");
  mkdirSync(product, { recursive: true });
  writeFileSync(join(product, "own.txt"), "of a person");
  writeFileSync(join(here, "crosswalk.yaml"), "model: m\nnotebooks: [a.ipynb]\n");
  writeFileSync(join(here, "a.ipynb"), large("cells of many kinds", 16_000));
  const build = [inRepository("src/cli/main.ts"), "build", "--format", "concise"];
  const ended = await interrupted(build, here, "SIGINT", join(here, ".crosswalk"));
  expect(ended).toMatchObject({ code: 130, out: "crosswalk: interrupted\n" });
  expect(existsSync(join(here, ".crosswalk", "lock"))).toBe(false);
  expect(readFileSync(join(product, "own.txt"), "utf8")).toBe("of a person");
}, 60_000);
