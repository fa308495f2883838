"""Run a notebook and its product side by side and say where their results differ.

usage: compare.py FOLDER... ; each folder holds train.py (a percent notebook), the data
that it reads and product/src/m. Prints one line of JSON for each folder: what is equal,
what differs and where first, and what went wrong. Needs numpy, pandas, scikit-learn,
joblib, pyarrow and PyYAML, and a system that can fork.
"""

from __future__ import annotations

import functools
import json
import math
import os
import pickle
import re
import runpy
import shutil
import signal
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

os.environ.update(MPLBACKEND="Agg", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import joblib
import numpy as np
import pandas as pd
import pyarrow.parquet  # noqa: F401  (loaded once, before every fork)
import sklearn.linear_model  # noqa: F401

# How long something took is never the same twice.
TIMES = re.compile(r"(^|_)(fit|score|refit)_time_?$")


def difference(a: object, b: object, path: str, seen: set[tuple[int, int]]) -> str:
    """Say where two values differ first; an empty text when they do not."""
    if a is b or (id(a), id(b)) in seen:
        return ""
    seen.add((id(a), id(b)))
    if isinstance(b, functools.partial) and not isinstance(a, functools.partial):
        b = b.func
    for kind, same in (
        (pd.DataFrame, pd.testing.assert_frame_equal),
        (pd.Series, pd.testing.assert_series_equal),
        (pd.Index, pd.testing.assert_index_equal),
    ):
        if isinstance(a, kind) and isinstance(b, kind):
            try:
                same(a, b, rtol=1e-9)
            except AssertionError as error:
                return f"{path}: {str(error)[:300]}"
            return ""
    if type(a).__name__ != type(b).__name__:
        return f"{path}: {type(a).__name__} and {type(b).__name__}"
    if isinstance(a, np.ndarray):
        return _arrays(a, b, path, seen)
    if isinstance(a, float | np.floating):
        both_nan = math.isnan(a) and math.isnan(b)
        close = both_nan or a == b or math.isclose(a, b, rel_tol=1e-9)
        return "" if close else f"{path}: {a!r} and {b!r}"
    if isinstance(a, dict):
        if list(map(repr, a)) != list(map(repr, b)):
            return f"{path}: keys {list(a)[:9]} and {list(b)[:9]}"
        pairs = zip(a.items(), b.values(), strict=True)
        found = (
            difference(v, w, f"{path}[{k!r}]", seen)
            for (k, v), w in pairs
            if not TIMES.search(str(k))
        )
        return next(filter(None, found), "")
    if isinstance(a, list | tuple):
        if len(a) != len(b):
            return f"{path}: {len(a)} and {len(b)} items"
        items = enumerate(zip(a, b, strict=True))
        found = (difference(v, w, f"{path}[{i}]", seen) for i, (v, w) in items)
        return next(filter(None, found), "")
    if isinstance(a, set | frozenset):
        return "" if sorted(map(repr, a)) == sorted(map(repr, b)) else f"{path}: sets"
    if isinstance(a, types.FunctionType | types.BuiltinFunctionType | type):
        return "" if a.__name__ == b.__name__ else f"{path}: {a!r} and {b!r}"
    return _objects(a, b, path, seen)


def _arrays(a: np.ndarray, b: np.ndarray, path: str, seen: set[tuple[int, int]]) -> str:
    if a.shape != b.shape or a.dtype != b.dtype:
        return f"{path}: {a.shape} {a.dtype} and {b.shape} {b.dtype}"
    if a.dtype == object or a.dtype.names:
        return difference(a.ravel().tolist(), b.ravel().tolist(), path, seen)
    close = a.dtype.kind in "fc"
    same = np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True) if close else (a == b).all()
    return "" if same else f"{path}: arrays differ"


def _objects(a: object, b: object, path: str, seen: set[tuple[int, int]]) -> str:
    try:
        if bool(a == b) or pickle.dumps(a) == pickle.dumps(b):
            return ""
    except Exception:  # noqa: BLE001  (what cannot be compared so is compared by its parts)
        pass
    if repr(a) == repr(b) and " at 0x" not in repr(a):
        if type(a).__module__ == "builtins" or not getattr(a, "__dict__", None):
            return ""
    try:
        return difference(a.__getstate__(), b.__getstate__(), f"{path}.{type(a).__name__}", seen)
    except Exception:  # noqa: BLE001
        return f"{path}: {str(a)[:80]!r} and {str(b)[:80]!r}"


def cells(path: Path) -> Iterator[str]:
    """Give the code cells of a percent notebook."""
    for part in re.split(r"(?m)^(?=# %%)", path.read_text(encoding="utf-8")):
        if part.strip() and not re.match(r"# %% \[(markdown|md)\]", part):
            yield part


def in_a_fork(work: Callable[[], object], log: Path) -> int:
    """Run something in a process of its own that has the libraries loaded already."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout = os.fdopen(1, "w", buffering=1)
        sys.stderr = os.fdopen(2, "w", buffering=1)
        signal.alarm(120)
        work()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def product(folder: Path, place: Path) -> None:
    """Run every step of the product."""
    os.chdir(place)
    sys.path.insert(0, str(folder / "product" / "src"))
    sys.argv = ["m", "run", "--workdir", str(place / "W"), "--root", "."]
    runpy.run_module("m", run_name="__main__", alter_sys=True)


def notebook(folder: Path, place: Path, ran: Path, result: Path) -> None:
    """Run the notebook and compare its variables and files with the product's."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__["display"] = lambda *_: None
    os.chdir(place)
    # A kernel looks for modules beside the notebook first.
    sys.path.insert(0, str(place))
    for number, cell in enumerate(cells(place / "train.py")):
        exec(compile(cell, f"cell {number}", "exec"), main.__dict__)  # noqa: S102
    sys.path.insert(0, str(folder / "product" / "src"))
    from m.artifacts import read

    found: dict[str, object] = {"equal": [], "different": {}, "new": []}
    for name, value in read(ran / "W").items():
        if name not in main.__dict__:
            found["new"].append(name)
            continue
        where = difference(main.__dict__[name], value, name, set())
        if where:
            found["different"][name] = where
        else:
            found["equal"].append(name)
    mine, theirs = files(place), files(ran)
    for name in sorted(set(mine) | set(theirs)):
        where = written(name, mine.get(name), theirs.get(name))
        if where:
            found["different"][f"file {name}"] = where
    result.write_text(json.dumps(found), encoding="utf-8")


def written(name: str, mine: bytes | None, theirs: bytes | None) -> str:
    """Say where two versions of a file differ first; an empty text when they do not.

    A pickle that is read and written again has other bytes and the same content (equal
    texts are no longer one object), so pickles are compared by what they hold.
    """
    if mine == theirs:
        return ""
    if mine is None or theirs is None or Path(name).suffix not in {".joblib", ".pkl"}:
        return "written differently"
    return difference(joblib.load(BytesIO(mine)), joblib.load(BytesIO(theirs)), "content", set())


def files(place: Path) -> dict[str, bytes]:
    """Read what lies in a folder, the product's own workdir aside."""
    found = (path for path in place.rglob("*") if path.is_file())
    names = {str(path.relative_to(place)): path for path in found}
    return {n: p.read_bytes() for n, p in names.items() if not re.match(r"W/|.*pycache", n)}


def judge(folder: Path) -> dict[str, object]:
    """Run both and say what came of it."""
    with tempfile.TemporaryDirectory() as scratch:
        places = [Path(scratch) / name for name in ("notebook", "product")]
        for place in places:
            shutil.copytree(folder, place, ignore=shutil.ignore_patterns("product"))
        log, result = Path(scratch) / "log", Path(scratch) / "result.json"
        if in_a_fork(lambda: product(folder, places[1]), log) != 0:
            return {"failed": "product", "log": log.read_text(errors="replace")[-1500:]}
        in_a_fork(lambda: notebook(folder, places[0], places[1], result), log)
        if not result.exists():
            return {"failed": "notebook", "log": log.read_text(errors="replace")[-1500:]}
        return dict(json.loads(result.read_text(encoding="utf-8")))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    for name in sys.argv[1:]:
        print(json.dumps({"folder": name, **judge(Path(name).resolve())}), flush=True)
