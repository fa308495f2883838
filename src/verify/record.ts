/** What a verification writes down, for people, for CI and for governance. Described by schemas/verification-1.schema.json. */
export interface VerificationRecord {
  readonly version: 1;
  /** "crosswalk 1.2.3". */
  readonly tool: string;
  readonly model: string;
  readonly verdict: Verdict;
  /** Why the verdict is not `equal`; empty where it is. */
  readonly reasons: readonly string[];
  /** Digest of everything that the result depends on; the same key is not run twice. */
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string;
  readonly product: ProductFacts;
  readonly inputs: {
    readonly notebooks: readonly Digested[];
    readonly datasets: readonly (Digested & { readonly name: string })[];
    /** Of every file that was copied for the runs. */
    readonly workspace: string;
  };
  readonly environment: EnvironmentFacts;
  readonly network: { readonly isOff: boolean; readonly how: string };
  readonly limits: { readonly seconds: number; readonly memory: number };
  readonly runs: readonly { readonly what: string; readonly seconds: number }[];
  /** Largest difference of two equal numbers: absolute below 1, relative above. */
  readonly tolerance: number;
  readonly compared: readonly Compared[];
  readonly leftOut: readonly LeftOut[];
  readonly divergence?: Divergence;
  /** What the product's own check at the end of training said. */
  readonly selfCheck?: string;
}

export type Verdict = "equal" | "different" | "not comparable";

export interface Digested {
  readonly path: string;
  readonly sha256: string;
}

export interface ProductFacts {
  readonly folder: string;
  readonly package: string;
  /** The build that it says it is. */
  readonly build: string;
  /** Of all its files. */
  readonly sha256: string;
  readonly state: "current" | "edited" | "stale";
  /** Files that are not what the notebooks give. */
  readonly differing: readonly string[];
}

export interface EnvironmentFacts {
  readonly python: string;
  readonly origin: string;
  readonly platform: string;
  /** Versions of the libraries that the product requires. */
  readonly versions: Readonly<Record<string, string>>;
  /** Digest of all installed distributions with their versions. */
  readonly sha256: string;
}

export type Kind = "variable" | "metric" | "file" | "answer" | "run";

export interface Compared {
  readonly kind: Kind;
  readonly name: string;
  /** Of an answer: the way in which it was asked for. */
  readonly how?: string;
  /** Of an answer: how many rows were asked for. */
  readonly rows?: number;
  readonly outcome: "equal" | "different";
  /** Of a difference: how many rows, the first place, and both values as text. */
  readonly unequal?: number;
  readonly at?: string;
  readonly notebook?: string;
  readonly product?: string;
}

export interface LeftOut {
  readonly kind: Kind;
  readonly name: string;
  readonly how?: string;
  readonly reason: string;
}

/** The first statement of the notebook behind which its product holds another value. */
export interface Divergence {
  readonly notebook: string;
  readonly cell: number;
  readonly line: number;
  readonly statement: string;
  readonly variable: string;
  /** The place within the value, the notebook's value and the product's. */
  readonly at: string;
  readonly inNotebook: string;
  readonly inProduct: string;
  /** "training" or "serving". */
  readonly where: string;
}

/** One finding as the Python side writes it. */
export interface Finding {
  readonly kind: Kind;
  readonly name: string;
  readonly how?: string;
  readonly rows?: number;
  readonly outcome: "equal" | "different" | "not comparable" | "left out";
  readonly unequal?: number;
  readonly at?: string;
  readonly notebook?: string;
  readonly product?: string;
  readonly reason?: string;
}
