import type { Compiled } from "./compile.ts";
import { describeModel } from "./graph/describe.ts";
import { renderDot } from "./graph/dot.ts";
import { renderMermaid } from "./graph/mermaid.ts";
import type { GraphResult } from "./session-contract.ts";

/** The data flow of compiled models: as data (`{graph: 1, models}`, schemas/graph-1.schema.json) and as pictures. */
export function graph(compiled: readonly Compiled[]): GraphResult {
  const models = compiled.map(describeModel);
  return {
    json: { graph: 1, models },
    render: (format) => (format === "dot" ? renderDot(models) : renderMermaid(models)),
  };
}
