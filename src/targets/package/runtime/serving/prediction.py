"""Answers raw rows with what training kept: one object of plain values for each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import pandas as pd

from .column_values import Problem
from .door import Door, InputError, Rows
from .errors import ProductError
from .history import distinct
from .input_schema import plain_value

if TYPE_CHECKING:
    from .history import Past
    from .kinds import AnyObject
    from .serving import Answer

S = TypeVar("S")

# So many columns are looked at, at most, to find the one that an answer stumbles over.
_TRIED = 100
_LENGTH = 300


class AnswerError(InputError):
    """The notebook's own code cannot answer a row."""


class MismatchError(ProductError):
    """A function gave something else than one answer for each row."""


class Predictor(Generic[S]):
    """Answers raw rows; `build` is the version of the package that trained."""

    def __init__(
        self,
        answers: Sequence[Answer[S]],
        state: S,
        door: Door,
        build: str,
        example: Mapping[str, object] | None = None,
        past: Past | None = None,
    ) -> None:
        """Answer through `door`, with what training kept in `state`.

        `past` are the rows of a declared history.
        """
        self.answers = tuple(answers)
        self.build = build
        self.door = door
        self.example = example
        self._state = state
        self._past = past

    def predict(self, frame: pd.DataFrame) -> list[dict[str, object]]:
        """Answer the rows of a DataFrame, in their order; the DataFrame stays as is."""
        if not len(frame):
            return []
        return self.answer(self.door.frame(frame), self.answers)

    def predict_records(
        self, records: Sequence[Mapping[str, object]]
    ) -> list[dict[str, object]]:
        """Answer rows that are mappings of raw column to value, in their order."""
        if not records:
            return []
        return self.answer(self.door.records(records), self.answers)

    def answer(
        self, rows: Rows, answers: Sequence[Answer[S]]
    ) -> list[dict[str, object]]:
        """Answer rows that have come through the door."""
        found: list[dict[str, object]] = [{} for _ in range(rows.count)]
        for answer in answers:
            try:
                self._fill(answer, rows, found)
            except (ProductError, MemoryError):
                raise
            except Exception as error:
                raise self._explain(answer, rows, error) from error
        return found

    def attempt(self, frame: pd.DataFrame) -> list[dict[str, object]] | None:
        """Answer the rows of a DataFrame; None where that cannot be done."""
        whole = self._past
        try:
            self._past = whole and whole.without(frame.index)
            rows = self.door.frame(frame)
            found: list[dict[str, object]] = [{} for _ in range(rows.count)]
            for answer in self.answers:
                self._fill(answer, rows, found)
        except Exception:  # whatever the notebook's code raises
            return None
        finally:
            self._past = whole
        return found

    def warnings(self) -> list[str]:
        """Say of which answers a reader must know that they look at other rows."""
        past = 0 if self._past is None else len(self._past.frame)
        return [
            f"{', '.join(answer.values)}: computed from "
            f"{_seen(answer.whole_batch, past)}; other rows give another answer"
            for answer in self.answers
            if answer.whole_batch or answer.looks_back
        ]

    def _fill(
        self, answer: Answer[S], rows: Rows, found: Sequence[dict[str, object]]
    ) -> None:
        """Add what one function answers to the objects of the rows."""
        together = answer.whole_batch or answer.looks_back
        for positions, frame in rows.frames(together):
            if answer.looks_back:
                self._look_back(answer, frame, found)
                continue
            count = len(frame)
            given = answer.function(frame, self._state)
            chosen = range(count) if positions is None else positions.tolist()
            for name, values in _values(answer, given, count).items():
                for row, value in zip(chosen, values, strict=True):
                    found[row][name] = value

    def _look_back(
        self,
        answer: Answer[S],
        frame: pd.DataFrame,
        found: Sequence[dict[str, object]],
    ) -> None:
        """Add what one function answers to rows that stand behind a history."""
        if self._past is None:
            raise MismatchError(f"{answer.name!r} has no history to look at")
        # Rows that are equal in everything have one answer: it is computed once.
        single, same = distinct(frame)
        asked = frame.iloc[single].reset_index(drop=True)
        made: list[dict[str, object]] = [{} for _ in single]
        for rows, meant in self._past.turns(asked):
            whole = self._past.before(asked.iloc[rows].reset_index(drop=True))
            given = answer.function(whole, self._state)
            for name, values in _values(answer, given, len(rows)).items():
                for place in meant:
                    made[rows[place]][name] = values[place]
        for row, place in zip(found, same, strict=True):
            row.update(made[place])

    def _explain(self, answer: Answer[S], rows: Rows, error: Exception) -> AnswerError:
        """Find the row, and if possible the column, that a function stumbles over."""
        row: int | None = None
        column: str | None = None
        if not answer.whole_batch:
            row = self._failing_row(answer, rows)
        if row is not None:
            alone = rows.take([row])
            error = self._failure(answer, alone) or error
            column = self._failing_column(answer, alone)
        cell = f" ({answer.cite})" if answer.cite else ""
        text = f"{type(error).__name__}: {error}"[:_LENGTH]
        return AnswerError([Problem(row, column, f"cannot be answered{cell}: {text}")])

    def _failure(self, answer: Answer[S], rows: Rows) -> Exception | None:
        """Return the error with which a function stops on these rows."""
        try:
            self._fill(answer, rows, [{} for _ in range(rows.count)])
        except Exception as error:  # whatever the notebook's code raises
            return error
        return None

    def _failing_row(self, answer: Answer[S], rows: Rows) -> int | None:
        """Halve the rows until one is left that fails by itself."""
        positions = list(range(rows.count))
        while len(positions) > 1:
            half = positions[: len(positions) // 2]
            fails = self._failure(answer, rows.take(half)) is not None
            positions = half if fails else positions[len(half) :]
        fails = self._failure(answer, rows.take(positions)) is not None
        return positions[0] if fails else None

    def _failing_column(self, answer: Answer[S], row: Rows) -> str | None:
        """Find the column with which the row can be answered once it is a usual one."""
        if self.example is None:
            return None
        usual = self.door.records([self.example])
        for column in self.door.columns[:_TRIED]:
            mended = row.replace(column.label, usual.columns[column.label])
            if self._failure(answer, mended) is None:
                return column.name
        return None


def _values(
    answer: Answer[S], given: Mapping[str, object], count: int
) -> dict[str, list[object]]:
    """Take the values of an answer out of what its function gives."""
    for name in answer.values:
        if name not in given:
            raise MismatchError(f"{answer.name!r} gives no {name!r}")
    return {name: plain_values(name, given[name], count) for name in answer.values}


def _seen(is_batch: bool, past: int) -> str:
    """Say which rows an answer is computed from."""
    if is_batch:
        return "the rows of the same batch alone"
    return f"the rows of the same batch and {past} rows of the history"


def plain_values(name: str, values: AnyObject, count: int) -> list[object]:
    """Return one plain value for each row, in the order in which rows were given."""
    if isinstance(values, pd.Series | pd.DataFrame):
        values = _in_order(name, values, count)
        frame = isinstance(values, pd.DataFrame)
        values = values.to_numpy() if frame else values.array
    if isinstance(values, pd.Index | pd.api.extensions.ExtensionArray):
        # Through numpy, whole numbers beside a missing one would become fractions.
        values = values.tolist()
    quick = False
    if isinstance(values, np.ndarray) and values.ndim:
        kind = values.dtype.kind
        quick = kind in "iub" or (kind == "f" and bool(np.isfinite(values).all()))
        # As an array of numpy, times would become bare numbers.
        listed = list(pd.Series(values)) if kind in "mM" else values.tolist()
    elif isinstance(values, list | tuple):
        listed = list(values)
    else:
        kind_name = type(values).__name__
        raise MismatchError(f"{name!r} is a {kind_name}, not a value for each row")
    if len(listed) != count:
        raise MismatchError(f"{name!r} has {len(listed)} values for {count} rows")
    return listed if quick else [plain_answer(value) for value in listed]


def _in_order(name: str, values: AnyObject, count: int) -> AnyObject:
    """Put a column back into the order of the rows; none may be gone or there twice."""
    index = values.index
    if len(index) == count and index.equals(pd.RangeIndex(count)):
        return values
    if len(index) == count and index.is_unique:
        places = index.get_indexer(pd.RangeIndex(count))
        if (places >= 0).all():
            return values.iloc[places]
    raise MismatchError(f"{name!r} has not one value for each of {count} rows")


def plain_answer(value: object) -> object:
    """Return a value as JSON has it: no number is null, an infinite one is text."""
    value = plain_value(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _INFINITE[value > 0]
    if isinstance(value, Mapping):
        return {str(key): plain_answer(item) for key, item in value.items()}
    tolist: Callable[[], object] | None = getattr(value, "tolist", None)
    if tolist is not None:
        value = tolist()
    if isinstance(value, list | tuple):
        return [plain_answer(item) for item in value]
    return str(value)


_INFINITE = {True: "Infinity", False: "-Infinity"}
