"""Step outputs as plain files that give back exactly what was put in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import ArtifactError, MissingArtifactError
from .files import read_json, sha256, write_json, write_whole


@dataclass(frozen=True)
class Entry:
    """Where a value is kept (relative to the work folder), how, and of which type."""

    path: str
    kind: str
    step: str
    type: object
    sha256: str
    parts: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """Return the entry as plain JSON."""
        return {
            "path": self.path,
            "kind": self.kind,
            "step": self.step,
            "type": self.type,
            "sha256": self.sha256,
            "parts": dict(self.parts),
        }

    @staticmethod
    def from_json(value: object) -> Entry:
        """Read an entry back."""
        if not isinstance(value, dict):
            raise ArtifactError("an entry of the artifact list is not a mapping")
        parts = value.get("parts", {})
        return Entry(
            str(value["path"]),
            str(value["kind"]),
            str(value["step"]),
            value.get("type"),
            str(value["sha256"]),
            {str(key): str(item) for key, item in parts.items()},
        )


def save(workdir: Path, step: str, name: str, value: object) -> Entry:
    """Write one value under `W/artifacts/<step>/` and check what comes back."""
    import joblib
    import numpy as np
    import pandas as pd

    base = f"artifacts/{step}/{name}"

    def done(path: str, kind: str, type_: object) -> Entry:
        return Entry(path, kind, step, type_, sha256(workdir / path), {})

    if isinstance(value, pd.DataFrame):
        frame = value
        path = f"{base}.parquet"
        write_whole(workdir / path, lambda at: frame.to_parquet(at))
        return done(path, "parquet", None)
    if isinstance(value, pd.Series):
        table = value.to_frame(name=value.name if value.name is not None else "0")
        path = f"{base}.parquet"
        write_whole(workdir / path, lambda at: table.to_parquet(at))
        return done(path, "parquet", {"series": value.name})
    if isinstance(value, np.ndarray):
        array = value
        path = f"{base}.npz"
        write_whole(workdir / path, lambda at: np.savez(at, array))
        return done(path, "npz", None)
    if hasattr(value, "get_params") and hasattr(value, "fit"):
        path = f"{base}.joblib"

        def dump(at: Path) -> None:
            joblib.dump(value, at)

        write_whole(workdir / path, dump)
        return done(path, "joblib", None)
    path = f"{base}.json"
    write_json(workdir / path, value)
    return done(path, "json", None)


def load(workdir: Path, entry: Entry) -> object:
    """Read one value back, after checking the digest of its file."""
    import joblib
    import numpy as np
    import pandas as pd

    path = workdir / entry.path
    if not path.exists():
        raise MissingArtifactError(f"{entry.path} is missing: run step {entry.step}")
    if sha256(path) != entry.sha256:
        raise ArtifactError(f"{entry.path} is not the file that was written")
    if entry.kind == "parquet":
        frame = pd.read_parquet(path)
        if isinstance(entry.type, dict):
            return frame.iloc[:, 0].rename(entry.type["series"])
        return frame
    if entry.kind == "npz":
        with np.load(path, allow_pickle=False) as stored:
            result: object = stored["arr_0"]
        return result
    if entry.kind == "joblib":
        loaded: object = joblib.load(path)
        return loaded
    return json.loads(path.read_text(encoding="utf-8"))


def read(workdir: Path) -> dict[str, object]:
    """Return every value that `W/artifacts.json` lists, by its notebook name."""
    listed = read_json(workdir / "artifacts.json")
    if not isinstance(listed, dict):
        raise ArtifactError("artifacts.json is not a mapping")
    return {
        name: load(workdir, Entry.from_json(value)) for name, value in listed.items()
    }


def random_state() -> object:
    """Return the state of the global random generators that are in use."""
    import random

    import numpy as np

    name, keys, place, has_gauss, gauss = np.random.get_state(legacy=True)
    version, words, spare = random.getstate()
    return {
        "numpy": [name, [int(k) for k in keys], place, has_gauss, gauss],
        "python": [version, list(words), spare],
    }


def restore_random_state(state: object) -> None:
    """Put the global random generators back where `random_state` found them."""
    import random

    import numpy as np

    if not isinstance(state, dict):
        raise ArtifactError("this is no random state")
    name, keys, place, has_gauss, gauss = state["numpy"]
    np.random.set_state(
        (name, np.array(keys, dtype=np.uint32), place, has_gauss, gauss)
    )
    version, words, spare = state["python"]
    random.setstate((version, tuple(words), spare))
