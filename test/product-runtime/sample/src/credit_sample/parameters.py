"""What a run may change; the defaults are the notebook's own values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from .values import Note, OneOf, Range


@dataclass(frozen=True)
class Parameters:
    """Constants that the notebook sets, by the names it gives them."""

    test_size: Annotated[
        float, Range(0.05, 0.5), Note("share held out", "train.ipynb, cell 5")
    ] = 0.25
    seed: Annotated[int, Note(cite="train.ipynb, cell 2")] = 42
    penalty: Annotated[str, OneOf("l1", "l2")] = "l2"
    features: list[str] = field(default_factory=lambda: ["income", "debt"])
