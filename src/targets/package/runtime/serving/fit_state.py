"""The fit state as files: what training keeps for serving, with digests and its origin.

`W/state/state.json` lists every field with its file. It is written last, after the
self-check, and everything in it is checked when it is loaded.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from . import artifacts
from .artifacts import Entry
from .door import Door
from .errors import ArtifactError, ProductError, UsageError
from .files import as_mapping, read_json, write_json
from .input_schema import RawColumn
from .kept import STATE, KeptStep
from .prediction import Predictor

if TYPE_CHECKING:
    from .history import Past
    from .serving import Field, Serving

S = TypeVar("S")

LOG = logging.getLogger(__name__)

_FORMAT = 1


class StateError(UsageError):
    """The fit state is missing, damaged, or was made by another build."""


@dataclass(frozen=True)
class StateFile:
    """The file of one field, None where an optional one was not computed."""

    entry: Entry | None
    cite: str


@dataclass(frozen=True)
class FitDocument:
    """What `state.json` says.

    `build` is the version of the package that trained, `columns` are the raw ones in
    order, `required` those that an answer needs, `found` how that was found out,
    `missing_texts` what the reader takes for no value, `example` a row that can be
    answered, `libraries` the versions that made the files, `check` the outcome of the
    self-check.
    """

    model: str
    build: str
    dataset: str
    fields: Mapping[str, StateFile]
    columns: tuple[RawColumn, ...]
    required: tuple[str, ...]
    found: str
    missing_texts: tuple[str, ...] = ()
    example: Mapping[str, object] | None = None
    libraries: Mapping[str, str] = field(default_factory=dict)
    check: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return the document with a digest of itself."""
        content: dict[str, object] = {
            "format": _FORMAT,
            "model": self.model,
            "build": self.build,
            "dataset": self.dataset,
            "fields": {
                name: {
                    "cite": item.cite,
                    "file": None if item.entry is None else item.entry.to_json(),
                }
                for name, item in self.fields.items()
            },
            "input": {
                "columns": [column.to_json() for column in self.columns],
                "required": list(self.required),
                "found": self.found,
                "missing_texts": sorted(self.missing_texts),
                "example": None if self.example is None else dict(self.example),
            },
            "libraries": dict(self.libraries),
            "self_check": dict(self.check),
        }
        return {**content, "sha256": _digest(content)}

    @staticmethod
    def from_json(content: Mapping[str, object]) -> FitDocument:
        """Read a document whose digest has been checked."""
        fields = as_mapping(content["fields"], "fields")
        schema = as_mapping(content["input"], "input")
        libraries = as_mapping(content["libraries"], "libraries")
        example = schema["example"]
        return FitDocument(
            model=str(content["model"]),
            build=str(content["build"]),
            dataset=str(content["dataset"]),
            fields={
                name: _state_file(as_mapping(item, name))
                for name, item in fields.items()
            },
            columns=tuple(
                RawColumn.from_json(as_mapping(item, "columns"))
                for item in _list(schema["columns"])
            ),
            required=tuple(map(str, _list(schema["required"]))),
            found=str(schema["found"]),
            missing_texts=tuple(map(str, _list(schema["missing_texts"]))),
            example=None if example is None else as_mapping(example, "example"),
            libraries={name: str(item) for name, item in libraries.items()},
            check=as_mapping(content["self_check"], "self_check"),
        )

    def door(self) -> Door:
        """Return the door for rows that this state answers."""
        needed = set(self.required)
        columns = tuple(column for column in self.columns if column.name in needed)
        return Door(columns, frozenset(self.missing_texts))


def _state_file(content: Mapping[str, object]) -> StateFile:
    """Read which file holds a field."""
    file = content["file"]
    entry = None if file is None else Entry.from_json(file)
    return StateFile(entry, str(content["cite"]))


def _list(value: object) -> list[object]:
    """Check that a piece of the document is a list."""
    if not isinstance(value, list):
        raise ArtifactError(f"expected a list, found {type(value).__name__}")
    return value


def _digest(content: Mapping[str, object]) -> str:
    """Return the digest of a document, however it is laid out."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def state_files(
    fields: Iterable[Field], steps: Sequence[KeptStep]
) -> dict[str, StateFile]:
    """Find the file of every field; the last step that kept it counts."""
    found: dict[str, StateFile] = {}
    for item in fields:
        entries = [step.fields[item.kept] for step in steps if item.kept in step.fields]
        cell = f" ({item.cite})" if item.cite else ""
        if not entries and not item.optional and not item.keyed:
            raise StateError(
                f"{item.name!r}{cell} is needed for serving, but no step computed it"
            )
        if entries and entries[-1].keyed != item.keyed:
            raise StateError(f"{item.name!r}{cell} was not kept as it is read")
        found[item.name] = StateFile(entries[-1].entry if entries else None, item.cite)
    return found


def load_fields(
    fields: Iterable[Field], files: Mapping[str, StateFile], workdir: Path
) -> dict[str, object]:
    """Read the value of every field, and check the digests of the files."""
    values: dict[str, object] = {}
    for item in fields:
        file = files.get(item.name)
        if file is None:
            raise StateError(f"the fit state in {workdir} has no {item.name!r}")
        if file.entry is not None:
            values[item.name] = artifacts.load(workdir, file.entry)
        else:
            # A loop that made no turn has filled nothing.
            values[item.name] = {} if item.keyed else None
    return values


def versions(values: Iterable[object]) -> dict[str, str]:
    """Name the versions of the libraries whose objects the values are."""
    names = {"numpy", "pandas"}
    for value in values:
        members = list(value.values()) if isinstance(value, dict) else [value]
        names |= {type(member).__module__.split(".")[0] for member in members}
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in sorted(names):
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found


def write_document(workdir: Path, document: FitDocument) -> None:
    """Write the document, whole or not at all."""
    write_json(workdir / STATE / "state.json", document.to_json())


def read_document(workdir: Path) -> FitDocument:
    """Read the document, and refuse one that was cut off or changed."""
    path = workdir / STATE / "state.json"
    if not path.is_file():
        raise StateError(
            f"there is no fit state in {workdir}: run the training there to its end "
            "(`run`), or name the folder where that was done"
        )
    try:
        content = as_mapping(read_json(path), str(path))
        digest = content.pop("sha256", None)
        if digest != _digest(content):
            raise ArtifactError("it was changed or cut off")
        if content["format"] != _FORMAT:
            raise ArtifactError("it was written by another version of this package")
        return FitDocument.from_json(content)
    except (ProductError, ValueError, KeyError) as error:
        raise StateError(
            f"{path} cannot be used ({error}): run the training again"
        ) from None


def load(serving: Serving[S], workdir: Path, version: str) -> Predictor[S]:
    """Load what training kept in a work folder; refuse what is not of this build."""
    document = read_document(workdir)
    if document.build != version:
        raise StateError(
            f"the fit state in {workdir} was made by the build {document.build}, and "
            f"this package is {version}: run the training again"
        )
    try:
        values = load_fields(serving.fields, document.fields, workdir)
    except ArtifactError as error:
        raise StateError(f"the fit state cannot be used: {error}") from error
    for name, now in versions(values.values()).items():
        then = document.libraries.get(name)
        if then != now:
            LOG.warning("trained with %s %s, served with %s", name, then, now)
    past = None
    if serving.history:
        from .history import read_past

        past = read_past(serving, document.door())
    return make_predictor(serving, document, values, past)


def make_predictor(
    serving: Serving[S],
    document: FitDocument,
    values: Mapping[str, object],
    past: Past | None = None,
) -> Predictor[S]:
    """Make the predictor of a document whose files have been read."""
    return Predictor(
        serving.answers,
        serving.state(**values),
        replace(document.door(), promises=serving.promises()),
        document.build,
        document.example,
        past,
    )
