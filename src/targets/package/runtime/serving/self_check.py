"""Holds the predictor against what training computed for rows held out.

The same raw rows go through it all at once, in another order, and one by one as a
request gives them. Every answer must be what training computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import pandas as pd

from .errors import ProductError
from .input_schema import plain_value
from .prediction import Predictor

if TYPE_CHECKING:
    from .held_out import HeldOut
    from .kinds import AnyArray
    from .serving import Answer

S = TypeVar("S")

TOLERANCE = 1e-9
_ALONE = 200
_SEED = 0


class SelfCheckError(ProductError):
    """The predictor does not answer what training computed: it must not serve."""


def self_check(
    predictor: Predictor[S],
    raw: pd.DataFrame,
    found: Sequence[HeldOut],
    reasons: Sequence[str],
) -> dict[str, object]:
    """Check all answers that can be compared, and say which could not and why."""
    alone = 0
    for held in found:
        alone += _check(predictor, raw, held)
    compared = {name for held in found for name in held.values}
    served = [name for answer in predictor.answers for name in answer.values]
    missing = [name for name in served if name not in compared]
    excused = "; ".join(reasons)
    reasons = [
        *reasons,
        *(
            f"{name}: training computed it for no rows that it held out"
            for name in missing
            if name not in excused
        ),
    ]
    return {
        "outcome": "not comparable" if missing else "equal",
        "values": [name for name in served if name in compared],
        "rows": max((len(held.rows) for held in found), default=0),
        "alone": alone,
        "tolerance": TOLERANCE,
        "reasons": reasons,
    }


def _check(predictor: Predictor[S], raw: pd.DataFrame, held: HeldOut) -> int:
    """Check the answers for some rows; return how many went through one by one."""
    generator = np.random.default_rng(_SEED)
    count = len(held.rows)
    whole = [item for item in predictor.answers if set(item.values) & set(held.values)]
    single = [item for item in whole if not item.whole_batch]
    everything = np.arange(count)
    check = _Check(predictor, raw, held)
    for batch in whole:
        if batch.whole_batch:
            check.batch(batch)
    if not single:
        return 0
    check.frame("all at once", everything, single)
    check.frame("in another order", generator.permutation(count), single)
    chosen = generator.choice(count, size=min(count, _ALONE), replace=False)
    check.one_by_one(np.sort(chosen), single)
    return len(chosen)


class _Check(Generic[S]):
    """Compares answers with those of training, for rows in some order."""

    def __init__(
        self, predictor: Predictor[S], raw: pd.DataFrame, held: HeldOut
    ) -> None:
        """Compare what the predictor answers for held-out raw rows."""
        self._predictor = predictor
        self._raw = raw
        self._held = held

    def frame(self, how: str, order: AnyArray, answers: Sequence[Answer[S]]) -> None:
        """Give rows as one DataFrame."""
        rows = self._raw.iloc[self._held.rows[order]]
        try:
            found = self._predictor.answer(self._predictor.door.frame(rows), answers)
        except ProductError as error:
            raise SelfCheckError(f"self-check, {how}: {error}") from error
        self._compare(how, order, found)

    def batch(self, answer: Answer[S]) -> None:
        """Give all rows that training had, for an answer that looks at other rows."""
        try:
            rows = self._predictor.door.frame(self._raw)
            found = self._predictor.answer(rows, [answer])
        except ProductError as error:
            raise SelfCheckError(f"self-check, the whole dataset: {error}") from error
        order = np.arange(len(self._held.rows))
        chosen = [found[place] for place in self._held.rows.tolist()]
        self._compare("in the whole dataset", order, chosen)

    def one_by_one(self, order: AnyArray, answers: Sequence[Answer[S]]) -> None:
        """Give each row alone, as a request does."""
        door = self._predictor.door
        rows = self._raw.iloc[self._held.rows[order]]
        columns = {
            column.name: [plain_value(value) for value in rows[column.label].tolist()]
            for column in door.columns
        }
        for place, at in enumerate(order.tolist()):
            record = {name: values[place] for name, values in columns.items()}
            try:
                found = self._predictor.answer(door.records([record]), answers)
            except ProductError as error:
                raise SelfCheckError(
                    f"self-check, one row alone ({self._label(at)}): {error}"
                ) from error
            self._compare("one row alone", np.array([at]), found)

    def _compare(
        self, how: str, order: AnyArray, found: Sequence[Mapping[str, object]]
    ) -> None:
        """Stop at the first answer that is not the one of training."""
        for at, answer in zip(order.tolist(), found, strict=True):
            for name, values in self._held.values.items():
                if name in answer and not close(values[at], answer[name]):
                    raise SelfCheckError(
                        f"self-check, {how}: for {self._label(at)} of the raw dataset "
                        f"{name!r} is {answer[name]!r}, but training computed "
                        f"{values[at]!r}; nothing is served"
                    )

    def _label(self, at: int) -> str:
        """Name a row as the raw dataset does."""
        return f"the row {self._held.labels[at]!r}"


def close(expected: object, found: object) -> bool:
    """Compare two plain values: numbers within the tolerance, all else exactly."""
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(close, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            close(value, found[key]) for key, value in expected.items()
        )
    if isinstance(expected, int | float) and isinstance(found, int | float):
        limit = TOLERANCE * max(1.0, abs(expected))
        return expected == found or abs(expected - found) <= limit
    return expected == found
