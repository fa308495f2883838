/** The static checks of `npm test` alone: types, lint and the directions between rooms. */
import { inRepository } from "./lib/repository.ts";
import { run } from "./lib/run.ts";

const args = [inRepository("scripts", "test.ts"), "--only", "types,lint,rooms"];
process.exitCode = (await run(process.execPath, args, { cwd: inRepository(), show: true })).code;
