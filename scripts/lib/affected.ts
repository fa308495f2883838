import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Incremental, incremental } from "../../src/compiler/incremental.ts";
import { openWorkspace } from "../../src/compiler/session.ts";
import type { ActionRecord } from "../../src/engine/query.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { normalizePath } from "../../src/foundation/paths.ts";

/** The actions that one edit runs, and those that read something that is another than before, each by kind and parameters, sorted. */
export interface Affected {
  readonly ran: readonly string[];
  readonly affected: readonly string[];
}

/**
 * Edits a notebook of a small workspace. What is affected is found without what is measured: of two compilers that know nothing, one before
 * the edit and one after it, the actions of the first whose reads the second sees differently.
 */
export async function affectedBy(before: string, after: string): Promise<Affected> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "crosswalk-affected-")));
  try {
    mkdirSync(join(root, "notebooks"));
    for (const name of ["one", "other"]) writeFileSync(join(root, "notebooks", `${name}.ipynb`), before);
    const blocks = ["one", "other"].map((name) => `  - model: ${name}\n    notebooks: [notebooks/${name}.ipynb]\n`);
    writeFileSync(join(root, "crosswalk.yaml"), `models:\n${blocks.join("")}`);
    // Where the products stand already: that they come is no part of an edit.
    await built(root);
    const old = await built(root);
    const reads = new Map(old.records().map((record) => [nameOf(record), old.reads(record)]));
    const edited = await built(root);
    const path = join(root, "notebooks", "one.ipynb");
    writeFileSync(path, after);
    edited.lookAgain({ paths: [path], folders: [] });
    await build(root, edited);
    const ran = edited.records().filter(({ status }) => status === "ran");
    const now = await built(root);
    const digests = new Map<string, string>([
      // What the build itself writes is no part of the edit.
      ...now
        .looked()
        .filter(({ path }) => !path.startsWith(join(root, "production")))
        .map((one): [string, string] => [`${one.kind} ${one.path}`, one.digest]),
      ...now.records().map((record): [string, string] => [nameOf(record), record.digest]),
    ]);
    const isOther = ({ kind, params, digest }: { kind: string; params: unknown; digest: string }): boolean => {
      const name = typeof params === "string" ? `${kind} ${normalizePath(params)}` : nameOf({ kind, params });
      const found = digests.get(name) ?? digests.get(nameOf({ kind, params }));
      return found !== undefined && found !== digest;
    };
    const affected = [...reads].flatMap(([name, all]) => (all.some(isOther) ? [name] : []));
    return { ran: [...new Set(ran.map(nameOf))].sort(), affected: affected.sort() };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function nameOf({ kind, params }: Pick<ActionRecord, "kind" | "params">): string {
  return `${kind} ${JSON.stringify(params)}`;
}

async function built(root: string): Promise<Incremental> {
  const compiler = incremental({ host: nodeHost(root), root, isStored: false });
  await build(root, compiler);
  return compiler;
}

async function build(root: string, compiler: Incremental): Promise<void> {
  const { signal } = new AbortController();
  const options = { host: nodeHost(root), folder: root, toolVersion: "0", signal, progress: () => {} };
  const { value } = await openWorkspace(options, compiler);
  await value?.build({ models: [], checkOnly: false, choices: { adopt: [], overwrite: [], eject: [] } });
}
