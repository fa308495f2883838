"""The history: rows that stand before those that are asked for, read at start.

A lag or a window of a new row looks at the rows of the same batch and at these, and at
nothing else.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from .door import InputError
from .errors import UsageError
from .lookback import PAST
from .read_rows import read_rows

if TYPE_CHECKING:
    from .door import Door
    from .kinds import AnyArray, AnyIndex
    from .serving import Serving

S = TypeVar("S")

PLACES = "CROSSWALK_HISTORY"
_CSV = (".csv", ".tsv", ".txt")


class HistoryError(UsageError):
    """The history is not there, is damaged, or is not of the dataset's form."""


@dataclass(frozen=True)
class Past:
    """The rows of the history, as the notebook's reader would give them.

    `labels` are those of training's own rows, where they stand for a history.
    """

    frame: pd.DataFrame
    digests: AnyArray
    labels: AnyIndex | None = None

    def before(self, asked: pd.DataFrame) -> pd.DataFrame:
        """Put the history before rows that are asked for.

        A row that is in the history already is there once.
        """
        count = len(self.frame)
        seen = list(self.frame.columns)
        # No lag reads the others, so a value of their type will do.
        others = asked.drop(columns=seen).iloc[[0] * count].reset_index(drop=True)
        before = pd.concat([self.frame, others], axis=1)[list(asked.columns)]
        whole = pd.concat([before, asked], ignore_index=True)
        given, digests = _digests(asked[seen]), self.digests
        if not whole[seen].dtypes.equals(self.frame.dtypes):
            digests = _digests(whole[seen])
            given, digests = digests[count:], digests[:count]
        again = np.flatnonzero(np.isin(digests, given))
        left = Counter(given.tolist())
        gone = []
        for place in again.tolist():
            digest = int(digests[place])
            if left[digest] > 0:
                left[digest] -= 1
                gone.append(place)
        if gone:
            whole = whole.drop(index=gone).reset_index(drop=True)
        whole.attrs[PAST] = count - len(gone)
        return whole

    def turns(self, asked: pd.DataFrame) -> Iterator[tuple[list[int], list[int]]]:
        """Give the places of rows that are answered together, and of those meant.

        A row that is asked for twice is no row before itself: of equal rows one is
        there at a time, beside all others.
        """
        digests = pd.Series(_digests(asked[list(self.frame.columns)]))
        turn = digests.groupby(digests).cumcount().to_numpy()
        first = np.flatnonzero(turn == 0)
        yield first.tolist(), list(range(len(first)))
        place = {int(digests[row]): at for at, row in enumerate(first.tolist())}
        for number in range(1, int(turn.max(initial=0)) + 1):
            rows = first.tolist()
            meant = np.flatnonzero(turn == number).tolist()
            for row in meant:
                rows[place[int(digests[row])]] = row
            yield rows, [place[int(digests[row])] for row in meant]

    def without(self, labels: AnyIndex) -> Past:
        """Leave out rows of training by their labels."""
        if self.labels is None:
            return self
        kept = ~self.labels.isin(labels)
        frame = self.frame[kept].reset_index(drop=True)
        return Past(frame, self.digests[kept], self.labels[kept])


def distinct(frame: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Give the places of rows that differ, and for each row which one it equals."""
    codes, _ = pd.factorize(_digests(frame))
    _, single = np.unique(codes, return_index=True)
    return single.tolist(), codes.tolist()


def make_past(serving: Serving[S], door: Door, tables: Sequence[pd.DataFrame]) -> Past:
    """Let the rows of the history in, table by table."""
    frames = []
    if serving.looked_at is not None:
        names = serving.looked_at
        columns = tuple(column for column in door.columns if column.name in names)
        door = replace(door, columns=columns)
    for table in tables:
        for _, frame in door.frame(table).frames(together=True):
            frames.append(frame)
    frame = pd.concat(frames, ignore_index=True)
    return Past(frame, _digests(frame))


def training_past(
    serving: Serving[S], door: Door, tables: Sequence[pd.DataFrame]
) -> Past:
    """Take what training has read for a history; the last table holds its own rows."""
    past = make_past(serving, door, tables)
    others = len(past.frame) - len(tables[-1])
    # No row of another table has the label of one that is asked for.
    labels = pd.Index([*([None] * others), *tables[-1].index])
    return replace(past, labels=labels)


def read_past(serving: Serving[S], door: Door) -> Past | None:
    """Read the history from where it is found; refuse one that is not whole."""
    if not serving.history:
        return None
    places = _places(serving.history)
    tables = [_table(serving, name, Path(places[name]), door) for name in places]
    try:
        return make_past(serving, door, tables)
    except InputError as error:
        raise HistoryError(
            f"the history ({', '.join(places)}) cannot be used: {error}"
        ) from error


def _places(names: Sequence[str]) -> Mapping[str, str]:
    """Find out where the datasets of the history are."""
    text = os.environ.get(PLACES, "")
    try:
        found = json.loads(text) if text else {}
    except ValueError as error:
        raise HistoryError(f"{PLACES} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise HistoryError(f'{PLACES}: expected {{"dataset": "file"}}')
    missing = [name for name in names if not isinstance(found.get(name), str)]
    if missing:
        raise HistoryError(
            f"answers look at rows before: set {PLACES} to a JSON object that names "
            f"the file of each dataset: {', '.join(missing)}"
        )
    return {name: found[name] for name in names}


def _table(serving: Serving[S], name: str, path: Path, door: Door) -> pd.DataFrame:
    """Read one table of the history."""
    if not path.is_file():
        raise HistoryError(f"the history {name!r} is missing: there is no {path}")
    if path.suffix.lower() in _CSV and not _ends(path):
        raise HistoryError(
            f"the history {name!r} is cut off: the last line of {path} does not end"
        )
    try:
        rows = read_rows(path, door.columns, serving.reads)
    except InputError as error:
        raise HistoryError(f"the history {name!r} cannot be read: {error}") from error
    if isinstance(rows, list):
        rows = pd.DataFrame(rows)
    if not len(rows):
        raise HistoryError(f"the history {name!r} has no row: {path}")
    return rows


def _ends(path: Path) -> bool:
    """Tell whether the last line of a file is whole."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read(1) == b"\n"


def _digests(frame: pd.DataFrame) -> AnyArray:
    """Return a number for each row; equal rows have the same."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
