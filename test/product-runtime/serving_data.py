"""Raw applications for the sample product that serves, dirty as sources are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

NEEDED = ["age", "income", "debt", "home", "city"]


def applications(rows: int = 240) -> pd.DataFrame:
    """Make raw rows: gaps, rows that stand there twice, text with spaces."""
    generator = np.random.default_rng(0)
    income = generator.normal(50, 15, rows).round(2)
    frame = pd.DataFrame(
        {
            "id": [f"a{place}" for place in range(rows)],
            "age": generator.integers(18, 80, rows),
            "income": income,
            "debt": generator.normal(5, 1, rows).round(3),
            "home": generator.choice(["Rent", " own", "mortgage "], rows),
            "city": generator.choice([f"c{place}" for place in range(6)], rows),
            "note": generator.choice(["x", "y"], rows),
            "default": ((income < 48) & (generator.random(rows) < 0.9)).astype(int),
        }
    )
    frame.loc[generator.choice(rows, 15, replace=False), "income"] = np.nan
    frame.loc[generator.choice(rows, 9, replace=False), "city"] = np.nan
    return pd.concat([frame, frame.iloc[:5]], ignore_index=True)


def write_root(folder: Path) -> Path:
    """Write the repository that the notebook opens."""
    (folder / "data").mkdir(parents=True)
    path = folder / "data" / "applications.csv"
    applications().to_csv(path, sep=";", index=False)
    return folder


def expected(raw: pd.DataFrame) -> pd.DataFrame:
    """Compute what the notebook computes for the rows it holds out, by hand."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    loans = raw.drop_duplicates()
    loans = loans[loans["income"].fillna(0) < 90]
    labels = loans.index
    loans = loans.reset_index(drop=True)
    for column in ("income", "debt"):
        loans[column] = loans[column].fillna(loans[column].median())
    loans["home"] = loans["home"].str.strip().str.lower()
    loans["city"] = loans["city"].map(loans["city"].value_counts()).fillna(0)
    y = loans.pop("default")
    X = pd.get_dummies(loans.drop(columns=["id", "note"]), columns=["home"])
    half = len(X) // 2
    scaler = StandardScaler().fit(X[:half])
    model = LogisticRegression().fit(scaler.transform(X[:half]), y[:half])
    p = model.predict_proba(scaler.transform(X[half:]))[:, 1]
    decision = np.where(p >= 0.5, "refer", "accept")
    return pd.DataFrame({"p": p, "decision": decision}, index=labels[half:])
