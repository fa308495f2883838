"""Load: train.ipynb, cells 3 to 4."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd


class LoadOutputs(NamedTuple):
    """What the step leaves for later ones."""

    raw: pd.DataFrame


def load(applications: Path, seed: int) -> LoadOutputs:
    """Read the applications (train.ipynb, cell 3)."""
    np.random.seed(seed)
    raw = pd.read_csv(applications)
    raw["noise"] = np.random.normal(size=len(raw))
    return LoadOutputs(raw=raw)
