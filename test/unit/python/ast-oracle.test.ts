import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseModule } from "../../../src/python/parse.ts";
import type { PyNode } from "../../../src/python/walk.ts";
import { childrenOf } from "../../../src/python/walk.ts";
import { differ, dumpStmts, libraryFiles, oracle, python311 } from "./oracle.ts";

const files = python311.skip ? [] : libraryFiles(25);

it.skipIf(python311.skip)(
  "the IR equals CPython's tree on every 25th file of the standard library",
  { timeout: 60_000 },
  () => {
    const answers = oracle(
      "ast_dump.py",
      files.map((path) => ({ path })),
    ) as { ok: boolean; tree: unknown }[];
    const wrong = files.flatMap((path, i) => {
      const answer = answers[i];
      if (!answer?.ok) return [];
      const module = parseModule(readFileSync(path, "utf8"));
      const found = module.problems[0]?.message ?? differ(answer.tree, dumpStmts(module.body));
      return found === undefined ? [] : [`${path}: ${found}`];
    });
    expect(answers.filter((one) => one.ok).length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  },
);

/** CPython counts a `;` as the end of a block, and starts a decorated definition after its decorators. */
const otherwise = /^(?:FunctionDef|AsyncFunctionDef|ClassDef|If|For|While|With|Try)$/;

it.skipIf(python311.skip)(
  "spans equal CPython's on every 25th file of the standard library",
  { timeout: 60_000 },
  () => {
    const plain = files.filter((path) => !readFileSync(path, "utf8").includes("\r"));
    const answers = oracle(
      "spans_dump.py",
      plain.map((path) => ({ path })),
    ) as { ok: boolean; spans: [number, number, string][] }[];
    const wrong: string[] = [];
    let compared = 0;
    plain.forEach((path, i) => {
      const answer = answers[i];
      if (!answer?.ok) return;
      const spans = new Set<string>();
      const visit = (node: PyNode): void => {
        spans.add(`${node.span.start}-${node.span.end}`);
        for (const child of childrenOf(node)) visit(child);
      };
      parseModule(readFileSync(path, "utf8")).body.forEach(visit);
      for (const [start, end, kind] of answer.spans) {
        compared++;
        if (!spans.has(`${start}-${end}`) && !otherwise.test(kind)) wrong.push(`${path}: ${kind} ${start}-${end}`);
      }
    });
    expect(compared).toBeGreaterThan(10_000);
    expect(wrong).toEqual([]);
  },
);
