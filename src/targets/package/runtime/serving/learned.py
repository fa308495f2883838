"""What training learns beside values that stand in the code, and how it is applied.

Each pair belongs together: what a `keep_` or `learn_` function keeps while a step runs,
the function below it gives to raw rows. The first kind gives what the notebook's own
call gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar, cast

from .errors import ArtifactError
from .fit import keep, keep_labels, recording_now

if TYPE_CHECKING:
    import pandas as pd

    from .kinds import AnyArray, AnyObject, AnySeries

T = TypeVar("T")

_PLACE = "place in the left table"


def keep_columns(name: str, frame: pd.DataFrame, key: object = None) -> pd.DataFrame:
    """Keep the columns of a table, in their order."""
    keep(name, list(frame.columns), key)
    return frame


def keep_name(name: str, column: AnySeries, key: object = None) -> AnySeries:
    """Keep the name of a column that was chosen by its place."""
    keep(name, column.name, key)
    return column


def squeezed(values: AnyObject) -> AnyObject:
    """Squeeze as of many rows: one column is flat, one row stays one of several."""
    import numpy as np
    import pandas as pd

    if isinstance(values, pd.DataFrame):
        return values.iloc[:, 0] if values.shape[1] == 1 else values
    single = tuple(axis for axis in range(1, values.ndim) if values.shape[axis] == 1)
    return np.squeeze(values, axis=single)


def with_columns(frame: pd.DataFrame, columns: list[AnyObject]) -> pd.DataFrame:
    """Give the columns that training had: those that are missing are 0 everywhere."""
    return frame.reindex(columns=columns, fill_value=0)


def with_parts(parts: pd.DataFrame, columns: list[AnyObject]) -> pd.DataFrame:
    """Give as many parts of each text as training found; some texts have fewer."""
    found = parts.reindex(columns=columns).astype(object)
    for column in columns:
        if column not in parts.columns:
            # Of a text the part is None, as pandas has it, of a missing one NaN.
            found[column] = found[column].where(found[columns[0]].isna(), None)
    return found


def keep_table(name: str, table: T, key: object = None) -> T:
    """Keep which columns a table has, and of which types; of a column its type."""
    import pandas as pd

    found = cast("AnyObject", table)
    types = {} if isinstance(found, pd.DataFrame) else {"": str(found.dtype)}
    if not types:
        types = {column: str(dtype) for column, dtype in found.dtypes.items()}
    keep(name, {"columns": list(types), "types": list(types.values())}, key)
    return table


def as_table(
    part: AnyObject,
    table: dict[str, AnyObject],
    columns: list[AnyObject] | None = None,
) -> AnyObject:
    """Give one of several tables the columns and types that all had together.

    Columns that only the others had are missing everywhere; `columns` are its own, and
    one of them that is not there stays away.
    """
    import pandas as pd

    types = dict(zip(table["columns"], table["types"], strict=True))
    if columns is None:
        return _widened(part, types[""])
    names = [name for name in types if name in part.columns or name not in columns]
    whole = part.reindex(columns=names)
    found = {
        name: _widened(whole[name], types[name], is_new=name not in part.columns)
        for name in names
    }
    return pd.DataFrame(found, index=part.index, columns=names)


def _widened(values: AnySeries, wanted: str, *, is_new: bool = False) -> AnySeries:
    """Give a column the type that holds its own values and those of other tables."""
    import pandas as pd

    if str(values.dtype) == wanted:
        return values
    dtype: AnyObject = wanted
    if wanted == "object" or wanted.startswith("float"):
        # Numbers among truth values, and the like, are objects.
        is_plain = wanted == "object" or pd.api.types.is_numeric_dtype(values.dtype)
        return values.astype(dtype) if is_plain else values
    return values.astype(dtype) if is_new and wanted.startswith("datetime") else values


def stack_rows(
    name: str, function: Callable[..., T], parts: AnyObject, **options: AnyObject
) -> T:
    """Put tables under each other, and note which row of theirs is at which place."""
    import pandas as pd

    start = 0
    for place, part in enumerate(parts):
        places = range(start, start + len(part))
        keep_labels(f"{name}.{place}", pd.Series(part.index, index=places))
        start += len(part)
    return function(parts, **options)


def keep_list(name: str, values: Iterable[T], key: object = None) -> list[T]:
    """Keep what a loop goes over."""
    return keep(name, list(values), key)


def present(names: Iterable[AnyObject], frame: pd.DataFrame) -> AnyObject:
    """Give the names that are columns of a table: labels are not there for raw rows.

    One name stays one name.
    """
    if isinstance(names, str):
        return names
    return [name for name in names if name in frame.columns]


def keep_flag(name: str, value: object, key: object = None) -> bool:
    """Keep the outcome of a test that training decides."""
    return keep(name, bool(value), key)


def keep_renames(
    name: str, old: Iterable[AnyObject], new: Iterable[T], key: object = None
) -> list[T]:
    """Keep which column gets which name."""
    names = list(new)
    keep(name, dict(zip(old, names, strict=True)), key)
    return names


def keep_categories(name: str, values: AnySeries, key: object = None) -> AnySeries:
    """Keep the categories of a column, in their order."""
    keep(name, list(values.cat.categories), key)
    return values


def as_category(values: AnySeries, categories: list[AnyObject]) -> AnySeries:
    """Give the codes that training gave; what it has not seen is missing."""
    import pandas as pd

    return values.astype(pd.CategoricalDtype(categories))


def learn_fitted(
    name: str,
    function: Callable[..., T],
    *arguments: object,
    key: object = None,
    **options: object,
) -> T:
    """Call a method that fits, such as `fit_transform`, and keep what it has fitted."""
    result = function(*arguments, **options)
    keep(name, cast("AnyObject", function).__self__, key)
    return result


def learn_bins(
    name: str,
    function: Callable[..., AnyObject],
    values: AnySeries,
    *arguments: object,
    key: object = None,
    **options: AnyObject,
) -> AnyObject:
    """Call `pd.cut` or `pd.qcut` and keep the edges that it finds."""
    result, edges = function(values, *arguments, retbins=True, **options)
    keep(
        name,
        {
            "edges": list(edges),
            "right": bool(options.get("right", True)),
            # Quantiles hold their lowest value, widened bins reach below it.
            "lowest": function.__name__ == "qcut"
            or bool(options.get("include_lowest", False)),
            "labels": None
            if options.get("labels", True) is False
            else list(result.cat.categories),
        },
        key,
    )
    return result


def apply_bins(values: AnySeries, bins: dict[str, AnyObject]) -> AnySeries:
    """Put values into the bins that training found; what lies outside is missing."""
    import pandas as pd

    codes = pd.cut(
        values,
        bins["edges"],
        labels=False,
        right=bins["right"],
        include_lowest=bins["lowest"],
    )
    labels = bins["labels"]
    if labels is None:
        return codes
    found = pd.Categorical.from_codes(
        codes.fillna(-1).astype(int).tolist(), categories=labels, ordered=True
    )
    return pd.Series(found, index=values.index, name=values.name)


def learn_codes(
    name: str,
    function: Callable[..., tuple[AnyArray, AnyObject]],
    values: AnySeries,
    *arguments: object,
    key: object = None,
    **options: object,
) -> tuple[AnyArray, AnyObject]:
    """Call `pd.factorize` and keep the values in the order of their codes."""
    codes, uniques = function(values, *arguments, **options)
    keep(name, list(uniques), key)
    return codes, uniques


def apply_codes(values: AnySeries, uniques: list[AnyObject]) -> AnyArray:
    """Give the codes that training gave; -1 for what it has not seen."""
    import pandas as pd

    return pd.Index(uniques).get_indexer(pd.Index(values))


def learn_align(
    name: str,
    function: Callable[..., AnyObject],
    *arguments: object,
    key: object = None,
    **options: object,
) -> AnyObject:
    """Align the columns of two tables and keep those that both get."""
    result = function(*arguments, **options)
    keep(name, list(result[0].columns), key)
    return result


def learn_dates(
    name: str,
    function: Callable[..., AnyObject],
    values: AnySeries,
    key: object = None,
    **options: AnyObject,
) -> AnyObject:
    """Call `pd.to_datetime` and keep the format that it takes from the first text.

    None where each text is read by itself: then a row alone is read as among others.
    """
    import pandas as pd

    found = None
    texts = values.dropna() if values.dtype == object else values.iloc[:0]
    if len(texts) and isinstance(texts.iloc[0], str) and pd.__version__ >= "2":
        guess = import_module("pandas.tseries.api").guess_datetime_format
        dayfirst = bool(options.get("dayfirst", False))
        found = guess(texts.iloc[0], dayfirst=dayfirst)
    keep(name, found, key)
    return function(values, **options)


def learn_group(name: str, groups: T, how: str, key: object = None) -> T:
    """Keep a figure of each group, by the keys of the groups; give the groups back."""
    keep(name, cast("AnyObject", groups).agg(how), key)
    return groups


def by_group(frame: pd.DataFrame, column: AnyObject, values: AnySeries) -> AnySeries:
    """Give each row the figure of its group; missing for groups unseen in training."""
    import pandas as pd

    if not isinstance(column, list):
        return frame[column].map(values)
    keys = pd.MultiIndex.from_frame(frame[column])
    return pd.Series(values.reindex(keys).to_numpy(), index=frame.index)


def keep_lookup(
    name: str,
    table: T,
    keys: object = None,
    among: Iterable[object] | None = None,
    key: object = None,
) -> T:
    """Keep a table that rows are joined with: each row may find one partner at most.

    `keys` are the columns by which it is joined, `among` those of the other table where
    the ones that both have are; without either it is the index.
    """
    import pandas as pd

    found: AnyObject = table
    if among is not None:
        others = set(among)
        keys = [column for column in found.columns if column in others]
    if keys is None:
        labels = found.index
    else:
        wanted = list(keys) if isinstance(keys, list | tuple) else [keys]
        if not set(wanted) <= set(found.columns):
            found = found.reset_index()
        labels = pd.MultiIndex.from_frame(found[wanted])
    if recording_now() and labels.has_duplicates:
        twice = labels[labels.duplicated()][0]
        raise ArtifactError(
            f"needed for serving: {name!r} has several rows for "
            f"{twice[0] if isinstance(twice, tuple) and len(twice) == 1 else twice!r}; "
            "a row that is joined with it would become several"
        )
    return keep(name, table, key)


def join_rows(
    name: str,
    function: Callable[..., pd.DataFrame],
    *arguments: AnyObject,
    **options: AnyObject,
) -> pd.DataFrame:
    """Join as `function` does, and note which left row each one comes from."""
    import pandas as pd

    owner = getattr(function, "__self__", None)
    left, *rest = arguments if owner is None else (owner, *arguments)
    if recording_now():
        rows = pd.merge(left.assign(**{_PLACE: range(len(left))}), *rest, **options)
        keep_labels(name, left.index.take(rows[_PLACE]))
    return function(*arguments, **options)


def index_rows(
    name: str,
    function: Callable[..., AnyObject],
    *arguments: object,
    **options: object,
) -> AnyObject:
    """Give a table another index as `function` does, and note the labels before."""
    import pandas as pd

    owner: AnyObject = getattr(function, "__self__", None)
    before = owner.index
    result = function(*arguments, **options)
    keep_labels(
        name, pd.Series(before, index=(owner if result is None else result).index)
    )
    return result


def keep_row_labels(name: str, frame: T) -> T:
    """Note the labels of rows before they are numbered anew."""
    keep_labels(name, cast("pd.DataFrame", frame).index)
    return frame


def split_rows(
    name: str,
    function: Callable[..., list[AnyObject]],
    *arrays: AnyObject,
    **options: AnyObject,
) -> list[AnyObject]:
    """Split arrays as `function` does, and note which rows went to each part.

    Arrays have no labels; their places are split along with them.
    """
    import numpy as np
    import pandas as pd

    *parts, train, test = function(*arrays, np.arange(len(arrays[0])), **options)
    keep_labels(f"{name}.train", pd.Index(train))
    keep_labels(f"{name}.test", pd.Index(test))
    return parts


_TURNS: ContextVar[dict[str, int]] = ContextVar("turns")


def keep_turns(
    name: str, loop: str, values: Iterable[T], key: object = None
) -> Iterator[T]:
    """Go through a loop, know the number of each turn, and keep how many there were."""
    turns = _TURNS.get(None)
    if turns is None:
        turns = {}
        _TURNS.set(turns)
    count = 0
    try:
        for value in values:
            turns[loop] = count
            count += 1
            yield value
    finally:
        keep(name, count, key)


def turn(loop: str) -> int:
    """Give the number of the turn that a loop is in, from 0."""
    return _TURNS.get()[loop]
