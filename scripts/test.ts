/**
 * Every check that must never break, in order: `npm test`. `--only NAME,NAME` runs some of them; `--list` names them.
 * Ends with one line `N passed, N failed, N skipped` and an exit code that is not 0 when anything failed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installTools, toolNames } from "./lib/optional-tools.ts";
import { inRepository } from "./lib/repository.ts";
import { run } from "./lib/run.ts";
import { EnvironmentError, envFor, exampleEnv, type PythonEnv } from "./python-env.mjs";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  readonly what: string;
  run(): Promise<Counts>;
}

const example = inRepository("examples", "credit-risk");
const bin = (name: string): string => inRepository("node_modules", ".bin", name);

/** A program that either has nothing to complain about or has failed. */
async function one(
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): Promise<Counts> {
  const ran = await run(command, args, { cwd: inRepository(), show: true, ...(env ? { env } : {}) });
  return ran.code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

const node = (script: string, ...args: readonly string[]) =>
  one(process.execPath, [inRepository("scripts", script), ...args]);

/** The environment of the example with the tools that judge products; made when it is not there. */
function pythonOfExample(): PythonEnv {
  return exampleEnv(inRepository(), example, (line) => process.stdout.write(`${line}\n`));
}

/** Vitest on one project; counted from its own JSON report. A run without a report, or with no test, has failed. */
async function vitest(project: string): Promise<Counts> {
  const report = inRepository(".work", `vitest-${project}.json`);
  mkdirSync(inRepository(".work"), { recursive: true });
  rmSync(report, { force: true });
  const args = [
    "run",
    "--project",
    project,
    "--reporter",
    "default",
    "--reporter",
    "json",
    "--outputFile.json",
    report,
  ];
  // Tests that ask another judge find it here.
  const env = {
    ...process.env,
    CROSSWALK_CHECK_JSONSCHEMA: join(pythonOfExample().bin, "check-jsonschema"),
    CROSSWALK_HADOLINT: join(pythonOfExample().bin, "hadolint"),
    CROSSWALK_PYTHON: pythonOfExample().python,
  };
  const ran = await run(bin("vitest"), args, { cwd: inRepository(), show: true, limit: 1500, env });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const counted = JSON.parse(readFileSync(report, "utf8")) as Record<string, number | undefined>;
  const passed = counted.numPassedTests ?? 0;
  const failed = counted.numFailedTests ?? 0;
  // A file that does not even load counts no failed test.
  const broken = ran.code !== 0 || passed === 0 ? 1 : 0;
  return {
    passed,
    failed: Math.max(failed, broken),
    skipped: (counted.numPendingTests ?? 0) + (counted.numTodoTests ?? 0),
  };
}

/** The Python that products are made of, tested by pytest in the environment of the example. */
async function productRuntime(): Promise<Counts> {
  const folder = inRepository("test", "product-runtime");
  const tests =
    existsSync(folder) &&
    readdirSync(folder, { recursive: true, encoding: "utf8" }).some((path) => /(^|[\\/])test_.*\.py$/.test(path));
  if (!tests) {
    process.stdout.write("test/product-runtime holds no test_*.py\n");
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const python = pythonOfExample();
  const ran = await run(python.python, ["-m", "pytest", "-q", "-p", "no:cacheprovider", folder], {
    cwd: inRepository(),
    env: envFor(python),
    show: true,
  });
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(ran.stdout)?.[1] ?? 0);
  const failed = count("failed") + count("error");
  return { passed: count("passed"), failed: ran.code === 0 ? failed : Math.max(1, failed), skipped: count("skipped") };
}

const stages: readonly Stage[] = [
  { name: "build", what: "the tool is built into dist/", run: () => node("build.ts") },
  { name: "types", what: "TypeScript finds no error", run: () => one(bin("tsc"), ["-p", "."]) },
  { name: "lint", what: "biome finds nothing to mend", run: () => one(bin("biome"), ["check", "--error-on-warnings"]) },
  {
    name: "rooms",
    what: "imports only go up the list of rooms",
    run: () => one(bin("depcruise"), ["src", "grammar", "--config", ".dependency-cruiser.cjs", "--output-type", "err"]),
  },
  { name: "fresh", what: "generated files are up to date", run: () => node("gen.ts", "--check") },
  {
    name: "unit",
    what: "unit tests",
    async run() {
      // Real servers and build tools; the tests of one that cannot be had are skipped and say so.
      await installTools(toolNames, (line) => process.stdout.write(`${line}\n`));
      return vitest("unit");
    },
  },
  { name: "runtime", what: "tests of the Python that products are made of", run: productRuntime },
  {
    name: "examples",
    what: "examples are built, run, judged and compared with their notebooks",
    run: () => vitest("examples"),
  },
];

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--list")) {
    for (const { name, what } of stages) process.stdout.write(`${name.padEnd(10)}${what}\n`);
    return 0;
  }
  const at = args.indexOf("--only");
  const only = at < 0 ? undefined : (args[at + 1] ?? "").split(",");
  const unknown = only?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
  if (unknown.length > 0) {
    process.stderr.write(`no check is called ${unknown.join(", ")}; see --list\n`);
    return 2;
  }
  const began = performance.now();
  const rows: (Counts & { readonly name: string; readonly seconds: number })[] = [];
  for (const stage of stages) {
    if (only && !only.includes(stage.name)) continue;
    process.stdout.write(`\n── ${stage.name}: ${stage.what}\n`);
    const start = performance.now();
    let counts: Counts;
    try {
      counts = await stage.run();
    } catch (error) {
      const known = error instanceof EnvironmentError;
      process.stdout.write(
        `${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
    rows.push({ ...counts, name: stage.name, seconds: (performance.now() - start) / 1000 });
  }
  const sum = (key: keyof Counts): number => rows.reduce((total, row) => total + row[key], 0);
  process.stdout.write("\n");
  for (const row of rows) {
    const counts = `${row.passed} passed, ${row.failed} failed${row.skipped > 0 ? `, ${row.skipped} skipped` : ""}`;
    process.stdout.write(`${row.name.padEnd(10)}${row.seconds.toFixed(0).padStart(5)} s   ${counts}\n`);
  }
  process.stdout.write(`all       ${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s\n\n`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped\n`);
  return sum("failed") > 0 || sum("passed") === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
