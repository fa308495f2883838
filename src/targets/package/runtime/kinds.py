"""Names for what a notebook's variables are, where the element type is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    import pandas as pd

    AnySeries: TypeAlias = pd.Series[Any]
    AnyArray: TypeAlias = np.ndarray[Any, np.dtype[Any]]
else:
    # At run time the names only stand in annotations, which nobody evaluates.
    AnySeries: TypeAlias = object
    AnyArray: TypeAlias = object
