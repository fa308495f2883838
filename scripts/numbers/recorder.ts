import { measureExamples, measureFixtures } from "../recorder/committed.ts";
import { measureCorpus } from "../recorder/corpus.ts";
import type { Measured } from "../recorder/measure.ts";
import { shareOf, sum } from "../recorder/sum.ts";
import { missedOf } from "../recorder/told.ts";
import type { Group, Row } from "./number.ts";

/** What statements do in CPython, one by one, held against what the analysis says of them. */
export const recorder: Group = {
  name: "recorder",
  title: "Reads, writes and mutations that CPython was seen to do, against the analysis",
  async measure({ log }) {
    const rows: Row[] = [];
    const add = (set: string, all: readonly Measured[]): void => {
      const total = sum(all);
      for (const line of missedOf(all)) log(`missed: ${line}`);
      rows.push(
        {
          what: `${set}: chains that ran to their end, statements that ran`,
          value: `${total.whole} of ${total.chains}, ${total.ran} of ${total.units}`,
          goal: "",
          holds: true,
        },
        {
          what: `${set}: observed reads, writes, deletes and mutations that the analysis had not said`,
          value: `${total.missed} of ${total.observed} (${total.refused} more in statements that are refused)`,
          goal: "0",
          holds: total.missed === 0,
        },
        {
          what: `${set}: claimed mutations never observed`,
          value: `${total.unseen} of ${total.claims}, ${shareOf(total)}`,
          goal: "≤ 20 %",
          holds: total.unseen <= 0.2 * total.claims,
        },
      );
      const capped = new Set(all.flatMap((one) => Object.entries(one.capped).map(([what, why]) => `${what} (${why})`)));
      if (capped.size > 0)
        rows.push({
          what: `${set}: not looked at wholly`,
          value: [...capped].sort().join("; "),
          goal: "",
          holds: true,
        });
    };
    add("examples", await measureExamples(log));
    add("test/fixtures/soundness", await measureFixtures(log));
    const corpus = await measureCorpus(log);
    if (corpus) add("open corpus", corpus);
    return rows;
  },
};
