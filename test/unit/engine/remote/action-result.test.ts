import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeEntry, encodeEntry } from "../../../../src/engine/remote/action-result.ts";
import { digest, entry } from "./kit.ts";

const hex = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((ns) => ns.map((n) => n.toString(16)).join(""));
const file = fc.record(
  {
    path: fc.string({ unit: "grapheme", minLength: 1 }),
    sha256: hex,
    size: fc.maxSafeNat(),
    executable: fc.constant(true as const),
  },
  { requiredKeys: ["path", "sha256", "size"] },
);

it("an entry comes back as it was", () => {
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 5 }),
      fc.string({ unit: "grapheme" }),
      fc.string(),
      (files, facts, signature) => {
        expect(decodeEntry(encodeEntry({ entry: { files, facts }, signature }))).toEqual({
          entry: { files, facts },
          signature,
        });
      },
    ),
    { numRuns: 200, seed: 6 },
  );
});

it("the bytes are those of Bazel's ActionResult", () => {
  const bytes = Buffer.from(encodeEntry({ entry: { ...entry, facts: "f" }, signature: "s" }));
  // output_files = 2 {path = 1, digest = 2 {hash = 1, size_bytes = 2}}, stdout_raw = 5, stderr_raw = 7, execution_metadata = 9 {worker = 1}
  const inner = Buffer.concat([Buffer.from([0x0a, 64]), Buffer.from(digest), Buffer.from([0x10, 15])]);
  const output = Buffer.concat([
    Buffer.from([0x0a, 8]),
    Buffer.from("src/a.py"),
    Buffer.from([0x12, inner.length]),
    inner,
  ]);
  const rest = [Buffer.from([0x2a, 1]), Buffer.from("f"), Buffer.from([0x3a, 1]), Buffer.from("s")];
  const worker = [Buffer.from([0x4a, 11, 0x0a, 9]), Buffer.from("crosswalk")];
  expect(bytes).toEqual(Buffer.concat([Buffer.from([0x12, output.length]), output, ...rest, ...worker]));
});

it.each([
  ["a folder of outputs", [0x1a, 0]],
  ["a link to a file", [0x52, 0]],
  ["a link to a folder", [0x5a, 0]],
  ["a failed action", [0x20, 1]],
  ["a length beyond the end", [0x2a, 200]],
  ["a number without an end", [0x20, 255, 255]],
  ["a number that no number can hold", [0x20, ...Array<number>(12).fill(255), 1]],
  ["a fixed-width field", [0x21, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["facts that are not UTF-8", [0x2a, 1, 0xff]],
  ["a file without a digest", [0x12, 3, 0x0a, 1, 0x61]],
])("%s is no entry", (_, bytes) => {
  expect(decodeEntry(Uint8Array.from(bytes))).toBeUndefined();
});

it("a successful exit code and other metadata, as servers write them, do not matter", () => {
  const bytes = Buffer.concat([Buffer.from([0x20, 0]), encodeEntry({ entry, signature: "s" }), Buffer.from([0x4a, 0])]);
  expect(decodeEntry(bytes)).toEqual({ entry, signature: "s" });
});

it("no bytes make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeEntry(bytes)),
    { numRuns: 2000, seed: 6 },
  );
});
