/**
 * Writes every generated file of the repository anew: each scripts/generate-*.ts, in order of name.
 * With `--check` nothing is written, and a stale file is a failure.
 */
import { readdirSync } from "node:fs";
import { inRepository } from "./lib/repository.ts";
import { run } from "./lib/run.ts";

const scripts = readdirSync(inRepository("scripts")).filter((name) => /^generate-.*\.ts$/.test(name));
for (const name of scripts.sort()) {
  const ran = await run(process.execPath, [inRepository("scripts", name), ...process.argv.slice(2)], {
    cwd: inRepository(),
    show: true,
  });
  process.stdout.write(`${name}: ${ran.code === 0 ? "up to date" : `failed (exit code ${ran.code})`}\n`);
  if (ran.code !== 0) process.exitCode = 1;
}
