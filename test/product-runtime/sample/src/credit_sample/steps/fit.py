"""Fit: train.ipynb, cells 7 to 9."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sklearn.linear_model import LogisticRegression

from ..contracts import expect


class FitOutputs(NamedTuple):
    """What the step leaves for later ones."""

    model: LogisticRegression
    accuracy: float


def fit(
    X: pd.DataFrame,
    y: pd.Series[int],
    train: pd.Series[bool],
    penalty: str,
    scores: Path,
) -> FitOutputs:
    """Fit the model and score the rows held out (train.ipynb, cell 7)."""
    expect(len(X) > 0, "len(X) > 0", "train.ipynb, cell 7")
    model = LogisticRegression(penalty=penalty)
    model.fit(X[train], y[train])
    accuracy = model.score(X[~train], y[~train])
    pd.DataFrame({"proba": model.predict_proba(X)[:, 1]}).to_csv(scores, index=False)
    return FitOutputs(model=model, accuracy=accuracy)
