"""What each step read and left behind, and the lists made from it for the whole run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .artifacts import Entry
from .contracts import Metric
from .errors import ArtifactError, MissingArtifactError
from .files import as_mapping, read_json, write_json


@dataclass
class Record:
    """What one step read and left behind, kept in `W/steps/<step>.json`."""

    step: str
    version: str
    outputs: dict[str, Entry] = field(default_factory=dict)
    final: list[str] = field(default_factory=list)
    inputs: dict[str, object] = field(default_factory=dict)
    metrics: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    parameters: dict[str, object] = field(default_factory=dict)
    random: Entry | None = None

    def to_json(self) -> dict[str, object]:
        """Return the record as plain JSON."""
        return {
            "step": self.step,
            "version": self.version,
            "parameters": self.parameters,
            "inputs": self.inputs,
            "outputs": {name: entry.to_json() for name, entry in self.outputs.items()},
            "final": self.final,
            "metrics": self.metrics,
            "random": None if self.random is None else self.random.to_json(),
        }

    @staticmethod
    def from_json(value: object, where: str) -> Record:
        """Read a record back."""
        content = as_mapping(value, where)
        outputs = as_mapping(content.get("outputs"), where)
        metrics = as_mapping(content.get("metrics"), where)
        final = content.get("final")
        random = content.get("random")
        return Record(
            step=str(content.get("step")),
            version=str(content.get("version")),
            outputs={name: Entry.from_json(item) for name, item in outputs.items()},
            final=[str(name) for name in final] if isinstance(final, list) else [],
            inputs=as_mapping(content.get("inputs"), where),
            metrics={name: _figures(item, where) for name, item in metrics.items()},
            parameters=as_mapping(content.get("parameters"), where),
            random=None if random is None else Entry.from_json(random),
        )


def _figures(value: object, where: str) -> list[dict[str, object]]:
    """Read the figures of one metric."""
    items = value if isinstance(value, list) else []
    return [as_mapping(item, where) for item in items]


def _path(workdir: Path, step: str) -> Path:
    """Return the place of a step's record."""
    return workdir / "steps" / f"{step}.json"


def read_record(workdir: Path, step: str, version: str) -> Record:
    """Read the record of a step that must have run with this version."""
    path = _path(workdir, step)
    if not path.is_file():
        raise MissingArtifactError(
            f"the step {step!r} has not run in {workdir}: run it first"
        )
    try:
        record = Record.from_json(read_json(path), str(path))
    except (ValueError, KeyError) as error:
        raise ArtifactError(
            f"{path} is damaged ({error}): run {step!r} again"
        ) from None
    if record.version != version:
        raise MissingArtifactError(
            f"the step {step!r} last ran in {workdir} with another version of this "
            "package: run it again"
        )
    return record


def write_record(workdir: Path, record: Record) -> None:
    """Write the record of a step that is done."""
    write_json(_path(workdir, record.step), record.to_json())


def clear_record(workdir: Path, step: str) -> None:
    """Forget a step: remove its record, then the files that the record lists."""
    path = _path(workdir, step)
    if not path.is_file():
        return
    try:
        record = Record.from_json(read_json(path), str(path))
    except (ValueError, KeyError, ArtifactError):
        record = Record(step, "")
    path.unlink()
    entries = [*record.outputs.values()]
    if record.random is not None:
        entries.append(record.random)
    for entry in entries:
        for name in (entry.path, *entry.parts):
            kept = workdir / name
            if kept.resolve().is_relative_to((workdir / "artifacts").resolve()):
                kept.unlink(missing_ok=True)


def present_records(workdir: Path, steps: Sequence[str], version: str) -> list[Record]:
    """Read the records of all steps that have run with this version, in order."""
    found = []
    for step in steps:
        if _path(workdir, step).is_file():
            try:
                found.append(read_record(workdir, step, version))
            except MissingArtifactError:
                continue
    return found


def list_artifacts(records: Sequence[Record]) -> dict[str, object]:
    """List the last version of each notebook variable."""
    listed: dict[str, object] = {}
    for record in records:
        for name in record.final:
            listed[name] = record.outputs[name].to_json()
    return {name: listed[name] for name in sorted(listed)}


def list_metrics(
    records: Sequence[Record], metrics: Sequence[Metric]
) -> dict[str, object]:
    """List each figure with its bound, and whether it keeps it."""
    declared = {metric.name: metric for metric in metrics}
    listed: dict[str, object] = {}
    for record in records:
        for name, figures in record.metrics.items():
            metric = declared[name]
            whole = [figure["value"] for figure in figures if "by" not in figure]
            listed[name] = {
                "value": whole[-1] if whole else None,
                "bound": None if metric.rule is None else str(metric.rule),
                "passed": not metric_problems(metric, figures),
                "step": record.step,
                "cite": metric.cite,
                "groups": [figure for figure in figures if "by" in figure],
            }
    return {name: listed[name] for name in sorted(listed)}


def metric_problems(
    metric: Metric, figures: Sequence[Mapping[str, object]]
) -> list[str]:
    """Say what is wrong with the figures of a metric that has a bound."""
    if metric.rule is None:
        return []
    cell = f" ({metric.cite})" if metric.cite else ""
    if not figures:
        return [f"{metric.name}{cell} was not computed"]
    problems = []
    for figure in figures:
        value = figure["value"]
        number = float(value) if isinstance(value, int | float | str) else None
        if number is None or not metric.rule.holds(number):
            group = figure.get("by")
            where = f" for {group}" if group else ""
            problems.append(
                f"{metric.name} is {value}{where}, expected {metric.rule}{cell}"
            )
    return problems


def write_lists(
    workdir: Path, steps: Sequence[str], version: str, metrics: Sequence[Metric]
) -> None:
    """Write artifacts.json and metrics.json from the records, each as a whole.

    Steps may end at the same time: whoever writes looks again until nothing is new.
    """
    before: list[dict[str, object]] | None = None
    while True:
        records = present_records(workdir, steps, version)
        now = [record.to_json() for record in records]
        if now == before:
            return
        write_json(workdir / "artifacts.json", list_artifacts(records))
        write_json(workdir / "metrics.json", list_metrics(records, metrics))
        before = now
