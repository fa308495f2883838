"""Names for what a notebook's variables are, where the element type is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from typing import Any

    import numpy as np
    import pandas as pd
    from pandas.core.groupby.generic import DataFrameGroupBy, SeriesGroupBy

    AnySeries: TypeAlias = pd.Series[Any]
    AnyIndex: TypeAlias = pd.Index[Any]
    AnyGroups: TypeAlias = DataFrameGroupBy[Any, Any] | SeriesGroupBy[Any, Any]
    AnyArray: TypeAlias = np.ndarray[Any, np.dtype[Any]]
else:
    # At run time the names only stand in annotations, which nobody evaluates.
    AnySeries: TypeAlias = object
    AnyIndex: TypeAlias = object
    AnyGroups: TypeAlias = object
    AnyArray: TypeAlias = object
