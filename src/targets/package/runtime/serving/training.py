"""What training does for serving: it follows the steps and makes the fit state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from . import artifacts
from .fit import Recorder, recording
from .fit_state import (
    FitDocument,
    StateError,
    load_fields,
    make_predictor,
    state_files,
    versions,
    write_document,
)
from .held_out import HeldOut, held_out
from .history import training_past
from .input_schema import RawColumn
from .kept import KeptStep, read_kept
from .read_rows import missing_texts
from .required_columns import overlooked, required_columns
from .self_check import self_check
from .settings import nearest

if TYPE_CHECKING:
    from .history import Past
    from .kinds import AnyObject
    from .model import Model
    from .serving import Serving

P = TypeVar("P")
S = TypeVar("S")


@contextmanager
def followed(workdir: Path, step: str, version: str) -> Iterator[None]:
    """Keep what a step computes for serving; it is written when the step is done."""
    recorder = Recorder(workdir, step, version)
    with recording(recorder):
        yield
    recorder.finish()


def complete(
    model: Model[P],
    serving: Serving[S],
    workdir: Path,
    tell: Callable[[str, str], None],
) -> None:
    """Make the fit state of what all steps have kept, and check it.

    The list of its files is written last: where the check fails, nothing can be served.
    """
    steps = read_kept(workdir, [step.name for step in model.steps], model.version)
    document = _document(model, serving, steps)
    values = load_fields(serving.fields, document.fields, workdir)
    document = replace(document, libraries=versions(values.values()))
    raw, found, reasons = _raw_rows(steps, workdir)
    tables = _history(serving, steps, raw, workdir)
    document = _with_required(serving, document, values, raw, found, tables)
    past = training_past(serving, document.door(), tables) if tables else None
    document = _with_example(serving, document, values, past)
    check: Mapping[str, object] = {"outcome": "not comparable", "reasons": reasons}
    if raw is not None:
        _refuse_rows(values, raw)
        predictor = make_predictor(serving, document, values, past)
        check = self_check(predictor, raw, found, reasons)
    write_document(workdir, replace(document, check=check))
    if check["outcome"] == "equal":
        tell("info", f"self-check: {check['rows']} rows held out are answered equally")
    else:
        causes: AnyObject = check["reasons"]
        tell("warning", f"self-check: not comparable: {'; '.join(causes)}")


_FEW = 30


def _refuse_rows(values: Mapping[str, object], raw: pd.DataFrame) -> None:
    """Refuse values of training's own rows: there is none for a new row.

    Such a value is longer than half of the raw rows, and labelled as they are; a list
    is as long as they are. A table that is joined has row numbers of its own.
    """
    least = max(_FEW, len(raw) // 2)
    for name, kept in values.items():
        for value in kept.values() if isinstance(kept, dict) else [kept]:
            if isinstance(value, pd.Series) or (
                isinstance(value, pd.DataFrame)
                and not isinstance(value.index, pd.RangeIndex)
            ):
                found = (
                    len(value) >= least
                    and value.index.name is None
                    and bool(value.index.isin(raw.index).all())
                )
            else:
                found = isinstance(value, list | np.ndarray) and (
                    len(value) == len(raw) >= _FEW
                )
            if found:
                raise StateError(
                    f"the field {name!r} has a value for each row of the training "
                    "data: there is none for a new row; let the notebook compute it "
                    "row by row"
                )


def _document(
    model: Model[P], serving: Serving[S], steps: Sequence[KeptStep]
) -> FitDocument:
    """List what the steps have kept."""
    described = [step.columns for step in steps if step.columns is not None]
    if not described:
        raise StateError("no step has read the dataset that is to be answered")
    columns = tuple(map(RawColumn.from_json, described[-1]))
    names = [column.name for column in columns]
    for name in serving.required or ():
        if name not in names:
            raise StateError(
                f"the notebook reads the column {name!r}, which the dataset "
                f"{serving.dataset!r} has not; {nearest(name, names)}"
            )
    formats = {dataset.name: dataset.format for dataset in model.datasets}
    is_text = bool(serving.reads) or formats.get(serving.dataset) in ("csv", "tsv")
    return FitDocument(
        model=model.name,
        build=model.version,
        dataset=serving.dataset,
        fields=state_files(serving.fields, steps),
        columns=columns,
        required=serving.required or tuple(names),
        found="in the code" if serving.required is not None else "not found out: all",
        missing_texts=tuple(missing_texts(serving.reads)) if is_text else (),
    )


def _raw_rows(
    steps: Sequence[KeptStep], workdir: Path
) -> tuple[pd.DataFrame | None, list[HeldOut], list[str]]:
    """Read the raw rows, and find those that training itself has answered."""
    owner = [step for step in steps if step.columns is not None][-1]
    if owner.rows is None:
        return None, [], [owner.reason]
    raw = artifacts.load(workdir, owner.rows)
    if not isinstance(raw, pd.DataFrame):
        raise StateError("the raw rows are no table")
    found, reasons = held_out(steps, raw, workdir)
    return raw, found, reasons


def _history(
    serving: Serving[S],
    steps: Sequence[KeptStep],
    raw: pd.DataFrame | None,
    workdir: Path,
) -> list[pd.DataFrame]:
    """Read what training itself had for a history; its own rows are the last table."""
    if not serving.history or raw is None:
        return []
    tables: list[pd.DataFrame] = []
    for step in steps:
        table = None if step.history is None else artifacts.load(workdir, step.history)
        if isinstance(table, pd.DataFrame):
            tables.append(table)
    return [*tables, raw]


def _with_required(
    serving: Serving[S],
    document: FitDocument,
    values: Mapping[str, object],
    raw: pd.DataFrame | None,
    found: Sequence[HeldOut],
    history: Sequence[pd.DataFrame] = (),
) -> FitDocument:
    """Find out which columns are needed, where the code does not name them."""
    if raw is None or not len(raw):
        return document
    if serving.required is not None:
        # Where rows can be compared, the self-check says more.
        if not found and overlooked(serving, document, values, raw, found):
            raise StateError(
                "rows are answered otherwise when columns that no code was seen to "
                f"read are there too; seen were {', '.join(serving.required)}"
            )
        return document
    names, how = required_columns(serving, document, values, raw, found, history)
    return replace(document, required=names, found=how)


def _with_example(
    serving: Serving[S],
    document: FitDocument,
    values: Mapping[str, object],
    past: Past | None = None,
) -> FitDocument:
    """Put a row together of usual values; it is an example if it can be answered."""
    example = {
        column.name: column.example
        for column in document.columns
        if column.name in document.required
    }
    predictor = make_predictor(serving, document, values, past)
    row = pd.DataFrame([example])
    answered = predictor.attempt(row) is not None
    return replace(document, example=example) if answered else document
