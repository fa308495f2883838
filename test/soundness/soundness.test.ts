import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Compiled, compileModel } from "../../src/compiler/compile.ts";
import { loadWorkspace } from "../../src/config/load.ts";
import { memoryHost } from "../../src/foundation/host-memory.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { initPython } from "../../src/python/engine.ts";

/** What must come of a notebook: a product whose every result equals the notebook's, or a refusal. */
interface Expected {
  readonly outcome: "equal" | "refused";
  /** Code of one of the errors of a refusal. */
  readonly code?: string;
  /** False: the notebook imports what does not exist, so nothing can run it. */
  readonly runs?: false;
  /** Names that the product must keep. */
  readonly artifacts?: readonly string[];
  /** Names of instances of the notebook's classes: handed to later steps, not listed. */
  readonly unlisted?: readonly string[];
  /** First lines of statements that must be left out because nothing reads the columns they write. */
  readonly dropped?: readonly string[];
}

interface Judged {
  readonly folder: string;
  readonly equal?: readonly string[];
  readonly different?: Readonly<Record<string, string>>;
  readonly failed?: string;
  readonly log?: string;
}

const fixtures = fileURLToPath(new URL("../fixtures/soundness/", import.meta.url));
const script = fileURLToPath(new URL("compare.py", import.meta.url));
const python = process.env.CROSSWALK_PYTHON;
const names = readdirSync(fixtures, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
const expected = (name: string): Expected =>
  JSON.parse(readFileSync(join(fixtures, name, "expect.json"), "utf8")) as Expected;

/** The notebook and the modules that it imports. */
function filesOf(name: string): readonly string[] {
  return readdirSync(join(fixtures, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "expect.json")
    .map((entry) => relative(join(fixtures, name), join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

async function compile(name: string): Promise<Compiled> {
  const host = memoryHost(
    {
      "/repo/crosswalk.yaml": "model: m\nnotebooks: [train.py]\n",
      ...Object.fromEntries(filesOf(name).map((file) => [`/repo/${file}`, readFileSync(join(fixtures, name, file))])),
    },
    {},
    "/repo",
  );
  const { value } = loadWorkspace(host, "/repo");
  const model = value?.models[0];
  if (!value || !model) throw new Error("the fixture's crosswalk.yaml is not valid");
  return compileModel({ host, root: value.root, model, pins: new Map() });
}

const errorsOf = ({ diagnostics }: Compiled) => diagnostics.filter((d) => d.severity === "error");

beforeAll(() => initPython(nodeHost()));

it.each(names)("%s is built or refused as it must be", async (name) => {
  const { outcome, code, dropped = [] } = expected(name);
  const compiled = await compile(name);
  const errors = errorsOf(compiled);
  if (outcome === "equal") {
    expect(errors.map((d) => `${d.code} ${d.message}`)).toEqual([]);
    expect(compiled.files.length).toBeGreaterThan(0);
    const unused = compiled.built?.blueprint.dropped.filter((d) => d.reason === "unused column").map((d) => d.text);
    expect(unused).toEqual(expect.arrayContaining([...dropped]));
  } else {
    expect(compiled.files).toEqual([]);
    expect(errors.map((d) => d.code)).toContain(code ?? errors[0]?.code ?? "an error");
  }
});

const folder = python === undefined ? "" : mkdtempSync(join(tmpdir(), "soundness-"));
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
}, 120_000);

it.skipIf(python === undefined)(
  `products compute what their notebooks compute${python === undefined ? " (skipped: CROSSWALK_PYTHON not set)" : ""}`,
  { timeout: 900_000 },
  async () => {
    const built: string[] = [];
    for (const name of names) {
      const { files } = await compile(name);
      if (files.length === 0) continue;
      const place = join(folder, name);
      for (const file of files) {
        const path = join(place, "product", file.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, file.text);
      }
      for (const file of filesOf(name)) cpSync(join(fixtures, name, file), join(place, file));
      cpSync(join(fixtures, "data.csv"), join(place, "data.csv"));
      built.push(place);
    }
    const { stdout } = await promisify(execFile)(python ?? "", [script, ...built], { maxBuffer: 1 << 26 });
    const judged = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Judged);
    const wrong = judged.flatMap(({ folder: place, failed, log, different = {}, equal = [] }) => {
      const name = place.slice(folder.length + 1);
      const missing = (expected(name).artifacts ?? []).filter((artifact) => !equal.includes(artifact));
      const listed = (expected(name).unlisted ?? []).filter((each) => equal.includes(each) || each in different);
      const odd = missing.length + listed.length + Object.keys(different).length;
      return failed === undefined && odd === 0 ? [] : [{ name, failed, log, different, missing, listed }];
    });
    expect(wrong).toEqual([]);
    expect(judged).toHaveLength(built.length);
  },
);
