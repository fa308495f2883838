"""Holds what the product computed against what the notebook computed, name by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .stored import Values, read_artifact, use_product
from .values import Different, Incomparable, Words, compare


def compare_results(job: dict[str, Any]) -> dict[str, Any]:
    """Compare every artifact, metric and written file; say what could not be compared."""
    use_product(job["source"])
    runs = [Values(run["folder"], run["values"], job["package"]) for run in job["runs"]]
    found = _Findings(runs, float(job["tolerance"]))
    workdir = Path(job["workdir"])
    listed: dict[str, Any] = _json(workdir / "artifacts.json")
    for name in job["expected"]:
        if name not in listed and runs[0].has(f"end/{name}"):
            found.add(
                "variable",
                name,
                different=Different(name, Words("a value"), Words("nothing")),
            )
    for name, entry in sorted(listed.items()):
        read = partial(read_artifact, workdir, entry, job["package"])
        found.check("variable", name, f"end/{name}", read)
    metrics: dict[str, Any] = _json(workdir / "metrics.json")
    for name, wanted in job["metrics"].items():
        key = f"end/{wanted}" if runs[0].has(f"end/{wanted}") else f"metric/{name}"
        if name in metrics:
            value = metrics[name]["value"]
            found.check("metric", name, key, partial(_as_is, value))
        else:
            found.absent("metric", name, key)
    for name, files in job["files"].items():
        found.files(name, files)
    return {"items": found.items}


def _json(path: Path) -> dict[str, Any]:
    """Read a list of the product; empty where it is not there."""
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


class _Findings:
    """Compares, and collects what was found."""

    def __init__(self, runs: list[Values], tolerance: float) -> None:
        """Compare with the first run; the others tell what the notebook itself changes."""
        self.items: list[dict[str, Any]] = []
        self._runs, self._tolerance = runs, tolerance

    def add(
        self,
        kind: str,
        name: str,
        reason: str | None = None,
        different: Different | None = None,
    ) -> None:
        """Note what came of one comparison."""
        item: dict[str, Any] = {"kind": kind, "name": name, "outcome": "equal"}
        if reason is not None:
            item.update(outcome="not comparable", reason=reason)
        if different is not None:
            item.update(
                outcome="different",
                at=different.at,
                notebook=different.left,
                product=different.right,
            )
        self.items.append(item)

    def absent(self, kind: str, name: str, key: str) -> None:
        """Note that the product lacks a value that the notebook has."""
        try:
            self._runs[0].read(key)
        except Incomparable as error:
            self.add(kind, name, reason=str(error))
        else:
            self.add(kind, name, different=Different(name, Words("a value"), Words("nothing")))

    def check(self, kind: str, name: str, key: str, read: Callable[[], Any]) -> None:
        """Compare one value."""
        try:
            first, *others = [run.read(key) for run in self._runs]
            for other in others:
                try:
                    compare(first, other, self._tolerance, name)
                except Different as parted:
                    self.add(
                        kind,
                        name,
                        reason=parted.between_runs(),
                    )
                    return
            compare(first, _read(name, read), self._tolerance, name)
            self.add(kind, name)
        except Incomparable as error:
            self.add(kind, name, reason=str(error))
        except Different as different:
            self.add(kind, name, different=different)
        except Exception as error:  # whatever a class of some library raises
            self.add(kind, name, reason=f"{type(error).__name__}: {error}"[:300])

    def files(self, name: str, files: dict[str, Any]) -> None:
        """Compare a file that notebook and product write."""
        paths = [Path(path) for path in [*files["notebook"], files["product"]]]
        if not paths[0].is_file():
            self.add("file", name, reason="the notebook wrote no such file")
            return
        if not paths[-1].is_file():
            self.add(
                "file",
                name,
                different=Different(name, Words("a file"), Words("no file")),
            )
            return
        try:
            first, *others, product = [_table(path) for path in paths]
            for other in others:
                try:
                    compare(first, other, self._tolerance, name)
                except Different:
                    self.add(
                        "file",
                        name,
                        reason="two runs of the notebook write different files",
                    )
                    return
            compare(first, product, self._tolerance, name)
            self.add("file", name)
        except Different as different:
            self.add("file", name, different=different)
        except Exception as error:  # whatever a reader raises
            self.add("file", name, reason=f"{type(error).__name__}: {error}"[:300])


def _as_is(value: Any) -> Any:
    """Return a value that was read already."""
    return value


def _read(name: str, read: Callable[[], Any]) -> Any:
    """Read what the product left; what cannot be read is not what the notebook has."""
    try:
        return read()
    except Exception as error:  # whatever a reader raises
        said = f"{type(error).__name__}: {error}"[:200]
        raise Different(name, Words("a value"), Words(f"unreadable ({said})")) from error


def _table(path: Path) -> Any:
    """Read a file as a table where it is one, else as its bytes."""
    import pandas as pd

    if path.suffix == ".csv":
        return pd.read_csv(path)
    if path.suffix in (".parquet", ".pq"):
        return pd.read_parquet(path)
    if path.suffix in (".pkl", ".pickle", ".joblib"):
        raise Incomparable("pickles of two programs are not compared by their bytes")
    return path.read_bytes()
