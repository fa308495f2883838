/** One model of an example, and the notebooks it is built from, in order. */
export interface ExampleModel {
  readonly model: string;
  readonly notebooks: readonly string[];
}

/** What a model answers for raw rows. */
export interface Serves {
  readonly answer: string;
  readonly values: readonly string[];
  /** The file that the rows stand in, and how pandas reads it where not by default. */
  readonly file: string;
  readonly reads?: { readonly sep: string; readonly decimal: string };
}

/** A repository under examples/: what the tests build, run and compare. */
export interface Example {
  readonly name: string;
  /** The same code twice: as it was left, then with annotations. */
  readonly models: readonly [ExampleModel, ExampleModel];
  /** Code cells of the notebooks together. */
  readonly codeCells: number;
  /** Files that the notebooks write, and the products too, byte for byte. */
  readonly written: readonly string[];
  /** Results that must be among those that are compared. */
  readonly results: readonly string[];
  /** The figure that says the model is worth reproducing, and what it must exceed. */
  readonly metric: { readonly name: string; readonly above: number };
  /**
   * Cells (1-based) of each notebook that only explore: looks, plots, dead ends. No statement of theirs may reach a product.
   * Imports do not count: a cell that tries something may import what later cells use.
   */
  readonly exploratory: readonly (readonly number[])[];
  /** Exploratory cells that compute a result by the rules, so that only the annotated model leaves them out (`skip`). */
  readonly skipped: readonly (readonly number[])[];
  /** What the annotated model answers. */
  readonly serves?: Serves;
  /** Text that must not reach a product. */
  readonly secretText?: string;
}

/** Every example, each with a bare and an annotated model. */
export const examples: readonly Example[] = [
  {
    name: "credit-risk",
    models: [
      { model: "credit-risk-bare", notebooks: ["notebooks/train.ipynb"] },
      { model: "credit-risk", notebooks: ["notebooks/train_annotated.ipynb"] },
    ],
    codeCells: 41,
    written: ["data/scored_applications.csv"],
    results: ["auc", "brier", "best_thr", "model", "challenger", "scored"],
    metric: { name: "auc", above: 0.7 },
    exploratory: [[2, 6, 7, 8, 11, 15, 19, 20, 21, 25, 43, 50]],
    skipped: [[33]],
    serves: { answer: "score", values: ["proba", "proba_gb"], file: "data/applications.csv" },
    secretText: "not-a-real-token",
  },
  {
    name: "claims-frequency",
    models: [
      { model: "claims-frequency-bare", notebooks: ["notebooks/01_prepare.ipynb", "notebooks/02_model.ipynb"] },
      {
        model: "claims-frequency",
        notebooks: ["notebooks/01_prepare_annotated.ipynb", "notebooks/02_model_annotated.ipynb"],
      },
    ],
    codeCells: 67,
    written: ["data/motor_prepared.parquet", "data/motor_scored.csv"],
    results: [
      "policies",
      "per_policy",
      "prepared",
      "glm",
      "trees",
      "tweedie",
      "dev_glm",
      "gini_glm",
      "segments",
      "scored",
    ],
    metric: { name: "gini_glm", above: 0.15 },
    exploratory: [
      [3, 5, 7, 8, 9, 13, 15, 17, 24, 26, 27, 29, 31, 36, 37, 38, 39],
      [6, 8, 10, 16, 26, 33],
    ],
    skipped: [[], [14]],
    serves: {
      answer: "tariff",
      values: ["pred_glm", "pred_trees"],
      file: "data/policies.csv",
      reads: { sep: ";", decimal: "," },
    },
  },
  {
    name: "predictive-maintenance",
    models: [
      { model: "predictive-maintenance-bare", notebooks: ["notebooks/pump_failures.py"] },
      { model: "predictive-maintenance", notebooks: ["notebooks/pump_failures_annotated.py"] },
    ],
    codeCells: 38,
    written: ["data/visits.csv"],
    results: ["model", "risk", "auc", "ap", "level", "by_plant", "visits", "summary"],
    metric: { name: "auc", above: 0.75 },
    exploratory: [[3, 9, 10, 13, 17, 18, 24, 27, 31, 38, 39, 45, 46]],
    skipped: [[]],
    serves: { answer: "risk", values: ["risk"], file: "data/sensors.csv" },
  },
];
