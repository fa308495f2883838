"""What a run may change; the defaults are the notebook's own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .values import Note, Range


@dataclass(frozen=True)
class Parameters:
    """Constants that the notebook sets, by the names it gives them."""

    threshold: Annotated[
        float, Range(0, 1), Note("from here on refer", "loans.ipynb, cell 6")
    ] = 0.5
