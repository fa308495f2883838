import type { VerifiedModel } from "../../compiler/session-contract.ts";
import { type CommandSpec, option, withSession } from "../command.ts";
import { collect, wholeNumber } from "../option-values.ts";

const mebibyte = 1024 * 1024;

/** `crosswalk verify`: the notebook and its product are run and compared. */
export const verifyCommand: CommandSpec = {
  name: "verify",
  group: "Everyday",
  summary: "Run notebook and product, and say whether they compute and answer the same.",
  examples: [
    "crosswalk verify",
    "crosswalk verify --model credit-risk --yes",
    "crosswalk verify --yes --record verification.json",
  ],
  define(command) {
    command
      .option("--model <name>", "verify this model only (may be repeated)", collect)
      .option("--yes", "agree that all code of the notebooks is run (for CI)")
      .option("--force", "run again what was verified before with the same content")
      .option("--record <file>", "write the record to this file as well (one model)")
      .option("--json", "the same as --format json")
      .option("--python <program>", "run with this Python instead of the one that is found")
      .option("--network", "leave the network on")
      .option("--no-http", "leave out the answers over HTTP")
      .option("--timeout <seconds>", "most seconds of one run (default 1800)", wholeNumber("--timeout"))
      .option(
        "--memory <MiB>",
        "most memory of one process in MiB (default: all that the machine has)",
        wholeNumber("--memory"),
      );
  },
  async run(context, _args, options) {
    const record = option.text(options, "record");
    const models = option.list(options, "model");
    const { io } = context;
    return withSession(context, async (session) => {
      const python = option.text(options, "python");
      let agreed: true | string | undefined;
      const { value, diagnostics } = await session.verify({
        models,
        force: option.flag(options, "force"),
        ...(record === undefined ? {} : { record }),
        ...(python === undefined ? {} : { python }),
        network: !option.flag(options, "network"),
        http: options.http !== false,
        seconds: option.number(options, "timeout") ?? 1800,
        memory:
          (option.number(options, "memory") ?? Math.floor(process.getBuiltinModule("node:os").totalmem() / mebibyte)) *
          mebibyte,
        async agree(notebooks) {
          agreed ??= option.flag(options, "yes") ? true : await io.agree(question(notebooks));
          return agreed;
        },
        tell: (text) =>
          context.progress({ kind: "phase", model: text.split(":")[0] ?? "", phase: text.replace(/^[^:]*: /, "") }),
      });
      return {
        diagnostics,
        result: {
          models: value.models.map(({ record: found, ...rest }) => ({
            ...rest,
            verdict: found.verdict,
            record: found,
          })),
        },
        summary: value.models.map(line),
        ...(value.models[0] ? { next: next(value.models) } : {}),
      };
    });
  },
};

function question(notebooks: readonly string[]): string {
  return `Verifying runs all code of ${notebooks.join(", ")} on this machine, in a copy of the workspace. Go on? [y/N] `;
}

/** One model in one line: what was compared, and what came of it. */
function line({ name, record, isRemembered }: VerifiedModel): string {
  const { verdict, compared, leftOut, network } = record;
  const count = (kind: string): number =>
    new Set(compared.filter((one) => one.kind === kind).map((one) => one.name)).size;
  const rows = Math.max(0, ...compared.map((one) => one.rows ?? 0));
  const parts = [
    `${count("variable")} variables`,
    `${count("metric")} metrics`,
    ...(count("file") > 0 ? [`${count("file")} files`] : []),
    ...(rows > 0 ? [`answers for ${rows} rows`] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
  ];
  return `${name} ${verdict}: ${parts.join(", ")}; network ${network.isOff ? "off" : "on"}${isRemembered ? "; verified before, nothing was run" : ""}`;
}

function next(models: readonly VerifiedModel[]): string {
  const first = models.find(({ record }) => record.verdict !== "equal") ?? models[0];
  return `the record is ${first?.file ?? ""}`;
}
