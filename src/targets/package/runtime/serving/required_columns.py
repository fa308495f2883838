"""Finds out which raw columns an answer needs, where the code does not name them.

Without a column that is needed the notebook's code fails, or answers otherwise. Whoever
leaves one out or mixes up its values, and gets the same answers for many rows, has a
column that is not needed, such as the label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from .fit_state import FitDocument, make_predictor
from .history import training_past
from .self_check import close

if TYPE_CHECKING:
    from .held_out import HeldOut
    from .kinds import AnyArray, AnyObject
    from .serving import Serving

    Answers = list[dict[str, object]]
    Attempt = Callable[[Sequence[str], pd.DataFrame], Answers | None]

S = TypeVar("S")

_ROWS = 1000
_SEED = 0


def required_columns(
    serving: Serving[S],
    document: FitDocument,
    values: Mapping[str, object],
    raw: pd.DataFrame,
    known: Sequence[HeldOut],
    history: Sequence[pd.DataFrame] = (),
) -> tuple[tuple[str, ...], str]:
    """Return the columns that are needed, in order, and how that was found out.

    `known` are rows that training itself answered, `history` the tables whose rows may
    stand before others.
    """

    def attempt(names: Sequence[str], frame: pd.DataFrame) -> Answers | None:
        part = replace(document, required=tuple(names), example=None)
        past = training_past(serving, part.door(), history) if history else None
        return make_predictor(serving, part, values, past).attempt(frame)

    labels = {column.name: column.label for column in document.columns}
    everything = tuple(labels)
    for names in _sufficient(attempt, everything, raw, known):
        for rows in _candidates(raw, known):
            frame = raw.iloc[rows]
            if attempt(names, frame) is not None:
                return _least(attempt, names, frame, labels), "by trial"
    return everything, "not found out: all"


def overlooked(
    serving: Serving[S],
    document: FitDocument,
    values: Mapping[str, object],
    raw: pd.DataFrame,
    known: Sequence[HeldOut],
) -> bool:
    """Tell whether rows are answered otherwise with columns that nobody named.

    Code that fills in what is not there fails nowhere when a column was overlooked.
    """
    everything = tuple(column.name for column in document.columns)
    for rows in _candidates(raw, known):
        found = [
            make_predictor(
                serving, replace(document, required=names, example=None), values
            ).attempt(raw.iloc[rows])
            for names in (document.required, everything)
        ]
        if found[0] is not None and found[1] is not None:
            return found[0] != found[1]
    return False


def _sufficient(
    attempt: Attempt,
    everything: tuple[str, ...],
    raw: pd.DataFrame,
    known: Sequence[HeldOut],
) -> Iterator[tuple[str, ...]]:
    """Offer all columns, then those beside one that is in the way, as a label may be.

    Code that counts columns answers without a wrong one too, and wrongly: only what
    training computed shows which one it is.
    """
    yield everything
    for held in known[:1]:
        frame = raw.iloc[held.rows[:_ROWS]]
        for gone in everything:
            rest = tuple(name for name in everything if name != gone)
            found = attempt(rest, frame)
            if found is not None and _as_trained(held, found):
                yield rest
                return


def _as_trained(held: HeldOut, found: Sequence[Mapping[str, object]]) -> bool:
    """Tell whether answers are those of training."""
    return all(
        close(values[at], answer[name])
        for at, answer in enumerate(found)
        for name, values in held.values.items()
    )


def _candidates(raw: pd.DataFrame, known: Sequence[HeldOut]) -> list[AnyArray]:
    """Offer rows to try with: many of both kinds, then those that must be right."""
    generator = np.random.default_rng(_SEED)

    def some(rows: AnyArray) -> AnyArray:
        count = min(_ROWS, len(rows))
        return np.sort(generator.choice(rows, size=count, replace=False))

    others = some(np.arange(len(raw)))
    if not known:
        return [others]
    held = some(np.unique(np.concatenate([item.rows for item in known])))
    return [np.union1d(held, others), held]


def _least(
    attempt: Attempt,
    names: tuple[str, ...],
    frame: pd.DataFrame,
    labels: Mapping[str, object],
) -> tuple[str, ...]:
    """Leave out one column after the other, as long as all answers stay the same."""
    expected = attempt(names, frame)
    order = np.random.default_rng(_SEED).permutation(len(frame))
    needed = names
    for name in names:
        rest = tuple(other for other in needed if other != name)
        if attempt(rest, frame) != expected:
            continue
        label: AnyObject = labels[name]
        mixed = frame.copy()
        mixed[label] = frame[label].take(order).set_axis(frame.index)
        if attempt(needed, mixed) == expected:
            needed = rest
    return needed
