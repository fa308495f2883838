import type { Made, Read } from "../../engine/query.ts";
import type { ModelParams, ModelProduct } from "../actions/declared.ts";

/** A model that was compiled, with all that compiling looked at and the digests of what it saw there. */
export interface Compilation extends Made<ModelProduct> {
  readonly reads: readonly Read[];
}

/** A model to compile. */
export type ToThread = ModelParams;

/** What comes back: how far a model is, what came of it, or that nothing did (a bug: who asked compiles it, and sees it). */
export type FromThread =
  | { readonly kind: "phase"; readonly model: string; readonly phase: string }
  | { readonly kind: "made"; readonly model: ModelParams; readonly made: Compilation }
  | { readonly kind: "failed"; readonly model: ModelParams };
