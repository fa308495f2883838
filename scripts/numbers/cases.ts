import { runSlices } from "../../test/cases/lineapy-runs.ts";
import { haveCases, type Runner, type Verdict } from "../../test/cases/material.ts";
import { gatherSlice } from "../../test/cases/runners/gather-slice.ts";
import { kaleDeps } from "../../test/cases/runners/kale-deps.ts";
import { lineapySlices } from "../../test/cases/runners/lineapy-slices.ts";
import { lineapySources } from "../../test/cases/runners/lineapy-sources.ts";
import { marimoDataflow } from "../../test/cases/runners/marimo-dataflow.ts";
import { marimoVisitor } from "../../test/cases/runners/marimo-visitor.ts";
import { soorgeonIo } from "../../test/cases/runners/soorgeon-io.ts";
import { compileNotebook } from "../../test/unit/compiler-core/kit.ts";
import { inRepository } from "../lib/repository.ts";
import { exampleEnv } from "../python-env.mjs";
import type { Group, Row } from "./number.ts";

const scopes: readonly Runner[] = [marimoVisitor, marimoDataflow, soorgeonIo, kaleDeps, gatherSlice];
const differing = (verdicts: readonly Verdict[]): readonly Verdict[] => verdicts.filter((v) => v.differs !== undefined);

/** The expectations of other projects' test suites, which lie beside the repository. */
export const cases: Group = {
  name: "cases",
  title: "Expectations of other projects' test suites",
  async measure({ log }) {
    if (!haveCases) throw new Error("../shared/cases is not there");
    const rows: Row[] = [];
    const say = (what: string, verdicts: readonly Verdict[], goal: string, least: number): void => {
      const right = verdicts.length - differing(verdicts).length;
      rows.push({ what, value: `${right} of ${verdicts.length}`, goal, holds: right >= least && right > 0 });
    };
    let exceptions = 0;
    for (const runner of scopes) {
      const verdicts = runner.judge();
      exceptions += differing(verdicts).length;
      say(`${runner.suite} (${runner.from}): rows equal`, verdicts, "", 1);
    }
    rows.push({
      what: "exceptions of these suites, each with the rule of Python that decides",
      value: `${exceptions}`,
      goal: "at most 6",
      holds: exceptions <= 6,
    });
    say("lineapy_slices (LineaLabs/lineapy): exactly minimal", lineapySlices.judge(), "at least 23 of 27", 23);
    const env = exampleEnv(inRepository(), inRepository("examples", "credit-risk"), log);
    say("lineapy_slices: the slice runs and still makes its artifact", runSlices(env.python), "27 of 27", 27);
    const sources = await lineapySources((code) => compileNotebook(code));
    say("lineapy_sources: through the whole pipeline without a crash", sources, "all", sources.length);
    return rows;
  },
};
