import type { BuildRequest, BuildResult, BuiltModel, DriftChoices, Session } from "../../compiler/session-contract.ts";
import { type Diagnostic, hasErrors } from "../../diagnostics/diagnostic.ts";
import { planText, summaryText, traceText } from "../build-records.ts";
import { type CommandOptions, type CommandSpec, type Outcome, option, withSession } from "../command.ts";
import { exits, worst } from "../exit-codes.ts";
import type { CliIo } from "../io.ts";
import { collect, count, oneOf, share } from "../option-values.ts";
import { buildSummary, nextAfterErrors } from "../summary.ts";
import { UsageProblem } from "../usage-problem.ts";

/** `crosswalk build`: notebooks in, products out. */
export const buildCommand: CommandSpec = {
  name: "build",
  group: "Everyday",
  summary: "Compile the notebooks and bring the products up to date.",
  examples: ["crosswalk build", "crosswalk build --model credit-risk", "crosswalk build --check --format github"],
  define(command) {
    command
      .option(
        "--model <name>",
        "build these models only: a name, a pattern with `*`, path:, owner: or risk:; `!` leaves out (may be repeated)",
        collect,
      )
      .option("--check", "write nothing; exit 1 when a product is stale or missing")
      .option("--shard <i/n>", "of n equal shares of the models, build the i-th", share("--shard"))
      .option(
        "--jobs <n>",
        "compile in n threads (default: one on every second processor, 2 at most, where there is enough to compile)",
        count("--jobs"),
      )
      .option("--since <ref>", "build only what a change since this commit of git may touch")
      .option(
        "--dry-run [form]",
        "write nothing: say what would be done, as `text` or `json`",
        oneOf("--dry-run", forms),
      )
      .option("--summary <file>", "write how each model ended, and why, to this file (schemas/build-1.schema.json)")
      .option("--trace <file>", "write how long each model took to this file, for chrome://tracing")
      .option("--no-cache", "compute everything anew, and keep nothing for the next time")
      .option("--adopt [path]", "keep generated files that were edited by hand: this one, or all", collect)
      .option("--overwrite [path]", "write over generated files that were edited by hand: this one, or all", collect)
      .option("--eject <path>", "hand this generated file over to the team for good (may be repeated)", collect);
  },
  async run(context, _args, options) {
    const choices: DriftChoices = {
      adopt: option.allOrList(options, "adopt"),
      overwrite: option.allOrList(options, "overwrite"),
      eject: option.list(options, "eject"),
    };
    const chosen = (["adopt", "overwrite", "eject"] as const).filter((kind) => choices[kind].length > 0);
    const [first, second] = option.flag(options, "check") ? ["check", ...chosen] : chosen;
    const dryRun = options.dryRun === true ? "text" : option.text(options, "dryRun");
    const clash = first === "check" || (choices.adopt === "all" && choices.overwrite === "all");
    if (clash && second) throw new UsageProblem(async () => (await usage()).conflict(`--${first}`, `--${second}`));
    const request: BuildRequest = {
      models: option.list(options, "model"),
      checkOnly: option.flag(options, "check") || dryRun !== undefined,
      choices,
      ...(options.cache === false ? { isAlone: true } : {}),
      ...(dryRun === "json" || told.some((name) => option.text(options, name) !== undefined)
        ? { tellActions: true }
        : {}),
      ...(options.shard === undefined ? {} : { shard: options.shard as NonNullable<BuildRequest["shard"]> }),
      ...(option.number(options, "jobs") === undefined ? {} : { jobs: option.number(options, "jobs") as number }),
      ...(typeof options.since === "string" ? { since: options.since } : {}),
    };
    // A judge believes nothing that is kept. A dry run says what a build would do, which is what is not kept.
    const isKept = !option.flag(options, "check") && options.cache !== false;
    const isStored = dryRun !== undefined && isKept ? "read" : isKept;
    const work = async (session: Session): Promise<Outcome> => {
      const { value, diagnostics: said } = await session.build(request);
      const diagnostics = [...said, ...(await records(context.io, options, value))];
      const stale = value.models.some((m) => m.outcome === "stale");
      const failed = value.models.some((m) => m.outcome === "failed");
      const drifted = value.models.some((m) => m.drifted.length > 0);
      return {
        diagnostics,
        // A drifted model fails for its drift: its diagnostics say 3, and only a stale or broken one says 1.
        exitCode: worst([
          (stale && dryRun === undefined) || (failed && !drifted && !hasErrors(diagnostics))
            ? exits.findings
            : exits.done,
          drifted ? exits.drift : exits.done,
        ]),
        result: {
          models: value.models,
          skipped: value.skipped,
          ...(value.sharedCache ? { sharedCache: value.sharedCache } : {}),
        },
        ...(dryRun === undefined ? {} : { text: dryRun === "json" ? summaryText(value) : planText(value) }),
        summary: [...buildSummary(value.models, request.checkOnly), ...sharedSummary(value)],
        next: next(value.models) ?? nextAfterErrors(diagnostics, "build") ?? done(value.models, request),
      };
    };
    return withSession(context, work, isStored);
  },
};

function sharedSummary({ models, sharedCache }: BuildResult): readonly string[] {
  if (!sharedCache) return [];
  const { taken, given } = sharedCache;
  return [`Shared cache ${taken.length} of ${models.length} models taken, ${given.length} given`];
}

const forms = ["text", "json"] as const;

/** Options that name a file for what is told of every action. */
const told = ["summary", "trace"] as const;

/** Writes the files that options ask for. */
async function records(io: CliIo, options: CommandOptions, value: BuildResult): Promise<readonly Diagnostic[]> {
  const summary = option.text(options, "summary");
  const trace = option.text(options, "trace");
  if (summary === undefined && trace === undefined) return [];
  const { writeReport } = await import("../print.ts");
  const written = [
    summary === undefined ? undefined : await writeReport(summary, summaryText(value), io),
    trace === undefined ? undefined : await writeReport(trace, traceText(value), io),
  ];
  return written.flatMap((problem) => problem ?? []);
}

async function usage(): Promise<typeof import("../usage.ts")["usage"]> {
  return (await import("../usage.ts")).usage;
}

function next(models: readonly BuiltModel[]): string | undefined {
  const first = models.flatMap((m) => m.drifted)[0];
  if (first === undefined) return undefined;
  return `decide on each edited file: \`crosswalk build --adopt ${first}\` keeps it, --overwrite replaces it, --eject hands it over to you`;
}

function done(models: readonly BuiltModel[], request: BuildRequest): string {
  if (models.length === 0 && (request.since !== undefined || request.shard)) return "nothing to do, no model is meant";
  if (models.some((m) => m.outcome === "stale")) return "run `crosswalk build` and commit what it writes";
  const built = models.find((m) => m.outcome === "written" || m.outcome === "unchanged");
  if (!built) return "name a model and its notebooks in crosswalk.yaml";
  if (request.checkOnly) return "nothing to do, the products are current";
  return `pip install -e ${built.out} && python -m ${built.package} run --workdir work`;
}
