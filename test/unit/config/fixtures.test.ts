import { join } from "node:path";
import { expect, it } from "vitest";
import { ajvTakes, fixtures, namesIn, ours, refusedByCheckJsonschema, textOf } from "./judges.ts";

const executable = process.env.CROSSWALK_CHECK_JSONSCHEMA;
const schema = new URL("../../../crosswalk.config.schema.json", import.meta.url).pathname;

/** The header of a bad file: `# expect: CW0010 in line 4`. */
function expectation(text: string): { code: string; line: number } {
  const found = /^# expect: (CW\d{4}) in line (\d+)$/m.exec(text);
  if (!found) throw new Error("a bad file needs a header `# expect: CODE in line N`");
  return { code: found[1] ?? "", line: Number(found[2]) };
}

it("has at least forty good files and forty that every judge can refuse", () => {
  expect(namesIn("good").length).toBeGreaterThanOrEqual(40);
  expect(namesIn("bad").length).toBeGreaterThanOrEqual(40);
});

it.each(namesIn("good"))("takes good/%s", (name) => {
  expect(ours(textOf("good", name))).toEqual([]);
  expect(ajvTakes(textOf("good", name))).toBe(true);
});

it.each(namesIn("bad"))("refuses bad/%s at its place, as plain ajv does", (name) => {
  const text = textOf("bad", name);
  const { code, line } = expectation(text);
  expect(ours(text).map((d) => ({ code: d.code, line: d.place?.line, file: d.place?.file }))).toEqual([
    { code, line, file: "crosswalk.yaml" },
  ]);
  expect(ajvTakes(text)).toBe(false);
});

it.each(namesIn("bad-semantic"))("refuses bad-semantic/%s, which a schema cannot see", (name) => {
  const text = textOf("bad-semantic", name);
  const { code, line } = expectation(text);
  expect(ours(text).map((d) => ({ code: d.code, line: d.place?.line }))).toEqual([{ code, line }]);
  expect(ajvTakes(text)).toBe(true);
});

it("fills every hole of every message, and says how to mend it", () => {
  for (const kind of ["bad", "bad-semantic"] as const) {
    for (const name of namesIn(kind)) {
      for (const { message, fix } of ours(textOf(kind, name))) {
        expect(`${message} ${fix}`, name).not.toMatch(
          /\{(?:where|value|key|expected|found|fix|known)\}|undefined|\[object/,
        );
        expect(fix, name).toMatch(/^[a-z`].*[^.]\.$/);
      }
    }
  }
});

it("never shows what may be a secret", () => {
  for (const name of [
    "secret-written-out",
    "secret-value-as-env",
    "connection-is-address",
    "data-address-with-password",
    "cache-address-with-password",
    "cache-private-key",
    "cache-token-written-out",
  ]) {
    const said = JSON.stringify(ours(textOf("bad", `${name}.yaml`)));
    expect(said, name).not.toMatch(/hunter2|s3cr3t|pass@/);
  }
});

it.skipIf(executable === undefined)(
  executable === undefined
    ? "skipped: CROSSWALK_CHECK_JSONSCHEMA not set"
    : "agrees with check-jsonschema on every good and every bad file",
  () => {
    const files = (kind: "good" | "bad") => namesIn(kind).map((name) => join(fixtures, kind, name));
    expect([...refusedByCheckJsonschema(String(executable), schema, files("good"))]).toEqual([]);
    expect([...refusedByCheckJsonschema(String(executable), schema, files("bad"))].sort()).toEqual(files("bad"));
  },
  60_000,
);
