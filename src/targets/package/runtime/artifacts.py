"""Step outputs as plain files that give back exactly what was put in.

Every value is read back after it is written and compared. A value that no plain file
gives back exactly is refused, by name, rather than kept almost right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .codec import UnfaithfulError
from .equality import same
from .errors import ArtifactError, MissingArtifactError
from .files import as_mapping, read_json, sha256
from .forms import FORMS, Form, forms_of


@dataclass(frozen=True)
class Entry:
    """Where a value is kept (relative to the work folder), how, and of which type.

    `kind` is parquet, json, npz or joblib; any reader of that format sees the data.
    `type` is what `load` needs beside it to give back the exact Python types. `parts`
    are the files beside `path` that belong to it, each with its digest.
    """

    path: str
    kind: str
    step: str
    type: Mapping[str, object]
    sha256: str
    parts: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """Return the entry as plain JSON."""
        return {
            "path": self.path,
            "kind": self.kind,
            "step": self.step,
            "type": dict(self.type),
            "sha256": self.sha256,
            "parts": dict(self.parts),
        }

    @staticmethod
    def from_json(value: object) -> Entry:
        """Read an entry back."""
        content = as_mapping(value, "an entry of the list of artifacts")
        tree = as_mapping(content.get("type"), "the type of an artifact")
        parts = as_mapping(content.get("parts"), "the parts of an artifact")
        texts = [content.get(key) for key in ("path", "kind", "step", "sha256")]
        if not all(isinstance(item, str) for item in texts):
            raise ArtifactError("an entry of the list of artifacts is damaged")
        path, kind, step, digest = map(str, texts)
        digests = {key: str(item) for key, item in parts.items()}
        return Entry(path, kind, step, tree, digest, digests)


def free_stem(name: str, entries: Iterable[Entry]) -> str:
    """Name the file of a value: X and x must not meet where case is ignored."""
    taken = {Path(entry.path).stem.casefold() for entry in entries}
    stem, number = name, 1
    while stem.casefold() in taken:
        number += 1
        stem = f"{name}-{number}"
    return stem


def save(
    workdir: Path,
    step: str,
    name: str,
    value: object,
    stem: str | None = None,
    folder: str = "artifacts",
) -> Entry:
    """Keep one value under `W/<folder>/<step>/`, as `stem` where names would meet."""
    reasons: list[str] = []
    for form in forms_of(value):
        base = f"{folder}/{step}/{stem or name}"
        try:
            entry = _write(workdir, step, base, form, value)
            if same(load(workdir, entry), value, lenient=form.lenient):
                return entry
            reasons.append(f"as {form.kind} it does not come back the same")
        except UnfaithfulError as error:
            reasons.append(str(error))
        except (ValueError, TypeError, RecursionError) as error:
            reasons.append(f"as {form.kind}: {type(error).__name__}: {error}")
        _remove(workdir, base, form)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    raise ArtifactError(
        f"{name!r} ({kind}) cannot be handed on as a plain file: "
        f"{'; '.join(dict.fromkeys(reasons))}. Let the step that makes it also use it "
        "(move the `# cw: step` line in the notebook), or leave it out (`# cw: skip`)"
    )


def _write(workdir: Path, step: str, base: str, form: Form, value: object) -> Entry:
    """Write a value in one form and describe what was written."""
    path = workdir / (base + form.suffix)
    tree, parts = form.write(path, value)
    digests = {
        part.relative_to(workdir).as_posix(): sha256(part) for part in sorted(parts)
    }
    name = path.relative_to(workdir).as_posix()
    return Entry(name, form.kind, step, tree, sha256(path), digests)


def _remove(workdir: Path, base: str, form: Form) -> None:
    """Remove what a form that failed has left."""
    path = workdir / (base + form.suffix)
    path.unlink(missing_ok=True)
    folder = path.with_suffix(".parts")
    if folder.is_dir():
        for part in folder.iterdir():
            part.unlink()
        folder.rmdir()


def load(workdir: Path, entry: Entry) -> object:
    """Give back one value, after checking the digests of its files."""
    for name, digest in {entry.path: entry.sha256, **entry.parts}.items():
        path = workdir / name
        if not path.is_file():
            raise MissingArtifactError(
                f"{name} is missing in {workdir}: run the step {entry.step!r} again"
            )
        if sha256(path) != digest:
            raise ArtifactError(
                f"{name} is not the file that the step {entry.step!r} has written: "
                "run that step again"
            )
    form = FORMS.get(str(entry.type.get("form")))
    if form is None:
        raise ArtifactError(f"{entry.path} is of a kind that this package cannot read")
    try:
        return form.read(workdir / entry.path, entry.type)
    except (UnfaithfulError, KeyError, ImportError, AttributeError) as error:
        raise ArtifactError(
            f"{entry.path} cannot be read ({type(error).__name__}: {error}): run the "
            f"step {entry.step!r} again"
        ) from error


def read(workdir: Path) -> dict[str, object]:
    """Give back every value that `W/artifacts.json` lists, by its notebook name."""
    listed = as_mapping(read_json(workdir / "artifacts.json"), "artifacts.json")
    return {
        name: load(workdir, Entry.from_json(value)) for name, value in listed.items()
    }
