/**
 * Methods of a table whose result has the same columns, each made of the column of its name and of nothing else. Not among them: what
 * casts several columns to one type on the way (`rank`), and `replace`, which has a rule of its own.
 */
const ofValues = words(
  "cumsum cumprod cummax cummin diff shift pct_change round abs astype convert_dtypes infer_objects tz_localize tz_convert " +
    "isna isnull notna notnull isin fillna ffill bfill pad backfill clip interpolate where mask sort_index",
);
/** Those of them that choose rows. */
const ofRows = words("head tail asfreq between_time at_time take truncate");

/** Methods whose result holds truth values, by the type that they are called on. */
const truths = words("isna isnull notna notnull isin between duplicated eq ne lt le gt ge");
const truthsOfText = words("contains startswith endswith match fullmatch isnumeric isdigit isalpha isalnum");

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

function bare(callee: string): string {
  return callee.startsWith(".") ? callee.slice(1) : callee;
}

/** True for a method of a table that gives the same columns, each made of its own kind alone. */
export function keepsColumns(callee: string): boolean {
  return ofValues.has(bare(callee)) || ofRows.has(bare(callee));
}

/** True for one of them that gives other rows. */
export function choosesRows(callee: string): boolean {
  return ofRows.has(bare(callee));
}

/** True for a method whose result chooses rows where it stands in brackets. */
export function isTruth(type: string, callee: string): boolean {
  return type === "accessor" ? truthsOfText.has(bare(callee)) : truths.has(bare(callee));
}
