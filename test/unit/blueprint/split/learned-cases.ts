import type { Case } from "./notebooks.ts";

/** What is learned from columns before the split, and how the predictor uses it. The last line, which gives the answer, is the same in all. */
export const learnedCases: readonly Case[] = [
  {
    what: "a fill with the median of all rows",
    before: `df["income"] = df["income"].fillna(df["income"].median())
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'].fillna(state.income_median)",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_median", "model"],
  },
  {
    what: "a loop of fills, kept turn by turn",
    before: `for c in ["age", "income"]:
    df[c] = df[c].fillna(df[c].median())
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "for c in present(['age', 'income'], frame):",
      "    frame[c] = frame[c].fillna(state.median_by_c[c])",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["median_by_c[]", "model"],
  },
  {
    what: "a loop over columns that the data tells, of which the label is none",
    before: `numeric = df.select_dtypes("number").columns
for c in numeric:
    df[c] = df[c].fillna(df[c].mean())
X = df.drop(columns=["bad"])
y = df["bad"]
`,
    body: [
      "for c in present(state.numeric, frame):",
      "    frame[c] = frame[c].fillna(state.mean_by_c[c])",
      "X = frame.drop(columns=['bad'], errors='ignore')",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["numeric", "mean_by_c[]", "model"],
  },
  {
    what: "dummies, with the columns of training and none dropped first",
    before: `X = pd.get_dummies(df.drop(columns=["bad"]), columns=["city"], drop_first=True)
y = df["bad"]
`,
    body: [
      "X = with_columns(pd.get_dummies(frame.drop(columns=['bad'], errors='ignore'), columns=['city']), state.df_drop_columns)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["df_drop_columns", "model"],
  },
  {
    what: "fit_transform in two",
    before: `scaler = StandardScaler()
X = scaler.fit_transform(df[["age", "income"]])
y = df["bad"]
`,
    body: ["X = state.scaler.transform(frame[['age', 'income']])", "proba = state.model.predict_proba(X)[:, 1]"],
    fields: ["scaler", "model"],
  },
  {
    what: "quantiles as edges",
    before: `df["band"] = pd.qcut(df["income"], 4, labels=False)
X = df[["age", "band"]]
y = df["bad"]
`,
    body: [
      "frame['band'] = apply_bins(frame['income'], state.income_bins)",
      "X = frame[['age', 'band']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_bins", "model"],
  },
  {
    what: "a number of bins",
    before: `df["band"] = pd.cut(df["age"], 5, labels=False)
X = df[["income", "band"]]
y = df["bad"]
`,
    body: [
      "frame['band'] = apply_bins(frame['age'], state.age_bins)",
      "X = frame[['income', 'band']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["age_bins", "model"],
  },
  {
    what: "a reference table that the row is joined to",
    before: `rates = pd.read_csv("rates.csv")
df = df.merge(rates, on="city", how="left")
X = df[["age", "rate"]]
y = df["bad"]
`,
    body: [
      "df = frame.merge(state.rates, on='city', how='left', validate='m:1')",
      "X = df[['age', 'rate']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["rates", "model"],
  },
  {
    what: "a table that training groups",
    before: `mean = df.groupby("city")["income"].mean().reset_index(name="city_income")
df = df.merge(mean, on="city", how="left")
X = df[["age", "city_income"]]
y = df["bad"]
`,
    body: [
      "df = frame.merge(state.mean, on='city', how='left', validate='m:1')",
      "X = df[['age', 'city_income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["mean", "model"],
  },
  {
    what: "frequencies",
    before: `counts = df["city"].value_counts()
df["freq"] = df["city"].map(counts)
X = df[["age", "freq"]]
y = df["bad"]
`,
    body: [
      "frame['freq'] = frame['city'].map(state.counts)",
      "X = frame[['age', 'freq']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["counts", "model"],
  },
  {
    what: "assign: the parameter of the function is the table",
    before: `df = df.assign(ratio=lambda d: d["income"] / d["income"].mean())
X = df[["age", "ratio"]]
y = df["bad"]
`,
    body: [
      "part_1 = frame.copy()",
      "part_1['ratio'] = part_1['income'] / state.income_mean",
      "X = part_1[['age', 'ratio']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_mean", "model"],
  },
  {
    what: "a function of the notebook stands at its call",
    before: `def tidy(frame, cap):
    frame = frame.copy()
    frame["income"] = frame["income"].clip(upper=cap)
    return frame

df = tidy(df, df["income"].quantile(0.99))
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame = frame.copy()",
      "frame['income'] = frame['income'].clip(upper=state.cap)",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["tidy_df/cap", "model"],
  },
  {
    what: "a store of what training learned",
    before: `df.loc[df["income"].isna(), "income"] = df["income"].mean()
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame.loc[frame['income'].isna(), 'income'] = state.income_mean",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_mean", "model"],
  },
  {
    what: "encoders in a dictionary",
    before: `encoders = {}
for c in ["city", "job"]:
    encoders[c] = LabelEncoder().fit(df[c])
    df[c] = encoders[c].transform(df[c])
X = df[["city", "job"]]
y = df["bad"]
`,
    body: [
      "for c in present(['city', 'job'], frame):",
      "    frame[c] = state.encoders_by_c[c].transform(frame[c])",
      "X = frame[['city', 'job']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["encoders_by_c[]", "model"],
  },
  {
    what: "one encoder fitted again and again",
    before: `le = LabelEncoder()
for c in ["city", "job"]:
    df[c] = le.fit_transform(df[c])
X = df[["city", "job"]]
y = df["bad"]
`,
    body: [
      "for c in present(['city', 'job'], frame):",
      "    frame[c] = state.le[c].transform(frame[c])",
      "X = frame[['city', 'job']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["le[]", "model"],
  },
  {
    what: "codes of categories",
    before: `df["city"] = df["city"].astype("category").cat.codes
X = df[["age", "city"]]
y = df["bad"]
`,
    body: [
      "part_1 = as_category(frame['city'], state.city_categories)",
      "frame['city'] = part_1.cat.codes",
      "X = frame[['age', 'city']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["city_categories", "model"],
  },
  {
    what: "a branch that training decides",
    before: `if df["income"].isnull().any():
    df["income"] = df["income"].fillna(df["income"].mean())
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "if state.any_flag:",
      "    frame['income'] = frame['income'].fillna(state.income_mean)",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["any_flag", "income_mean", "model"],
  },
  {
    what: "a function that reads what training learned",
    before: `cap = df["income"].quantile(0.99)
def capped(v):
    return min(v, cap)
df["income"] = df["income"].apply(capped)
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'].apply(lambda value: capped(value, cap=state.cap))",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["cap", "model"],
  },
  {
    what: "dates and the latest of them",
    before: `df["opened"] = pd.to_datetime(df["opened"])
df["month"] = df["opened"].dt.month
df["days"] = (df["opened"].max() - df["opened"]).dt.days
X = df[["month", "days"]]
y = df["bad"]
`,
    body: [
      "frame['opened'] = pd.to_datetime(frame['opened'], format=state.opened_format)",
      "frame['month'] = frame['opened'].dt.month",
      "frame['days'] = (state.opened_max - frame['opened']).dt.days",
      "X = frame[['month', 'days']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["opened_format", "opened_max", "model"],
  },
  {
    what: "rare levels",
    before: `common = df["city"].value_counts().head(5).index
df["city"] = df["city"].where(df["city"].isin(common), "other")
X = pd.get_dummies(df[["age", "city"]])
y = df["bad"]
`,
    body: [
      "frame['city'] = frame['city'].where(frame['city'].isin(state.common), 'other')",
      "X = with_columns(pd.get_dummies(frame[['age', 'city']]), state.df_columns)",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["common", "df_columns", "model"],
  },
  {
    what: "two figures at once",
    before: `low, high = df["income"].quantile([0.01, 0.99])
df["income"] = df["income"].clip(low, high)
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'].clip(state.low, state.high)",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["low", "high", "model"],
  },
  {
    what: "numbers of values",
    before: `df["city"] = pd.factorize(df["city"])[0]
X = df[["age", "city"]]
y = df["bad"]
`,
    body: [
      "frame['city'] = apply_codes(frame['city'], state.city_values)",
      "X = frame[['age', 'city']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["city_values", "model"],
  },
  {
    what: "the mean of the label by group",
    before: `rate = df.groupby("city")["bad"].mean()
df["rate"] = df["city"].map(rate)
X = df[["age", "rate"]]
y = df["bad"]
`,
    body: [
      "frame['rate'] = frame['city'].map(state.rate)",
      "X = frame[['age', 'rate']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["rate", "model"],
  },
  {
    what: "figures of groups by name",
    before: `y = df["bad"]
df = df.drop(columns=["bad"])
df["income"] = df["income"].fillna(df.groupby("city")["income"].transform("median"))
X = df[["age", "income"]]
`,
    body: [
      "df = frame.drop(columns=['bad'], errors='ignore')",
      "df['income'] = df['income'].fillna(by_group(df, 'city', state.income_median_by_city))",
      "X = df[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_median_by_city", "model"],
  },
  {
    what: "figures of groups in a function",
    before: `y = df["bad"]
df = df.drop(columns=["bad"])
df["income"] = df.groupby("city")["income"].transform(lambda s: s.fillna(s.mean()))
X = df[["age", "income"]]
`,
    body: [
      "df = frame.drop(columns=['bad'], errors='ignore')",
      "df['income'] = df['income'].fillna(by_group(df, 'city', state.income_mean_by_city))",
      "X = df[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_mean_by_city", "model"],
  },
  {
    what: "figures of groups beside the label",
    before: `df["income"] = df["income"].fillna(df.groupby("city")["income"].transform("median"))
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'].fillna(by_group(frame, 'city', state.income_median_by_city))",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["income_median_by_city", "model"],
  },
  {
    what: "names normalised",
    before: `df.columns = df.columns.str.lower()
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "df = frame.rename(columns=state.column_names)",
      "X = df[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["column_names", "model"],
  },
  {
    what: "limits that a star hands over",
    before: `limits = df["income"].quantile([0.01, 0.99]).tolist()
df["income"] = df["income"].clip(*limits)
X = df[["age", "income"]]
y = df["bad"]
`,
    body: [
      "frame['income'] = frame['income'].clip(*state.limits)",
      "X = frame[['age', 'income']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["limits", "model"],
  },
  {
    what: "columns by a loop over pairs",
    before: `for a, b in [("age", "x"), ("income", "z")]:
    df[b] = df[a] * 2
X = df[["x", "z"]]
y = df["bad"]
`,
    body: [
      "for turn_1 in range(state.turn_1_count):",
      "    frame[state.b[turn_1]] = frame[state.a[turn_1]] * 2",
      "X = frame[['x', 'z']]",
      "proba = state.model.predict_proba(X)[:, 1]",
    ],
    fields: ["turn_1_count", "a[]", "b[]", "model"],
  },
];
