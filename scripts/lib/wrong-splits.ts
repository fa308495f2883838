import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { generatedOf } from "../../src/compiler/verify.ts";
import { nodeHost } from "../../src/foundation/host-node.ts";
import { findNetwork } from "../../src/sandbox/network.ts";
import { type Judged, judge } from "../../src/verify/judge.ts";
import { planOf } from "../../src/verify/plan.ts";
import type { Divergence } from "../../src/verify/record.ts";
import { openVerification } from "../../src/verify/verify.ts";
import { compiledOf } from "./example.ts";
import { inRepository } from "./repository.ts";
import { must } from "./run.ts";

/** A deliberate fault of a generated product, as a patch. */
export interface WrongSplit {
  /** The notebook's folder in test/fixtures/wrong-splits. */
  readonly notebook: string;
  /** What is wrong, in a few words. */
  readonly name: string;
  readonly patch: string;
}

/** What verification found of a product; the first statement where it was asked for. */
export type Caught = Judged & { readonly divergence?: Divergence };

const folder = inRepository("test", "fixtures", "wrong-splits");

/** Every wrong split of the fixtures. */
export function wrongSplits(): readonly WrongSplit[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .sort()
    .map((file) => {
      const [notebook = "", name = ""] = file.replace(/\.patch$/, "").split("--");
      return { notebook, name, patch: readFileSync(join(folder, file), "utf8") };
    });
}

/** Applies a unified patch to the files of a product; lines may have moved, but the old lines must stand there exactly once. */
export function applyPatch(product: string, patch: string): void {
  let file = "";
  for (const part of patch.split(/^(?=--- |@@ )/m)) {
    const named = /^\+\+\+ b\/(.*)$/m.exec(part);
    if (part.startsWith("--- ") && named) file = join(product, named[1] ?? "");
    if (!part.startsWith("@@ ")) continue;
    const lines = part.split("\n").slice(1, part.endsWith("\n") ? -1 : undefined);
    const side = (mark: string): string =>
      lines.flatMap((line) => (line.startsWith(" ") || line.startsWith(mark) ? [line.slice(1)] : [])).join("\n");
    const text = readFileSync(file, "utf8");
    const pieces = text.split(`\n${side("-")}\n`);
    if (pieces.length !== 2) throw new Error(`a hunk fits ${pieces.length - 1} times in ${file}\n${part}`);
    writeFileSync(file, pieces.join(`\n${side("+")}\n`));
  }
}

/** Builds the product of a fixture in a fresh folder, beside its notebook. */
export async function buildFixture(notebook: string, at: string) {
  mkdirSync(at, { recursive: true });
  cpSync(join(folder, notebook), at, { recursive: true });
  writeFileSync(join(at, "crosswalk.yaml"), "model: m\nnotebooks: [train.py]\n");
  const compiled = await compiledOf(at, "m");
  const product = join(at, "production", "m");
  for (const file of compiled.files) {
    mkdirSync(dirname(join(product, file.path)), { recursive: true });
    writeFileSync(join(product, file.path), file.text);
  }
  if (compiled.files.length === 0)
    throw new Error(compiled.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return { compiled, product };
}

/**
 * Verifies, without `follow` only as far as the first difference, the right product of a notebook and each of its wrong ones; the notebook itself runs once for all. Calls `found` with
 * undefined for the right product.
 */
export async function verifyWrongSplits(
  notebook: string,
  splits: readonly WrongSplit[],
  options: { readonly python: string; readonly follow: boolean },
  found: (split: WrongSplit | undefined, caught: Caught) => void,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "wrong-splits-"));
  try {
    const { compiled, product } = await buildFixture(notebook, root);
    await must(options.python, [inRepository("test", "fixtures", "split", "make_data.py"), root]);
    const host = nodeHost(root);
    const blueprint = compiled.built?.blueprint;
    if (!blueprint) throw new Error(`${notebook} has no blueprint`);
    const plan = planOf(
      blueprint,
      compiled.chain.notebooks.map((one) => one.notebook),
    );
    const opened = await openVerification({
      host,
      root,
      folder: ".",
      out: compiled.model.out,
      package: blueprint.package,
      plan,
      generated: generatedOf(compiled),
      python: { program: options.python, origin: "test", version: "" },
      network: await findNetwork(true, root, host.env),
      http: true,
      follow: options.follow,
      ...(options.follow ? {} : { eager: true as const }),
      limits: { seconds: 600, memory: 0 },
      tolerance: 1e-9,
      tell: () => {},
      signal: new AbortController().signal,
    });
    if (!("compare" in opened)) throw new Error(`${notebook}: ${JSON.stringify(opened)}`);
    try {
      for (const split of [undefined, ...splits]) {
        const wrong = join(root, "wrong");
        rmSync(wrong, { recursive: true, force: true });
        cpSync(product, wrong, { recursive: true });
        if (split) applyPatch(wrong, split.patch);
        const outcome = await opened.compare(wrong);
        if (outcome.kind !== "done") throw new Error(`${notebook} ${split?.name}: ${JSON.stringify(outcome)}`);
        // The product's own check is no merit of verification.
        const judged = judge(
          outcome.findings.filter(({ name }) => name !== "self-check"),
          plan.served,
        );
        found(split, { ...judged, ...(outcome.divergence ? { divergence: outcome.divergence } : {}) });
      }
    } finally {
      opened.close();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
