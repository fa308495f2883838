import type { Session } from "../../compiler/session-contract.ts";
import { type CommandSpec, type Outcome, option, withSession } from "../command.ts";
import { packageInfo } from "../package-info.ts";
import { UsageProblem } from "../usage-problem.ts";

/** `crosswalk explain`: a code's page, where a generated line comes from, or what came of a cell. */
export const explainCommand: CommandSpec = {
  name: "explain",
  group: "Understanding",
  summary: "Explain a code, a line of a generated file, or what came of a cell.",
  examples: [
    "crosswalk explain CW9001",
    "crosswalk explain production/credit-risk/src/credit_risk/pipeline.py:12",
    'crosswalk explain "notebooks/train.ipynb:cell 7"',
    "crosswalk explain --why-rebuilt production/credit-risk",
  ],
  define(command) {
    command
      .argument("[target...]", "a code or its slug, `generated-file:line`, or `notebook.ipynb:cell N[:line]`")
      .option(
        "--why-rebuilt <file>",
        "say why the product of this file, or of this model, was made anew the last time",
      );
  },
  async run(context, args, options) {
    const rebuilt = option.text(options, "whyRebuilt");
    if (rebuilt !== undefined) {
      const why = async (session: Session): Promise<Outcome> => {
        const { value, diagnostics } = await session.whyRebuilt(rebuilt);
        return { diagnostics, ...(value ? { text: value.text, result: value.json } : {}) };
      };
      return withSession(context, why, true);
    }
    if (args.length === 0)
      throw new UsageProblem(async () => {
        const { usage } = await import("../usage.ts");
        return usage.missing("explain", "an argument `<target>`", "crosswalk explain <target...>");
      });
    const { parseTarget } = await import("../explain/target.ts");
    const target = parseTarget(args.join(" "));
    if (target.kind === "code") {
      const { explainCode } = await import("../explain/code.ts");
      return { diagnostics: [], ...explainCode(target.code, packageInfo(context.io.host)) };
    }
    if (target.kind === "unknown") {
      const { report } = await import("../../diagnostics/catalogue.ts");
      return { diagnostics: [report("CW0103", undefined, { target: target.text, fix: target.fix })] };
    }
    return withSession(context, async (session) => {
      const { value, diagnostics } = await session.explain(target);
      return { diagnostics, ...(value ? { text: value.text, result: value.json } : {}) };
    });
  },
};
