import { readFileSync, writeFileSync } from "node:fs";
import { generatedFiles } from "../grammar/generate.ts";

/** Writes what is generated from the grammar. With `--check` it writes nothing and fails when a file is stale. */
const root = new URL("../grammar/", import.meta.url);
const check = process.argv.includes("--check");
for (const [name, text] of Object.entries(generatedFiles())) {
  const path = new URL(name, root);
  let old = "";
  try {
    old = readFileSync(path, "utf8");
  } catch {
    // Not there yet: written below.
  }
  if (old === text) continue;
  if (check) {
    console.error(`grammar/${name} is stale: run \`node scripts/generate-grammar.ts\``);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    console.log(`wrote grammar/${name}`);
  }
}
