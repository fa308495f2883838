import type { ConfigurableTarget } from "./schema.ts";
import { allTargets } from "./targets.ts";

/** Every target that crosswalk.yaml may name, with the schema of its options. */
export const knownTargets: readonly ConfigurableTarget[] = allTargets.map(({ name, options }) => ({ name, options }));
