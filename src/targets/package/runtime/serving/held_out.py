"""What training computed for rows held out, and which raw rows these are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import artifacts
from .kept import KeptAnswers, KeptStep
from .prediction import MismatchError, plain_values

if TYPE_CHECKING:
    from .artifacts import Entry
    from .kinds import AnyArray, AnyIndex, AnyObject


@dataclass(frozen=True)
class HeldOut:
    """The served values that training computed for the raw rows at these positions."""

    rows: AnyArray
    labels: Sequence[object]
    values: Mapping[str, list[object]]


class _UnknownRowsError(Exception):
    """Rows cannot be followed back to the raw dataset."""


def held_out(
    steps: Sequence[KeptStep], raw: pd.DataFrame, workdir: Path
) -> tuple[list[HeldOut], list[str]]:
    """Follow the rows that training answered back to raw rows; else say why not.

    Where training answered twice under one name, the last time counts.
    """
    tables = {name: entry for step in steps for name, entry in step.tables.items()}
    last = {
        name: kept for step in steps for kept in step.answers for name in kept.values
    }
    found: list[HeldOut] = []
    reasons: list[str] = []
    for kept in {id(kept): kept for kept in last.values()}.values():
        names = [name for name, owner in last.items() if owner is kept]
        try:
            found.append(_follow(kept, names, tables, raw.index, workdir))
        except (_UnknownRowsError, MismatchError) as error:
            reasons.append(f"{', '.join(names)}: {error}")
    return found, reasons


def _follow(
    kept: KeptAnswers,
    names: Sequence[str],
    tables: Mapping[str, Entry],
    index: AnyIndex,
    workdir: Path,
) -> HeldOut:
    """Find the raw rows of some answers."""
    if kept.labels is None:
        raise _UnknownRowsError("the rows cannot be followed back to the raw dataset")
    if not index.is_unique:
        raise _UnknownRowsError("the raw dataset has rows with the same label")
    labels: AnyIndex = pd.Index(_listed(artifacts.load(workdir, kept.labels)))
    known = np.ones(len(labels), dtype=bool)
    for name in kept.through:
        if name not in tables:
            raise _UnknownRowsError(f"the labels of {name!r} were not kept")
        table: AnyObject = artifacts.load(workdir, tables[name])
        if isinstance(table, pd.Series):
            labels, found = _by_label(labels, table)
            known[known] = found
        else:
            labels = _back(labels, table)
    if not len(labels):
        raise _UnknownRowsError("no row was held out")
    rows = index.get_indexer(labels)
    if (rows < 0).any():
        raise _UnknownRowsError("some rows are not in the raw dataset")
    values = {}
    for name in names:
        value: AnyObject = artifacts.load(workdir, kept.values[name])
        if isinstance(value, pd.Series | pd.DataFrame):
            # By position: the labels that count are those above.
            value = value.reset_index(drop=True)
        values[name] = [
            item
            for item, is_known in zip(
                plain_values(name, value, len(known)), known, strict=True
            )
            if is_known
        ]
    return HeldOut(rows, labels.tolist(), values)


def _listed(labels: AnyObject) -> AnyObject:
    """Take the labels of a Series by its values."""
    return labels.to_numpy() if isinstance(labels, pd.Series) else labels


def _by_label(labels: AnyIndex, table: AnyObject) -> tuple[AnyIndex, AnyArray]:
    """Turn new labels into older ones; leave out those that several rows had."""
    table = table[~table.index.duplicated(keep=False)]
    places = table.index.get_indexer(labels)
    return pd.Index(table.to_numpy()).take(places[places >= 0]), places >= 0


def _back(positions: AnyIndex, table: AnyObject) -> AnyIndex:
    """Turn positions of newer rows into labels of the older ones."""
    if not pd.api.types.is_integer_dtype(positions.dtype):
        raise _UnknownRowsError("rows are not numbered where they were numbered anew")
    places = positions.to_numpy(dtype=np.intp)
    if len(places) and (places.min() < 0 or places.max() >= len(table)):
        raise _UnknownRowsError("there are more rows than there were labels")
    return pd.Index(table).take(places)
