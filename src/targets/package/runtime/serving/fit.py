"""What a step keeps for serving while it trains: fitted values, raw rows, answers.

The calls stand in the step functions. They do something only while the runner follows
the step; a step function that is called by itself gives the same values without them.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from . import artifacts
from .errors import ArtifactError
from .kept import CHECK, STATE, KeptAnswers, KeptField, KeptStep

if TYPE_CHECKING:
    import pandas as pd

    from .kinds import AnyIndex

A = ParamSpec("A")
T = TypeVar("T")

_AS_THEY_ARE = (str, bytes, bool, int, float, complex, type(None))


class Recorder:
    """Collects what one step keeps; `finish` writes it below the work folder."""

    def __init__(self, workdir: Path, step: str, version: str) -> None:
        """Keep for `step` of the model's `version`, in `workdir`."""
        self._workdir = workdir
        self._kept = KeptStep(step, version)
        self._values: dict[str, object] = {}
        self._turns: dict[str, dict[object, object]] = {}
        self._tables: dict[str, AnyIndex] = {}
        self._answers: list[tuple[Mapping[str, object], object, tuple[str, ...]]] = []

    def keep(self, name: str, value: object, key: object) -> None:
        """Keep a value as it is now; a later one of the same name and key replaces it.

        Of a dictionary that is filled in a loop, `key` is the turn.
        """
        if key is None:
            self._values[name] = _snapshot(name, value)
        else:
            self._turns.setdefault(name, {})[key] = _snapshot(name, value)

    def keep_input(self, frame: pd.DataFrame) -> None:
        """Describe the raw columns, and put the raw rows by for the self-check."""
        from .input_schema import describe_columns

        self._kept.columns = [column.to_json() for column in describe_columns(frame)]
        self._kept.rows = None
        try:
            self._kept.rows = self._save("rows", frame, CHECK)
        except ArtifactError as error:
            self._kept.reason = f"the raw rows cannot be kept ({error})"

    def keep_history(self, frame: pd.DataFrame) -> None:
        """Put rows of a declared history by for the self-check."""
        self._kept.history = self._save("history", frame, CHECK)

    def keep_labels(self, name: str, index: AnyIndex | Sequence[int]) -> None:
        """Keep the labels that rows had before they were numbered anew."""
        import pandas as pd

        labels = index if isinstance(index, pd.Series) else pd.Index(index)
        self._tables[name] = labels.copy(deep=True)

    def keep_answers(
        self, values: Mapping[str, object], labels: object, through: tuple[str, ...]
    ) -> None:
        """Keep what training itself computed for rows held out."""
        snapshots = {name: _snapshot(name, value) for name, value in values.items()}
        self._answers.append((snapshots, _snapshot("labels", labels), through))

    def finish(self) -> None:
        """Write all that was kept, and the record of it last."""
        for name, value in self._values.items():
            entry = self._save(name, value, STATE)
            self._kept.fields[name] = KeptField(entry, keyed=False)
        for name, turns in self._turns.items():
            entry = self._save(name, turns, STATE)
            self._kept.fields[name] = KeptField(entry, keyed=True)
        for name, index in self._tables.items():
            self._kept.tables[name] = self._save(f"labels-{name}", index, CHECK)
        for place, (values, labels, through) in enumerate(self._answers):
            self._kept.answers.append(
                KeptAnswers(
                    values={
                        name: self._save(f"answers-{place}-{name}", value, CHECK)
                        for name, value in values.items()
                    },
                    labels=None
                    if labels is None
                    else self._save(f"answers-{place}", labels, CHECK),
                    through=through,
                )
            )
        self._kept.write(self._workdir)

    def _save(self, name: str, value: object, folder: str) -> artifacts.Entry:
        """Write one value; names that differ only in case get files of their own."""
        stem = artifacts.free_stem(name, self._kept.entries())
        try:
            return artifacts.save(
                self._workdir, self._kept.step, name, value, stem, folder
            )
        except ArtifactError as error:
            raise ArtifactError(f"needed for serving: {error}") from None


_ACTIVE: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


_CALLS: ContextVar[tuple[tuple[str, object], ...]] = ContextVar("calls", default=())


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Let the calls below reach this recorder while a step runs."""
    token = _ACTIVE.set(recorder)
    try:
        yield
    finally:
        _ACTIVE.reset(token)


def recording_now() -> bool:
    """Tell whether the runner follows the step: only then is anything kept."""
    return _ACTIVE.get() is not None


def keep(name: str, value: T, key: object = None) -> T:
    """Keep a value for serving, as it is now, and give it back.

    With `key` the field is a dictionary and the value its member for that key: a turn
    of a loop. The last value kept under a name (and key) counts.
    """
    recorder = _ACTIVE.get()
    if recorder is not None:
        calls = _CALLS.get()
        keys = [*(one for _, one in calls if one is not None)]
        keys += [] if key is None else [key]
        whole = None if not keys else keys[0] if len(keys) == 1 else tuple(keys)
        recorder.keep("/".join([*(call for call, _ in calls), name]), value, whole)
    return value


def within(call: str, function: Callable[A, T], key: object = None) -> Callable[A, T]:
    """Tell one call of a function from its others: what it keeps is kept for this one.

    With `key` the call stands in a loop, and what it keeps is kept turn by turn.
    """

    @functools.wraps(function)
    def called(*arguments: A.args, **options: A.kwargs) -> T:
        token = _CALLS.set((*_CALLS.get(), (call, key)))
        try:
            return function(*arguments, **options)
        finally:
            _CALLS.reset(token)

    return called


def keep_input(frame: pd.DataFrame) -> pd.DataFrame:
    """Note what the raw dataset looks like, right after it was read; give it back."""
    recorder = _ACTIVE.get()
    if recorder is not None:
        recorder.keep_input(frame)
    return frame


def keep_history(frame: pd.DataFrame) -> pd.DataFrame:
    """Note the rows of a declared history, right after they were read."""
    recorder = _ACTIVE.get()
    if recorder is not None:
        recorder.keep_history(frame)
    return frame


def keep_labels(name: str, index: AnyIndex | Sequence[int]) -> None:
    """Note row labels before they are lost.

    The row at position i of the new rows is the one with the label `index[i]` of the
    older ones; of a Series the row with the label i.
    """
    recorder = _ACTIVE.get()
    if recorder is not None:
        recorder.keep_labels(name, index)


def keep_answers(
    values: Mapping[str, object],
    labels: Sequence[object] | AnyIndex | None,
    through: tuple[str, ...] = (),
) -> None:
    """Note what the notebook's own path computed for rows held out.

    `values` holds one value for each row under each served name. `labels` are the
    labels of these rows; passed back through the tables of `keep_labels` that
    `through` names, the last made one first, they are labels of the raw dataset. None
    says that the rows cannot be followed.
    """
    recorder = _ACTIVE.get()
    if recorder is not None:
        recorder.keep_answers(values, labels, through)


def _snapshot(name: str, value: object) -> object:
    """Copy a value that the notebook may change later."""
    if type(value) in _AS_THEY_ARE:
        return value
    try:
        return copy.deepcopy(value)
    except Exception as error:  # whatever a class of some library raises
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        raise ArtifactError(
            f"needed for serving: {name!r} ({kind}) cannot be copied "
            f"({type(error).__name__}: {error})"
        ) from error
