/** Directives of every kind, from which broken ones are made. One entry may hold several lines. */
export const directives: readonly string[] = [
  '# cw: step features (raw, bureau) -> X, y "ratios and bands"',
  "# cw: step label() -> y",
  '# cw: skip because "only for the slides"',
  '# cw: keep "sets the locale"',
  '# cw: input applications from "data/applications.csv" as csv "monthly snapshot"',
  '# cw: output scores to "out/scores.parquet" as parquet',
  '# cw: param TEST_SIZE: float = 0.3 in 0.05..0.5 "share held out"',
  '# cw: param grades: list[str] | None = ["a", \'b\', None] in {"a", "b"}',
  '# cw: param cfg = {"a": 1, "b": [1, -2.5e3, (1, 2)]}',
  "# cw: param w: float in (0..1]",
  '# cw: secret API_KEY "scoring bureau"',
  "# cw: seed 2_024",
  '# cw: entity application key "Application ID", month at "Valid From"',
  '# cw: feature "Loan Amount": float of application ttl 30d "in EUR"',
  "# cw: serve decision(application) -> proba, declined",
  '# cw: fit q10, q90 "residual quantiles"',
  '# cw: apply X "row by row although it sorts"',
  `# cw: contract applications {
#   "Application ID" str unique key
#   age int in 18..120 "years at application"
#   income float | None >= 0 nullable pii
#   sex category in {"f", "m"} protected
#   postcode str matches /^[0-9]{4,5}$/
#   created datetime fresh 24h
#   rows >= 1000
#   unique (customer_id, month)
#   expect (income >= debt or debt == 0) because "checked at entry"
# }`,
  "# cw: contract scores { id str key; pd float in (0..1); rows in 1..1e6 }",
  '# cw: expect (df["term_months"] > 0).all() "no zero terms"',
  '# cw: expect x / y <= 1 and set(df.a) <= {"x", "y"} "shares"',
  '# cw: metric auc >= 0.65 on test by sex, "Age Band" "discrimination"',
  '# cw: threshold best_thr >= 0.2 because "risk appetite"',
  '# cw: monotone "Debt Ratio" increasing',
  '# cw: drift ks < 0.1 on income, "Loan Amount"',
  `# cw: test "dti" of add {
#   given df = pd.DataFrame({"debt": [1.0], "income": [2.0]})
#   expect result["dti"].iloc[0] == 0.5 because "debt over income"
# }`,
  '# cw: test "young" { given = {"age": 19, "income": 1000}; expect pd > 0.2 }',
  '# cw: waive label-leak because "approved by validation" until 2027-01-01',
  '# cw: ignore CW4007, unused-import because "kept for the course"',
  '# cw: assume "ids are unique" because "source key" check df["id"].is_unique',
  '# cw: risk "postcode may stand for origin" mitigated "dropped in step features"',
  '# cw: decide "logistic regression" because "coefficients are explained to customers"',
  '# cw: source "Bank Marketing, UCI" license "CC-BY-4.0"',
  '# cw: protect sex, "Marital Status"',
  '# cw: monitor "share of declined" every 30d',
  "# cw: review by 2027-06-30",
  '# cw: use "approval of instalment loans"',
];

/** A small notebook (nbformat 4.5) with the given comment above its code. */
export function notebookAround(directive: string): string {
  const cells = [
    'import pandas as pd\nTEST_SIZE = 0.3\ndf = pd.read_csv("../data/applications.csv")',
    `x, y = 1, 2\n${directive}\nauc = float(df["age"].mean())\ndef add(a, b):\n    return a + b`,
    'best_thr = add(x, y)\nX = df[["age"]].copy()\nprint(auc, best_thr)',
  ];
  return JSON.stringify({
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}
