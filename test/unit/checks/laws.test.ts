import { expect, it } from "vitest";
import { laws } from "../../../src/checks/judge.ts";
import { catalogue } from "../../../src/diagnostics/catalogue.ts";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.ts";
import { expectedPlaces, type Fixture, fixtures, judged } from "./fixtures.ts";

const caught = fixtures("caught");
const innocent = fixtures("innocent");
const label = ({ code, name }: Fixture): string => `${code} ${name}`;

const placeOf = (fixture: Fixture, { place }: Diagnostic): string => {
  const at = `${place?.cell}:${place?.line}:${place?.column}`;
  return Object.keys(fixture.files).length > 1 ? `${place?.file.split("/").at(-1)} ${at}` : at;
};

it.each(caught.map((f) => [label(f), f] as const))("%s is caught at its place", async (_, fixture) => {
  const { diagnostics } = await judged(fixture);
  const found = diagnostics.filter((d) => d.code === fixture.code);
  expect(found.map((d) => placeOf(fixture, d))).toEqual(expectedPlaces(fixture));
  for (const { message, fix, severity } of found) {
    expect(`${message} ${fix}`).not.toMatch(/\{\w+\}|undefined|NaN/);
    expect(severity).not.toBe("error");
  }
});

it.each(innocent.map((f) => [label(f), f] as const))("%s is left alone", async (_, fixture) => {
  const { diagnostics, compiled } = await judged(fixture);
  expect(diagnostics.filter((d) => d.code === fixture.code)).toEqual([]);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(compiled?.files.length).toBeGreaterThan(10);
});

it("every law has a caught and an innocent twin, and every warning a law", () => {
  const codes = laws.flatMap((law) => law.codes);
  expect(new Set(caught.map((f) => f.code))).toEqual(new Set(codes));
  expect(new Set(innocent.map((f) => f.code))).toEqual(new Set(codes));
  expect(new Set(codes).size).toBe(codes.length);
  // What silences nothing is settled after the laws, and what cannot be lifted is an error of the blueprint.
  const elsewhere = ["CW4003", "CW4004"];
  expect(Object.keys(catalogue()).filter((code) => /^CW4[01]/.test(code))).toEqual(
    [...codes.filter((code) => /^CW4[01]/.test(code)), ...elsewhere].sort(),
  );
});

/** The fixture with a line above the place of each finding. */
function withLines(fixture: Fixture, found: readonly Diagnostic[], line: string): Fixture["files"] {
  const out: Record<string, string> = { ...fixture.files };
  // The last line first, so that no line moves before its turn.
  const places = found.flatMap(({ place }) => place ?? []).sort((a, b) => b.fileLine - a.fileLine);
  for (const place of places) {
    const text = out[place.file] ?? "";
    const lines = text.split("\n");
    const above = lines[place.fileLine - 1] ?? "";
    const indent = /^\s*/.exec(above)?.[0] ?? "";
    lines.splice(
      place.fileLine - 1,
      0,
      place.file.endsWith(".ipynb") ? `${indent}${JSON.stringify(`${line}\n`)},` : `${indent}${line}`,
    );
    out[place.file] = lines.join("\n");
  }
  return out;
}

it.each(caught.map((f) => [label(f), f] as const))("%s is silenced by ignore", async (_, fixture) => {
  const { diagnostics } = await judged(fixture);
  const found = diagnostics.filter((d) => d.code === fixture.code);
  const files = withLines(fixture, found, `# cw: ignore ${fixture.code} because "known"`);
  const after = await judged(fixture, files);
  expect(
    after.diagnostics.filter((d) => [fixture.code, "CW4003"].includes(d.code) || d.code.startsWith("CW11")),
  ).toEqual([]);
});

it.each(
  caught.map((f) => [label(f), f] as const),
)("%s is silenced by waive and by crosswalk.yaml", async (_, fixture) => {
  const [last = ""] = Object.keys(fixture.files).slice(-1);
  const text = fixture.files[last] ?? "";
  const line = `# cw: waive ${fixture.code} because "known" until 2099-01-01`;
  const waived = last.endsWith(".ipynb")
    ? text.replace('"source": [', `"source": [\n${JSON.stringify(`${line}\n`)},`)
    : `${text}\n# %%\n${line}\n`;
  const after = await judged(fixture, { ...fixture.files, [last]: waived });
  expect(after.diagnostics.filter((d) => [fixture.code, "CW4003"].includes(d.code))).toEqual([]);
  const off = await judged(fixture, fixture.files, `checks: { ${fixture.code}: off }\n`);
  expect(off.diagnostics.filter((d) => d.code === fixture.code)).toEqual([]);
});
