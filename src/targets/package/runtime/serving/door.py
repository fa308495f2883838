"""Raw rows on their way in: known columns, of the types that training's reader gave.

A DataFrame of a few new rows would have other types than the whole dataset had: a
column of numbers only where text stood, whole numbers where one was missing. Here every
column gets the type of training, so that the notebook's own code finds what it expects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .column_values import Problem, Restored, is_gap, is_object, restore
from .contracts import Column, Values, check_column
from .errors import ProductError

if TYPE_CHECKING:
    from .input_schema import RawColumn
    from .kinds import AnyArray, AnyObject, AnySeries

_SHOWN = 20


class InputError(ProductError):
    """Rows that cannot be answered, with the row and column of each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Show the first problems; `problems` holds these, `count` is of all."""
        self.problems = tuple(problems[:_SHOWN])
        self.count = len(problems)
        lines = [describe(problem) for problem in self.problems]
        more = self.count - len(lines)
        super().__init__("; ".join(lines) + (f"; and {more} more" if more else ""))


def describe(problem: Problem) -> str:
    """Say where a problem is and what it is."""
    place = [] if problem.row is None else [f"row {problem.row}"]
    if problem.column is not None:
        place.append(f"column {problem.column!r}")
    return f"{', '.join(place)}: {problem.message}" if place else problem.message


@dataclass(frozen=True)
class Rows:
    """Rows that have come through the door, column by column."""

    count: int
    columns: Mapping[object, Restored]

    def take(self, positions: Sequence[int]) -> Rows:
        """Return some of the rows."""
        chosen = np.array(positions, dtype=np.intp)
        columns = {}
        for label, column in self.columns.items():
            wide = frozenset(
                at for at, row in enumerate(positions) if row in column.wide
            )
            values = column.values.take(chosen)
            if column.wide and not wide:
                values = np.array(values.tolist(), dtype=column.dtype)
            columns[label] = Restored(values, column.dtype, wide, column.wide_type)
        return Rows(len(positions), columns)

    def replace(self, label: object, column: Restored) -> Rows:
        """Return the same rows with another column in place of one."""
        return Rows(self.count, {**self.columns, label: column})

    def frames(self, together: bool) -> Iterator[tuple[AnyArray | None, pd.DataFrame]]:
        """Give DataFrames that may be changed, each with the positions of its rows.

        A missing value makes a column of whole numbers one of fractions. As a row must
        be answered alike in any company, rows are apart by which columns that is so
        for, unless they are wanted `together`. No positions stands for all rows.
        """
        widened = [label for label, column in self.columns.items() if column.wide]
        if together or not widened:
            yield None, self._frame(None, frozenset(widened))
            return
        groups: dict[frozenset[object], list[int]] = {}
        for row in range(self.count):
            key = frozenset(
                label for label in widened if row in self.columns[label].wide
            )
            groups.setdefault(key, []).append(row)
        for key, rows in groups.items():
            positions = np.array(rows, dtype=np.intp)
            yield positions, self._frame(positions, key)

    def _frame(self, rows: AnyArray | None, widened: frozenset[object]) -> pd.DataFrame:
        """Make one DataFrame, which has its values for itself."""
        count = self.count if rows is None else len(rows)
        content = {
            label: column.part(rows, label in widened)
            for label, column in self.columns.items()
        }
        # Columns of one type are laid out together, as a reader does: that is faster
        # for the code that follows, even for one row.
        return pd.DataFrame(content, index=pd.RangeIndex(count), copy=True)


@dataclass(frozen=True)
class Door:
    """Lets raw rows in: `columns` are those that an answer needs, in their order.

    `missing_texts` are the texts that the reader of the dataset takes for no value,
    `promises` what the notebook's contract says of columns.
    """

    columns: tuple[RawColumn, ...]
    missing_texts: frozenset[object] = frozenset()
    promises: Mapping[str, Column] = field(default_factory=dict)

    def records(self, records: Sequence[Mapping[str, object]]) -> Rows:
        """Let in rows that are mappings; keys that are no known column are dropped."""
        problems: list[Problem] = []
        given: dict[str, Sequence[object]] = {}
        for column in self.columns:
            name = column.name
            try:
                given[name] = [record[name] for record in records]
            except KeyError:
                problems += [
                    Problem(row, name, "is missing")
                    for row, record in enumerate(records)
                    if name not in record
                ]
        return self._values(len(records), given, problems)

    def values(self, count: int, given: Mapping[str, Sequence[object]]) -> Rows:
        """Let in rows that are there column by column, all of them."""
        return self._values(count, given, [])

    def _values(
        self,
        count: int,
        given: Mapping[str, Sequence[object]],
        problems: list[Problem],
    ) -> Rows:
        """Give the columns that are there their types."""
        restored: dict[object, Restored] = {}
        for column in self.columns:
            if column.name in given:
                self._let_in(column, given[column.name], restored, problems)
        return _rows(count, restored, problems)

    def frame(self, frame: pd.DataFrame) -> Rows:
        """Let in rows of a DataFrame; columns that are not known are dropped."""
        problems: list[Problem] = []
        restored: dict[object, Restored] = {}
        for column in self.columns:
            label = column.label if column.label in frame.columns else column.name
            if label not in frame.columns:
                problems.append(Problem(None, column.name, "is missing"))
                continue
            found = frame[label]
            if isinstance(found, pd.DataFrame):
                problems.append(Problem(None, column.name, "is there twice"))
            elif _is_of(found.dtype, column):
                whole = Restored(_array(found), column.dtype)
                self._take(column, whole, restored, problems)
            else:
                self._let_in(column, found.tolist(), restored, problems)
        return _rows(len(frame), restored, problems)

    def _let_in(
        self,
        column: RawColumn,
        values: Sequence[object],
        restored: dict[object, Restored],
        problems: list[Problem],
    ) -> None:
        """Give one column its type, or note what is in the way."""
        found = restore(column, values, self.missing_texts)
        if isinstance(found, Restored):
            self._take(column, found, restored, problems)
        else:
            problems += found

    def _take(
        self,
        column: RawColumn,
        found: Restored,
        restored: dict[object, Restored],
        problems: list[Problem],
    ) -> None:
        """Take a column, if it keeps the contract."""
        restored[column.label] = found
        promise = self.promises.get(column.name)
        if promise is not None:
            problems += _broken(promise, found)


def _is_of(dtype: AnyObject, column: RawColumn) -> bool:
    """Tell whether a column may stay as it is.

    Two category types count as equal in pandas even where their order, and so their
    codes, differ; objects have to be looked at.
    """
    if column.kind == "category" or is_object(dtype):
        return False
    return bool(dtype == column.dtype)


def _array(column: AnySeries) -> AnyArray:
    """Return the values of a column as numpy has them, or as pandas' own array."""
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return column.array


def _broken(promise: Column, column: Restored) -> list[Problem]:
    """Name the rows whose value is not what the contract says."""
    whole: AnyObject = pd.Series(column.values) if _is_time(column) else column.values
    values: list[object] = whole.tolist()
    gaps = [is_gap(value) for value in values]
    violations = check_column(Values(values, gaps, []), promise, "", datetime.now(UTC))
    return [
        Problem(row, promise.name, f"{violation.problem} (contract)")
        for violation in violations
        for row in violation.rows
    ]


def _is_time(column: Restored) -> bool:
    """Tell whether numpy would give the values as bare numbers."""
    return isinstance(column.dtype, np.dtype) and column.dtype.kind in "mM"


def _rows(
    count: int, restored: dict[object, Restored], problems: list[Problem]
) -> Rows:
    """Return the rows, unless something is wrong with any of them."""
    if problems:
        raise InputError(problems)
    return Rows(count, restored)
