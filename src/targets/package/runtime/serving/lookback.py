"""Lags, windows and fills: rows that are answered are looked at beside those before.

A table holds the rows of the history first and those that are asked for behind them.
Nothing is dropped from it until the last lag is computed: `Seen` says which of its rows
the notebook would look at, and in which order. A row that is asked for is always among
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .kinds import AnyArray, AnyObject

PAST = "rows before"


@dataclass(frozen=True)
class Seen:
    """The places in a table of the rows that are looked at, in their order.

    The first `past` rows of the table are history, the others are asked for.
    """

    places: AnyArray
    past: int

    def only(self, found: AnyArray) -> Seen:
        """Leave out rows of the history that are not among the places `found`."""
        kept = np.isin(self.places, found) | (self.places >= self.past)
        return Seen(self.places[kept], self.past)


def all_rows(frame: pd.DataFrame) -> Seen:
    """Look at all rows of the table that a predictor is given."""
    return Seen(np.arange(len(frame)), int(frame.attrs.get(PAST, 0)))


def kept_rows(seen: Seen, mask: AnyObject) -> Seen:
    """Look at the rows for which the mask is true."""
    return seen.only(np.flatnonzero(np.asarray(mask, dtype=bool)))


def complete_rows(table: pd.DataFrame, seen: Seen) -> Seen:
    """Look at the rows in which no column of the table is missing."""
    return kept_rows(seen, table.notna().all(axis=1))


def distinct_rows(table: pd.DataFrame, seen: Seen, keep: str = "first") -> Seen:
    """Look at one row of those with the same values, and rather at one asked for."""
    last = keep == "last"
    places = seen.places[::-1] if last else seen.places
    asked = places >= seen.past
    order = np.concatenate([places[asked], places[~asked]])
    return seen.only(order[~table.iloc[order].duplicated().to_numpy()])


def sorted_rows(
    table: pd.DataFrame, seen: Seen, by: AnyObject, **options: AnyObject
) -> Seen:
    """Look at the rows in the order of some columns."""
    found = _at(table, seen).sort_values(by, **options)
    return Seen(found.index.to_numpy(), seen.past)


def seen_rows(table: AnyObject, seen: Seen, by: list[str] | None = None) -> AnyObject:
    """Give the rows that are looked at, numbered by their places in the table.

    With `by` those alone that have the same values there as a row that is asked for.
    """
    found = _at(table, seen)
    if by is None:
        return found
    near = _in_groups(table[by], seen.past)
    return found if near.all() else found[near[seen.places]]


def nearby_rows(seen: Seen, keys: pd.DataFrame, *values: AnyObject) -> AnyObject:
    """Leave out rows of the history that no row asked for has its keys in common with.

    Give what is looked at then, and the values of the rows that are left.
    """
    near = _in_groups(keys, seen.past)
    places = np.flatnonzero(near)
    after = np.cumsum(near) - 1
    left = Seen(after[seen.places[near[seen.places]]], seen.past - int((~near).sum()))
    taken = [
        value.iloc[places].reset_index(drop=True)
        if isinstance(value, pd.Series | pd.DataFrame)
        else value[places]
        for value in values
    ]
    return (left, *taken)


def _in_groups(keys: pd.DataFrame, past: int) -> AnyArray:
    """Tell which rows have the keys of a row that is asked for."""
    table = keys.iloc[:, 0] if keys.shape[1] == 1 else pd.MultiIndex.from_frame(keys)
    near = np.asarray(table.isin(table[past:]))
    near[past:] = True
    return near


def for_each(table: AnyObject, found: AnyObject) -> AnyObject:
    """Give each row of the table what was found for it; rows not looked at get none."""
    places = pd.RangeIndex(len(table))
    if isinstance(found, pd.DataFrame):
        columns = {name: for_each(table, found[name]) for name in found.columns}
        return pd.DataFrame(columns, index=table.index)
    # A gap would make fractions of whole numbers, though nobody looks at these rows.
    whole = getattr(found.dtype, "kind", "O") in "iub"
    filled = found.reindex(places, fill_value=0) if whole else found.reindex(places)
    return filled.astype(found.dtype).set_axis(table.index)


def asked_rows(value: AnyObject, seen: Seen) -> AnyObject:
    """Leave the history: from here on each row is by itself."""
    if isinstance(value, pd.Series | pd.DataFrame):
        return value.iloc[seen.past :].reset_index(drop=True)
    return value[seen.past :]


def _at(table: AnyObject, seen: Seen) -> AnyObject:
    """Take the rows, each numbered by its place."""
    places = pd.RangeIndex(len(table))
    numbered = table if table.index.equals(places) else table.set_axis(places)
    return numbered.iloc[seen.places]
