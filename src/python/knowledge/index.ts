import { boostingLibrary } from "./boosting.ts";
import { builtinsLibrary } from "./builtins.ts";
import { type Effect, effect, type Library, type TypeInfo } from "./effect.ts";
import { numpyLibrary } from "./numpy.ts";
import { pandasLibrary } from "./pandas.ts";
import { plottingLibrary } from "./plotting.ts";
import { deterministicEstimators, sklearnLibrary } from "./sklearn.ts";
import { stdlibLibrary } from "./stdlib.ts";

const libraries: readonly Library[] = [
  builtinsLibrary,
  stdlibLibrary,
  numpyLibrary,
  pandasLibrary,
  sklearnLibrary,
  boostingLibrary,
  plottingLibrary,
];

const functions = new Map<string, string>(libraries.flatMap((library) => Object.entries(library.functions)));
const modules = new Map<string, string>(libraries.flatMap((library) => Object.entries(library.modules ?? {})));
const types = new Map<string, TypeInfo>(libraries.flatMap((library) => Object.entries(library.types ?? {})));

/** Packages whose capitalised names are estimators in scikit-learn's sense. */
const estimatorPackages =
  /^(?:sklearn|xgboost|lightgbm|catboost|imblearn|category_encoders|mlxtend|sklearn_pandas|feature_engine|chainladder)(?:\.|$)/;
/** Packages about which something is known: a name of theirs that is not listed is refused less harshly in wording, never in effect. */
const knownPackages = new Set(
  [...functions.keys(), ...modules.keys()].filter((name) => name.includes(".")).map((name) => name.split(".")[0] ?? ""),
);

/** Effect of calling a builtin or a library function by its qualified name; undefined when nothing is known. */
export function functionEffect(name: string): Effect | undefined {
  const exact = functions.get(name);
  if (exact !== undefined) return effect(exact);
  const owner = name.slice(0, name.lastIndexOf("."));
  const last = name.slice(owner.length + 1);
  if (isEstimatorClass(name)) return effect("holds -> estimator");
  if (/^scipy\.(?:stats\..*\.rvs|sparse\.rand(?:om)?)$/.test(name)) return effect("draws -> ndarray");
  if (/^sklearn\.(?:metrics|inspection|calibration|model_selection)/.test(name) && last.endsWith("Display"))
    return effect("display -> figure");
  for (let module = owner; module; module = module.slice(0, Math.max(0, module.lastIndexOf(".")))) {
    const whole = modules.get(module);
    if (whole !== undefined) return effect(whole);
  }
  return undefined;
}

/** True for a class of scikit-learn or a library that follows its conventions. */
export function isEstimatorClass(name: string): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return (
    estimatorPackages.test(name) &&
    /^[A-Z]/.test(last) &&
    !last.endsWith("Display") &&
    !functions.has(name) &&
    !/Warning$|Error$/.test(last)
  );
}

/** True when `fit` of this class draws no random numbers by itself. */
export function isDeterministicEstimator(name: string): boolean {
  return deterministicEstimators.has(name.slice(name.lastIndexOf(".") + 1));
}

export function typeInfo(type: string): TypeInfo | undefined {
  return types.get(type);
}

/** Effect of a method call on a value of a known type. */
export function methodEffect(type: string, method: string): Effect | undefined {
  for (let info = types.get(type); info; info = info.extends === undefined ? undefined : types.get(info.extends)) {
    const found = Object.hasOwn(info.methods, method) ? info.methods[method] : undefined;
    if (found !== undefined) return effect(found);
    if (info.extends === undefined && Object.hasOwn(info.methods, "*")) return effect(info.methods["*"] ?? "");
  }
  return undefined;
}

/** Effect of reading an attribute of a value of a known type. */
export function attributeEffect(type: string, attribute: string): Effect | undefined {
  for (let info = types.get(type); info; info = info.extends === undefined ? undefined : types.get(info.extends)) {
    const attributes = info.attributes ?? {};
    const found = Object.hasOwn(attributes, attribute)
      ? attributes[attribute]
      : info.extends === undefined
        ? attributes["*"]
        : undefined;
    if (found !== undefined) return effect(found);
  }
  return undefined;
}

/** Effect of `value[...]` on a known type. */
export function subscriptEffect(type: string): Effect | undefined {
  for (let info = types.get(type); info; info = info.extends === undefined ? undefined : types.get(info.extends)) {
    if (info.subscript !== undefined) return effect(info.subscript);
  }
  return undefined;
}

export function isImmutable(type: string): boolean {
  return types.get(type)?.immutable === true;
}

export function isKnownPackage(name: string): boolean {
  return knownPackages.has(name.split(".")[0] ?? "");
}

/** Every effect text of the tables, for the test that reads them all. */
export function allEffects(): readonly string[] {
  const ofTypes = [...types.values()].flatMap((t) => [
    ...Object.values(t.methods),
    ...Object.values(t.attributes ?? {}),
    ...(t.subscript === undefined ? [] : [t.subscript]),
  ]);
  return [...functions.values(), ...modules.values(), ...ofTypes];
}
