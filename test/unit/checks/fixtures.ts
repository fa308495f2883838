import { readdirSync, readFileSync, statSync } from "node:fs";
import { compileRepository } from "../compiler-core/kit.ts";

const root = new URL("../../fixtures/checks/", import.meta.url);

/** One notebook, or a chain of them, that a law catches or leaves alone. */
export interface Fixture {
  readonly code: string;
  /** "caught.py", or the name of a folder with a chain. */
  readonly name: string;
  /** Path in the repository → text. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every fixture whose name begins with "caught" or with "innocent". */
export function fixtures(kind: "caught" | "innocent"): readonly Fixture[] {
  return readdirSync(root)
    .sort()
    .flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, root))
        .sort()
        .filter((name) => name.startsWith(kind))
        .map((name): Fixture => ({ code: folder.slice(0, 6), name, files: filesOf(`${folder}/${name}`) })),
    );
}

function filesOf(path: string): Readonly<Record<string, string>> {
  const at = new URL(path, root);
  if (!statSync(at).isDirectory()) return { [`notebooks/${path.split("/").at(-1)}`]: readFileSync(at, "utf8") };
  return Object.fromEntries(
    readdirSync(at)
      .sort()
      .map((name) => [`notebooks/${name}`, readFileSync(new URL(`${path}/${name}`, root), "utf8")]),
  );
}

/** Where a law must speak: `caught.py 3:1:7` of places.txt, as cell, line and column; of a chain also in which notebook. */
export function expectedPlaces(fixture: Fixture): readonly string[] {
  const folder = readdirSync(root).find((name) => name.startsWith(fixture.code)) ?? "";
  return readFileSync(new URL(`${folder}/places.txt`, root), "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${fixture.name} `))
    .map((line) => line.slice(fixture.name.length + 1));
}

/** Compiles a fixture; `files` may stand in for its own. */
export async function judged(fixture: Fixture, files = fixture.files, config = "") {
  const notebooks = Object.keys(fixture.files);
  return compileRepository({
    config: `model: credit-risk\nnotebooks: [${notebooks.join(", ")}]\n${config}`,
    files,
  });
}
