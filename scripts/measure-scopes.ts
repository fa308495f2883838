// Compares our scopes with CPython 3.11's symtable over the standard library: node scripts/measure-scopes.ts [--all]
import { readFileSync } from "node:fs";
import { parseModule } from "../src/python/parse.ts";
import { moduleScopes } from "../src/python/scopes.ts";
import { libraryFiles, oracle, python311 } from "../test/unit/python/oracle.ts";
import { dumpScope, firstDifference } from "../test/unit/python/scopes-oracle.ts";

if (python311.command === undefined) {
  console.log(python311.skip);
} else {
  const files = libraryFiles(process.argv.includes("--all") ? 1 : 25);
  let same = 0;
  let accepted = 0;
  const start = performance.now();
  for (let i = 0; i < files.length; i += 50) {
    const batch = files.slice(i, i + 50);
    const expected = oracle(
      "symtable_dump.py",
      batch.map((path) => ({ path })),
    );
    batch.forEach((path, j) => {
      const one = expected[j] as { ok: boolean; tree?: unknown };
      if (!one.ok) return;
      accepted++;
      const module = parseModule(readFileSync(path, "utf8"));
      const difference =
        module.problems.length > 0
          ? `refused: ${module.problems[0]?.message}`
          : firstDifference(one.tree, dumpScope(moduleScopes(module)));
      if (difference === undefined) same++;
      else console.log(`${path.split("/lib/python3.11/").pop()}: ${difference}`);
    });
  }
  const percent = ((100 * same) / Math.max(accepted, 1)).toFixed(2);
  console.log(
    `scopes equal to symtable: ${same} of ${accepted} files (${percent} %), ${Math.round((performance.now() - start) / 1000)} s`,
  );
}
