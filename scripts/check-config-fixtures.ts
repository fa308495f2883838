// Compares three judges of crosswalk.yaml on test/fixtures/config: Crosswalk, plain ajv with the generated schema and, where
// CROSSWALK_CHECK_JSONSCHEMA names its executable, check-jsonschema. Prints every disagreement; exit code 1 when there is one.
import { join } from "node:path";
import { ajvTakes, fixtures, namesIn, ours, refusedByCheckJsonschema, textOf } from "../test/unit/config/judges.ts";

const executable = process.env.CROSSWALK_CHECK_JSONSCHEMA;
const schema = new URL("../crosswalk.config.schema.json", import.meta.url).pathname;
const counts = { good: 0, bad: 0, "bad-semantic": 0 };
const wrong: string[] = [];

for (const kind of ["good", "bad", "bad-semantic"] as const) {
  const names = namesIn(kind);
  const files = names.map((name) => join(fixtures, kind, name));
  const refused = executable ? refusedByCheckJsonschema(executable, schema, files) : undefined;
  names.forEach((name, index) => {
    counts[kind]++;
    const text = textOf(kind, name);
    const verdicts: [string, boolean, boolean][] = [["crosswalk", ours(text).length === 0, kind === "good"]];
    // What only shows in the repository, or only in the letters of a value, no schema can see.
    verdicts.push(["ajv", ajvTakes(text), kind !== "bad"]);
    if (refused) verdicts.push(["check-jsonschema", !refused.has(files[index] ?? ""), kind !== "bad"]);
    for (const [judge, takes, should] of verdicts) {
      if (takes !== should) wrong.push(`${kind}/${name}: ${judge} ${takes ? "takes" : "refuses"} it`);
    }
  });
}

for (const line of wrong) console.log(line);
const third = executable ? "check-jsonschema" : "check-jsonschema skipped: CROSSWALK_CHECK_JSONSCHEMA not set";
console.log(
  `${counts.good} good, ${counts.bad} bad and ${counts["bad-semantic"]} bad beyond the schema; crosswalk, ajv, ${third}; ${wrong.length} disagreements`,
);
if (wrong.length > 0) process.exitCode = 1;
