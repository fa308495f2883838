import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { knownTargets } from "../../../src/compiler/known-targets.ts";
import { checkTargetOptions, joinSchema } from "../../../src/compiler/schema.ts";
import { loadWorkspace } from "../../../src/config/load.ts";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { memoryHost } from "../../../src/foundation/host-memory.ts";

export const fixtures = new URL("../../fixtures/config/", import.meta.url).pathname;

/** The names of the files in one folder of fixtures. */
export function namesIn(kind: "good" | "bad" | "bad-semantic"): readonly string[] {
  return readdirSync(join(fixtures, kind)).sort();
}

export function textOf(kind: string, name: string): string {
  return readFileSync(join(fixtures, kind, name), "utf8");
}

/** A repository whose root file is `text`, with the notebooks and the member that the fixtures name. */
export function repository(text: string | Uint8Array, more: Readonly<Record<string, string | Uint8Array>> = {}) {
  return memoryHost({
    "crosswalk.yaml": text,
    "notebooks/train.ipynb": "{}",
    "notebooks/prepare.ipynb": "{}",
    "notebooks/churn.ipynb": "{}",
    "train.py": "",
    "models/churn/crosswalk.yaml": "model: churn\nnotebooks: [churn.ipynb]\n",
    "models/churn/churn.ipynb": "{}",
    ...more,
  });
}

/** What Crosswalk says about a root file. */
export function ours(text: string): readonly Diagnostic[] {
  const { value, diagnostics } = loadWorkspace(repository(text), ".");
  return [...diagnostics, ...(value ? checkTargetOptions(value, knownTargets) : [])];
}

const validate = new Ajv({ strict: false, allErrors: true }).compile(joinSchema(knownTargets));

/** Whether plain ajv takes a file, read by a plain YAML reader. */
export function ajvTakes(text: string): boolean {
  try {
    return validate(parse(text, { logLevel: "error" }));
  } catch {
    return false;
  }
}

/** The files that check-jsonschema refuses, by their full paths. */
export function refusedByCheckJsonschema(
  executable: string,
  schema: string,
  files: readonly string[],
): ReadonlySet<string> {
  let out: string;
  try {
    out = execFileSync(executable, ["--output-format", "json", "--schemafile", schema, ...files], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    out = String((error as { stdout?: unknown }).stdout);
  }
  const said = JSON.parse(out) as Record<"errors" | "parse_errors", { filename: string }[] | undefined>;
  return new Set([...(said.errors ?? []), ...(said.parse_errors ?? [])].map((one) => one.filename));
}
