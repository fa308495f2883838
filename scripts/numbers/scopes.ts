import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseModule } from "../../src/python/parse.ts";
import { moduleScopes } from "../../src/python/scopes.ts";
import { damages, cells as samples } from "../../test/unit/python/damage.ts";
import { dumpStmts, libraryFiles, oracle, python311 } from "../../test/unit/python/oracle.ts";
import { dumpScope, firstDifference } from "../../test/unit/python/scopes-oracle.ts";
import { cellsAtHand } from "../lib/python-cells.ts";
import type { Group, Row } from "./number.ts";

/** Names and scopes beside CPython's own tables, and what survives a broken statement. */
export const scopes: Group = {
  name: "scopes",
  title: "Scopes beside CPython 3.11's symtable, and recovery from one broken statement",
  wants: () => python311.skip,
  async measure({ log }) {
    const files = libraryFiles(1).map((path) => ({ name: path, text: readFileSync(path, "utf8") }));
    const library = compare(files, log);
    const cells = cellsAtHand();
    const own = compare(
      cells.map((text, i) => ({ name: `cell ${i + 1}`, text })),
      log,
    );
    return [
      row("files of the standard library that CPython accepts: scopes equal", library, 0.997),
      ...library.differ.map((name): Row => ({ what: `differs: ${basename(name)}`, value: "", goal: "", holds: true })),
      row(
        `cells at hand${process.env.CROSSWALK_CORPUS === undefined ? " (examples alone)" : ""}: scopes equal`,
        own,
        0.999,
      ),
      ...Object.keys(damages).map((damage) => recovery(damage, [...samples, ...cells.filter((_, i) => i % 7 === 0)])),
    ];
  },
};

interface Compared {
  readonly accepted: number;
  readonly same: number;
  readonly differ: readonly string[];
}

function compare(
  texts: readonly { readonly name: string; readonly text: string }[],
  log: (line: string) => void,
): Compared {
  let accepted = 0;
  const differ: string[] = [];
  for (let i = 0; i < texts.length; i += 50) {
    const batch = texts.slice(i, i + 50);
    const expected = oracle(
      "symtable_dump.py",
      batch.map(({ text }) => ({ text })),
    );
    batch.forEach(({ name, text }, j) => {
      const one = expected[j] as { readonly ok: boolean; readonly tree?: unknown };
      if (!one.ok) return;
      accepted++;
      const module = parseModule(text);
      const [problem] = module.problems;
      const difference = problem ? problem.message : firstDifference(one.tree, dumpScope(moduleScopes(module)));
      if (difference === undefined) return;
      differ.push(name);
      log(`${name}: ${difference}`);
    });
  }
  return { accepted, same: accepted - differ.length, differ };
}

function row(what: string, { same, accepted }: Compared, least: number): Row {
  const share = same / Math.max(accepted, 1);
  return {
    what,
    value: `${same} of ${accepted} (${(100 * share).toFixed(2)} %)`,
    goal: `at least ${(100 * least).toFixed(1)} %`,
    holds: accepted > 0 && share >= least,
  };
}

/** Share of the other statements of a cell that are found exactly, in order, when each statement in turn is broken. */
function recovery(damage: string, cells: readonly string[]): Row {
  let others = 0;
  let found = 0;
  for (const cell of cells) {
    const whole = parseModule(cell);
    if (whole.problems.length > 0) continue;
    const dumped = whole.body.map((one) => JSON.stringify(dumpStmts([one])));
    for (const victim of whole.body) {
      const broken = damages[damage]?.(cell.slice(victim.span.start, victim.span.end));
      if (broken === undefined) continue;
      const parsed = parseModule(cell.slice(0, victim.span.start) + broken + cell.slice(victim.span.end));
      if (parsed.problems.length === 0) continue;
      const got = parsed.body.map((one) => JSON.stringify(dumpStmts([one])));
      let from = 0;
      whole.body.forEach((one, i) => {
        if (one === victim) return;
        others++;
        const at = got.indexOf(dumped[i] ?? "", from);
        if (at < 0) return;
        found++;
        from = at + 1;
      });
    }
  }
  const share = found / Math.max(others, 1);
  return {
    what: `other statements that survive: ${damage}`,
    value: `${found} of ${others} (${(100 * share).toFixed(1)} %)`,
    goal: "at least 95 %",
    holds: others > 0 && share >= 0.95,
  };
}
