/**
 * Every word of the annotation language, once. Tokens, parser, TextMate grammar, completion and documentation read these tables.
 * The value is one line of help.
 */

/** The word each directive begins with. */
export const DIRECTIVES = {
  step: "opens a step; it lasts until the next one",
  skip: "exploratory: never in production",
  keep: "stays in production although nothing reads it",
  input: "names the data that the statement below loads",
  output: "names the data that the statement below writes",
  param: "lifts a constant into a parameter",
  secret: "lifts the string literal of the statement below into the environment",
  seed: "the random seed of the model",
  entity: "what the features describe, and its key",
  feature: "a column that the feature store serves",
  serve: "the answer that a service must give",
  fit: "computed at training and kept as state",
  apply: "computed for each record",
  contract: "what a dataset promises",
  expect: "an invariant at this point of the code",
  metric: "a figure that is recorded; with a bound, a release gate",
  threshold: "the cut that a decision is taken at",
  monotone: "the direction in which a column moves the answer",
  drift: "the drift that monitoring tolerates",
  test: "an example that ships as a unit test",
  waive: "accepts one warning of the model until a date",
  ignore: "accepts one warning of the statement below",
  use: "what the model is for",
  misuse: "what the model must not be used for",
  assume: "what is taken for granted",
  limit: "where the model does not hold",
  risk: "what may go wrong, and what is done about it",
  decide: "a decision and its reason",
  source: "where the data come from",
  protect: "columns that must not drive the answer",
  label: "how the target is defined",
  monitor: "what is watched, and how often",
  review: "when the model is looked at again",
  section: "the prose of this cell becomes a section of the model card",
} as const;

/** One short example of each directive, for error messages, completion and documentation. */
export const EXAMPLES: Readonly<Record<DirectiveName, string>> = {
  step: 'step features(raw) -> X, y "ratios and bands"',
  skip: 'skip "tried boosting, not used"',
  keep: 'keep "sets the locale"',
  input: 'input applications from "data/applications.csv" as csv',
  output: 'output scores to "out/scores.parquet"',
  param: 'param TEST_SIZE: float = 0.3 in 0.05..0.5 "share held out"',
  secret: 'secret API_KEY "scoring bureau"',
  seed: "seed 42",
  entity: "entity customer key customer_id at valid_from",
  feature: "feature utilization: float of customer ttl 30d",
  serve: 'serve pd(application) -> proba "12-month PD"',
  fit: 'fit q10, q90 "residual quantiles"',
  apply: "apply ratios",
  contract: 'contract y { default int in {0, 1} target "90 days past due" }',
  expect: 'expect len(df) > 0 "no empty month"',
  metric: "metric auc >= 0.65 on test by sex",
  threshold: 'threshold cut >= 0.2 because "risk appetite"',
  monotone: "monotone income decreasing",
  drift: "drift psi < 0.2 on income",
  test: 'test "two" of ratios { given a = 1; given b = 2; expect result == 0.5 }',
  waive: 'waive CW4003 because "small sample before 2024" until 2027-03-31',
  ignore: 'ignore CW4007 because "read-only share"',
  use: 'use "approval of instalment loans"',
  misuse: 'misuse "pricing"',
  assume: 'assume "ids are unique" because "source key" check df["id"].is_unique',
  limit: 'limit "no applicants under 19 in the sample"',
  risk: 'risk "postcode may stand for origin" mitigated "dropped in step features"',
  decide: 'decide "drop refunds" because "out of scope"',
  source: 'source "Bank Marketing, UCI" license "CC-BY-4.0"',
  protect: 'protect sex, "Marital Status"',
  label: 'label "90 days past due within 12 months"',
  monitor: 'monitor "share of declined" every 30d',
  review: "review by 2027-06-30",
  section: 'section "Intended use"',
};

/** Words inside directives that are no directives themselves. */
export const KEYWORDS = {
  from: "the name by which the world outside knows the data",
  to: "the name by which the world outside knows the data",
  as: "the format of the data",
  in: "a range or a set of values",
  of: "what it belongs to",
  key: "the columns that identify one row",
  at: "the column that says since when a row holds",
  ttl: "how long a value stays fresh",
  on: "the dataset or columns it is computed on",
  by: "the slices, or the day",
  because: "the reason",
  until: "the last day",
  check: "an expression that must be true",
  mitigated: "what is done about it",
  license: "the licence of the data",
  every: "how often",
  increasing: "the answer never falls when the column grows",
  decreasing: "the answer never grows when the column grows",
  psi: "population stability index",
  ks: "Kolmogorov-Smirnov distance",
  chi2: "chi-square distance",
  given: "the record, or one argument, of a test",
  rows: "the number of rows",
  unique: "no value twice",
  nullable: "may be missing",
  pii: "identifies a person",
  sensitive: "must be handled with care",
  protected: "must not drive the answer",
  target: "what the model learns to predict",
  fresh: "the greatest age",
  matches: "a regular expression for the whole value",
} as const;

/** Words that may follow a column's type; comparisons and `in` may too. */
export const CONSTRAINTS = [
  "in",
  "unique",
  "nullable",
  "pii",
  "sensitive",
  "protected",
  "key",
  "target",
  "fresh",
  "matches",
] as const;

/** Types of columns and parameters, with the number of types they take in brackets. */
export const TYPES = {
  int: 0,
  float: 0,
  str: 0,
  bool: 0,
  date: 0,
  datetime: 0,
  time: 0,
  duration: 0,
  category: 0,
  decimal: 0,
  bytes: 0,
  list: 1,
  dict: 2,
  None: 0,
} as const;

/** Formats after `as`. */
export const FORMATS = ["csv", "parquet", "json", "jsonl", "sql", "table", "excel", "feather", "sqlite"] as const;

/** Units of a duration. */
export const UNITS = ["ms", "s", "min", "h", "d", "w", "mo", "y"] as const;

/** Words that are operators inside an expression: a string after one of them belongs to the expression. */
export const OPERATOR_WORDS = ["and", "or", "not", "in", "is", "if", "else", "for", "lambda"] as const;

/** Words that are values of Python. */
export const CONSTANTS = ["True", "False", "None"] as const;

export type DirectiveName = keyof typeof DIRECTIVES;
export type Word = DirectiveName | keyof typeof KEYWORDS;
export type TypeName = keyof typeof TYPES;
export type FormatName = (typeof FORMATS)[number];
export type Unit = (typeof UNITS)[number];

/** Every word, directives first. */
export const WORDS: Readonly<Record<Word, string>> = { ...DIRECTIVES, ...KEYWORDS };

/** True when `word` begins a directive. */
export function isDirective(word: string): word is DirectiveName {
  return Object.hasOwn(DIRECTIVES, word);
}
