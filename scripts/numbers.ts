/**
 * Measures the numbers of the issues at full size and rewrites docs/numbers.md, and the table of README.md: `npm run numbers [-- NAME …] [--count N]`.
 * Without a name every group is measured; sections of other groups stay as they are. Exit code 1 where a number does not hold.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { inRepository } from "./lib/repository.ts";
import { must, run } from "./lib/run.ts";
import { builds } from "./numbers/builds.ts";
import { cases } from "./numbers/cases.ts";
import { copies } from "./numbers/copies.ts";
import { corpus } from "./numbers/corpus.ts";
import { cost } from "./numbers/cost.ts";
import { equality } from "./numbers/equality.ts";
import { fuzz } from "./numbers/fuzz.ts";
import { kills, pairs } from "./numbers/kills.ts";
import { leaks } from "./numbers/leaks.ts";
import type { Group, Row } from "./numbers/number.ts";
import { sections, tableHead } from "./numbers/page.ts";
import { parity } from "./numbers/parity.ts";
import { quality } from "./numbers/quality.ts";
import { withNumbers } from "./numbers/readme.ts";
import { recorder } from "./numbers/recorder.ts";
import { sameBytes } from "./numbers/same-bytes.ts";
import { scale } from "./numbers/scale.ts";
import { scopes } from "./numbers/scopes.ts";
import { service } from "./numbers/service.ts";
import { verify } from "./numbers/verify.ts";
import { watch } from "./numbers/watch.ts";

const groups: readonly Group[] = [
  equality,
  parity,
  verify,
  cases,
  quality,
  cost,
  sameBytes,
  scopes,
  scale,
  recorder,
  fuzz,
  leaks,
  service,
  builds,
  copies,
  kills,
  pairs,
  corpus,
  watch,
];
const page = inRepository("docs", "numbers.md");
const readme = inRepository("README.md");
const head = `# Numbers

Measured by \`npm run numbers [-- NAME]\`, which rewrites this page; nothing here is written by hand. A ✗ is a number that does not hold yet.
`;

/** The commit that is measured; a tree with changes says so. */
async function commit(): Promise<string> {
  const hash = (await must("git", ["rev-parse", "--short=12", "HEAD"], { cwd: inRepository() })).trim();
  const changed = (
    await must("git", ["status", "--porcelain", "--", "src", "grammar", "examples", "scripts"], { cwd: inRepository() })
  ).trim();
  return changed === "" ? hash : `${hash} with changes`;
}

function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? "unknown processor"}, ${cores.length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

function section(
  group: Group,
  rows: readonly Row[],
  facts: { readonly commit: string; readonly command: string },
): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    `## ${group.name}: ${group.title}`,
    "",
    ...tableHead,
    ...rows.map((row) => `| ${cell(row.what)} | ${cell(row.value)} | ${cell(row.goal)} | ${row.holds ? "✓" : "✗"} |`),
    "",
    `Commit ${facts.commit} · ${machine()} · \`${facts.command}\``,
  ].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const at = args.indexOf("--count");
  const count = at < 0 ? undefined : Number(args[at + 1]);
  const names = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const unknown = names.filter((name) => !groups.some((group) => group.name === name));
  if (unknown.length > 0 || (count !== undefined && !(count > 0))) {
    process.stderr.write(
      `usage: npm run numbers [-- NAME …] [--count N]   NAME is one of ${groups.map((group) => group.name).join(", ")}\n`,
    );
    return 2;
  }
  const built = await run(process.execPath, [inRepository("scripts", "build.ts")], { cwd: inRepository() });
  if (built.code !== 0) throw new Error(`the tool could not be built\n${built.stdout}${built.stderr}`);
  const facts = { commit: await commit() };
  const kept = sections(existsSync(page) ? readFileSync(page, "utf8") : "");
  let missed = 0;
  for (const group of groups) {
    if (names.length > 0 && !names.includes(group.name)) continue;
    process.stdout.write(`── ${group.name}: ${group.title}\n`);
    const without = group.wants?.();
    if (without !== undefined) {
      process.stdout.write(`   skipped: ${without}\n`);
      continue;
    }
    const log = (line: string): boolean => process.stdout.write(`   ${line}\n`);
    let rows: readonly Row[];
    try {
      rows = await group.measure({ log, count });
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 3).join(" ");
      rows = [{ what: "the measurement itself", value: `failed: ${why.slice(0, 300)}`, goal: "", holds: false }];
    }
    for (const row of rows)
      process.stdout.write(
        `   ${row.holds ? "✓" : "✗"} ${row.what}: ${row.value}${row.goal ? ` (goal ${row.goal})` : ""}\n`,
      );
    missed += rows.filter((row) => !row.holds).length;
    // A short run is for looking, not for the page.
    if (count !== undefined) continue;
    kept.set(group.name, section(group, rows, { ...facts, command: `npm run numbers -- ${group.name}` }));
    const text = groups.flatMap(({ name }) => kept.get(name) ?? []).join("\n\n");
    writeFileSync(page, `${head}\n${text}\n`);
    writeFileSync(readme, withNumbers(readFileSync(readme, "utf8"), readFileSync(page, "utf8")));
  }
  return missed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
