import { sections, tableHead } from "./page.ts";

/** Rows of docs/numbers.md that README.md shows too: a group, and how the row begins. */
const shown: readonly (readonly [group: string, start: string])[] = [
  ["parity", "notebooks whose every held-out row"],
  ["verify", "wrong splits"],
  ["service", "throughput beside"],
  ["service", "99th percentile"],
  ["service", "600 s of load"],
  ["builds", ""],
  ["watch", "a cell edited"],
  ["watch", "actions that an edit runs"],
  ["watch", "memory of one session"],
  ["copies", "10000 files, crosswalk engine"],
  ["kills", ""],
  ["pairs", ""],
];
const marks = { begin: "<!-- numbers: written by `npm run numbers` -->", end: "<!-- end of numbers -->" };

/** README.md with the rows as they stand in docs/numbers.md. Throws where the place for them is missing. */
export function withNumbers(readme: string, page: string): string {
  const [from, to] = [readme.indexOf(marks.begin), readme.indexOf(marks.end)];
  if (from < 0 || to < from) throw new Error("README.md has no place for the numbers");
  const known = sections(page);
  const rows = shown.flatMap(([group, start]) =>
    (known.get(group) ?? "").split("\n").filter((line) => line.startsWith(`| ${start}`) && /\| [✓✗] \|$/.test(line)),
  );
  const table = [...tableHead, ...rows].join("\n");
  return `${readme.slice(0, from)}${marks.begin}\n\n${table}\n\n${readme.slice(to)}`;
}
