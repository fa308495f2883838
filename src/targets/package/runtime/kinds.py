"""Names for what a notebook's variables are, as far as reading the notebook can tell.

Each names a type and stays open beside it: an array may have any element type, and
where numpy or a library without types has a say, a float may be numpy's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from typing import Any, TypeVar

    import numpy as np
    import pandas as pd
    from pandas.core.groupby.generic import DataFrameGroupBy, SeriesGroupBy

    T = TypeVar("T")

    AnySeries: TypeAlias = pd.Series[Any] | Any
    AnyIndex: TypeAlias = pd.Index[Any] | Any
    AnyGroups: TypeAlias = DataFrameGroupBy[Any, Any] | SeriesGroupBy[Any, Any] | Any
    AnyArray: TypeAlias = np.ndarray[Any, np.dtype[Any]] | Any
    AnyFloat: TypeAlias = float | Any
    AnyInt: TypeAlias = int | Any
    AnyBool: TypeAlias = bool | Any
    AnyObject: TypeAlias = Any
    # A value of that type, or None.
    Maybe: TypeAlias = T | Any
    # A value of that type, unless a library without types gives another one.
    Likely: TypeAlias = T | Any
else:
    # At run time the names only stand in annotations, which nobody evaluates.
    AnySeries: TypeAlias = object
    AnyIndex: TypeAlias = object
    AnyGroups: TypeAlias = object
    AnyArray: TypeAlias = object
    AnyFloat: TypeAlias = object
    AnyInt: TypeAlias = object
    AnyBool: TypeAlias = object
    AnyObject: TypeAlias = object
    Maybe: TypeAlias = object
    Likely: TypeAlias = object
