"""What a generated pipeline says about itself, and what a step sees while it runs."""

from __future__ import annotations

import contextlib
import logging
import math
import numbers
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast, get_origin

from . import artifacts, datasets
from .contracts import Metric, Table, enforce
from .errors import ArtifactError, MetricError
from .files import sha256
from .records import Record, read_record
from .settings import Secret, Settings, read_secret
from .values import UNBOUND, type_name

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import pandas as pd

LOG = logging.getLogger(__name__)

P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Step(Generic[P]):
    """One pure function of the pipeline.

    `rng_in` names the step whose random state this one continues; `rng_out` says that
    a later step continues from here. A notebook seeds once, for all of its cells.
    """

    name: str
    run: Callable[[Context[P]], None]
    cite: str = ""
    rng_in: str | None = None
    rng_out: bool = False


class Serves(Protocol):
    """What a model that also answers new rows does beside training."""

    @property
    def history(self) -> tuple[str, ...]:
        """Name the datasets whose rows answers look back at."""

    def forget(self, workdir: Path, step: str) -> None:
        """Remove what a step has kept for serving in an earlier run."""

    def follow(
        self, workdir: Path, step: str, version: str
    ) -> AbstractContextManager[None]:
        """Keep what a step computes for serving, while it runs."""

    def complete(
        self, model: Model[P], workdir: Path, tell: Callable[[str, str], None]
    ) -> None:
        """Make of all that was kept what serving needs, and check it."""

    def predict(
        self,
        model: Model[P],
        workdir: Path,
        files: tuple[Path, Path],
        tell: Callable[[str, str], None],
    ) -> None:
        """Answer the rows of the first file in the second one."""

    def serve(
        self,
        model: Model[P],
        workdir: Path,
        place: tuple[str, int, int],
        limits: tuple[int, int],
    ) -> None:
        """Answer requests over HTTP until a signal comes."""


@dataclass(frozen=True)
class Model(Generic[P]):
    """The whole pipeline of one model; `version` is the digest of what made it.

    `serving` is called when it is needed: what it imports is no concern of `describe`.
    Where the notebook does not ask to be served, `serving_asked` is false, and a run
    goes on where it cannot make a fit state.
    """

    name: str
    package: str
    version: str
    parameters: type[P]
    steps: tuple[Step[P], ...]
    datasets: tuple[datasets.Dataset, ...] = ()
    secrets: tuple[Secret, ...] = ()
    contracts: tuple[Table, ...] = ()
    metrics: tuple[Metric, ...] = ()
    serving: Callable[[], Serves] | None = None
    serving_asked: bool = True


class Context(Generic[P]):
    """All that one step may read and write, for as long as it runs."""

    def __init__(
        self,
        model: Model[P],
        parameters: P,
        settings: Settings,
        workdir: Path,
        root: Path,
        record: Record,
    ) -> None:
        """Open the world to one step."""
        self.parameters = parameters
        self._model = model
        self._settings = settings
        self._workdir = workdir
        self._root = root
        self._record = record

    def load(self, step: str, name: str, kind: type[T]) -> T:
        """Return an output of an earlier step; `kind` is what the next one expects."""
        entry = read_record(self._workdir, step, self._model.version).outputs.get(name)
        if entry is None:
            raise ArtifactError(f"the step {step!r} left no {name!r} behind")
        value = artifacts.load(self._workdir, entry)
        self._record.inputs[f"{step}.{name}"] = {"sha256": entry.sha256}
        if not _is_a(value, kind):
            # The annotation was worked out without running the notebook; the value is
            # what the notebook makes, so it is used all the same.
            LOG.warning(
                "%r of step %r is a %s where %s was expected",
                name,
                step,
                type(value).__name__,
                type_name(kind),
            )
        # A plain isinstance would refuse numpy's whole numbers where int is expected.
        return cast("T", value)

    def save(
        self,
        step: str,
        outputs: Mapping[str, object],
        final: Collection[str] = (),
        optional: Collection[str] = (),
    ) -> None:
        """Keep the outputs of a step; those in `final` are the notebook's last ones.

        An output in `optional` is kept for its own sake: when it has no plain form, it
        is left out with a warning instead of stopping the run.
        """
        if step != self._record.step:
            raise ArtifactError(f"{self._record.step!r} cannot save for {step!r}")
        for name in final:
            if name not in outputs:
                raise ArtifactError(f"{name!r} is final but is no output of {step!r}")
        for name, value in outputs.items():
            if value is UNBOUND:
                LOG.info("not assigned in this run: %s", name)
                continue
            stem = artifacts.free_stem(name, self._record.outputs.values())
            try:
                entry = artifacts.save(self._workdir, step, name, value, stem)
            except ArtifactError as error:
                if name not in optional:
                    raise
                LOG.warning("left out: %s", error)
                continue
            self._record.outputs[name] = entry
        kept = self._record.outputs
        # Of a class that the notebook defines nothing but this package makes sense:
        # such a value goes to later steps and is not listed for others.
        self._record.final += [
            name
            for name in final
            if name in kept and not _is_of(outputs[name], self._model.package)
        ]

    def place(self, dataset: datasets.Dataset) -> Path:
        """Return the file of a dataset, wherever this run finds it."""
        found = datasets.place(dataset, self._settings, self._root, self._workdir)
        self._note(dataset, str(found))
        return found

    def location(self, dataset: datasets.Dataset) -> str:
        """Return the place of a dataset as text: a file or an address."""
        found = datasets.location(dataset, self._settings, self._root, self._workdir)
        self._note(dataset, found)
        return found

    def query(self, dataset: datasets.Dataset) -> pd.DataFrame:
        """Return a dataset that is read from a database."""
        self._note(dataset, "")
        return datasets.query(dataset, self._settings)

    def secret(self, name: str) -> str:
        """Return a credential from the environment."""
        return read_secret(name, self._model.secrets, self._settings)

    def enforce(self, table: Table, data: object) -> None:
        """Stop the run when data does not keep its contract."""
        enforce(data, table)

    def metric(
        self, metric: Metric, value: object, by: Mapping[str, object] | None = None
    ) -> None:
        """Record a figure, for all rows or for the group that `by` names."""
        try:
            figure = _figure(metric, value)
        except MetricError as error:
            if metric.rule is not None:
                raise
            LOG.warning("not recorded: %s", error)
            return
        entry: dict[str, object] = {"value": figure}
        if by is not None:
            entry["by"] = {key: str(item) for key, item in by.items()}
        self._record.metrics.setdefault(metric.name, []).append(entry)

    def _note(self, dataset: datasets.Dataset, found: str) -> None:
        """Record which data the step has read."""
        entry: dict[str, object] = {"place": found}
        path = Path(found)
        if found and dataset.role != "output" and path.is_file():
            entry["sha256"] = sha256(path)
        self._record.inputs[dataset.name] = entry


def _figure(metric: Metric, value: object) -> float | str:
    """Return a metric as JSON can hold it."""
    item: Callable[[], object] | None = getattr(value, "item", None)
    if not isinstance(value, numbers.Real) and item is not None:
        # An array of more than one element has no one item.
        with contextlib.suppress(ValueError):
            value = item()
    if not isinstance(value, numbers.Real):
        raise MetricError(
            f"the metric {metric.name!r} must be one number, "
            f"found {type(value).__name__}"
        )
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _is_a(value: object, kind: type[object]) -> bool:
    """Tell whether a value may stand where an annotation asks for `kind`."""
    origin = get_origin(kind) or kind
    if origin is object or value is None:
        return True
    if isinstance(value, origin):
        return True
    towers = {
        int: numbers.Integral,
        float: numbers.Real,
        complex: numbers.Complex,
    }
    tower = towers.get(origin)
    if tower is not None:
        return isinstance(value, tower)
    return origin is bool and type(value).__name__ in ("bool_", "bool")


def _is_of(value: object, package: str) -> bool:
    """Tell whether a package defines the class of a value; estimators are for all."""
    module = type(value).__module__
    return module.split(".")[0] == package and not hasattr(value, "get_params")
