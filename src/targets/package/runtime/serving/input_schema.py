"""What raw rows look like, as training's reader gave them: columns, types, examples."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import codec
from .codec import INLINE
from .errors import ArtifactError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .kinds import AnyObject, AnySeries

# So many different texts are listed; where there are more they may be names of people.
_LISTED = 50
_PREVIEW = 1000
# A text that is a date tells nothing about a person, and hidden it would be no date.
_DATE = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d))([ T].*)?$"
    r"|(\d{1,2}[- ])?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[-, ]+"
    r"(\d{1,2}, *)?\d{2,4}$"
)


@dataclass(frozen=True)
class RawColumn:
    """One raw column.

    `name` is its key in a request and `label` its label in a DataFrame. `kind` is int,
    float, bool, text, category, datetime, timedelta, date, decimal or mixed. `gap` is
    what stands where an object column has no value: nan or None. `values` are the
    texts or categories seen, where they are few. `example` is a typical value of the
    column and of no row in particular.
    """

    name: str
    label: object
    dtype: object
    kind: str
    nullable: bool
    gap: float | None = math.nan
    values: tuple[object, ...] | None = None
    low: object = None
    high: object = None
    example: object = None

    def to_json(self) -> dict[str, object]:
        """Return the description as plain JSON."""
        label, label_type = codec.encode(self.label, INLINE)
        dtype, dtype_type = codec.encode(self.dtype, INLINE)
        return {
            "name": self.name,
            "label": {"plain": label, "type": label_type},
            "dtype": {"plain": dtype, "type": dtype_type},
            "kind": self.kind,
            "nullable": self.nullable,
            "gap": None if self.gap is None else "nan",
            "values": None if self.values is None else list(self.values),
            "low": self.low,
            "high": self.high,
            "example": self.example,
        }

    @staticmethod
    def from_json(content: Mapping[str, object]) -> RawColumn:
        """Read a description back."""
        values = content["values"]
        return RawColumn(
            name=codec.text(content["name"]),
            label=_decoded(content["label"]),
            dtype=_decoded(content["dtype"]),
            kind=codec.text(content["kind"]),
            nullable=bool(content["nullable"]),
            gap=None if content["gap"] is None else math.nan,
            values=None if values is None else tuple(codec.items(values)),
            low=content["low"],
            high=content["high"],
            example=content["example"],
        )


def _decoded(value: object) -> object:
    """Read a value and the tree of its types."""
    held = codec.mapping(value)
    return codec.decode(held["plain"], held["type"], INLINE)


def describe_columns(frame: pd.DataFrame) -> list[RawColumn]:
    """Describe the columns of the raw dataset, in their order."""
    labels = list(frame.columns)
    names = [_name(label) for label in labels]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ArtifactError(
            f"needed for serving: the raw dataset has more than one column {twice[0]!r}"
        )
    return [
        _describe(name, label, frame[label])
        for name, label in zip(names, labels, strict=True)
    ]


def _name(label: object) -> str:
    """Name a column as requests do: JSON has keys of text only."""
    if isinstance(label, tuple):
        return ".".join(map(str, label))
    return str(label)


def _describe(name: str, label: object, column: AnySeries) -> RawColumn:
    """Describe one column."""
    present = column.dropna()
    kind = _kind(column.dtype, present)
    gaps = column[column.isna()]
    marks_none = kind not in ("int", "float") and len(gaps) and gaps.iloc[0] is None
    facts = {"text": _texts, "category": _categories, "mixed": _nothing}
    values, low, high, example = facts.get(kind, _numbers)(present)
    return RawColumn(
        name=name,
        label=label,
        dtype=column.dtype,
        kind=kind,
        nullable=bool(len(gaps)),
        gap=None if marks_none else math.nan,
        values=values,
        low=low,
        high=high,
        example=example,
    )


def _kind(dtype: AnyObject, present: AnySeries) -> str:
    """Tell what a column holds; of an object column, by its values."""
    if isinstance(dtype, pd.CategoricalDtype):
        return "category"
    if isinstance(dtype, pd.StringDtype):
        return "text"
    if not (isinstance(dtype, np.dtype) and dtype.kind == "O"):
        return next((name for name, holds in _TYPES.items() if holds(dtype)), "mixed")
    kinds = set(map(type, present.tolist()))
    for name, members in _OBJECTS.items():
        if kinds == members:
            return name
    # A column without any value is text where the reader made it an object column.
    return "mixed" if kinds else "text"


_TYPES: dict[str, Callable[[AnyObject], bool]] = {
    "bool": pd.api.types.is_bool_dtype,
    "int": pd.api.types.is_integer_dtype,
    "float": pd.api.types.is_float_dtype,
    "datetime": pd.api.types.is_datetime64_any_dtype,
    "timedelta": pd.api.types.is_timedelta64_dtype,
    "text": pd.api.types.is_string_dtype,
}
_OBJECTS = {"text": {str}, "bool": {bool}, "date": {date}, "decimal": {Decimal}}

_Facts = tuple[tuple[object, ...] | None, object, object, object]


def _numbers(present: AnySeries) -> _Facts:
    """Describe what has an order: the least, the greatest, and one in the middle."""
    if not len(present):
        return None, None, None, None
    ordered = present.sort_values(kind="stable")
    last = len(ordered) - 1
    low, high, middle = (
        _finite(plain_value(ordered.iloc[place])) for place in (0, last, last // 2)
    )
    return None, low, high, middle


def _finite(value: object) -> object:
    """Leave out an infinite number: JSON has none."""
    return None if isinstance(value, float) and math.isinf(value) else value


def _texts(present: AnySeries) -> _Facts:
    """Describe text: the values where they are few, else only their form."""
    if not len(present):
        return None, None, None, None
    counts = present.value_counts()
    often = str(counts.index[0])
    if len(counts) <= _LISTED and 2 * len(counts) <= len(present):
        return tuple(sorted(map(str, counts.index))), None, None, often
    return None, None, None, often if _DATE.match(often) else masked(often)


def _categories(present: AnySeries) -> _Facts:
    """Describe a category column; all its categories stand in its dtype."""
    if not len(present):
        return None, None, None, None
    counts = present.astype(object).value_counts()
    often = _shown(counts.index[0])
    listed = tuple(_shown(item) for item in present.cat.categories[:_LISTED])
    return (listed if len(counts) <= _LISTED else None), None, None, often


def _shown(value: object) -> object:
    """Show a value of any type in a description."""
    found = _finite(plain_value(value))
    return found if found is None or type(found) in _JSON else str(found)


def _nothing(present: AnySeries) -> _Facts:
    """Describe nothing: the values have no common type."""
    found = [value for value in present.head(_PREVIEW) if type(value) in _JSON]
    return None, None, None, (_finite(found[0]) if found else None)


_JSON = (str, int, float, bool)


def masked(text: str) -> str:
    """Hide what a text says and keep its form: letters are x, digits 1.

    Ones make a rate, a time or a date that can be read; noughts often do not.
    """
    small = re.sub(r"[^\W\d_]", lambda at: "X" if at[0].isupper() else "x", text)
    return re.sub(r"\d", "1", small)


def plain_value(value: object) -> object:
    """Return a value as JSON holds it: numbers, text, ISO dates, null where missing."""
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, np.generic):
        return plain_value(value.item())
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, pd.Timedelta):
        return value.isoformat()
    if isinstance(value, timedelta):
        return pd.Timedelta(value).isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
