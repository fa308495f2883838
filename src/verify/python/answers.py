"""Holds what the product answers for raw rows against what the notebook predicted for them."""

from __future__ import annotations

import importlib
import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .rows import Source
from .stored import Values, use_product
from .train import product
from .values import Different, Incomparable, compare, near, shown

Rows = list[dict[str, Any]]

_GROUP = 200
_KNOWN = "it differs in another way already"


class _Stopped(Exception):
    """The product did not answer."""


def compare_answers(job: dict[str, Any]) -> dict[str, Any]:
    """Compare batch and HTTP answers with the notebook's predictions, value by value."""
    use_product(job["source"])
    runs = [Values(run["folder"], run["values"], job["package"]) for run in job["runs"]]
    items: list[dict[str, Any]] = []
    groups = _held_out(job, runs, items)
    for group in groups:
        _compare(job, group, items)
    return {"items": items}


class Group:
    """Rows held out, and what the notebook predicted for them."""

    def __init__(self, rows: Sequence[int], wanted: dict[str, list[Any]]) -> None:
        """Name rows by their positions in the raw dataset."""
        self.rows, self.wanted = list(rows), wanted


def _held_out(job: dict[str, Any], runs: list[Values], items: list[dict[str, Any]]) -> list[Group]:
    """Find the raw rows that the notebook predicted for, and what it predicted.

    The rows are followed by what training noted, the values are the notebook's own: where
    the rows are wrong, the answers for them are not the notebook's.
    """
    package = job["package"]
    workdir = Path(job["workdir"])
    kept = importlib.import_module(f"{package}.kept")
    follow = importlib.import_module(f"{package}.held_out")
    pipeline = importlib.import_module(f"{package}.pipeline")
    artifacts = importlib.import_module(f"{package}.artifacts")
    steps = kept.read_kept(
        workdir, [step.name for step in pipeline.MODEL.steps], pipeline.MODEL.version
    )
    owners = [step for step in steps if step.rows is not None]
    if not owners:
        reason = next((step.reason for step in steps if step.reason), "training kept no raw rows")
        for name in job["served"]:
            items.append(
                {
                    "kind": "answer",
                    "name": name,
                    "outcome": "not comparable",
                    "reason": reason,
                }
            )
        return []
    raw = artifacts.load(workdir, owners[-1].rows)
    found, reasons = follow.held_out(steps, raw, workdir)
    groups = []
    known: set[str] = set()
    for held in found:
        wanted: dict[str, list[Any]] = {}
        for name in held.values:
            known.add(name)
            try:
                wanted[name] = _wanted(name, runs, len(held.rows), float(job["tolerance"]))
            except Incomparable as error:
                items.append(
                    {
                        "kind": "answer",
                        "name": name,
                        "outcome": "not comparable",
                        "reason": str(error),
                    }
                )
            except Different as different:
                items.append(_different(name, "held-out rows", different))
        if wanted:
            groups.append(Group(held.rows.tolist(), wanted))
    for name in job["served"]:
        if name not in known:
            reason = "; ".join(reasons) or "training noted no rows that it held out"
            items.append(
                {
                    "kind": "answer",
                    "name": name,
                    "outcome": "not comparable",
                    "reason": reason,
                }
            )
    return groups


def _different(name: str, how: str, different: Different) -> dict[str, Any]:
    return {
        "kind": "answer",
        "name": name,
        "how": how,
        "outcome": "different",
        "at": different.at,
        "notebook": different.left,
        "product": different.right,
    }


def _wanted(name: str, runs: list[Values], count: int, tolerance: float) -> list[Any]:
    """Return the notebook's own values for the rows, one for each."""
    key = f"answer/{name}"
    listed = [_listed(name, run.read(key)) for run in runs]
    for other in listed[1:]:
        try:
            compare(listed[0], other, tolerance, name)
        except Different as parted:
            raise Incomparable(parted.between_runs()) from None
    if len(listed[0]) != count:
        raise Different(f"rows of {name}", len(listed[0]), count)
    return listed[0]


def _listed(name: str, value: Any) -> list[Any]:
    """Return one plain value for each row."""
    if isinstance(value, (pd.Series, pd.DataFrame)):
        value = value.to_numpy() if isinstance(value, pd.DataFrame) else value.array
    if isinstance(value, np.ndarray) and value.dtype.kind in "mM":
        return list(pd.Series(value))
    tolist: Callable[[], list[Any]] | None = getattr(value, "tolist", None)
    if tolist is not None:
        value = tolist()
    if not isinstance(value, (list, tuple)):
        raise Incomparable(
            f"the notebook's {name} is a {type(value).__name__}, not a value for each row"
        )
    return list(value)


def _compare(job: dict[str, Any], group: Group, items: list[dict[str, Any]]) -> None:
    """Let the product answer the rows in every way."""
    try:
        source = Source(
            Path(job["dataset"]["path"]),
            job["dataset"]["format"],
            job["dataset"]["options"],
        )
        if max(group.rows) >= len(source.typed):
            raise Incomparable("the dataset has fewer rows than training read")
    except Exception as error:
        for name in group.wanted:
            items.append(
                {
                    "kind": "answer",
                    "name": name,
                    "outcome": "not comparable",
                    "reason": str(error)[:300],
                }
            )
        return
    document = json.loads(Path(job["workdir"], "state", "state.json").read_text(encoding="utf-8"))
    required = [str(name) for name in document["input"]["required"]]
    answers = importlib.import_module(f"{job['package']}.pipeline").MODEL.serving().answers
    whole = {value for answer in answers if answer.whole_batch for value in answer.values}
    order = np.random.default_rng(0).permutation(len(group.rows)).tolist()
    everything = list(range(len(group.rows)))
    check = _Check(job, group, items)
    suffix = "csv" if source.text is not None else "parquet"
    check.way(
        "batch",
        everything,
        lambda chosen: _batch(job, source, group, chosen, required, suffix),
        set(),
    )
    check.way(
        "batch, all columns of the file shuffled rows",
        order,
        lambda chosen: _batch(job, source, group, chosen, None, suffix),
        whole,
    )
    records = source.records(group.rows, required)
    check.way(
        "batch of JSON",
        everything,
        lambda chosen: _batch_json(job, [records[at] for at in chosen]),
        set(),
    )
    _over_http(job, group, check, records, order, answers)


def _over_http(
    job: dict[str, Any],
    group: Group,
    check: _Check,
    records: Rows,
    order: list[int],
    answers: Sequence[Any],
) -> None:
    """Start the real server on this machine and ask it."""
    served = [a for a in answers if not a.whole_batch and set(a.values) & set(group.wanted)]
    whole = [v for a in answers if a.whole_batch for v in a.values]
    check.leave("HTTP", whole, "it looks at the other rows of its batch and has no endpoint")
    if not served or check.is_settled():
        return
    if not job["http"]["wanted"]:
        check.leave("HTTP", [v for a in served for v in a.values], job["http"]["reason"])
        return
    try:
        with Server(job) as server:
            for answer in served:
                names = set(answer.values)

                def ask(chosen: list[int], path: str = answer.name) -> Rows:
                    return server.ask(path, [records[at] for at in chosen])

                others = {v for v in group.wanted if v not in names}
                everything = list(range(len(order)))
                check.way(
                    "HTTP",
                    everything,
                    lambda chosen: _in_parts(chosen, _GROUP, ask),
                    others,
                )
                # Of what differs already nothing is learnt row by row, at its price.
                known = check.differing()
                check.leave("HTTP, one row at a time", sorted(known - others), _KNOWN)
                check.way(
                    "HTTP, one row at a time",
                    order,
                    lambda chosen: _in_parts(chosen, 1, ask),
                    others | known,
                )
    except _Stopped as error:
        check.stop("HTTP", str(error), [v for a in served for v in a.values])


def _in_parts(chosen: list[int], size: int, ask: Callable[[list[int]], Rows]) -> Rows:
    """Ask for so many rows at a time."""
    return [
        row for start in range(0, len(chosen), size) for row in ask(chosen[start : start + size])
    ]


class _Check:
    """Compares the answers of one way after the other."""

    def __init__(self, job: dict[str, Any], group: Group, items: list[dict[str, Any]]) -> None:
        """Compare for the rows of a group."""
        self._tolerance = float(job["tolerance"])
        self._is_eager = bool(job["eager"])
        self._group, self._items = group, items

    def way(
        self,
        how: str,
        chosen: list[int],
        ask: Callable[[list[int]], Rows],
        without: set[str],
    ) -> None:
        """Compare all values that can be asked for in this way."""
        names = [name for name in self._group.wanted if name not in without]
        if not names or self.is_settled():
            return
        try:
            found = ask(chosen)
        except _Stopped as error:
            self.stop(how, str(error), names)
            return
        for name in names:
            self._value(how, name, chosen, found)

    def is_settled(self) -> bool:
        """Tell whether nobody asks for more than a first difference, and there is one."""
        return self._is_eager and bool(self.differing())

    def differing(self) -> set[str]:
        """Name the values that differ in a way that was gone before."""
        return {
            item["name"]
            for item in self._items
            if item["kind"] == "answer" and item["outcome"] == "different"
        }

    def stop(self, how: str, why: str, names: Sequence[str]) -> None:
        """Note that rows which the notebook answers are not answered."""
        for name in names:
            if name in self._group.wanted:
                first = self._group.wanted[name][0]
                self._items.append(
                    {
                        "kind": "answer",
                        "name": name,
                        "how": how,
                        "outcome": "different",
                        "rows": len(self._group.rows),
                        "at": f"raw row {self._group.rows[0]}",
                        "notebook": shown(first),
                        "product": f"no answer: {why}"[:600],
                    }
                )

    def leave(self, how: str, names: Sequence[str], why: str) -> None:
        """Note that a way was not gone."""
        for name in names:
            if name in self._group.wanted:
                self._items.append(
                    {
                        "kind": "answer",
                        "name": name,
                        "how": how,
                        "outcome": "left out",
                        "reason": why,
                    }
                )

    def _value(self, how: str, name: str, chosen: list[int], found: Rows) -> None:
        """Compare one value for all rows."""
        item: dict[str, Any] = {
            "kind": "answer",
            "name": name,
            "how": how,
            "rows": len(chosen),
            "outcome": "equal",
        }
        if len(found) != len(chosen):
            item.update(
                outcome="different",
                at="number of rows",
                notebook=str(len(chosen)),
                product=str(len(found)),
            )
            self._items.append(item)
            return
        wanted = self._group.wanted[name]
        wrong = [
            (at, place)
            for place, at in enumerate(chosen)
            if name not in found[place] or not same(wanted[at], found[place][name], self._tolerance)
        ]
        if wrong:
            at, place = min(wrong)
            item.update(
                outcome="different",
                unequal=len(wrong),
                at=f"raw row {self._group.rows[at]}",
                notebook=shown(wanted[at]),
                product=shown(found[place].get(name)),
            )
        self._items.append(item)


def same(expected: Any, found: Any, tolerance: float) -> bool:
    """Compare a value with its answer: numbers within the tolerance, all else exactly."""
    if isinstance(expected, (np.generic, np.ndarray)):
        expected = expected.tolist()
    if expected is None or expected is pd.NaT or expected is pd.NA:
        return found is None
    if isinstance(expected, float) and not math.isfinite(expected):
        infinite = "Infinity" if expected > 0 else "-Infinity"
        return found is None if math.isnan(expected) else bool(found == infinite)
    if isinstance(expected, (list, tuple, dict)):
        return _same_members(expected, found, tolerance)
    if isinstance(expected, bool) or isinstance(found, bool):
        return bool(type(expected) is type(found) and expected == found)
    if isinstance(expected, (int, float)):
        return isinstance(found, (int, float)) and near(expected, found, tolerance)
    if hasattr(expected, "isoformat") and isinstance(found, str):
        return bool(pd.Timestamp(expected) == pd.Timestamp(found))
    return bool(expected == found) if isinstance(expected, str) else str(expected) == found


def _same_members(expected: Any, found: Any, tolerance: float) -> bool:
    """Compare lists and objects member by member."""
    if isinstance(expected, dict):
        keys = {str(key): value for key, value in expected.items()}
        return (
            isinstance(found, dict)
            and keys.keys() == found.keys()
            and all(same(keys[key], found[key], tolerance) for key in keys)
        )
    return (
        isinstance(found, list)
        and len(expected) == len(found)
        and all(same(one, other, tolerance) for one, other in zip(expected, found, strict=True))
    )


def _batch(
    job: dict[str, Any],
    source: Source,
    group: Group,
    chosen: list[int],
    columns: list[str] | None,
    suffix: str,
) -> Rows:
    """Answer rows from a file like the dataset's own."""
    if suffix == "csv" and not source.is_plain:
        return _batch_json(
            job,
            source.records(
                [group.rows[at] for at in chosen],
                columns or [str(c) for c in source.typed.columns],
            ),
        )
    given = Path(job["scratch"], f"given.{suffix}")
    source.write(given, [group.rows[at] for at in chosen], columns)
    return _predict(job, given)


def _batch_json(job: dict[str, Any], records: Rows) -> Rows:
    """Answer rows from a list of objects."""
    given = Path(job["scratch"], "given.json")
    given.write_text(json.dumps(records), encoding="utf-8")
    return _predict(job, given)


def _predict(job: dict[str, Any], given: Path) -> Rows:
    """Run the product's `predict`."""
    output = Path(job["scratch"], "answers.json")
    output.unlink(missing_ok=True)
    words = [
        "predict",
        "--input",
        str(given),
        "--output",
        str(output),
        "--workdir",
        job["workdir"],
        # Where a declared history stands.
        "--root",
        job["root"],
    ]
    done = product(job, ["-m", job["package"], *words])
    if done.returncode != 0 or not output.is_file():
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise _Stopped((lines or [f"exit code {done.returncode}"])[-1])
    found: Rows = json.loads(output.read_text(encoding="utf-8"))["predictions"]
    return found


class Server:
    """The product's server, as long as it is needed."""

    def __init__(self, job: dict[str, Any]) -> None:
        """Take a free port of this machine."""
        self._job = job
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self._port = one.getsockname()[1]
        self._log = Path(job["scratch"], "server.log")

    def __enter__(self) -> Server:
        """Start it, and wait until it is ready."""
        job = self._job
        words = [
            "-m",
            job["package"],
            "serve",
            "--workdir",
            job["workdir"],
            "--root",
            job["root"],
            "--port",
            str(self._port),
        ]
        words += ["--max-body", str(1 << 26)]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, *words],
                cwd=Path(job["workdir"]).parent,
                env={**os.environ, **job["env"], "PYTHONPATH": job["source"]},
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{self._port}/health/ready", timeout=5
                ):
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self._end()
        lines = [
            line for line in self._log.read_text(errors="replace").splitlines() if line.strip()
        ]
        raise _Stopped(f"the server does not start: {(lines or ['no word'])[-1]}")

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, answer: str, records: Rows) -> Rows:
        """Send one request."""
        body = json.dumps({"records": records}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/v1/{answer}",
            body,
            {"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=300) as response:
                found: Rows = json.loads(response.read())["predictions"]
        except urllib.error.HTTPError as error:
            raise _Stopped(
                f"status {error.code}: {error.read(400).decode(errors='replace')}"
            ) from None
        except (urllib.error.URLError, OSError) as error:
            raise _Stopped(f"the server does not answer: {error}") from None
        return found
