import { expect, it } from "vitest";
import { distributionOf, isStandardLibrary } from "../../../src/python/knowledge/distributions.ts";
import type { Effect } from "../../../src/python/knowledge/effect.ts";
import { commonKnowledge } from "../../../src/python/knowledge/index.ts";

const { attributeEffect, functionEffect, isEstimatorClass, isImmutable, methodEffect, subscriptEffect } =
  commonKnowledge();

/** Short form of an effect: the words that are set, then the result. */
function said(found: Effect | undefined): string {
  if (!found) return "unknown";
  const words = [
    found.mutates && !found.fits ? "mutates" : "",
    found.mutatesArgs.length > 0 ? `mutates${found.mutatesArgs.join("")}` : "",
    found.inplace ? "inplace" : "",
    found.view ? "view" : "",
    found.self ? "self" : "",
    found.holds ? "holds" : "",
    found.draws ? `draws ${found.draws}` : "",
    found.seeds ? `seeds ${found.seeds}` : "",
    found.display ? "display" : "",
    found.loads ? "loads" : "",
    found.stores ? "stores" : "",
    found.prepares ? "prepares" : "",
    found.clock ? "clock" : "",
    found.settings ? "settings" : "",
    found.calls ? "calls" : "",
    found.means ?? "",
    found.fits ? "fit" : "",
  ].filter(Boolean);
  return [...words, "->", found.returns].join(" ");
}

const functions: readonly (readonly [name: string, says: string])[] = [
  ["len", "-> int"],
  ["print", "display -> None"],
  ["sorted", "holds -> list"],
  ["map", "holds calls -> iterator"],
  ["next", "mutates0 holds -> unknown"],
  ["open", "loads -> file"],
  ["setattr", "mutates0 holds -> None"],
  ["pandas.read_csv", "loads -> DataFrame"],
  ["pandas.DataFrame", "view holds -> DataFrame"],
  ["pandas.concat", "-> DataFrame"],
  ["pandas.Timestamp.now", "clock -> Timestamp"],
  ["pandas.set_option", "settings -> None"],
  ["numpy.array", "-> ndarray"],
  ["numpy.asarray", "view -> ndarray"],
  ["numpy.random.seed", "seeds numpy -> None"],
  ["numpy.random.rand", "draws numpy -> ndarray"],
  ["numpy.random.logseries", "draws numpy -> ndarray"],
  ["numpy.random.shuffle", "mutates0 draws numpy -> None"],
  ["numpy.random.default_rng", "holds -> RandomState"],
  ["numpy.add.at", "mutates0 -> None"],
  ["numpy.put_along_axis", "mutates0 -> None"],
  ["numpy.fill_diagonal", "mutates0 -> None"],
  ["numpy.linalg.inv", "-> ndarray"],
  ["numpy.save", "stores -> None"],
  ["numpy.log1p", "-> elementwise"],
  ["random.seed", "seeds python -> None"],
  ["random.shuffle", "mutates0 draws python -> None"],
  ["random.choice", "view draws python -> unknown"],
  ["os.makedirs", "prepares -> None"],
  ["os.chdir", "settings -> None"],
  ["time.time", "clock -> float"],
  ["datetime.datetime.now", "clock -> datetime"],
  ["json.dump", "stores -> None"],
  ["joblib.load", "loads -> unknown"],
  ["copy.deepcopy", "-> same"],
  ["math.sqrt", "-> float"],
  ["sklearn.model_selection.train_test_split", "draws numpy -> list"],
  ["sklearn.metrics.roc_auc_score", "score -> float"],
  ["sklearn.linear_model.LogisticRegression", "holds -> estimator"],
  ["sklearn.metrics.RocCurveDisplay", "display -> figure"],
  ["sklearn.set_config", "settings -> None"],
  ["xgboost.XGBClassifier", "holds -> estimator"],
  ["matplotlib.pyplot.plot", "display -> figure"],
  ["seaborn.load_dataset", "loads -> DataFrame"],
  ["nobody.knows", "unknown"],
  ["os.system", "unknown"],
];

it.each(functions)("%s is %s", (name, says) => {
  expect(said(functionEffect(name))).toBe(says);
});

const methods: readonly (readonly [type: string, name: string, says: string])[] = [
  ["DataFrame", "drop", "inplace -> DataFrame"],
  ["DataFrame", "head", "view -> DataFrame"],
  ["DataFrame", "sample", "draws numpy -> DataFrame"],
  ["DataFrame", "insert", "mutates -> None"],
  ["DataFrame", "pop", "mutates view -> Series"],
  ["DataFrame", "groupby", "view -> GroupBy"],
  ["DataFrame", "apply", "calls -> unknown"],
  ["DataFrame", "to_csv", "stores -> None"],
  ["DataFrame", "info", "display -> unknown"],
  ["DataFrame", "isetitem", "mutates -> None"],
  ["Series", "fillna", "inplace -> Series"],
  ["Series", "to_numpy", "view -> ndarray"],
  ["Series", "mean", "-> float"],
  ["column-or-frame", "map", "calls -> column-or-frame"],
  ["column-or-frame", "drop", "inplace -> column-or-frame"],
  ["GroupBy", "transform", "calls -> unknown-frame"],
  ["ndarray", "reshape", "view -> ndarray"],
  ["ndarray", "fill", "mutates -> None"],
  ["ndarray", "copy", "-> ndarray"],
  ["RandomState", "normal", "mutates -> float-or-array"],
  ["RandomState", "shuffle", "mutates mutates0 -> None"],
  ["estimator", "fit", "self draws numpy fit -> estimator"],
  ["estimator", "predict_proba", "prediction -> ndarray"],
  ["estimator", "fit_transform", "draws numpy fit -> ndarray"],
  ["estimator", "set_params", "mutates self -> estimator"],
  ["estimator", "whatever", "inplace view holds calls -> unknown-pure"],
  ["list", "append", "mutates holds -> None"],
  ["list", "sort", "mutates calls -> None"],
  ["dict", "setdefault", "mutates view holds -> unknown"],
  ["dict", "get", "view holds -> unknown"],
  ["str", "format", "-> str"],
  ["figure", "anything", "display -> figure"],
  ["no such type", "anything", "unknown"],
];

it.each(methods)("%s.%s is %s", (type, name, says) => {
  expect(said(methodEffect(type, name))).toBe(says);
});

it("attributes and subscripts", () => {
  expect(said(attributeEffect("DataFrame", "values"))).toBe("view -> ndarray");
  expect(said(attributeEffect("DataFrame", "anything"))).toBe("view -> Series");
  expect(said(attributeEffect("estimator", "coef_"))).toBe("view -> ndarray");
  expect(said(attributeEffect("int", "anything"))).toBe("unknown");
  expect(said(subscriptEffect("DataFrame"))).toBe("view -> column-or-frame");
  expect(said(subscriptEffect("estimator"))).toBe("view -> estimator");
  expect(said(subscriptEffect("float"))).toBe("unknown");
});

it("names of Object.prototype are no knowledge", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    expect([name, said(functionEffect(name))]).toEqual([name, "unknown"]);
    expect([name, said(methodEffect("list", name))]).toEqual([name, "unknown"]);
    expect([name, said(attributeEffect("dict", name))]).toEqual([name, "unknown"]);
  }
});

it("estimators: which are, and which draw", () => {
  expect(isEstimatorClass("sklearn.svm.SVC")).toBe(true);
  expect(isEstimatorClass("sklearn.metrics.roc_auc_score")).toBe(false);
  expect(isEstimatorClass("sklearn.exceptions.ConvergenceWarning")).toBe(false);
  expect(functionEffect("sklearn.linear_model.LinearRegression")?.deterministic).toEqual({});
  expect(functionEffect("sklearn.model_selection.KFold")?.deterministic).toEqual({ unless: { argument: "shuffle" } });
  expect(functionEffect("sklearn.linear_model.LogisticRegression")?.deterministic).toEqual({
    unless: { argument: "solver", values: ["liblinear", "sag", "saga"] },
  });
  for (const name of [
    "ensemble.RandomForestClassifier",
    "cluster.KMeans",
    "svm.LinearSVC",
    "linear_model.SGDClassifier",
  ])
    expect([name, functionEffect(`sklearn.${name}`)?.deterministic]).toEqual([name, undefined]);
});

it("what has storage", () => {
  for (const type of ["int", "str", "Timestamp", "Path", "None"])
    expect([type, isImmutable(type)]).toEqual([type, true]);
  for (const type of ["list", "DataFrame", "estimator", "unknown"])
    expect([type, isImmutable(type)]).toEqual([type, false]);
});

it("distributions of imports", () => {
  expect(distributionOf("sklearn.svm")).toBe("scikit-learn");
  expect(distributionOf("cv2")).toBe("opencv-python");
  expect(distributionOf("pandas")).toBe("pandas");
  expect(distributionOf("my_lib.part")).toBe("my-lib");
  expect(distributionOf("os.path")).toBeUndefined();
  expect(distributionOf("__future__")).toBeUndefined();
  expect(distributionOf("toString")).toBe("tostring");
  expect(distributionOf("constructor")).toBe("constructor");
  expect(isStandardLibrary("json.decoder")).toBe(true);
  expect(isStandardLibrary("jsonschema")).toBe(false);
});
