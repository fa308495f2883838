import { expect, it } from "vitest";
import { digests, none, strings } from "../../../src/engine/store/columns.ts";
import { sha256 } from "../../../src/foundation/hash.ts";

/** Texts of which many stand inside others, and some at the seam of two. */
const texts = ["a", ...Array.from({ length: 300 }, (_, i) => `a${i}/b${i % 7}`), "", "list", "file", "sfile", "é"];
const absent = ["b", "0/b", "a1/b", "/b0a1", "lists", "filesfile", "ea"];

it("finds a text by a search as by a table, and nothing that only stands inside of others or at their seam", () => {
  const made = strings();
  for (const one of texts) made.intern(one);
  const { text, ends } = made.dump();
  for (const ask of [texts.slice(0, 15), texts.slice(-6), texts, absent]) {
    const opened = strings(text, ends);
    expect(ask.map((one) => opened.find(one))).toEqual(
      ask.map((one) => (absent.includes(one) ? none : texts.indexOf(one))),
    );
    // What is new stands after the rest, and is found from then on.
    expect([opened.intern("new"), opened.find("new"), opened.get(texts.length, 1)]).toEqual([
      texts.length,
      texts.length,
      "ew",
    ]);
  }
});

it("finds a digest by a walk as by a table, wherever in memory they stand", () => {
  const all = Array.from({ length: 200 }, (_, i) => sha256(String(i)));
  const made = digests();
  for (const one of all) made.intern(one);
  for (const shift of [0, 1, 4]) {
    const memory = new Uint8Array(made.dump().length + shift);
    memory.set(made.dump(), shift);
    const opened = digests(memory.subarray(shift));
    const asked = [...all.slice(0, 5), sha256("none"), ...all];
    expect(asked.map((one) => opened.find(one))).toEqual(
      asked.map((one) => (all.includes(one) ? all.indexOf(one) : none)),
    );
    expect([opened.hex(7), opened.intern(sha256("none")), opened.find(sha256("none"))]).toEqual([all[7], 200, 200]);
    expect(opened.hex(200)).toBe(sha256("none"));
  }
});
