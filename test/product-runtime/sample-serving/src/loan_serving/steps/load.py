"""Load: loans.ipynb, cells 1 to 2."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..fit import keep_input


class LoadOutputs(NamedTuple):
    """What the step leaves for later ones."""

    loans: pd.DataFrame


def load(applications: Path) -> LoadOutputs:
    """Read the applications (loans.ipynb, cell 1)."""
    loans = pd.read_csv(applications, sep=";")
    keep_input(loans)
    loans = loans.drop_duplicates()
    return LoadOutputs(loans=loans)
