import type { ConfigurableTarget } from "./schema.ts";

/** Every target that crosswalk.yaml may name. The package's own folder takes over its entry when it exports its options. */
export const knownTargets: readonly ConfigurableTarget[] = [
  { name: "package", options: { schema: { type: "object", properties: {}, additionalProperties: false } } },
];
