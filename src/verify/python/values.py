"""Compares two values as somebody would who knows nothing of the product.

Numbers within the tolerance, all else exactly: dtypes, labels, order, categories, keys.
"""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

_LENGTH = 120


class Different(Exception):
    """Where two values part: the place, and the two values as text."""

    def __init__(self, at: str, left: object, right: object) -> None:
        """Name the place within the value, the notebook's value and the product's."""
        self.at, self.left, self.right = at, shown(left), shown(right)
        super().__init__(f"{at}: {self.left} in the notebook, {self.right} in the product")

    def between_runs(self) -> str:
        """Say that it is two runs of the notebook itself that differ."""
        return f"two runs of the notebook differ ({self.at}: {self.left}, then {self.right})"


class Incomparable(Exception):
    """Two values that nobody can compare."""


class Words(str):
    """A description instead of a value."""

    __slots__ = ()


def shown(value: object) -> str:
    """Return a value as short text."""
    if isinstance(value, Words):
        return str(value)
    if isinstance(value, np.generic):
        value = value.item()
    text = repr(value)
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"


def is_number(value: object) -> bool:
    """Tell a number from a truth value."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(
        value, (bool, np.bool_)
    )


def is_missing(value: object) -> bool:
    """Tell whether there is no value."""
    return (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, (float, np.floating)) and math.isnan(value))
    )


def near(left: Any, right: Any, tolerance: float) -> bool:
    """Compare two numbers: absolute below 1, relative above."""
    if left == right or (left != left and right != right):
        return True
    difference = abs(left - right)
    return bool(difference <= tolerance * max(1.0, abs(left)))


def compare(
    left: Any,
    right: Any,
    tolerance: float,
    at: str = "",
    seen: frozenset[int] = frozenset(),
) -> None:
    """Raise Different where `right`, of the product, is not what `left` is."""
    if isinstance(left, pd.DataFrame):
        _frame(left, right, tolerance, at)
    elif isinstance(left, pd.Series):
        _series(left, right, tolerance, at)
    elif isinstance(left, pd.Index):
        other = right if isinstance(right, pd.Index) else pd.Index(right)
        _array(np.asarray(left), np.asarray(other), tolerance, at)
    elif isinstance(left, np.ndarray):
        _array(left, np.asarray(right) if isinstance(right, list) else right, tolerance, at)
    elif isinstance(left, datetime.datetime) and isinstance(right, str):
        _moment(left, right, at)
    elif not _plain(left, right, tolerance, at):
        _composed(left, right, tolerance, at, seen)


def _plain(left: Any, right: Any, tolerance: float, at: str) -> bool:
    """Compare values without members; False where they are none."""
    if is_missing(left) or is_missing(right):
        if (left is None) != (right is None) or not (is_missing(left) and is_missing(right)):
            raise Different(at, left, right)
    elif is_number(left) and is_number(right):
        if not near(left, right, tolerance):
            raise Different(at, left, right)
    elif isinstance(left, (bool, np.bool_, str, bytes)):
        plain = left.item() if isinstance(left, np.bool_) else left
        other = right.item() if isinstance(right, np.bool_) else right
        if type(plain) is not type(other) or plain != other:
            raise Different(at, left, right)
    else:
        return False
    return True


def _composed(left: Any, right: Any, tolerance: float, at: str, seen: frozenset[int]) -> None:
    """Compare values that have members."""
    if isinstance(left, dict):
        _dicts(left, right, tolerance, at, seen)
    elif hasattr(left, "tocoo") and hasattr(left, "nnz"):
        _sparse(left, right, tolerance, at)
    elif isinstance(left, (list, tuple)):
        _items(left, right, tolerance, at, seen)
    elif isinstance(left, (set, frozenset)):
        if not isinstance(right, (set, frozenset)) or set(left) != set(right):
            raise Different(at, left, right)
    elif callable(left) and hasattr(left, "__qualname__"):
        if left.__qualname__ != getattr(right, "__qualname__", None):
            raise Different(at, left, right)
    else:
        _state(left, right, tolerance, at, seen)


def _items(left: Any, right: Any, tolerance: float, at: str, seen: frozenset[int]) -> None:
    """Compare lists and tuples: as many items, then item by item."""
    if not isinstance(right, (list, tuple)):
        raise Different(at, _kind(left), _kind(right))
    if len(left) != len(right):
        raise Different(at, Words(f"{len(left)} items"), Words(f"{len(right)} items"))
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        compare(one, other, tolerance, f"{at}[{place}]", seen)


def _kind(value: object) -> Words:
    """Describe a value by its type."""
    return Words(f"a {type(value).__name__}")


def _sparse(left: Any, right: Any, tolerance: float, at: str) -> None:
    """Compare sparse matrices by what they hold, not by what they remember of themselves."""
    for name in ("format", "shape", "dtype"):
        ours, theirs = getattr(left, name), getattr(right, name, None)
        if ours != theirs:
            raise Different(f"{at}.{name}", Words(str(ours)), Words(str(theirs)))
    entries = [one.tocsr(copy=True) for one in (left, right)]
    for one in entries:
        one.sum_duplicates()
    for name in ("indptr", "indices", "data"):
        _array(getattr(entries[0], name), getattr(entries[1], name), tolerance, f"{at}.{name}")


def _dicts(left: Any, right: Any, tolerance: float, at: str, seen: frozenset[int]) -> None:
    """Compare mappings: the same keys in the same order, then value by value."""
    if not isinstance(right, dict):
        raise Different(at, _kind(left), _kind(right))
    ours = {str(key): value for key, value in left.items()}
    theirs = {str(key): value for key, value in right.items()}
    if list(ours) != list(theirs):
        raise Different(f"{at} keys", list(ours), list(theirs))
    for key, value in ours.items():
        compare(value, theirs[key], tolerance, f"{at}[{key!r}]", seen)


def _frame(left: pd.DataFrame, right: Any, tolerance: float, at: str) -> None:
    """Compare tables: columns in their order, labels, then column by column."""
    if not isinstance(right, pd.DataFrame):
        raise Different(at, Words("a table"), Words(f"a {type(right).__name__}"))
    if list(left.columns) != list(right.columns):
        ours, theirs = list(left.columns), list(right.columns)
        raise Different(f"{at} columns", *_parted(ours, theirs))
    if len(left) != len(right):
        raise Different(at, Words(f"{len(left)} rows"), Words(f"{len(right)} rows"))
    _index(left.index, right.index, tolerance, at)
    for place, name in enumerate(left.columns):
        _column(left.iloc[:, place], right.iloc[:, place], tolerance, f"{at}[{name!r}]")


def _parted(left: Sequence[Any], right: Sequence[Any]) -> tuple[object, object]:
    """Say of two lists what the first place is at which they differ."""
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return Words(f"{one!r} at {place}"), Words(f"{other!r} at {place}")
    return Words(f"{len(left)} columns"), Words(f"{len(right)} columns")


def _series(left: Any, right: Any, tolerance: float, at: str) -> None:
    """Compare columns; a file of columns holds one as a table."""
    if isinstance(right, pd.DataFrame) and right.shape[1] == 1:
        name = right.columns[0]
        right = right.iloc[:, 0].rename(
            left.name if name in (left.name, str(left.name), "0") else name
        )
    if not isinstance(right, pd.Series):
        raise Different(at, Words("a column"), Words(f"a {type(right).__name__}"))
    if left.name != right.name:
        raise Different(f"{at} name", left.name, right.name)
    if len(left) != len(right):
        raise Different(at, Words(f"{len(left)} rows"), Words(f"{len(right)} rows"))
    _index(left.index, right.index, tolerance, at)
    _column(left, right, tolerance, at)


def _index(left: Any, right: Any, tolerance: float, at: str) -> None:
    """Compare the labels of rows."""
    if left.nlevels != right.nlevels or list(left.names) != list(right.names):
        raise Different(f"{at} index names", list(left.names), list(right.names))
    for level in range(left.nlevels):
        ours, theirs = left.get_level_values(level), right.get_level_values(level)
        _column(ours, theirs, tolerance, f"{at}.index")


def _column(left: Any, right: Any, tolerance: float, at: str) -> None:
    """Compare columns or indexes: the same dtype, the same values."""
    if str(left.dtype) != str(right.dtype):
        raise Different(f"{at} dtype", Words(str(left.dtype)), Words(str(right.dtype)))
    if isinstance(left.dtype, pd.CategoricalDtype):
        ours, theirs = list(left.dtype.categories), list(right.dtype.categories)
        if ours != theirs or left.dtype.ordered != right.dtype.ordered:
            raise Different(f"{at} categories", ours, theirs)
        return _array(
            np.asarray(left.astype(object)),
            np.asarray(right.astype(object)),
            tolerance,
            at,
        )
    if left.dtype == object:
        # A file of columns knows one kind of missing value.
        for place, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            if not (is_missing(one) and is_missing(other)):
                compare(one, other, tolerance, f"{at}[{_label(left, place)}]")
        return None
    return _array(np.asarray(left), np.asarray(right), tolerance, at, left)


def _label(column: Any, place: int) -> str:
    """Name a row as its table does."""
    index = getattr(column, "index", None)
    return (
        str(place)
        if index is None
        else repr(shown(index[place]) if index.nlevels > 1 else index[place])
    )


def _array(left: Any, right: Any, tolerance: float, at: str, named: Any = None) -> None:
    """Compare arrays of one dtype and shape: numbers within the tolerance, all else exactly."""
    if not isinstance(right, np.ndarray):
        raise Different(at, Words("an array"), Words(f"a {type(right).__name__}"))
    if left.shape != right.shape:
        raise Different(f"{at} shape", left.shape, right.shape)
    if left.dtype != right.dtype and "O" not in (left.dtype.kind, right.dtype.kind):
        raise Different(f"{at} dtype", Words(str(left.dtype)), Words(str(right.dtype)))
    if left.dtype.names:
        for name in left.dtype.names:
            _array(left[name], right[name], tolerance, f"{at}.{name}")
        return
    if left.dtype.kind in "fc" and right.dtype.kind in "fc":
        with np.errstate(invalid="ignore"):
            limit = tolerance * np.maximum(1.0, np.abs(left))
            fits = (
                (left == right)
                | (np.isnan(left) & np.isnan(right))
                | (np.abs(left - right) <= limit)
            )
    elif left.dtype.kind in "biuSUmMV" and right.dtype.kind in "biuSUmMV":
        # Dates that are missing are equal to each other here.
        fits = (left == right) | ((left != left) & (right != right))
    else:
        for place, (one, other) in enumerate(
            zip(left.ravel().tolist(), right.ravel().tolist(), strict=True)
        ):
            compare(one, other, tolerance, f"{at}[{place}]")
        return
    fits = np.asarray(fits)
    if not fits.all():
        place = int(np.flatnonzero(~fits.ravel())[0])
        where = _label(named, place) if named is not None else str(place)
        raise Different(f"{at}[{where}]", left.ravel()[place], right.ravel()[place])


def _moment(left: datetime.datetime, right: str, at: str) -> None:
    """Compare a date with its text: JSON has no dates; with a zone they stand in UTC."""
    moment = pd.Timestamp(left)
    plain = moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
    if pd.isna(plain) or plain != pd.Timestamp(right):
        raise Different(at, left, right)


def _state(left: Any, right: Any, tolerance: float, at: str, seen: frozenset[int]) -> None:
    """Compare any other object, such as an estimator: its type, then member by member."""
    ours, theirs = type(left), type(right)
    if (ours.__module__, ours.__qualname__) != (theirs.__module__, theirs.__qualname__):
        raise Different(f"{at} type", Words(ours.__qualname__), Words(theirs.__qualname__))
    if id(left) in seen:
        return
    if isinstance(left, functools.partial):
        parts = [(one.func, one.args, one.keywords) for one in (left, right)]
        compare(parts[0], parts[1], tolerance, at, seen)
        return
    if isinstance(left, np.random.RandomState):
        compare(left.get_state(legacy=False), right.get_state(legacy=False), tolerance, at)
        return
    members = [_members(value) for value in (left, right)]
    if members[0] is None and "__eq__" not in dir_of(ours):
        # An object of a compiled class: what pickle would need to make it again.
        try:
            members = [value.__reduce_ex__(2)[1:3] for value in (left, right)]
        except Exception as error:
            raise Incomparable(f"a {ours.__qualname__} cannot be compared") from error
    elif members[0] is None:
        if left != right:
            raise Different(at, left, right)
        return
    compare(members[0], members[1], tolerance, at, seen | {id(left)})


def dir_of(kind: type) -> set[str]:
    """Name what a class and its bases define themselves, but for `object`."""
    return {name for one in kind.__mro__ if one is not object for name in vars(one)}


def _members(value: Any) -> Any:
    """Return the members of an object, as pickle would take them."""
    try:
        kept = value.__getstate__()
    except Exception:
        kept = None
    return kept if isinstance(kept, (dict, tuple)) else getattr(value, "__dict__", None)
