"""Prepare: train.ipynb, cells 5 to 6."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd


class PrepareOutputs(NamedTuple):
    """What the step leaves for later ones."""

    X: pd.DataFrame
    y: pd.Series[int]
    cuts: tuple[float, float]
    train: pd.Series[bool]


def prepare(raw: pd.DataFrame, features: list[str], test_size: float) -> PrepareOutputs:
    """Choose columns and rows (train.ipynb, cell 5)."""
    X = raw[features]
    y = raw["default"]
    cuts = (float(raw["income"].quantile(0.1)), float(raw["income"].quantile(0.9)))
    draws = np.random.uniform(size=len(raw))
    train: pd.Series[bool] = pd.Series(draws > test_size, name="train")
    return PrepareOutputs(X=X, y=y, cuts=cuts, train=train)
