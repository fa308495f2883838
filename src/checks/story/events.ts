import type { Grouping, TimeOrder } from "./machine.ts";
import type { Estimator, Lessons, Rows, Site, Split, Splitter, Value } from "./values.ts";

/** Something that a law asks about, in the order of the run. */
export type StoryEvent =
  | SplitEvent
  | FitEvent
  | PredictEvent
  | ScoreEvent
  | CrossEvent
  | ThresholdEvent
  | DropEvent
  | ResampleEvent;

/** Rows are divided. */
export interface SplitEvent {
  readonly kind: "split";
  readonly split: Split;
  readonly time: TimeOrder | undefined;
  readonly grouping: Grouping | undefined;
}

/** An estimator is fitted, a model or one that prepares. */
export interface FitEvent {
  readonly kind: "fit";
  readonly site: Site;
  readonly estimator: Estimator;
  readonly x: Value;
  readonly y: Value | undefined;
  /** Data that the fit looks at while it goes on: when to stop. */
  readonly watched: readonly Rows[];
  /** It may stop early, or keeps the best round. */
  readonly stops: boolean;
  readonly chosenBy: Lessons;
}

/** A fitted estimator is asked about rows. */
export interface PredictEvent {
  readonly kind: "predict";
  readonly site: Site;
  readonly model: Estimator;
  readonly x: Value;
  readonly rows: Rows;
  readonly chosenBy: Lessons;
}

/** A model is measured on rows. */
export interface ScoreEvent {
  readonly kind: "score";
  readonly site: Site;
  readonly model: Estimator;
  readonly rows: Rows;
  readonly text: string;
  /** Not by a metric of a library, but by comparing answers with labels. */
  readonly isByHand: boolean;
  readonly chosenBy: Lessons;
}

/** A model is fitted and measured in folds. */
export interface CrossEvent {
  readonly kind: "cross";
  readonly site: Site;
  readonly x: Value;
  readonly y: Value | undefined;
  readonly text: string;
  readonly splitter: Splitter | undefined;
  readonly time: TimeOrder | undefined;
  readonly grouping: Grouping | undefined;
  readonly isGrouped: boolean;
  /** A search over parameters: a fit of its own. */
  readonly isSearch: boolean;
}

/** Scores of a model are compared with a limit that was chosen by measuring. */
export interface ThresholdEvent {
  readonly kind: "threshold";
  readonly site: Site;
  readonly rows: Rows;
  readonly text: string;
  readonly chosenBy: Lessons;
}

/** Rows that stand there twice are dropped. */
export interface DropEvent {
  readonly kind: "drop";
  readonly site: Site;
  readonly rows: Rows;
  readonly after: Rows;
}

/** Rows are made up or copied. */
export interface ResampleEvent {
  readonly kind: "resample";
  readonly site: Site;
  readonly rows: Rows;
  readonly text: string;
}
