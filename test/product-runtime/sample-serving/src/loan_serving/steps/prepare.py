"""Prepare: loans.ipynb, cells 3 to 4."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ..fit import keep, keep_labels


class PrepareOutputs(NamedTuple):
    """What the step leaves for later ones."""

    X: pd.DataFrame
    y: pd.Series[int]


def prepare(loans: pd.DataFrame) -> PrepareOutputs:
    """Clean the applications (loans.ipynb, cell 3)."""
    loans = loans[loans["income"].fillna(0) < 90]
    keep_labels("loans", loans.index)
    loans = loans.reset_index(drop=True)
    for column in ["income", "debt"]:
        median = keep("median", loans[column].median(), key=column)
        loans[column] = loans[column].fillna(median)
    loans["home"] = loans["home"].str.strip().str.lower()
    cities = keep("city_codes", loans["city"].value_counts().to_dict())
    loans["city"] = loans["city"].map(cities).fillna(0)
    y = loans.pop("default")
    X = pd.get_dummies(loans.drop(columns=["id", "note"]), columns=["home"])
    keep("columns", list(X.columns))
    return PrepareOutputs(X=X, y=y)
