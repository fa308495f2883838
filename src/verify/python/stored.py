"""Reads values from files: the notebook's, and the product's."""

from __future__ import annotations

import importlib
import io
import json
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .values import Incomparable


class _Unpickler(pickle.Unpickler):
    """Finds classes of the notebook where the product keeps them."""

    def __init__(self, data: bytes, package: str) -> None:
        """Read `data`; classes of `__main__` stand in the product's module `helpers`."""
        super().__init__(io.BytesIO(data))
        self._package = package

    def find_class(self, module: str, name: str) -> Any:
        """Find a class by its module and name."""
        if module == "__main__":
            helpers = importlib.import_module(f"{self._package}.helpers")
            found: Any = helpers
            for part in name.split("."):
                found = getattr(found, part)
            return found
        return super().find_class(module, name)


class Values:
    """What one run of the notebook has kept."""

    def __init__(self, folder: str, entries: dict[str, Any], package: str) -> None:
        """Read from `folder` what `entries` lists by key."""
        self._folder, self._entries, self._package = Path(folder), entries, package

    def has(self, key: str) -> bool:
        """Tell whether the notebook came to this value at all."""
        return key in self._entries

    def keys(self, start: str) -> list[str]:
        """Name the values whose keys begin so."""
        return [key for key in self._entries if key.startswith(start)]

    def kind(self, key: str) -> str:
        """Name the type of a value."""
        return str(self._entries[key].get("type", ""))

    def read(self, key: str) -> Any:
        """Read a value; Incomparable where it could not be kept or cannot be read."""
        entry = self._entries.get(key)
        if entry is None:
            raise Incomparable("the notebook has no variable of this name")
        if "problem" in entry:
            raise Incomparable(str(entry["problem"]))
        data = (self._folder / entry["file"]).read_bytes()
        try:
            return _Unpickler(data, self._package).load()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise Incomparable(f"a {entry['type']} cannot be read back ({said})") from error


def read_artifact(workdir: Path, entry: dict[str, Any], package: str) -> Any:
    """Read a result of the product.

    By the kind of its file alone where that says all; where one file stands for more (a
    tuple of arrays, a column, a table of text with gaps) it is read as the product reads it.
    """
    form = entry.get("type") or {}
    if form.get("form") in ("arrays", "sparse") or form.get("tree") is not None:
        artifacts = importlib.import_module(f"{package}.artifacts")
        return artifacts.load(workdir, artifacts.Entry.from_json(entry))
    return read_file(workdir / entry["path"], str(entry["kind"]))


def read_file(path: Path, kind: str) -> Any:
    """Read a file of the product by its kind alone."""
    if kind == "parquet":
        return pd.read_parquet(path)
    if kind == "json":
        return json.loads(path.read_text(encoding="utf-8"))
    if kind in ("npz", "npy"):
        stored = np.load(path, allow_pickle=False)
        return stored if isinstance(stored, np.ndarray) else stored[stored.files[0]]
    if kind == "joblib":
        import joblib

        return joblib.load(path)
    raise Incomparable(f"files of the kind {kind!r} are not known")


def use_product(source: str) -> None:
    """Let the product's package be found."""
    sys.path.insert(0, source)
