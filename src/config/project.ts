import type { Place } from "../diagnostics/diagnostic.ts";
import type { CacheKind } from "./cache-shape.ts";
import type { MapTree } from "./yaml-tree.ts";

/** Values as YAML gives them, checked against the schema. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A workspace: the models of one crosswalk.yaml, or of all that a root `workspace:` names. Paths are relative to `root`. */
export interface Workspace {
  /** Absolute folder of the root crosswalk.yaml. */
  readonly root: string;
  readonly models: readonly ModelConfig[];
  /** Every crosswalk.yaml that was read, the root's first. */
  readonly files?: readonly string[];
  /** Where compiled models are shared; undefined where they are not. */
  readonly cache?: CacheConfig;
}

/** A shared cache as the root crosswalk.yaml names it. Holds no secret. */
export interface CacheConfig {
  readonly kind: CacheKind;
  readonly url: string;
  readonly trust: readonly string[];
  /** The environment variable that holds the token. */
  readonly token?: string;
  readonly team?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly space: string;
  /** Seconds. */
  readonly timeout: number;
  readonly budget: number;
  readonly place: Place;
}

/** One model with defaults, inheritance and overrides applied. Every path is relative to the workspace root, normalised. */
export interface ModelConfig {
  readonly name: string;
  /** The crosswalk.yaml it stands in. */
  readonly file: string;
  /** Folder of `file`: what the paths in the notebook's product are resolved against ("." at the root). */
  readonly folder: string;
  readonly owner?: string;
  readonly risk?: string;
  readonly notebooks: readonly string[];
  /** Product folder, the model's name included, e.g. "production/credit-risk". */
  readonly out: string;
  /** A PEP 440 specifier, e.g. ">=3.11". */
  readonly python: string;
  /** Extra requirements (PEP 508), beyond what imports say. */
  readonly dependencies: readonly string[];
  readonly data: Readonly<Record<string, DataBinding>>;
  readonly params: Readonly<Record<string, Json>>;
  readonly targets: readonly TargetChoice[];
  /** By code, lower-cased severity: "off" | "note" | "warning". */
  readonly checks: Readonly<Record<string, "off" | "note" | "warning">>;
  readonly environments: Readonly<Record<string, EnvironmentConfig>>;
  /** Place of a key of this model, e.g. place("data", "applications", "path"); of the nearest parent when it is not written. */
  place(...path: readonly (string | number)[]): Place;
  /** The settings after inheritance, each value with its place. Tells `1.0` from `1` (see writtenAs). */
  readonly source?: MapTree;
}

export interface DataBinding {
  /** Relative to the workspace root, or an address with `://` as it was written. */
  readonly path?: string;
  readonly sql?: string;
  readonly table?: string;
  readonly connection?: string;
  readonly format?: string;
  readonly options?: Readonly<Record<string, Json>>;
  readonly role?: "source" | "reference" | "intermediate" | "output";
}

export interface TargetChoice {
  readonly name: string;
  readonly options: Readonly<Record<string, Json>>;
}

/** What one environment overlays. Each dataset and parameter named here is complete: merged over the model's own. */
export interface EnvironmentConfig {
  readonly data: Readonly<Record<string, DataBinding>>;
  readonly params: Readonly<Record<string, Json>>;
  /** Secret name → where it comes from. */
  readonly secrets: Readonly<Record<string, { readonly env: string }>>;
}
