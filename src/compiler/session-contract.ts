import type { Diagnostic, Phase } from "../diagnostics/diagnostic.ts";
import type { Statistics } from "../engine/remote/contract.ts";
import type { Host } from "../foundation/host.ts";
import type { Threads } from "../foundation/host-threads.ts";
import type { VerificationRecord } from "../verify/record.ts";
import type { Standing } from "./standing.ts";
import type { WatchOptions } from "./watch/contract.ts";

/** What the command line asks of `compiler/session.ts`. Commands stay thin: they ask, print and exit. */
export interface SessionModule {
  /** Finds crosswalk.yaml from `folder` upwards and reads the workspace; undefined, with errors, where that fails. */
  openWorkspace(options: OpenOptions): Promise<Phase<Session | undefined>>;
  /** Scans a folder without a crosswalk.yaml, writes one (never over another), and proposes annotations. */
  initWorkspace(options: InitOptions): Promise<Phase<InitResult | undefined>>;
  /** Builds whenever something changes, until the signal; gives what is wrong where there is no workspace. */
  watchWorkspace(options: WatchOptions): Promise<readonly Diagnostic[]>;
}

export interface OpenOptions {
  readonly host: Host;
  /** Absolute folder where the search for crosswalk.yaml begins. */
  readonly folder: string;
  /** For headers and the manifest. */
  readonly toolVersion: string;
  /** Called as work goes on. */
  readonly progress: (event: ProgressEvent) => void;
  /** Raised on an interrupt: work stops at the next safe point, before anything of the next model is written. */
  readonly signal: AbortSignal;
  /** Keep results under .crosswalk/ for the next time; `read`: use those that are kept there, and write none. */
  readonly isStored?: boolean | "read";
  /** What is known of the products on disk, in a process that watches them. */
  readonly standing?: Standing;
  /** Where models may be compiled beside this thread. */
  readonly threads?: () => Promise<Threads>;
}

export interface Session {
  /** Absolute folder of the root crosswalk.yaml; places and paths of results are relative to it. */
  readonly root: string;
  build(request: BuildRequest): Promise<Phase<BuildResult>>;
  /** Never writes. */
  check(request: ModelRequest): Promise<Phase<CheckResult>>;
  graph(request: ModelRequest): Promise<Phase<GraphResult | undefined>>;
  /** The actions of a build, and what each of them looks at. Compiles what has changed, and writes nothing but what is kept for the next time. */
  buildGraph(request: BuildGraphRequest): Promise<Phase<GraphResult | undefined>>;
  explain(request: ExplainRequest): Promise<Phase<Explanation | undefined>>;
  /** Why the product that a file belongs to was made anew the last time. Needs `isStored`. */
  whyRebuilt(file: string): Promise<Phase<Explanation | undefined>>;
  lock(request: LockRequest): Promise<Phase<LockResult>>;
  fmt(request: FmtRequest): Promise<Phase<FmtResult>>;
  /** Runs notebooks and products; writes only under .crosswalk/, or the file that the request names. */
  verify(request: VerifyRequest): Promise<Phase<VerifyResult>>;
}

export type ProgressEvent =
  | { readonly kind: "models"; readonly models: readonly string[] }
  | { readonly kind: "phase"; readonly model: string; readonly phase: string }
  | { readonly kind: "done"; readonly model: string; readonly outcome: ModelOutcome };

export type ModelOutcome = "written" | "unchanged" | "stale" | "failed";

export interface ModelRequest {
  /** Names of models, or patterns as `choose` takes them; empty for all. */
  readonly models: readonly string[];
}

export interface BuildRequest extends ModelRequest {
  /** One share of the chosen models only. */
  readonly shard?: { readonly nth: number; readonly of: number };
  /** Only those that a change since this commit of git may touch. */
  readonly since?: string;
  /** Write nothing: say what is stale or missing. */
  readonly checkOnly: boolean;
  /** What was decided about generated files that someone edited by hand. */
  readonly choices: DriftChoices;
  /** Threads that compile; undefined for as many as pay. What comes of a build does not depend on it. */
  readonly jobs?: number;
  /** Tell of every single action. */
  readonly tellActions?: boolean;
  /** Ask no shared cache, whatever crosswalk.yaml names. */
  readonly isAlone?: boolean;
}

/** Paths of files or folders relative to the workspace root, as diagnostics name them; "all" for every edited file. */
export interface DriftChoices {
  readonly adopt: "all" | readonly string[];
  readonly overwrite: "all" | readonly string[];
  readonly eject: readonly string[];
}

export interface BuildResult {
  readonly models: readonly BuiltModel[];
  /** What a shared cache gave and took; undefined where none is used. */
  readonly sharedCache?: Statistics & { readonly taken: readonly string[]; readonly given: readonly string[] };
  /** Models that were not asked for, or not reached. */
  readonly skipped: readonly string[];
  /** How every single action ended; only where the request asks for it. */
  readonly actions?: readonly ActionEnd[];
}

/**
 * How one action of a build ended: a query of the compiler, or `commit`, the writing of a product. `fresh`: as it was; `local`: a product
 * that was put from what is stored here; `remote`: its result came from the shared cache; `pinned`: a version that crosswalk.lock holds; `ran`;
 * `drift`: files were edited by hand; `failed`: it ended in errors; `skipped`: it was left out.
 */
export interface ActionEnd {
  readonly action: string;
  /** What it is about: a model, or a file or folder relative to the root. */
  readonly of: string;
  readonly status: "fresh" | "local" | "remote" | "pinned" | "ran" | "drift" | "failed" | "skipped";
  /**
   * Why: `new`, `not-kept`, or the kind of the first thing that differs; `files` for a commit. `errors`, `edited`, `check`, `not-asked`,
   * `interrupted` where it did not run to its end.
   */
  readonly reason?: string;
  /** The first thing that differs. */
  readonly differs?: string;
  /** Of what ran in this thread: milliseconds from the start of the build, and how many it took with what it asked for. */
  readonly began?: number;
  readonly took?: number;
}

/**
 * How a model ended. `fresh`: nothing that it looks at has changed; `local`: its files were put from what is stored here; `remote`: from the
 * shared cache; `ran`: it was compiled; `drift`: its product was edited by hand;
 * `failed`: it has errors, or its product could not be written.
 */
export type ModelStatus = "fresh" | "local" | "remote" | "ran" | "drift" | "failed";

export interface BuiltModel {
  readonly name: string;
  readonly outcome: ModelOutcome;
  readonly status: ModelStatus;
  /** Why it was compiled: `new`, or the kind of the first thing that differs, such as `cells`, `settings`, `pin`, `file`. */
  readonly reason?: string;
  /** When it began and how long it took, in milliseconds from the start of the build. */
  readonly began: number;
  readonly took: number;
  /** Product folder, relative to the root. */
  readonly out: string;
  /** Name of the Python package. */
  readonly package: string;
  /** Paths relative to the root; with `checkOnly` what would have been done. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Generated files that were edited by hand and therefore left alone. */
  readonly drifted: readonly string[];
}

export interface CheckResult {
  readonly models: readonly { readonly name: string; readonly notebooks: readonly string[] }[];
}

export interface BuildGraphRequest extends ModelRequest {
  /** Draw only what this model, file, folder or kind of action needs, and what needs it. */
  readonly around?: string;
}

export interface GraphResult {
  /** Members of the JSON document. */
  readonly json: Readonly<Record<string, unknown>>;
  render(format: "dot" | "mermaid"): string;
}

export type ExplainRequest =
  /** A line of a generated file, or of a notebook that is a plain .py file; path relative to the current folder. */
  | { readonly kind: "line"; readonly file: string; readonly line: number }
  | { readonly kind: "cell"; readonly file: string; readonly cell: number; readonly line?: number };

export interface Explanation {
  /** For people. */
  readonly text: string;
  /** The same as members of the JSON document. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface LockRequest extends ModelRequest {
  /** Entries to learn anew: names, or "all"; undefined adds only what is missing. */
  readonly update: "all" | readonly string[] | undefined;
  /** Also say how uv.lock of each product is made; nothing is run. */
  readonly uv: boolean;
}

export interface LockResult {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
}

export interface FmtRequest {
  /** Notebooks, relative to the current folder; empty for all of the workspace. */
  readonly files: readonly string[];
  readonly checkOnly: boolean;
}

export interface FmtResult {
  readonly files: readonly { readonly path: string; readonly changed: boolean }[];
}

export interface VerifyRequest extends ModelRequest {
  /** Run also what was run before with the same content. */
  readonly force: boolean;
  /** Where the record is written as well; relative to the current folder. Of one model only. */
  readonly record?: string;
  /** The Python to use. */
  readonly python?: string;
  readonly network: boolean;
  readonly http: boolean;
  /** Most seconds of one run, and most bytes of memory of one process. */
  readonly seconds: number;
  readonly memory: number;
  /** Asked once before any code of a notebook is run; gives the reason where nobody agrees. */
  agree(notebooks: readonly string[]): Promise<true | string>;
  tell(text: string): void;
}

export interface VerifyResult {
  readonly models: readonly VerifiedModel[];
}

export interface VerifiedModel {
  readonly name: string;
  readonly record: VerificationRecord;
  /** Where the record stands, relative to the root. */
  readonly file: string;
  /** True where the same content was verified before and nothing was run. */
  readonly isRemembered: boolean;
}

export interface InitOptions {
  readonly host: Host;
  /** Absolute folder to scan and to write crosswalk.yaml in. */
  readonly folder: string;
  readonly toolVersion: string;
}

export interface InitResult {
  /** Relative to `folder`. */
  readonly file: string;
  readonly text: string;
  readonly written: boolean;
  readonly proposals: readonly Proposal[];
  /** Whether git was told of the merge driver. */
  readonly git: "installed" | "there" | "none" | "unwritable";
}

/** A directive that would make the notebook clearer. Nothing writes it but the scientist. */
export interface Proposal {
  readonly notebook: string;
  readonly cell: number;
  readonly line: number;
  readonly directive: string;
  readonly reason: string;
}
