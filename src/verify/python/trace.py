"""Finds the first statement behind which the product holds another value than the notebook.

The notebook was run with every value kept behind each statement. Here the product runs
under a trace function, and what its statements leave is compared at once. Which statement
of the notebook a line of the product came from is known of the lines as they were
generated; lines that were changed since take the place of the line that they replace.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pandas as pd

from .answers import same
from .stored import Values, use_product
from .values import Different, Incomparable, compare, shown

Place = tuple[str, int, int]


class _Found(BaseException):
    """Ends a run at the first statement that differs."""


def first_divergence(job: dict[str, Any]) -> dict[str, Any]:
    """Follow the training, then the predictor; return the first divergence, if any."""
    use_product(job["source"])
    notebook = Values(job["followed"]["folder"], job["followed"]["values"], job["package"])
    for where, follow in (("training", _training), ("predictor", _predictor)):
        tracer = _Tracer(job, notebook)
        try:
            follow(job, tracer)
        except _Found:
            return {"divergence": {**(tracer.found or {}), "where": where}}
        except (Exception, SystemExit) as error:
            # A product that stops has diverged before, or cannot be followed further.
            if tracer.last is not None and not isinstance(error, Incomparable):
                said = f"{type(error).__name__}: {error}"[:300]
                return {"divergence": {**tracer.stopped(said), "where": where}}
    return {"divergence": None}


def _training(job: dict[str, Any], tracer: _Tracer) -> None:
    """Run every step again, in another work folder."""
    package = job["package"]
    training = f"{package}.training"
    if Path(job["source"], package, "training.py").is_file():
        unchecked = {
            "outcome": "not comparable",
            "reasons": ["left to crosswalk verify"],
        }
        vars(importlib.import_module(training))["self_check"] = lambda *_: unchecked
    runner = importlib.import_module(f"{package}.runner")
    model = importlib.import_module(f"{package}.pipeline").MODEL
    arguments = [
        "run",
        "--workdir",
        f"{job['workdir']}-traced",
        "--root",
        job["root"],
        *job["params"],
    ]
    for path in sorted(Path(job["source"], package, "steps").glob("*.py")):
        tracer.add(path, f"src/{package}/steps/{path.name}", tracer.whole)
    with tracer:
        runner.main(model, arguments)


def _predictor(job: dict[str, Any], tracer: _Tracer) -> None:
    """Answer the rows held out, all at once."""
    package, workdir = job["package"], Path(job["workdir"])
    if not (workdir / "state" / "state.json").is_file():
        return
    kept, follow = (importlib.import_module(f"{package}.{name}") for name in ("kept", "held_out"))
    artifacts, state = (
        importlib.import_module(f"{package}.{name}") for name in ("artifacts", "fit_state")
    )
    model = importlib.import_module(f"{package}.pipeline").MODEL
    steps = kept.read_kept(workdir, [step.name for step in model.steps], model.version)
    owner = [step for step in steps if step.rows is not None][-1]
    raw = artifacts.load(workdir, owner.rows)
    predictor = state.load(model.serving(), workdir, model.version)
    name = "predictor.py"
    for held in follow.held_out(steps, raw, workdir)[0]:
        stages = _stages(held, steps, raw, artifacts, workdir)
        rows = _Rows(stages, held.rows, len(raw))
        tracer.add(Path(job["source"], package, name), f"src/{package}/{name}", rows.compare)
        with tracer:
            predictor.predict(raw.iloc[held.rows])


def _stages(held: Any, steps: Any, raw: Any, artifacts: Any, workdir: Path) -> list[Any]:
    """List the labels that the rows held out have, from the raw dataset to the answer."""
    stages = [raw.index.take(held.rows)]
    for step in steps:
        for entry in step.tables.values():
            table = pd.Index(artifacts.load(workdir, entry))
            places = table.get_indexer(stages[0])
            if (places >= 0).all():
                stages.append(pd.Index(places))
    return stages


class _Rows:
    """Compares values of the predictor with the same rows of the notebook's."""

    def __init__(self, stages: list[Any], rows: Any, count: int) -> None:
        """Know the labels of the rows at every stage, and their places in the raw data."""
        self._stages, self._rows, self._count = stages, rows, count

    def compare(self, left: Any, right: Any, tolerance: float, at: str) -> None:
        """Raise Different where no way to take the rows gives what the predictor has."""
        first: Different | None = None
        for chosen in self._ways(left, right):
            try:
                _loosely(chosen, right, tolerance, at, self._rows)
            except Different as different:
                first = first or different
            else:
                return
        if first is not None:
            raise first

    def _ways(self, left: Any, right: Any) -> list[Any]:
        """Take the rows from the notebook's value in every way that fits."""
        count = len(self._rows)
        if isinstance(left, (pd.DataFrame, pd.Series)) and isinstance(
            right, (pd.DataFrame, pd.Series)
        ):
            if len(right) != count:
                return []
            ways = [left] if len(left) == count else []
            for labels in self._stages:
                if left.index.is_unique and labels.isin(left.index).all():
                    ways.append(left.loc[labels])
            return ways
        if (
            isinstance(left, np.ndarray)
            and isinstance(right, np.ndarray)
            and right.ndim
            and len(right) == count
        ):
            if len(left) == count:
                return [left]
            return [left[self._rows]] if len(left) == self._count else []
        scalar = (bool, int, float, str, np.generic)
        return [left] if isinstance(left, scalar) and isinstance(right, scalar) else []


def _loosely(left: Any, right: Any, tolerance: float, at: str, rows: Any) -> None:
    """Compare row by row: labels and widths of numbers may differ, values may not."""
    if isinstance(left, pd.DataFrame) and isinstance(right, pd.DataFrame):
        for name in right.columns:
            if name in left.columns and left.columns.is_unique:
                _loosely(left[name], right[name], tolerance, f"{at}[{name!r}]", rows)
        return
    if isinstance(left, (pd.Series, np.ndarray)) and isinstance(right, (pd.Series, np.ndarray)):
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        for place, (one, other) in enumerate(pairs):
            if not _alike(one, other, tolerance):
                raise Different(f"{at} of raw row {rows[place]}", one, other)
        return
    if not _alike(left, right, tolerance):
        raise Different(at, left, right)


def _alike(one: Any, other: Any, tolerance: float) -> bool:
    """Compare two values of a row; a missing one may be written in several ways."""
    gone = (
        [
            value is None or value is pd.NaT or value is pd.NA or value != value
            for value in (one, other)
        ]
        if not isinstance(one, (list, tuple, dict))
        else [False, False]
    )
    if any(gone):
        return all(gone)
    if isinstance(one, (bool, int, float)) and isinstance(other, (bool, int, float)):
        return same(float(one), float(other), tolerance)
    return bool(same(one, other, tolerance)) or shown(one) == shown(other)


class _Source:
    """The statements of one file of the product, with their places in the notebook."""

    def __init__(self, path: Path, generated: dict[str, Any]) -> None:
        """Align the file as it is with the lines as they were generated."""
        now = path.read_text(encoding="utf-8")
        self.places: dict[int, Place] = {}
        then: dict[int, Place] = {}
        for first, last, notebook, cell, line in generated["origins"]:
            for number in range(first, last + 1):
                then.setdefault(number, (notebook, cell, line))
        old, new = generated["text"].splitlines(), now.splitlines()
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            for number in range(c, d):
                origin = (
                    a + (number - c) if tag == "equal" else min(a + (number - c), max(b - 1, a))
                )
                place = then.get(origin + 1) or (then.get(origin) if tag != "equal" else None)
                if place is not None:
                    self.places[number + 1] = place
        self.lines = new
        self.functions = {
            node.name: node.body
            for node in ast.parse(now).body
            if isinstance(node, ast.FunctionDef)
        }

    def place(self, statement: ast.stmt | None) -> Place | None:
        """Return the statement of the notebook that one of the product came from."""
        return None if statement is None else self.places.get(statement.lineno)


class _Tracer:
    """Follows functions of the product statement by statement."""

    def __init__(self, job: dict[str, Any], notebook: Values) -> None:
        """Compare with what the notebook held."""
        self._generated: dict[str, Any] = job["generated"]
        self._tolerance = float(job["tolerance"])
        self._notebook = notebook
        self._sources: dict[str, tuple[_Source, Callable[..., None]]] = {}
        self.found: dict[str, Any] | None = None
        self.last: tuple[Place, str] | None = None

    def add(self, path: Path, name: str, compare_with: Callable[..., None]) -> None:
        """Follow the functions of a file, if it is one that came from the notebook."""
        generated = self._generated.get(name)
        if generated is not None:
            self._sources[str(path.resolve())] = (
                _Source(path, generated),
                compare_with,
            )

    def whole(self, left: Any, right: Any, tolerance: float, at: str) -> None:
        """Compare whole values; of tables, the columns that the product has."""
        if isinstance(left, pd.DataFrame) and isinstance(right, pd.DataFrame):
            common = [name for name in right.columns if name in left.columns]
            if left.columns.is_unique and len(common) < len(left.columns):
                left = left[common]
        compare(left, right, tolerance, at)

    def __enter__(self) -> None:
        """Begin."""
        sys.settrace(self._call)

    def __exit__(self, *_: object) -> None:
        """End."""
        sys.settrace(None)

    def stopped(self, said: str) -> dict[str, Any]:
        """Describe a product that stopped behind the last statement seen."""
        place, statement = self.last or (("", 0, 0), "")
        return {
            "notebook": place[0],
            "cell": place[1],
            "line": place[2],
            "statement": statement,
            "variable": "",
            "at": "",
            "inNotebook": "the notebook goes on",
            "inProduct": f"it stops: {said}",
        }

    def _call(self, frame: FrameType, event: str, _: Any) -> Any:
        """Decide whether a call is followed."""
        code: CodeType = frame.f_code
        known = self._sources.get(code.co_filename) or self._sources.get(
            str(Path(code.co_filename).resolve())
            if "/steps/" in code.co_filename or code.co_filename.endswith("predictor.py")
            else ""
        )
        if event != "call" or known is None or code.co_name not in known[0].functions:
            return None
        source, compare_with = known
        body = source.functions[code.co_name]
        state: dict[str, ast.stmt | None] = {"current": None}

        def local(inner: FrameType, kind: str, __: Any) -> Any:
            if kind == "line":
                current = _statement(body, inner.f_lineno)
                past = state["current"]
                if current is not past:
                    # One statement of the notebook may be several here: its last counts.
                    if past is None or source.place(past) != source.place(current):
                        self._passed(source, compare_with, past, inner)
                    state["current"] = current
            elif kind == "return":
                self._passed(source, compare_with, state["current"], inner)
            return local

        return local

    def _passed(
        self,
        source: _Source,
        compare_with: Callable[..., None],
        statement: ast.stmt | None,
        frame: FrameType,
    ) -> None:
        """Compare what a statement has left behind."""
        if statement is None or isinstance(statement, (ast.Return, ast.Import, ast.ImportFrom)):
            return
        place = source.place(statement)
        if place is None:
            return
        text = source.lines[statement.lineno - 1].strip()
        self.last = (place, text)
        names = sorted({node.id for node in ast.walk(statement) if isinstance(node, ast.Name)})
        for name in names:
            if name not in frame.f_locals:
                continue
            behind = "behind/" + "/".join(map(str, place)) + "/"
            key = self._key(behind, name, names, frame.f_locals[name])
            if key is None:
                continue
            try:
                compare_with(
                    self._notebook.read(key),
                    frame.f_locals[name],
                    self._tolerance,
                    name,
                )
            except Different as different:
                self.found = {
                    "notebook": place[0],
                    "cell": place[1],
                    "line": place[2],
                    "statement": text,
                    "variable": name,
                    "at": different.at,
                    "inNotebook": different.left,
                    "inProduct": different.right,
                }
                raise _Found from None
            except Exception:
                continue

    def _key(self, behind: str, name: str, names: list[str], value: object) -> str | None:
        """Find the notebook's value for a variable of the product behind a statement.

        A table may have another name in the product (`frame`): then it is the one table of
        the notebook's statement that the product's has not under its own name.
        """
        if self._notebook.has(behind + name):
            return behind + name
        if not isinstance(value, pd.DataFrame):
            return None
        others = [
            key
            for key in self._notebook.keys(behind)
            if key.removeprefix(behind) not in names
            and self._notebook.kind(key).endswith(".DataFrame")
        ]
        return others[0] if len(others) == 1 else None


def _statement(body: list[ast.stmt], line: int) -> ast.stmt | None:
    """Find the statement of a function's body that a line belongs to."""
    for statement in body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            return statement
    return None
