/** What pandas, numpy and scikit-learn do with row values, as the table of fit-apply.md, part 4, has it. Names only; `calls.ts` applies them. */

export const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/** Entry by entry, on tables and columns (rules 1, 4, 9). */
export const entrywise = words(`
  abs round clip between isin isna notna isnull notnull where mask fillna replace astype eq ne lt le gt ge
  add sub mul div truediv floordiv mod pow radd rsub rmul rdiv rtruediv rfloordiv rmod rpow combine_first
  copy to_numpy rename assign drop set_axis add_prefix add_suffix filter get squeeze pipe map apply applymap transform
  reindex to_frame infer_objects convert_dtypes divide multiply subtract
`);

/** Numbers, tables or columns computed over all rows (rule 3); with `axis=1` over a row. */
export const overRows = words(`
  mean median mode min max sum std var quantile nunique unique value_counts count describe corr cov skew kurt kurtosis sem mad
  any all idxmax idxmin prod product agg aggregate argmax argmin nlargest_ memory_usage info first_valid_index last_valid_index
  corrwith autocorr is_unique item ptp to_dict_ hist plot boxplot
`);

/** The same for each row, by `axis=1`. */
export const byAxis = words(
  "mean median min max sum std var quantile nunique count any all idxmax idxmin prod mode skew kurt argmax argmin",
);

/** Choose, repeat or order rows: nothing at all for a given row (rules 21, 23). */
export const rowOperations = words(`
  dropna drop_duplicates head tail sample nlargest nsmallest query truncate sort_values sort_index take between_time at_time
`);

/** Row operations that change the order. */
export const reordering = words("sort_values sort_index sample nlargest nsmallest take");

/** Entry i needs other rows (rule 18). */
export const history = words(`
  shift diff pct_change rolling expanding ewm cumsum cumprod cummax cummin cumcount rank interpolate ffill bfill pad backfill
  duplicated resample asfreq ngroup
`);

/** They look values up in another list: it must be training's. */
export const lookups = words("isin map replace");

/** The same of numpy, whose first argument may have rows. */
export const numpyLookups = words("isin in1d searchsorted digitize interp");

/** Methods of `.str` and `.dt` that look at one entry (rules 7, 8). Everything but these looks further. */
export const notEntrywiseText = words("get_dummies cat extractall");

/** Functions of numpy that work entry by entry (rules 1, 2). */
export const numpyEntrywise = words(`
  log log1p log2 log10 exp expm1 sqrt cbrt square abs absolute fabs sign floor ceil rint trunc round around where select clip maximum
  minimum fmax fmin power float_power add subtract multiply divide true_divide floor_divide mod remainder fmod negative positive
  isnan isinf isfinite nan_to_num hypot arctan2 sin cos tan arcsin arccos arctan sinh cosh tanh deg2rad rad2deg degrees radians
  logical_and logical_or logical_not logical_xor equal not_equal greater greater_equal less less_equal isclose isin in1d
  digitize searchsorted interp heaviside exp2 reciprocal real imag angle float32 float64 int32 int64 bool_ piecewise
`);

/** Functions of numpy that put arrays together by columns, or only change their shape. */
export const numpyShape = words(
  "array asarray asanyarray ascontiguousarray ravel squeeze atleast_2d column_stack hstack c_ copy",
);

/** Functions of numpy over all rows. */
export const numpyOverRows = words(`
  mean median average sum std var min max amin amax percentile quantile nanmean nanmedian nansum nanstd nanvar nanmin nanmax
  nanpercentile nanquantile unique bincount histogram histogram_bin_edges corrcoef cov ptp prod any all count_nonzero argmax argmin
  nanargmax nanargmin linspace arange
`);

/** Functions of pandas that work entry by entry. */
export const pandasEntrywise = words("to_numeric to_datetime to_timedelta isna isnull notna notnull");

/** What an estimator gives for each row (rule 34). */
export const applied = words(`
  transform predict predict_proba predict_log_proba decision_function score_samples apply inverse_transform kneighbors
`);

/** Of those, the ones that are predictions. */
export const predicting = words("predict predict_proba predict_log_proba decision_function score_samples");

/** Estimators whose `fit_transform` is not `fit` and `transform`, or that have no transform for new rows (rule 35). */
export const noTransform =
  /\.(?:TSNE|MDS|SpectralEmbedding|DBSCAN|HDBSCAN|OPTICS|AgglomerativeClustering|SpectralClustering|FeatureAgglomeration_|TargetEncoder)$/;

/** What the clock, or a random generator, gives (rules 8, 32). */
export const clock =
  /^(?:pandas\.Timestamp\.(?:now|today|utcnow)|datetime\.(?:datetime\.)?(?:now|today|utcnow)|datetime\.date\.today|time\.time)$/;

/** Parameters that a rule looks for in their places, of functions and methods that are often given them by name. */
export const parameters: ReadonlyMap<string, readonly string[]> = new Map([
  ["pandas.get_dummies", ["data"]],
  ["pandas.concat", ["objs"]],
  ["pandas.merge", ["left", "right"]],
  [".merge", ["right"]],
  [".join", ["other"]],
  [".apply", ["func"]],
  [".applymap", ["func"]],
  [".map", ["arg"]],
  [".astype", ["dtype"]],
  [".pop", ["item"]],
]);
