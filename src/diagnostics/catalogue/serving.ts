import { entries } from "../define.ts";

const cause = "A predictor must give each raw row the notebook's own answer, whatever other rows are asked with it.";

/** CW31xx: why no predictor can be made, or not the one that is asked for. */
export const servingEntries = entries(() => ({
  CW3100: {
    slug: "not-served",
    severity: "note",
    title: "The model is trained, but no raw row can be answered",
    message: "No predictor is made: '{text}' {why}, and the answer needs it ({path}).",
    cause,
    fix: "Run 'crosswalk explain {code}' to see what can be done; a 'serve' directive makes this an error.",
  },
  CW3101: {
    slug: "nothing-served",
    severity: "error",
    title: "A 'serve' directive names no answer",
    message: "'serve {name}' gives '{value}', which {why} at this place.",
    cause: "Only a value that has an entry for each row of a dataset, and comes from a model, can be served.",
    fix: "Name variables that the notebook computes row by row from a prediction, below the cell that computes them.",
  },
  CW3102: {
    slug: "answer-without-name",
    severity: "note",
    title: "The last prediction on held-out rows has no name",
    message: "No predictor is made: '{text}' predicts rows held out, and no variable of the notebook holds its answer.",
    cause:
      "An answer is served by its name, and compared with what the notebook computed for the same rows; what stays inside a function cannot be.",
    fix: "Assign the prediction to a variable outside of functions, and write '# cw: serve predict(ROWS) -> VARIABLE' below it.",
  },
  CW3111: {
    slug: "unknown-operation",
    severity: "error",
    title: "An operation on rows that nobody understands",
    message: "'{text}' is not known to work row by row, and the answer '{name}' needs it ({path}).",
    cause,
    fix: "Write it with operations of pandas, numpy or scikit-learn that work row by row; or say '# cw: apply' above the statement where row i of its result needs row i alone, '# cw: fit NAME' where training computes it once.",
  },
  CW3112: {
    slug: "needs-other-rows",
    severity: "error",
    title: "The answer for a row needs other rows",
    message: "'{text}' looks at other rows than the one that is answered, and the answer '{name}' needs it ({path}).",
    cause: "Lags, windows, running sums, ranks and fills from neighbours cannot be computed for one row by itself.",
    fix: "Sort the rows by a time that '# cw: entity NAME key COLUMN at TIME' names, join a table of history by a key, or leave the column out of the features.",
  },
  CW3113: {
    slug: "row-position",
    severity: "error",
    title: "The place of a row is used as a value",
    message: "'{text}' makes a value of a row's place or label, and the answer '{name}' needs it ({path}).",
    cause: "A raw row has no place until it is put among others; any place that it is given would be a guess.",
    fix: "Take the number from a column of the data, or leave it out of the features.",
  },
  CW3114: {
    slug: "random-answer",
    severity: "error",
    title: "A random number reaches the answer",
    message: "'{text}' draws a number for each row, and the answer '{name}' needs it ({path}).",
    cause: "The numbers of the notebook's run are gone; new ones would give another answer.",
    fix: "Leave the random column out of the features.",
  },
  CW3115: {
    slug: "clock-answer",
    severity: "error",
    title: "The answer depends on the moment",
    message: "'{text}' reads the clock, and the answer '{name}' needs it ({path}).",
    cause: "The same row would get another answer tomorrow than the one that was tested today.",
    fix: "Assign the date to a variable and make it a parameter: '# cw: param as_of'.",
  },
  CW3116: {
    slug: "other-row-set",
    severity: "error",
    title: "Values of different rows are put together",
    message: "'{text}' puts together values that do not have the same rows, and the answer '{name}' needs it ({path}).",
    cause:
      "pandas aligns such values by label and numpy by place: for a single raw row neither says which belongs to it.",
    fix: "Compute both from the same table, or join them by a key.",
  },
  CW3117: {
    slug: "branch-on-rows",
    severity: "error",
    title: "A statement is chosen by values of rows",
    message: "'{text}' decides by values of rows which statements run, and the answer '{name}' needs them ({path}).",
    cause: "Training has one decision for all rows; a single raw row might decide otherwise.",
    fix: "Put the decision into a function of one value and use 'apply', or into 'np.where'.",
  },
  CW3118: {
    slug: "container-of-rows",
    severity: "error",
    title: "Row values in a container that cannot be followed",
    message: "'{text}' keeps row values where they cannot be followed, and the answer '{name}' needs them ({path}).",
    cause,
    fix: "Assign each to a name or a column of its own.",
  },
  CW3119: {
    slug: "no-transform",
    severity: "error",
    title: "An estimator without a transform for new rows",
    message: "'{text}' places training rows only, and the answer '{name}' needs it ({path}).",
    cause: "Some estimators give coordinates or clusters of the rows that they were fitted on and nothing else.",
    fix: "Use an estimator that has 'transform' or 'predict', such as PCA or KMeans.",
  },
  CW3121: {
    slug: "foreign-model",
    severity: "error",
    title: "A value from a file that no cell writes",
    message: "'{text}' is loaded from a file that no cell writes, and the answer '{name}' needs it ({path}).",
    cause: "Nobody can say how it was made, so the answer would rest on something that the notebook does not show.",
    fix: "Add the cell that makes and saves it.",
  },
  CW3122: {
    slug: "label-demanded",
    severity: "error",
    title: "The features hold the label",
    message: "'{text}' is what the model is fitted to, and the answer '{name}' needs it as a feature ({path}).",
    cause: "The label is not known when a raw row is answered.",
    fix: "Drop the column from the features, by its name.",
  },
  CW3124: {
    slug: "batch-only",
    severity: "warning",
    title: "Answers look at the other rows of their batch",
    message:
      "'{text}' looks at other rows, and no history is declared: '{name}' answers batches only, from the rows of the same batch, and has no endpoint ({path}).",
    cause:
      "A lag or window of one row by itself would be a guess; over all rows of a file it is what the notebook computes, if the file holds all that the notebook read.",
    fix: "Say where rows before come from: '# cw: entity NAME key COLUMN at TIME' where the dataset is loaded.",
  },
  CW3123: {
    slug: "pandas-version-decides",
    severity: "error",
    title: "The version of pandas decides what this does",
    message:
      "'{text}' does different things in different versions of pandas, and the answer '{name}' needs it ({path}).",
    cause: "With copy-on-write (pandas 3) a change of a selection does not reach the table; before, it may.",
    fix: "Pin pandas in requirements.txt, or write 'table.loc[rows, column] = value'.",
  },
  CW3120: {
    slug: "row-labels-stored",
    severity: "error",
    title: "Particular rows are edited",
    message: "'{text}' writes rows by their labels, and the answer '{name}' needs them ({path}).",
    cause: "The edit is right for rows of the notebook's file; a raw row to be answered is none of them.",
    fix: "Choose the rows by a condition on their values.",
  },
  CW3125: {
    slug: "prepared-differently",
    severity: "warning",
    title: "The model is asked about rows that are prepared otherwise",
    message: "The model is asked about rows that are prepared otherwise than those that it was fitted on: {what}.",
    cause:
      "The model meets values that it has not learned from. The product answers as the notebook did for the rows held out, so it has the same fault.",
    fix: "Prepare both with one function, or do the same to both with what was learned from the training rows.",
  },
}));
