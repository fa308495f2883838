// Writes crosswalk.config.schema.json from src/config/project-shape.ts and the targets' options; --check only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { knownTargets } from "../src/compiler/known-targets.ts";
import { joinSchema } from "../src/compiler/schema.ts";
import { prettyJson } from "../src/foundation/hash.ts";

const path = new URL("../crosswalk.config.schema.json", import.meta.url);
const text = prettyJson(joinSchema(knownTargets));
if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== text) {
    console.error("crosswalk.config.schema.json is out of date: run node scripts/generate-config-schema.ts");
    process.exitCode = 1;
  }
} else writeFileSync(path, text);
