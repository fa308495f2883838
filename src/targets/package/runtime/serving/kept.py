"""What each step has kept for serving, as files that any later process can read.

The values that serving needs stand in `W/state/<step>/`. Raw rows and answers of
training, which only the self-check needs, stand apart in `W/self-check/<step>/`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .artifacts import Entry
from .errors import ProductError
from .files import as_mapping, read_json, write_json

STATE, CHECK = "state", "self-check"


@dataclass(frozen=True)
class KeptField:
    """One field of the fit state; a keyed one is a dictionary filled in turns."""

    entry: Entry
    keyed: bool


@dataclass(frozen=True)
class KeptAnswers:
    """What training computed for some rows, and the labels of these rows."""

    values: dict[str, Entry]
    labels: Entry | None
    through: tuple[str, ...]


@dataclass
class KeptStep:
    """All that one step has kept; `reason` says why raw rows are not among it."""

    step: str
    version: str
    fields: dict[str, KeptField] = field(default_factory=dict)
    columns: list[dict[str, object]] | None = None
    rows: Entry | None = None
    history: Entry | None = None
    reason: str = ""
    tables: dict[str, Entry] = field(default_factory=dict)
    answers: list[KeptAnswers] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Name every file that the step has kept."""
        for kept in self.fields.values():
            yield kept.entry
        for entry in (self.rows, self.history):
            if entry is not None:
                yield entry
        yield from self.tables.values()
        for answers in self.answers:
            yield from answers.values.values()
            if answers.labels is not None:
                yield answers.labels

    def write(self, workdir: Path) -> None:
        """Write the record."""
        content = {
            "step": self.step,
            "version": self.version,
            "fields": {
                name: {**kept.entry.to_json(), "keyed": kept.keyed}
                for name, kept in self.fields.items()
            },
            "columns": self.columns,
            "rows": None if self.rows is None else self.rows.to_json(),
            "history": None if self.history is None else self.history.to_json(),
            "reason": self.reason,
            "tables": {name: entry.to_json() for name, entry in self.tables.items()},
            "answers": [
                {
                    "values": {
                        name: entry.to_json() for name, entry in kept.values.items()
                    },
                    "labels": None if kept.labels is None else kept.labels.to_json(),
                    "through": list(kept.through),
                }
                for kept in self.answers
            ],
        }
        write_json(_path(workdir, self.step), content)


def _path(workdir: Path, step: str) -> Path:
    """Return the place of a step's record."""
    return workdir / STATE / step / "kept.json"


def read_kept(workdir: Path, steps: Sequence[str], version: str) -> list[KeptStep]:
    """Read what the steps have kept, in their order; all of this version."""
    found = []
    for step in steps:
        path = _path(workdir, step)
        kept = _read(path) if path.is_file() else None
        if kept is not None and kept.version == version:
            found.append(kept)
    return found


def forget_kept(workdir: Path, step: str) -> None:
    """Remove what a step has kept, and the fit state that was made of it."""
    (workdir / STATE / "state.json").unlink(missing_ok=True)
    path = _path(workdir, step)
    if not path.is_file():
        return
    kept = None
    with contextlib.suppress(ValueError, KeyError, ProductError):
        kept = _read(path)
    path.unlink()
    homes = [(workdir / folder).resolve() for folder in (STATE, CHECK)]
    for entry in [] if kept is None else kept.entries():
        for name in (entry.path, *entry.parts):
            file = (workdir / name).resolve()
            if any(file.is_relative_to(home) for home in homes):
                file.unlink(missing_ok=True)


def _read(path: Path) -> KeptStep:
    """Read one record."""
    content = as_mapping(read_json(path), str(path))
    fields = as_mapping(content.get("fields"), str(path))
    tables = as_mapping(content.get("tables"), str(path))
    columns = content.get("columns")
    answers = content.get("answers")
    return KeptStep(
        step=str(content["step"]),
        version=str(content["version"]),
        fields={
            name: KeptField(
                Entry.from_json(item), bool(as_mapping(item, str(path))["keyed"])
            )
            for name, item in fields.items()
        },
        columns=[as_mapping(item, str(path)) for item in columns]
        if isinstance(columns, list)
        else None,
        rows=_entry(content.get("rows")),
        history=_entry(content.get("history")),
        reason=str(content.get("reason")),
        tables={name: Entry.from_json(item) for name, item in tables.items()},
        answers=[
            _answers(as_mapping(item, str(path)))
            for item in (answers if isinstance(answers, list) else [])
        ],
    )


def _answers(content: dict[str, object]) -> KeptAnswers:
    """Read what training computed for some rows."""
    values = as_mapping(content.get("values"), "kept answers")
    through = content.get("through")
    return KeptAnswers(
        values={name: Entry.from_json(item) for name, item in values.items()},
        labels=_entry(content.get("labels")),
        through=tuple(map(str, through)) if isinstance(through, list) else (),
    )


def _entry(value: object) -> Entry | None:
    """Read an entry that may be absent."""
    return None if value is None else Entry.from_json(value)
