import type { CommandSpec } from "../command.ts";
import { packageInfo } from "../package-info.ts";

const file = "crosswalk.config.schema.json";

/** `crosswalk schema`: the JSON schema of crosswalk.yaml, as delivered with the package. */
export const schemaCommand: CommandSpec = {
  name: "schema",
  group: "Files",
  summary: "Print the JSON schema of crosswalk.yaml.",
  examples: ["crosswalk schema > crosswalk.config.schema.json"],
  define() {},
  async run(context) {
    const text = packageInfo(context.io.host).read(file);
    if (text === undefined) {
      const { report } = await import("../../diagnostics/catalogue.ts");
      return { diagnostics: [report("CW9002", undefined, { file })] };
    }
    return { diagnostics: [], text, result: { schema: JSON.parse(text) as unknown } };
  },
};
