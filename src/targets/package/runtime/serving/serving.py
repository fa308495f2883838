"""What a model answers, and the commands that follow from it.

The module `predictor` says it: which raw rows are answered, what training must keep for
that, and by which functions. This module stays light: what only serving needs is
imported by the command that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from .contracts import Column, Table
from .errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from .model import Model

P = TypeVar("P")
S = TypeVar("S")


@dataclass(frozen=True)
class Answer(Generic[S]):
    """One function that answers raw rows; `values` are the names that it gives.

    `whole_batch` says that an answer depends on the other rows of its batch, as windows
    and lags do: such an answer is given for batches only. Where a history is declared,
    it `looks_back` at that too, and a row can be answered by itself.
    """

    name: str
    function: Callable[[pd.DataFrame, S], Mapping[str, object]]
    values: tuple[str, ...]
    cite: str = ""
    whole_batch: bool = False
    looks_back: bool = False


@dataclass(frozen=True)
class Field:
    """One field of the fit state.

    A keyed one is a dictionary that a loop fills. An `optional` one is computed on some
    way through the notebook only, and is None where it was not. `within` are the calls
    of functions inside which it is computed.
    """

    name: str
    cite: str = ""
    keyed: bool = False
    optional: bool = False
    within: tuple[str, ...] = ()

    @property
    def kept(self) -> str:
        """The name under which training keeps it."""
        return "/".join([*self.within, self.name])


@dataclass(frozen=True)
class Serving(Generic[S]):
    """How raw rows of a dataset are answered.

    `state` is the data class of what training keeps, `fields` its members. `reads` are
    the options with which the notebook reads CSV. `required` are the raw columns that
    the functions read; None where only a training run can find them out. `contract` is
    what the notebook says of the raw rows themselves: new ones must keep it too.
    `history` are the datasets whose rows may stand before those that are asked for,
    `looked_at` the raw columns that lags read of them; None where only all will do.
    """

    dataset: str
    state: Callable[..., S]
    answers: tuple[Answer[S], ...]
    fields: tuple[Field, ...] = ()
    reads: Mapping[str, object] = field(default_factory=dict)
    required: tuple[str, ...] | None = None
    contract: Table | None = None
    history: tuple[str, ...] = ()
    looked_at: tuple[str, ...] | None = None

    def promises(self) -> dict[str, Column]:
        """Return what the contract says of each column by itself.

        That values are unique, or the newest one is recent, is said of a dataset.
        """
        columns = () if self.contract is None else self.contract.columns
        return {
            column.name: replace(column, unique=False, fresh=None) for column in columns
        }

    def forget(self, workdir: Path, step: str) -> None:
        """Remove what a step has kept in an earlier run, and the state made of it."""
        from .kept import forget_kept

        forget_kept(workdir, step)

    def follow(
        self, workdir: Path, step: str, version: str
    ) -> AbstractContextManager[None]:
        """Keep what a step computes for serving, while it runs."""
        from .training import followed

        return followed(workdir, step, version)

    def complete(
        self, model: Model[P], workdir: Path, tell: Callable[[str, str], None]
    ) -> None:
        """Make the fit state after the last step, and check it."""
        from .training import complete

        complete(model, self, workdir, tell)

    def predict(
        self,
        model: Model[P],
        workdir: Path,
        files: tuple[Path, Path],
        tell: Callable[[str, str], None],
    ) -> None:
        """Answer the rows of the first file in the second one."""
        from .batch import predict_file

        predict_file(model, self, workdir, files, tell)

    def serve(
        self,
        model: Model[P],
        workdir: Path,
        place: tuple[str, int, int],
        limits: tuple[int, int],
    ) -> None:
        """Answer requests over HTTP until a signal comes.

        `place` is host, port and number of processes, `limits` the most bytes and rows
        that a request may bring.
        """
        try:
            from .service import Limits, Place, run
        except ModuleNotFoundError as error:
            raise UsageError(
                f"serving needs {error.name}: install this package with its extra "
                "`serve`, as in `pip install '.[serve]'`"
            ) from error
        run(model, self, workdir, Place(*place), Limits(*limits))
