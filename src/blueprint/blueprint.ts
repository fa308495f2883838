import type { Json } from "../config/project.ts";

/**
 * The platform-neutral description of one model: everything production needs and no platform. Plain JSON, in a fixed order; every part
 * cites its cells. Targets read nothing else.
 */
export interface Blueprint {
  readonly model: string;
  /** Import name of the product: "credit_risk". */
  readonly package: string;
  readonly owner?: string;
  readonly risk?: string;
  readonly notebooks: readonly string[];
  /** PEP 440 specifier of the interpreter. */
  readonly python: string;
  readonly requirements: readonly Requirement[];
  readonly parameters: readonly Parameter[];
  readonly datasets: readonly Dataset[];
  readonly secrets: readonly Secret[];
  /** Functions, classes and constants of the notebook that steps use, in the order in which they must stand. */
  readonly helpers: readonly Helper[];
  /** In the order in which they run. */
  readonly steps: readonly Step[];
  readonly contracts: readonly Contract[];
  readonly metrics: readonly Metric[];
  readonly tests: readonly ExampleTest[];
  readonly environments: readonly Environment[];
  /** What crosswalk.yaml sets instead of the notebook's values, in every environment. */
  readonly overrides: Readonly<Record<string, Json>>;
  readonly intent: readonly Intent[];
  readonly dropped: readonly Dropped[];
  /** Notices that belong in the product's README: an unseeded notebook, a value kept for want of a model … */
  readonly notices: readonly string[];
  /** What production answers for raw rows, where it answers anything. */
  readonly serving?: Serving;
}

/** The split of a notebook: what training keeps, and what is computed from it for each raw row. */
export interface Serving {
  /** Name of the dataset whose rows are answered. */
  readonly dataset: string;
  /** Options with which the notebook reads it: Python text by name. */
  readonly reads: readonly { readonly name: string; readonly text: string }[];
  readonly fields: readonly StateField[];
  readonly answers: readonly ServedAnswer[];
  /** No directive asks for it: training goes on where no fit state can be made. */
  readonly isUnasked?: true;
  /** Datasets whose rows may stand before those that are asked for, in the order in which they are put together. */
  readonly history?: readonly string[];
  /** The raw columns that lags read of them; without it all that are needed. */
  readonly lookedAt?: readonly string[];
}

/** One value that training keeps for serving. */
export interface StateField {
  readonly name: string;
  /** Python annotation. */
  readonly annotation: string;
  readonly imports: readonly Import[];
  /** A dictionary that a loop fills, turn by turn. */
  readonly keyed: boolean;
  /** Calls of functions, outermost first, inside which it is computed. */
  readonly within: readonly string[];
  readonly cite?: Cite;
}

/** One function that answers raw rows, and the endpoint of the same name. */
export interface ServedAnswer {
  readonly name: string;
  /** The served values, by their names in the notebook. */
  readonly values: readonly string[];
  /** The body of its function, of `frame` and `state`. */
  readonly lines: readonly { readonly text: string; readonly cite?: Cite }[];
  readonly imports: readonly Import[];
  /** Functions of the product's module `learned` that it uses. */
  readonly own: readonly string[];
  /** It looks at rows before those that are asked for: at a declared history, or at those of the same batch alone. */
  readonly looksBack?: "history" | "batch";
  /** Helpers that it uses. */
  readonly helpers: readonly string[];
  readonly cite?: Cite;
}

/** A place in a notebook, as documents and docstrings name it. */
export interface Cite {
  readonly notebook: string;
  /** 1-based, over all cells. */
  readonly cell: number;
  readonly cellId: string;
  /** 1-based lines within the cell. */
  readonly line: number;
  readonly endLine: number;
}

export interface Requirement {
  readonly distribution: string;
  /** "==1.2.3"; undefined when nothing says which version. */
  readonly specifier?: string;
  readonly from: "requirements" | "lock" | "environment" | "config" | "notebook" | "none";
  /** Import names that need it; empty for what the product itself needs. */
  readonly imports: readonly string[];
}

export interface Parameter {
  readonly name: string;
  /** Name under which a step takes it, where the notebook uses `name` for something else. */
  readonly argument?: string;
  /** Python type as written: "float", "list[str]". */
  readonly type: string;
  /** Python text of the default: the notebook's own literal. */
  readonly default: string;
  /** Lines (0-based) of the default that begin inside a string: they must not be indented. */
  readonly rawLines: readonly number[];
  readonly value: Json;
  readonly doc?: string;
  readonly domain?: Domain;
  readonly cite: Cite;
}

export type Domain =
  | {
      readonly kind: "range";
      readonly low: Json;
      readonly high: Json;
      readonly lowOpen: boolean;
      readonly highOpen: boolean;
    }
  | { readonly kind: "set"; readonly values: readonly Json[] };

export interface Dataset {
  readonly name: string;
  readonly mode: "input" | "output";
  /** Default place, relative to the folder of crosswalk.yaml, or absolute as the notebook has it. */
  readonly path: string;
  readonly format: string;
  readonly role: "source" | "reference" | "intermediate" | "output";
  /** By what name the world outside knows it. */
  readonly world?: string;
  readonly doc?: string;
  readonly binding?: Readonly<Record<string, Json>>;
  /** Opened on some way through the notebook only: it need not be there. */
  readonly optional?: true;
  /** Name under which a step takes its place: "applications_path". */
  readonly argument: string;
  readonly cite: Cite;
}

export interface Secret {
  readonly name: string;
  readonly doc?: string;
  /** Name under which a step takes it. */
  readonly argument: string;
  readonly cite: Cite;
}

/** `from module import name as alias`, or `import module as alias` when `name` is undefined. */
export interface Import {
  readonly module: string;
  readonly name?: string;
  /** The name that the code uses. */
  readonly local: string;
}

/** A piece of Python at column 0 that came from one place. */
export interface Code {
  readonly text: string;
  /** Lines (0-based) that begin inside a string: they must not be indented. */
  readonly rawLines: readonly number[];
  readonly cite: Cite;
  /** Figures that the notebook gives no name, as it writes them: name → expression. */
  readonly figures?: Readonly<Record<string, string>>;
}

export interface Helper {
  readonly kind: "function" | "class" | "constant";
  readonly name: string;
  readonly code: Code;
  readonly imports: readonly Import[];
  /** Names of other helpers that it uses. */
  readonly uses: readonly string[];
  /** Globals of the notebook that became keyword arguments. */
  readonly lifted: readonly string[];
}

export interface Variable {
  readonly name: string;
  /** Short type name of the knowledge base: "DataFrame". */
  readonly type: string;
  /** Python annotation. */
  readonly annotation: string;
}

export interface StepInput extends Variable {
  /** The step whose output it is. */
  readonly from: string;
}

export interface StepOutput extends Variable {
  /** True when it is the notebook's last version of the name: only these are artifacts. */
  readonly final: boolean;
  /** False: kept when its type can be stored as a plain file, else left out with a warning of the product. */
  readonly required: boolean;
  /** Why it is an output: "estimator", "prediction", "figure", "declared", "needed by evaluate" … */
  readonly why: string;
  /** The notebook does not give it a value on every way: then it is left out of that run. */
  readonly maybe?: true;
}

export interface Step {
  readonly name: string;
  readonly title: string;
  readonly doc?: string;
  readonly cites: readonly Cite[];
  readonly inputs: readonly StepInput[];
  readonly outputs: readonly StepOutput[];
  readonly parameters: readonly string[];
  readonly datasets: readonly string[];
  readonly secrets: readonly string[];
  readonly imports: readonly Import[];
  /** Imports whose name the step itself rebinds: they must stand inside the function. */
  readonly localImports: readonly Import[];
  readonly helpers: readonly string[];
  readonly body: readonly Code[];
  /** Contract checks after the statement that makes the table: index into `body` → contract names. */
  readonly checks: readonly StepCheck[];
  /** Reads the global random state that an earlier step left, and leaves its own. */
  readonly randomIn: boolean;
  readonly randomOut: boolean;
  /** Seeds the global generators first: a `seed` directive where the notebook sets none. */
  readonly seed?: number;
}

export interface StepCheck {
  /** The check stands before this index of `body`. */
  readonly at: number;
  readonly kind: "contract" | "expect";
  /** Contract: name of the contract. Expect: the Python expression. */
  readonly text: string;
  readonly variable?: string;
  readonly why?: string;
  readonly cite: Cite;
}

export interface Contract {
  readonly name: string;
  readonly columns: readonly ContractColumn[];
  readonly rules: readonly ContractRule[];
  readonly cite: Cite;
}

export interface ContractColumn {
  readonly name: string;
  readonly type: string;
  readonly doc?: string;
  readonly constraints: readonly Constraint[];
}

export type Constraint =
  | { readonly kind: "compare"; readonly op: string; readonly value: Json }
  | { readonly kind: "in"; readonly domain: Domain }
  | { readonly kind: "unique" | "nullable" | "pii" | "sensitive" | "protected" | "key" | "target" }
  | { readonly kind: "fresh"; readonly duration: string }
  | { readonly kind: "matches"; readonly pattern: string };

export type ContractRule =
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  | { readonly kind: "rows"; readonly op?: string; readonly value?: Json; readonly domain?: Domain }
  | { readonly kind: "fresh"; readonly duration: string }
  | { readonly kind: "expect"; readonly text: string; readonly why?: string };

export interface Metric {
  readonly name: string;
  readonly variable: string;
  readonly step: string;
  readonly op?: string;
  readonly value?: Json;
  readonly domain?: Domain;
  readonly on?: string;
  readonly by: readonly string[];
  readonly doc?: string;
  readonly declared: boolean;
  readonly cite: Cite;
}

export interface ExampleTest {
  readonly title: string;
  readonly of: string;
  readonly given: readonly { readonly name?: string; readonly text: string }[];
  readonly expects: readonly { readonly text: string; readonly why?: string }[];
  readonly imports: readonly Import[];
  readonly cite: Cite;
}

export interface Environment {
  readonly name: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly data: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, Json>>;
}

/** What people and auditors should know: recorded now, used by governance. */
export interface Intent {
  readonly directive: string;
  readonly text: string;
  readonly cite: Cite;
}

export interface Dropped {
  readonly cite: Cite;
  /** First line of the statement. */
  readonly text: string;
  /** It stands inside of a kept statement. */
  readonly inside?: true;
  readonly reason:
    | "display"
    | "exploratory"
    | "skipped"
    | "unused column"
    | "unused import"
    | "unused definition"
    | "folded";
  readonly detail: string;
}
