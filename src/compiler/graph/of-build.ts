import { report } from "../../diagnostics/catalogue.ts";
import type { Phase } from "../../diagnostics/diagnostic.ts";
import { nearest } from "../../foundation/nearest.ts";
import type { GraphResult } from "../session-contract.ts";
import { around, type BuildGraph, buildDot, buildMermaid } from "./build-graph.ts";

/** The graph of a build as a document and as pictures, as schemas/build-graph-1.schema.json describes it; around one name where that is given. */
export function graphOfBuild(whole: BuildGraph, name: string | undefined): Phase<GraphResult | undefined> {
  const graph = name === undefined ? whole : around(whole, name.replace(/^\.\//, ""));
  if (name !== undefined && graph.nodes.length === 0) {
    const near = nearest(name, [...new Set(whole.nodes.flatMap(({ of, action }) => [of, action]))]);
    const fix = near === undefined ? "name a model, a file or a kind of action" : `did you mean \`${near}\``;
    return { value: undefined, diagnostics: [report("CW5143", undefined, { name, fix })] };
  }
  const value: GraphResult = {
    json: { buildGraph: 1, nodes: graph.nodes, edges: graph.edges },
    render: (format) => (format === "dot" ? buildDot(graph) : buildMermaid(graph)),
  };
  return { value, diagnostics: [] };
}
