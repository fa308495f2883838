/** Ways to break one statement, as people do. Each gives the broken text, or undefined where it does not apply. */
export type Damage = (statement: string) => string | undefined;

function cutLast(statement: string, pattern: RegExp): string | undefined {
  let found = -1;
  for (const match of statement.matchAll(pattern)) found = match.index;
  return found < 0 ? undefined : statement.slice(0, found) + statement.slice(found + 1);
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

export const damages: Readonly<Record<string, Damage>> = {
  "lost closing bracket": (text) => cutLast(text, /[)\]]/g),
  "truncated after =": (text) => {
    const found = /^[\w.[\]"' ]+?=(?!=)/.exec(text)?.[0];
    return found === undefined ? undefined : `${found} `;
  },
  "trailing dot": (text) => (text.includes("\n") || text.endsWith(":") ? undefined : `${text}.`),
  "lost quote": (text) => (/["']{3}/.test(text) ? undefined : cutLast(text, /["']/g)),
  "print without parentheses": () => "print 'x', y",
  "shell leftover": (text) => `$ ${firstLine(text)}`,
  "lost colon": (text) => {
    if (!/^(?:def|for|if|while|with|class|try)\b/.test(text)) return undefined;
    const line = firstLine(text);
    return line.endsWith(":") ? line.slice(0, -1) + text.slice(line.length) : undefined;
  },
};

/** Cells as data scientists write them. */
export const cells: readonly string[] = [
  `import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

df = pd.read_csv("data/policies.csv", parse_dates=["start"])
df = df[df["premium"] > 0]
df["log_premium"] = np.log(df["premium"])
X = df[["age", "log_premium"]]
y = df["claim"]
model = LogisticRegression(max_iter=500)
model.fit(X, y)
print("accuracy", model.score(X, y))
`,
  `fig, ax = plt.subplots(1, 2, figsize=(12, 4))
ax[0].hist(df["age"], bins=30)
ax[1].scatter(
    df["age"],
    df["premium"],
    alpha=0.3,
)
ax[0].set_title("age")
plt.tight_layout()
plt.show()
`,
  `def clean(frame, columns=("a", "b")):
    """Drops what is missing."""
    out = frame.dropna(subset=list(columns))
    for name in columns:
        out[name] = out[name].str.strip()
    return out

raw = load("x.csv")
tidy = clean(raw)
counts = tidy.groupby("a").size()
if len(tidy) < len(raw):
    print(f"dropped {len(raw) - len(tidy)} rows")
else:
    print("nothing dropped")
tidy.to_parquet("tidy.parquet")
`,
  `params = {
    "max_depth": 4,
    "eta": 0.1,
    "objective": "binary:logistic",
}
train = xgb.DMatrix(X_train, label=y_train)
valid = xgb.DMatrix(X_valid, label=y_valid)
booster = xgb.train(params, train, num_boost_round=200, evals=[(valid, "valid")])
pred = booster.predict(valid)
auc = roc_auc_score(y_valid, pred)
auc
`,
  `result = (
    df.query("year >= 2019")
    .assign(ratio=lambda d: d["loss"] / d["premium"])
    .groupby(["region", "year"])["ratio"]
    .mean()
    .unstack()
)
result.head()
best = result.idxmax(axis=1)
for region in best.index:
    print(region, best[region])
with open("best.json", "w") as handle:
    json.dump(best.to_dict(), handle)
`,
  `class Scorer:
    def __init__(self, weights):
        self.weights = weights

    def score(self, row):
        return sum(self.weights[k] * row[k] for k in self.weights)

scorer = Scorer({"age": 0.2, "income": 0.8})
rows = [dict(age=30, income=5), dict(age=50, income=7)]
scores = [scorer.score(row) for row in rows]
total = sum(scores)
assert total > 0, "no score"
`,
  `SEED = 42
np.random.seed(SEED)
rates = [0.1, 0.01,
         0.001]
history = {}
for rate in rates:
    net = build(rate)
    history[rate] = net.fit(X, y, epochs=5, verbose=0)
best_rate = min(history, key=lambda r: history[r].loss[-1])
try:
    import seaborn as sns
except ImportError:
    sns = None
df.loc[df["x"].isna(), "x"] = df["x"].median()
del history
`,
  `query = """
SELECT id, amount
FROM claims
WHERE amount > 100
"""
claims = pd.read_sql(query, engine)
claims["band"] = pd.cut(claims["amount"], [0, 500, 1000, np.inf], labels=["low", "mid", "high"])
summary = claims["band"].value_counts(normalize=True)
summary.plot.bar()
pivot = claims.pivot_table(index="band", values="amount", aggfunc=["mean", "max"])
pivot
`,
];
