import { digestOf } from "../../engine/digest.ts";
import type { Engine } from "../../engine/query.ts";
import { isSource } from "../../engine/sources.ts";
import { namedBy } from "../actions/names.ts";
import { quoted } from "./dot.ts";
import { escaped } from "./mermaid.ts";

/** Something that a build computes, looks at or writes. */
export interface BuildNode {
  /** Its position among the nodes; edges name it. */
  readonly id: number;
  /** The kind of action, `commit` for the writing of a product, or the kind of source: file, list, kind, real-path, env. */
  readonly action: string;
  /** What it is about: a model, or a file or folder relative to the root. */
  readonly of: string;
  readonly isSource: boolean;
}

/** What needs what: `from` looks at `to`. */
export interface BuildEdge {
  readonly from: number;
  readonly to: number;
}

export interface BuildGraph {
  readonly nodes: readonly BuildNode[];
  readonly edges: readonly BuildEdge[];
}

/** What a graph is drawn of: products that were asked for in this revision. */
export interface Drawn {
  readonly known: Pick<Engine, "traces">;
  /** Absolute folder of the workspace. */
  readonly root: string;
  readonly products: readonly { readonly kind: string; readonly params: unknown; readonly out: string }[];
}

/** The actions of a build as they last ran, with all that each of them looked at. What is needed stands before what needs it. */
export function buildGraph({ known, root, products }: Drawn): BuildGraph {
  const nodes: BuildNode[] = [];
  const edges: BuildEdge[] = [];
  const ids = new Map<string, number>();
  const add = (action: string, of: string, source: boolean): number => {
    const id = nodes.length;
    nodes.push({ id, action, of, isSource: source });
    return id;
  };
  const visit = (kind: string, params: unknown): number => {
    const name = `${kind}\n${digestOf(params)}`;
    const found = ids.get(name);
    if (found !== undefined) return found;
    const source = isSource(kind);
    const reads = source ? [] : (known.traces(kind, params)[0]?.reads ?? []);
    const needs = reads.map((read) => visit(read.kind, read.params));
    const id = add(kind, namedBy(params, root), source);
    ids.set(name, id);
    for (const to of needs) edges.push({ from: id, to });
    return id;
  };
  for (const { kind, params, out } of products) {
    const product = visit(kind, params);
    edges.push({ from: add("commit", out, false), to: product });
  }
  return { nodes, edges };
}

/** Only what the named nodes need, however deep, and what needs them. A name is that of a model, a file or a folder, or the kind of an action. */
export function around({ nodes, edges }: BuildGraph, name: string): BuildGraph {
  const meant = nodes.filter(({ of, action }) => of === name || action === name).map(({ id }) => id);
  const kept = new Set([...reached(meant, edges, "from", "to"), ...reached(meant, edges, "to", "from")]);
  const ids = new Map<number, number>();
  const left = nodes.flatMap((node): BuildNode[] => {
    if (!kept.has(node.id)) return [];
    const id = ids.size;
    ids.set(node.id, id);
    return [{ ...node, id }];
  });
  const between = edges.flatMap(({ from, to }): BuildEdge[] => {
    const [a, b] = [ids.get(from), ids.get(to)];
    return a === undefined || b === undefined ? [] : [{ from: a, to: b }];
  });
  return { nodes: left, edges: between };
}

type End = keyof BuildEdge;

function reached(start: readonly number[], edges: readonly BuildEdge[], here: End, there: End): ReadonlySet<number> {
  const next = new Map<number, number[]>();
  for (const edge of edges) {
    const others = next.get(edge[here]);
    if (others) others.push(edge[there]);
    else next.set(edge[here], [edge[there]]);
  }
  const seen = new Set(start);
  for (const id of seen) for (const other of next.get(id) ?? []) seen.add(other);
  return seen;
}

/** As a Graphviz document. */
export function buildDot({ nodes, edges }: BuildGraph): string {
  const lines = nodes.map(
    (node) => `  n${node.id} [label=${quoted(titleOf(node))}${node.isSource ? ', shape=note, style=""' : ""}];`,
  );
  return `${[
    "digraph crosswalk {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fillcolor="white", fontname="Helvetica", fontsize=10];',
    ...lines,
    ...edges.map(({ from, to }) => `  n${from} -> n${to};`),
    "}",
  ].join("\n")}\n`;
}

/** As a Mermaid flowchart. */
export function buildMermaid({ nodes, edges }: BuildGraph): string {
  return `${[
    "flowchart LR",
    ...nodes.map(
      (node) => `  n${node.id}${node.isSource ? `[/"${escaped(titleOf(node))}"/]` : `["${escaped(titleOf(node))}"]`}`,
    ),
    ...edges.map(({ from, to }) => `  n${from} --> n${to}`),
  ].join("\n")}\n`;
}

function titleOf({ action, of }: BuildNode): string {
  return `${action} ${of}`;
}
