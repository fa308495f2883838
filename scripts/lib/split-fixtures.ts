import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Compiled, compileModel } from "../../src/compiler/compile.ts";
import { loadWorkspace } from "../../src/config/load.ts";
import { memoryHost } from "../../src/foundation/host-memory.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { initPython } from "../../src/python/engine.ts";
import { inRepository } from "./repository.ts";
import { must } from "./run.ts";

/** What must come of a notebook of test/fixtures/split; test/split/README.md says what each member means. */
export interface Expected {
  readonly outcome: "equal" | "refused";
  readonly reason?: string;
  readonly when?: "training";
  readonly may?: "refuse";
  readonly values?: readonly string[];
  readonly never?: readonly string[];
  readonly pins?: Readonly<Record<string, string>>;
  readonly patterns?: readonly string[];
  readonly messy?: true;
}

/** What came of training a product and holding its answers against its notebook's. */
export interface Answered {
  readonly name: string;
  /** Raw rows that were compared, in every way. */
  readonly rows?: number;
  /** Those of them with gaps or stray blanks. */
  readonly dirty?: number;
  readonly failed?: string;
  readonly log?: string;
}

const folder = inRepository("test", "fixtures", "split");

/** Names of all notebooks. */
export const splitFixtures: readonly string[] = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Names of notebooks that are not built, or not answered, as they must be yet. */
export const openFixtures = JSON.parse(readFileSync(join(folder, "open.json"), "utf8")) as {
  readonly built: readonly string[];
  readonly answered: readonly string[];
};

/** What must come of a notebook. */
export function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(folder, name, "expect.json"), "utf8")) as Expected;
}

/** The text of a notebook. */
export function notebookOf(name: string): string {
  return readFileSync(join(folder, name, "train.py"), "utf8");
}

/** Compiles a notebook as the only one of its repository; a predictor is made without a directive too. */
export async function compileFixture(name: string): Promise<Compiled> {
  await initPython(nodeHost());
  const host = memoryHost(
    { "/repo/crosswalk.yaml": "model: m\nnotebooks: [train.py]\n", "/repo/train.py": notebookOf(name) },
    {},
    "/repo",
  );
  const { value } = loadWorkspace(host, "/repo");
  const model = value?.models[0];
  if (!value || !model) throw new Error("the fixture's crosswalk.yaml is not valid");
  const pins = Object.entries(expectedOf(name).pins ?? {}).map(
    ([library, version]) => [library, { specifier: `==${version}`, from: "requirements" as const }] as const,
  );
  return compileModel({ host, root: value.root, model, pins: new Map(pins), servesUnasked: true });
}

/** The predictor of a product that was made. */
export function servingOf({ built, files }: Compiled) {
  return files.length > 0 ? built?.blueprint.serving : undefined;
}

/**
 * Trains the products of notebooks under `at`, and compares what they answer with what the notebooks compute, over HTTP too where
 * it is asked for. Notebooks without a predictor are passed over.
 */
export async function answersOf(
  names: readonly string[],
  options: { readonly at: string; readonly python: string; readonly http: boolean },
): Promise<readonly Answered[]> {
  const { at, python, http } = options;
  const data = join(at, "data");
  mkdirSync(data, { recursive: true });
  await must(python, [join(folder, "make_data.py"), data]);
  const places: string[] = [];
  for (const name of names) {
    const compiled = await compileFixture(name);
    if (!servingOf(compiled)) continue;
    const place = join(at, name);
    for (const file of compiled.files) {
      const path = join(place, "product", file.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text);
    }
    cpSync(join(folder, name), place, { recursive: true });
    cpSync(data, place, { recursive: true });
    places.push(place);
  }
  const script = inRepository("test", "split", "check_answers.py");
  const said = await must(python, [script, ...(http ? ["--http"] : []), ...places], { limit: 3600 });
  return said
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const { folder: place, ...found } = JSON.parse(line) as Omit<Answered, "name"> & { readonly folder: string };
      return { name: place.slice(at.length + 1), ...found };
    });
}
