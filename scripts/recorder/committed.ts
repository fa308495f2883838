import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadWorkspace } from "../../src/config/load.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { workbench } from "../lib/example.ts";
import { inRepository } from "../lib/repository.ts";
import { envFor, exampleEnv } from "../python-env.mjs";
import { type Measured, measure } from "./measure.ts";

const folders = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Every model of the repositories in examples/, each run in the environment of its example. */
export async function measureExamples(log: (line: string) => void): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const example of folders(inRepository("examples"))) {
    const bench = workbench(example, log);
    try {
      const { value } = loadWorkspace(nodeHost(bench.folder), bench.folder);
      const subjects = (value?.models ?? []).map(({ name, notebooks }) => ({ name, root: bench.folder, notebooks }));
      all.push(...(await measure(subjects, { python: bench.python.python, env: bench.env, limit: 300 })));
    } finally {
      rmSync(bench.folder, { recursive: true, force: true });
    }
  }
  return all;
}

/** The notebooks of test/fixtures/soundness, in the environment of the first example. */
export async function measureFixtures(log: (line: string) => void): Promise<readonly Measured[]> {
  const fixtures = inRepository("test", "fixtures", "soundness");
  const python = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
  mkdirSync(inRepository(".work"), { recursive: true });
  const folder = mkdtempSync(inRepository(".work", "fixtures-"));
  try {
    const subjects = folders(fixtures)
      .filter((name) => runs(join(fixtures, name)))
      .map((name) => {
        const root = join(folder, name);
        cpSync(join(fixtures, name), root, { recursive: true });
        cpSync(join(fixtures, "data.csv"), join(root, "data.csv"));
        return { name, root, notebooks: ["train.py"] };
      });
    return await measure(subjects, { python: python.python, env: envFor(python), limit: 60 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Some notebooks are there to be refused, and import libraries that do not exist. */
function runs(fixture: string): boolean {
  const expected = JSON.parse(readFileSync(join(fixture, "expect.json"), "utf8")) as { readonly runs?: boolean };
  return expected.runs !== false;
}
