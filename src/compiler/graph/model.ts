/** What `crosswalk graph` knows of one model. Described by schemas/graph-1.schema.json. */
export interface ModelGraph {
  readonly model: string;
  /** False: the model has errors, so nothing was kept or dropped; what the notebooks say is listed all the same. */
  readonly built: boolean;
  /** In the order in which they run. */
  readonly notebooks: readonly string[];
  readonly cells: readonly CellNode[];
  readonly edges: readonly Edge[];
}

export interface CellNode {
  readonly notebook: string;
  /** 1-based, over all cells of the notebook. */
  readonly cell: number;
  readonly cellId: string;
  readonly title?: string;
  readonly magics: readonly MagicNode[];
  readonly statements: readonly StatementNode[];
}

export interface MagicNode {
  readonly line: number;
  readonly name: string;
  readonly policy: string;
  readonly why: string;
}

/** A name and which version of it, counted from 1 through the notebooks. */
export interface Versioned {
  readonly name: string;
  readonly version: number;
}

export interface StatementNode {
  /** Its position among the statements of the model, from 0. */
  readonly id: number;
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  /** Version 0: nothing had bound the name when the statement ran. */
  readonly reads: readonly Versioned[];
  readonly writes: readonly (Versioned & { readonly type?: string })[];
  readonly mutates: readonly Versioned[];
  readonly deletes: readonly string[];
  /** Random generators it draws from. */
  readonly draws: readonly string[];
  /** State that no name shows: random generators, settings, files that it reads or leaves. */
  readonly hiddenReads: readonly string[];
  readonly hiddenWrites: readonly string[];
  readonly displays: boolean;
  readonly files: readonly FileNode[];
  /** Calls about which nothing is known, so that the worst was assumed. */
  readonly unknownCalls: readonly string[];
  readonly refusals: readonly string[];
  readonly outcome: OutcomeNode;
}

export interface FileNode {
  readonly mode: "load" | "store";
  /** null: the code does not say which file before it runs. */
  readonly path: string | null;
  readonly callee: string;
}

export type OutcomeNode =
  | {
      readonly kind: "kept";
      readonly as: "step" | "parameter" | "helper" | "constant" | "import";
      readonly step?: string;
      readonly parameter?: string;
      /** The path to what production keeps: each link names the statement that needs the one before, and for what. */
      readonly why: readonly { readonly statement: number; readonly for: string }[];
      /** What is kept at the end of the path: "prediction: scores". */
      readonly output?: string;
    }
  | { readonly kind: "dropped"; readonly reason: string; readonly detail: string }
  | { readonly kind: "undecided" };

/** Statement `to` needs statement `from`, for these names, calls and pieces of hidden state. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
}
