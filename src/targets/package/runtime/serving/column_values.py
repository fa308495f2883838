"""One raw column's values, turned into what training's reader makes of them.

Values come as JSON and Python hold them. What cannot be turned without a guess is a
`Problem`, which names the row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .input_schema import RawColumn
    from .kinds import AnyArray, AnyObject

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$"
)


class _WrongValueError(Exception):
    """A value of another kind; the message does not show it."""


# Beyond it no reader makes whole numbers of what is written as a fraction.
_LARGE = 2.0**63


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value; the message never shows the value itself."""

    row: int | None
    column: str | None
    message: str


@dataclass(frozen=True)
class Restored:
    """A column as an array of the type that training's reader gave it.

    `wide` are rows whose value this type cannot hold: a missing whole number makes a
    column of fractions, a missing truth value one of objects. Where there are any, the
    array holds objects, and `wide_type` is the type for these rows.
    """

    values: AnyArray
    dtype: AnyObject
    wide: frozenset[int] = frozenset()
    wide_type: AnyObject = None

    def part(self, rows: AnyArray | None, wide: bool) -> AnyArray:
        """Return the values of some rows, or of all."""
        chosen = self.values if rows is None else self.values.take(rows)
        if not self.wide:
            return chosen
        return np.array(
            chosen.tolist(), dtype=self.wide_type if wide else self.dtype
        ).reshape(len(chosen))


def restore(
    column: RawColumn, values: Sequence[object], missing_texts: Collection[object]
) -> Restored | list[Problem]:
    """Give a column the type that it had in training, or say what is in the way."""
    if missing_texts and column.kind in ("text", "category"):
        values = [
            None if isinstance(value, str) and value in missing_texts else value
            for value in values
        ]
    quick = _QUICK.get(column.kind)
    if quick is not None and set(map(type, values)) <= quick:
        found = _of_type(column, values)
        if found is not None:
            return found
    read = _reader(column)
    problems: list[Problem] = []
    converted: list[object] = []
    for row, value in enumerate(values):
        try:
            converted.append(None if is_gap(value) else read(value))
        except _WrongValueError as error:
            problems.append(Problem(row, column.name, str(error)))
        except (ValueError, InvalidOperation, OverflowError):
            # The words of a library would show the value.
            problems.append(Problem(row, column.name, f"is no {column.kind}"))
    if problems:
        return problems
    return _with_gaps(column, converted)


_QUICK: dict[str, set[type]] = {
    "int": {int},
    "float": {int, float},
    "text": {str},
    "bool": {bool},
}


def _of_type(column: RawColumn, values: Sequence[object]) -> Restored | None:
    """Make the array at once, where every value is of the column's own type."""
    if not isinstance(column.dtype, np.dtype):
        return None
    if column.kind == "int" and column.dtype != np.int64:
        return None
    try:
        array = np.array(values, dtype=column.dtype)
    except OverflowError:
        return None
    return Restored(array, column.dtype)


def _with_gaps(column: RawColumn, values: list[object]) -> Restored | list[Problem]:
    """Make the array of values that are right by themselves, some of them missing."""
    dtype: AnyObject = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iub":
        return _whole(column, values)
    if column.kind == "category":
        return Restored(pd.Categorical(values, dtype=dtype), dtype)
    if is_object(dtype):
        array = np.empty(len(values), dtype=object)
        array[:] = [column.gap if value is None else value for value in values]
        return Restored(array, dtype)
    try:
        if isinstance(dtype, np.dtype) and dtype.kind == "f":
            numbers = [math.nan if value is None else value for value in values]
            return Restored(np.array(numbers, dtype=dtype), dtype)
        if isinstance(dtype, np.dtype) and dtype.kind in "mM":
            return Restored(pd.Series(values, dtype=dtype).to_numpy(), dtype)
        return Restored(pd.array(values, dtype=dtype), dtype)
    except (ValueError, TypeError, OverflowError):
        return _each_alone(column, values)


def _each_alone(column: RawColumn, values: list[object]) -> list[Problem]:
    """Name the rows whose value the column's type does not take."""
    dtype: AnyObject = column.dtype
    problems = []
    for row, value in enumerate(values):
        try:
            pd.array([value], dtype=dtype)
        except (ValueError, TypeError, OverflowError):
            problems.append(Problem(row, column.name, f"is no {column.dtype}"))
    return problems or [Problem(None, column.name, f"is no column of {column.dtype}")]


def _whole(column: RawColumn, values: list[object]) -> Restored | list[Problem]:
    """Make a column that cannot hold what is missing, nor fractions."""
    dtype: AnyObject = column.dtype
    if dtype.kind == "b":
        wide = frozenset(row for row, value in enumerate(values) if value is None)
        filled = [math.nan if value is None else value for value in values]
        wide_type: type[object] = object
    else:
        limits = np.iinfo(dtype)
        low, high = int(limits.min), int(limits.max)
        problems = [
            Problem(row, column.name, f"is out of range for {dtype}")
            for row, value in enumerate(values)
            if isinstance(value, int) and not low <= value <= high
        ]
        if problems:
            return problems
        wide = frozenset(
            row for row, value in enumerate(values) if not isinstance(value, int)
        )
        filled = [math.nan if value is None else value for value in values]
        wide_type = float
    if not wide:
        return Restored(np.array(filled, dtype=dtype), dtype)
    array = np.empty(len(filled), dtype=object)
    array[:] = filled
    return Restored(array, dtype, wide, wide_type)


def is_object(dtype: AnyObject) -> bool:
    """Tell whether a column holds objects of Python."""
    return isinstance(dtype, np.dtype) and dtype.kind == "O"


def is_gap(value: object) -> bool:
    """Tell whether a value is missing."""
    return value is None or value is pd.NaT or value is pd.NA or value != value


# --- readers of one value ------------------------------------------------------------


def _reader(column: RawColumn) -> Callable[[object], object]:
    """Choose how one value of a column is read."""
    dtype: AnyObject = column.dtype
    if column.kind == "category":
        return _read_text if is_object(dtype.categories.dtype) else _as_it_is
    if column.kind == "datetime":
        has_zone = isinstance(dtype, pd.DatetimeTZDtype)
        return lambda value: _read_datetime(value, has_zone)
    return _READERS[column.kind]


def _read_int(value: object) -> object:
    """Read a whole number; a fraction stays one, and widens its column."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        if math.isinf(value):
            raise _WrongValueError("expected a finite number")
        return int(value) if value.is_integer() and abs(value) < _LARGE else value
    raise _wrong("a number", value)


def _read_float(value: object) -> object:
    """Read a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _wrong("a number", value)


def _read_bool(value: object) -> object:
    """Read a truth value."""
    if isinstance(value, bool):
        return value
    raise _wrong("true or false", value)


def _read_text(value: object) -> object:
    """Read text; a number becomes the text that a file would have had."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise _wrong("text", value)


def _read_datetime(value: object, has_zone: bool) -> object:
    """Read a point in time: ISO 8601, or one of Python's own."""
    if isinstance(value, str) and not _ISO.match(value):
        raise _WrongValueError("expected a date as YYYY-MM-DD or YYYY-MM-DDThh:mm:ss")
    if not isinstance(value, str | date):
        raise _wrong("a date as text", value)
    found = pd.Timestamp(value)
    if (found.tzinfo is not None) != has_zone:
        raise _WrongValueError(
            f"expected a time {'with' if has_zone else 'without'} a zone"
        )
    return found


def _read_timedelta(value: object) -> object:
    """Read a length of time."""
    if isinstance(value, str):
        return pd.Timedelta(value)
    if isinstance(value, pd.Timedelta):
        return value
    raise _wrong("a length of time as text", value)


def _read_date(value: object) -> object:
    """Read a day."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong("a date as YYYY-MM-DD", value)


def _read_decimal(value: object) -> object:
    """Read a decimal number."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    raise _wrong("a decimal number", value)


def _as_it_is(value: object) -> object:
    """Take a value as it is."""
    return value


def _wrong(expected: str, value: object) -> _WrongValueError:
    """Say what was expected and what kind of value was found."""
    names = {str: "text", bool: "true or false", int: "a number", float: "a number"}
    found = names.get(type(value), f"a value of type {type(value).__name__}")
    return _WrongValueError(f"expected {expected}, found {found}")


_READERS: dict[str, Callable[[object], object]] = {
    "int": _read_int,
    "float": _read_float,
    "bool": _read_bool,
    "text": _read_text,
    "timedelta": _read_timedelta,
    "date": _read_date,
    "decimal": _read_decimal,
    "mixed": _as_it_is,
}
