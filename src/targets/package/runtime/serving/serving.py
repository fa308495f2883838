"""What a model answers, and the commands that follow from it.

The module `predictor` says it: which raw rows are answered, what training must keep for
that, and by which functions. This module stays light: what only serving needs is
imported by the command that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    from .model import Model

P = TypeVar("P")
S = TypeVar("S")


@dataclass(frozen=True)
class Answer(Generic[S]):
    """One function that answers raw rows; `values` are the names that it gives.

    `whole_batch` says that an answer depends on the other rows of its batch, as windows
    and lags do: such an answer is given for batches only.
    """

    name: str
    function: Callable[[pd.DataFrame, S], Mapping[str, object]]
    values: tuple[str, ...]
    cite: str = ""
    whole_batch: bool = False


@dataclass(frozen=True)
class Field:
    """One field of the fit state.

    A keyed one is a dictionary that a loop fills. An `optional` one is computed on some
    way through the notebook only, and is None where it was not.
    """

    name: str
    cite: str = ""
    keyed: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Serving(Generic[S]):
    """How raw rows of a dataset are answered.

    `state` is the data class of what training keeps, `fields` its members. `reads` are
    the options with which the notebook reads CSV. `required` are the raw columns that
    the functions read; None where only a training run can find them out.
    """

    dataset: str
    state: Callable[..., S]
    answers: tuple[Answer[S], ...]
    fields: tuple[Field, ...] = ()
    reads: Mapping[str, object] = field(default_factory=dict)
    required: tuple[str, ...] | None = None

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
