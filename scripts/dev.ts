/** Builds the tool and then runs it with the arguments given: `npm run dev -- build --format json`. */
import { crosswalk, inRepository } from "./lib/repository.ts";
import { run } from "./lib/run.ts";

const built = await run(process.execPath, [inRepository("scripts", "build.ts")], { cwd: inRepository() });
if (built.code !== 0) process.stderr.write(`${built.stdout}${built.stderr}`);
// npm starts scripts in the repository; INIT_CWD is where the person stands.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode =
  built.code !== 0 ? 1 : (await run(process.execPath, [crosswalk, ...process.argv.slice(2)], { cwd, show: true })).code;
