import type { ModelConfig } from "../config/project.ts";
import type { Target } from "../targets/contract/target.ts";
import { packageTarget } from "../targets/package/index.ts";

/** Every target that crosswalk.yaml may name. */
export const allTargets: readonly Target[] = [packageTarget];

/** The targets that a model asks for, with their options. */
export function targetsOf(
  model: ModelConfig,
): readonly { readonly target: Target; readonly options: Record<string, never> }[] {
  return model.targets.flatMap((choice) =>
    allTargets
      .filter((t) => t.name === choice.name)
      .map((target) => ({
        target,
        options: { ...target.options.defaults, ...choice.options } as Record<string, never>,
      })),
  );
}
