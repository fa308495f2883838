import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { config, script, sleep } from "../compiler/watch/kit.ts";
import { realFolder } from "../engine/kit.ts";
import { run } from "./harness.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

/** A real process over real files. */
function start(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const root = realFolder();
  for (const [path, text] of Object.entries(files)) fs.writeFileSync(`${root}/${path}`, text);
  const child = spawn(process.execPath, [main, "watch", ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const until = async (holds: () => boolean): Promise<void> => {
    for (let nth = 0; nth < 300 && !holds(); nth++) await sleep(50);
    if (!holds()) throw new Error(`in time there was only\n${out}\n${err}`);
  };
  return { root, child, ended, until, out: () => out, err: () => err };
}

const files = { "crosswalk.yaml": config("two.py"), "requirements.txt": "pandas==2.2.3\n", "two.py": script(2) };
const lines = (text: string, word: string): readonly string[] => text.split("\n").filter((line) => line.includes(word));

it("prints a line where a build begins and one where it ends, and Ctrl-C ends it with 130", async () => {
  const { root, child, ended, until, err } = start([], files);
  await until(() => err().includes("waiting for changes"));
  fs.writeFileSync(`${root}/two.py`, script(3).replace("pd.read_csv", "pd.read_fancy"));
  await until(() => lines(err(), "build ended").length === 2);
  expect(lines(err(), "build begins")).toEqual([
    "crosswalk watch: build begins: start",
    "crosswalk watch: build begins: two.py changed in cells 2, 3",
  ]);
  expect(lines(err(), "build ended")[0]).toMatch(
    /^crosswalk watch: build ended: 0 errors, 0 warnings, \d+ files changed, \d+ actions run, [\d.]+ ms$/,
  );
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(fs.existsSync(`${root}/.crosswalk/lock`)).toBe(false);
}, 120_000);

it("--format json prints one document for each build, also where files are looked at again and again", async () => {
  const { root, child, ended, until, out } = start(["--format", "json"], files, {
    CHOKIDAR_USEPOLLING: "1",
    CHOKIDAR_INTERVAL: "50",
  });
  await until(() => out().includes("\n"));
  await sleep(1000);
  fs.writeFileSync(`${root}/two.py`, script(4));
  await until(() => lines(out(), "}").length === 2);
  const [first, second] = lines(out(), "}").map((line) => JSON.parse(line));
  expect(first).toMatchObject({ event: "build", cause: "start", version: 1, diagnostics: [], exitCode: 0 });
  expect(second).toMatchObject({
    cause: "change",
    changes: [{ path: "two.py", how: "changed", cells: [3] }],
    models: [{ name: "two", outcome: "written", why: "two.py changed" }],
  });
  child.kill("SIGTERM");
  expect(await ended).toBe(130);
}, 120_000);

it("without a workspace it says so, with exit code 2", async () => {
  const { ended, err } = start([], {});
  expect(await ended).toBe(2);
  expect(err()).toContain("error[CW0");
}, 120_000);

it("what stands in the way of a watch is an outcome like any other", async () => {
  expect((await run(["watch"], {})).code).toBe(0);
  expect((await run(["watch", "--zzz"], {})).code).toBe(2);
});
