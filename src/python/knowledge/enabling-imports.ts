/**
 * Names that a library hands out only after another import: name → the module and the name of that import. Of scikit-learn those that its
 * user guide calls experimental.
 */
const enabling: Readonly<Record<string, readonly [module: string, name: string]>> = {
  "sklearn.impute.IterativeImputer": ["sklearn.experimental", "enable_iterative_imputer"],
  "sklearn.model_selection.HalvingGridSearchCV": ["sklearn.experimental", "enable_halving_search_cv"],
  "sklearn.model_selection.HalvingRandomSearchCV": ["sklearn.experimental", "enable_halving_search_cv"],
};

/** The import that must run before `from module import name`; undefined where none must. */
export function enablingImport(module: string, name: string): readonly [module: string, name: string] | undefined {
  const whole = `${module}.${name}`;
  return Object.hasOwn(enabling, whole) ? enabling[whole] : undefined;
}
