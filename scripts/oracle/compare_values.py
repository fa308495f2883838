"""Compares every result that a product lists in W/artifacts.json with the variable of the notebook.

    python compare_values.py VALUES WORKDIR [--rtol 1e-9] [--data NAME=NOTEBOOK_FILE:PRODUCT_FILE]

VALUES is what notebook_values.py wrote. Prints one JSON object and ends with 1 on any difference. The files are read by
their kind alone (parquet, json, npz, joblib), as somebody would who knows nothing of the product.
"""

import argparse
import datetime
import functools
import json
import math
import pickle
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd


class Different(Exception):
    """Where two values part, and how."""


def number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, (bool, np.bool_))


def missing(value):
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, (float, np.floating)) and math.isnan(value))


def array(left, right, rtol, at):
    """Arrays of one dtype and shape: numbers within rtol, all else exactly."""
    if left.shape != right.shape:
        raise Different(f"{at}: shape {left.shape} against {right.shape}")
    if left.dtype != right.dtype and "O" not in (left.dtype.kind, right.dtype.kind):
        raise Different(f"{at}: dtype {left.dtype} against {right.dtype}")
    if left.dtype.names:
        for name in left.dtype.names:
            array(left[name], right[name], rtol, f"{at}.{name}")
    elif left.dtype.kind in "fc" and right.dtype.kind in "fc":
        near = np.isclose(left, right, rtol=rtol, atol=0, equal_nan=True)
        if not near.all():
            i = int(np.flatnonzero(~near.ravel())[0])
            raise Different(f"{at}[{i}]: {left.ravel()[i]!r} against {right.ravel()[i]!r}")
    elif left.dtype.kind in "biuSUmMV" and right.dtype.kind in "biuSUmMV":
        # Dates that are missing are equal to each other here.
        same = (left == right) | ((left != left) & (right != right))
        if not same.all():
            i = int(np.flatnonzero(~same.ravel())[0])
            raise Different(f"{at}[{i}]: {left.ravel()[i]!r} against {right.ravel()[i]!r}")
    else:
        for i, (a, b) in enumerate(zip(left.ravel().tolist(), right.ravel().tolist())):
            compare(a, b, rtol, f"{at}[{i}]")


def column(left, right, rtol, at):
    """Columns or indexes: the same dtype, the same values."""
    if str(left.dtype) != str(right.dtype):
        raise Different(f"{at}: dtype {left.dtype} against {right.dtype}")
    if isinstance(left.dtype, pd.CategoricalDtype):
        if list(left.dtype.categories) != list(right.dtype.categories) or left.dtype.ordered != right.dtype.ordered:
            raise Different(f"{at}: other categories")
        return array(np.asarray(left.astype(object)), np.asarray(right.astype(object)), rtol, at)
    if left.dtype == object:
        # A file of columns knows one kind of missing value; which one it was stands beside it.
        if len(left) != len(right):
            raise Different(f"{at}: {len(left)} values against {len(right)}")
        for i, (a, b) in enumerate(zip(left.tolist(), right.tolist())):
            if not (missing(a) and missing(b)):
                compare(a, b, rtol, f"{at}[{i}]")
        return None
    return array(np.asarray(left), np.asarray(right), rtol, at)


def index(left, right, rtol, at):
    if left.nlevels != right.nlevels or list(left.names) != list(right.names):
        raise Different(f"{at}: index names {list(left.names)} against {list(right.names)}")
    for level in range(left.nlevels):
        column(left.get_level_values(level), right.get_level_values(level), rtol, f"{at}.index")


def compare(left, right, rtol, at, seen=frozenset()):
    """Raises Different where `right`, of the product, is not what `left`, of the notebook, is."""
    if isinstance(left, pd.DataFrame):
        if not isinstance(right, pd.DataFrame):
            raise Different(f"{at}: a table against {type(right).__name__}")
        if list(left.columns) != list(right.columns):
            raise Different(f"{at}: columns {list(left.columns)} against {list(right.columns)}")
        index(left.index, right.index, rtol, at)
        for i, name in enumerate(left.columns):
            column(left.iloc[:, i], right.iloc[:, i], rtol, f"{at}[{name!r}]")
    elif isinstance(left, pd.Series):
        if isinstance(right, pd.DataFrame) and right.shape[1] == 1:
            right = right.iloc[:, 0].rename(left.name if right.columns[0] in (left.name, str(left.name), "0") else right.columns[0])
        if not isinstance(right, pd.Series):
            raise Different(f"{at}: a column against {type(right).__name__}")
        if left.name != right.name:
            raise Different(f"{at}: name {left.name!r} against {right.name!r}")
        index(left.index, right.index, rtol, at)
        column(left, right, rtol, at)
    elif isinstance(left, pd.Index):
        values = right if isinstance(right, pd.Index) else pd.Index(right)
        array(np.asarray(left), np.asarray(values), rtol, at)
    elif isinstance(left, np.ndarray):
        array(left, np.asarray(right) if isinstance(right, list) else right, rtol, at)
    elif isinstance(left, datetime.datetime) and isinstance(right, str):
        # JSON has no dates: they stand in it as ISO text, in UTC where they know their zone.
        moment = pd.Timestamp(left)
        plain = moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
        if pd.isna(left) or plain != pd.Timestamp(right):
            raise Different(f"{at}: {left!r} against {right!r}")
    elif missing(left) or missing(right):
        if (left is None) != (right is None) or not (missing(left) and missing(right)):
            raise Different(f"{at}: {left!r} against {right!r}")
    elif number(left) and number(right):
        if not (left == right or math.isclose(left, right, rel_tol=rtol, abs_tol=0)):
            raise Different(f"{at}: {left!r} against {right!r}")
    elif isinstance(left, (bool, np.bool_, str, bytes)):
        if type(left) is np.bool_:
            left = bool(left)
        if type(right) is np.bool_:
            right = bool(right)
        if type(left) is not type(right) or left != right:
            raise Different(f"{at}: {left!r} against {right!r}")
    elif isinstance(left, dict):
        if not isinstance(right, dict):
            raise Different(f"{at}: a dict against {type(right).__name__}")
        keyed = {str(key): value for key, value in left.items()}
        other = {str(key): value for key, value in right.items()}
        if list(keyed) != list(other):
            raise Different(f"{at}: keys {list(keyed)} against {list(other)}")
        for key in keyed:
            compare(keyed[key], other[key], rtol, f"{at}[{key!r}]", seen)
    elif isinstance(left, (list, tuple)):
        if not isinstance(right, (list, tuple)) or len(left) != len(right):
            raise Different(f"{at}: {len(left)} items against {len(right) if hasattr(right, '__len__') else type(right).__name__}")
        for i, (a, b) in enumerate(zip(left, right)):
            compare(a, b, rtol, f"{at}[{i}]", seen)
    elif isinstance(left, (set, frozenset)):
        if set(left) != set(right):
            raise Different(f"{at}: other members")
    elif callable(left) and hasattr(left, "__qualname__"):
        if left.__qualname__ != getattr(right, "__qualname__", None):
            raise Different(f"{at}: {left!r} against {right!r}")
    else:
        state(left, right, rtol, at, seen)


def state(left, right, rtol, at, seen):
    """Any other object, such as an estimator: the same type and the same state, member by member."""
    if (type(left).__module__, type(left).__qualname__) != (type(right).__module__, type(right).__qualname__):
        raise Different(f"{at}: {type(left).__qualname__} against {type(right).__qualname__}")
    if id(left) in seen:
        return
    if isinstance(left, functools.partial):
        return compare((left.func, left.args, left.keywords), (right.func, right.args, right.keywords), rtol, at, seen)
    if isinstance(left, np.random.RandomState):
        return compare(left.get_state(legacy=False), right.get_state(legacy=False), rtol, at)
    members = []
    for value in (left, right):
        try:
            kept = value.__getstate__()
        except Exception:
            kept = None
        members.append(kept if isinstance(kept, (dict, tuple)) else getattr(value, "__dict__", None))
    if members[0] is None and type(left).__eq__ is object.__eq__:
        # An object of a compiled class: what pickle would need to make it again.
        try:
            members = [value.__reduce_ex__(2)[1:3] for value in (left, right)]
        except Exception as error:
            raise Different(f"{at}: a {type(left).__qualname__} cannot be compared") from error
    elif members[0] is None:
        if left != right:
            raise Different(f"{at}: {left!r} against {right!r}")
        return
    compare(members[0], members[1], rtol, at, seen | {id(left)})


def read(path, kind):
    if kind == "parquet":
        return pd.read_parquet(path)
    if kind == "json":
        return json.loads(path.read_text(encoding="utf-8"))
    if kind in ("npz", "npy"):
        stored = np.load(path, allow_pickle=False)
        return stored if isinstance(stored, np.ndarray) else stored[stored.files[0]]
    if kind == "joblib":
        return joblib.load(path)
    raise Different(f"unknown kind {kind!r}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("values", type=Path)
    parser.add_argument("workdir", type=Path)
    parser.add_argument("--rtol", type=float, default=1e-9)
    parser.add_argument("--data", action="append", default=[], help="NAME=NOTEBOOK_FILE:PRODUCT_FILE, two CSV files")
    arguments = parser.parse_args()
    known = json.loads((arguments.values / "values.json").read_text())
    listed = json.loads((arguments.workdir / "artifacts.json").read_text())
    report = {"equal": [], "different": {}}
    for name, entry in sorted(listed.items()):
        try:
            if name not in known:
                raise Different("the notebook has no variable of this name")
            if "unpicklable" in known[name]:
                raise Different(f"the notebook's {known[name]['type']} cannot be kept for a comparison")
            left = pickle.loads((arguments.values / "values" / f"{name}.pickle").read_bytes())
            compare(left, read(arguments.workdir / entry["path"], entry["kind"]), arguments.rtol, name)
            report["equal"].append(name)
        except Different as found:
            report["different"][name] = str(found)
    for item in arguments.data:
        name, files = item.split("=", 1)
        left, right = (pd.read_csv(path) for path in files.split(":"))
        try:
            compare(left, right, arguments.rtol, name)
            report["equal"].append(f"data {name}")
        except Different as found:
            report["different"][f"data {name}"] = str(found)
    print(json.dumps(report))
    return 1 if report["different"] or not report["equal"] else 0


if __name__ == "__main__":
    sys.exit(main())
