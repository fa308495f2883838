import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { declareActions } from "../../../src/compiler/actions/declared.ts";
import { incremental } from "../../../src/compiler/incremental.ts";
import { digestOf } from "../../../src/engine/digest.ts";
import { byText } from "../../../src/foundation/order.ts";
import { hostOf } from "./kit.ts";

/*
 * What is kept on disk and in a shared cache is taken as it is while the version of its action is the same. So a version must be
 * raised whenever an action gives something else for the same input: here, for the golden repositories.
 */

interface Known {
  readonly version: number;
  /** Of everything that the actions of this kind gave for the golden repositories. */
  readonly digest: string;
}

const golden = fileURLToPath(new URL("../../golden/", import.meta.url));
const page = join(golden, "action-versions.json");
const isUpdate = process.env.UPDATE === "1";

function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort(byText);
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(
    files.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
  );
}

/** The version and the digest of each kind of action, now. */
async function given(): Promise<Readonly<Record<string, Known>>> {
  const outputs = new Map<string, unknown[]>();
  for (const name of readdirSync(golden).sort(byText)) {
    if (!statSync(join(golden, name)).isDirectory()) continue;
    const { "crosswalk.yaml": config = "", ...files } = filesOf(join(golden, name, "repo"));
    const compiler = incremental({ host: hostOf({ config, files }), root: "/repo", isStored: false });
    const { models } = await compiler.models();
    for (const model of models) await (await compiler.product(model)).load();
    await compiler.isLocked(models);
    for (const { kind, params, digest } of compiler.records())
      outputs.set(kind, [...(outputs.get(kind) ?? []), [name, params, digest]]);
  }
  const versions = Object.values(declareActions(async () => ({})));
  return Object.fromEntries(
    versions
      .map(({ kind, version }): [string, Known] => {
        // In an order of its own: which action ends first is nobody's business.
        const all = (outputs.get(kind) ?? []).map((one) => digestOf(one)).sort(byText);
        return [kind, { version, digest: digestOf(all) }];
      })
      .sort(([a], [b]) => byText(a, b)),
  );
}

/** What is wrong with the versions, in words for whoever changed an action; and what is to be written where nothing is. */
function compare(before: Readonly<Record<string, Known>>, now: Readonly<Record<string, Known>>) {
  return Object.entries(now).flatMap(([kind, { version, digest }]) => {
    const known = before[kind];
    if (!known || version > known.version || (version === known.version && digest === known.digest)) return [];
    if (version < known.version) return [`the version of "${kind}" went back from ${known.version} to ${version}`];
    return [`"${kind}" gives something else for the same input: raise its version in src/compiler/actions/declared.ts`];
  });
}

it("a golden output that changes has a version that was raised", async () => {
  const before = JSON.parse(readFileSync(page, "utf8")) as Readonly<Record<string, Known>>;
  const now = await given();
  expect(compare(before, now)).toEqual([]);
  if (isUpdate) writeFileSync(page, `${JSON.stringify(now, null, 2)}\n`);
  else expect(now, "versions were raised: run with UPDATE=1, which writes them down").toEqual(before);
});

it("the test can fail: a change without a version, and a version that goes back", () => {
  const known = { product: { version: 2, digest: "a" } };
  expect(compare(known, { product: { version: 2, digest: "a" } })).toEqual([]);
  expect(compare(known, { product: { version: 3, digest: "b" } })).toEqual([]);
  expect(compare(known, { product: { version: 2, digest: "b" } })[0]).toContain("raise its version");
  expect(compare(known, { product: { version: 1, digest: "a" } })[0]).toContain("went back");
});
