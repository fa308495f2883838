import { inRepository } from "../lib/repository.ts";
import { type Caught, verifyWrongSplits, type WrongSplit, wrongSplits } from "../lib/wrong-splits.ts";
import { exampleEnv } from "../python-env.mjs";
import type { Group, Row } from "./number.ts";

/** How many deliberately wrong splits `crosswalk verify` catches; what the product's own self-check finds is not counted. */
export const verify: Group = {
  name: "verify",
  title: "Deliberate wrong splits that `crosswalk verify` catches",
  async measure({ log, count }) {
    const { python } = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
    const all = wrongSplits().slice(0, count);
    const right: Record<string, Caught> = {};
    const missed: WrongSplit[] = [];
    for (const notebook of new Set(all.map((split) => split.notebook))) {
      const splits = all.filter((split) => split.notebook === notebook);
      await verifyWrongSplits(notebook, splits, { python, follow: false }, (split, caught) => {
        const { verdict, reasons } = caught;
        log(
          `${notebook} ${split?.name ?? "as it was built"}: ${verdict}${reasons[0] ? `; ${reasons[0].slice(0, 120)}` : ""}`,
        );
        if (!split) right[notebook] = caught;
        else if (verdict !== "different") missed.push(split);
      });
    }
    const equal = Object.values(right).filter(({ verdict }) => verdict === "equal").length;
    const rows: Row[] = [
      {
        what: "wrong splits found *different*",
        value: `${all.length - missed.length} of ${all.length}${missed.length > 0 ? ` (not ${missed.map(({ name }) => name).join(", ")})` : ""}`,
        goal: "all, of at least 60",
        holds: missed.length === 0 && (count !== undefined || all.length >= 60),
      },
      {
        what: "the same products without the fault found *equal*",
        value: `${equal} of ${Object.keys(right).length}`,
        goal: "all",
        holds: equal === Object.keys(right).length,
      },
    ];
    return rows;
  },
};
