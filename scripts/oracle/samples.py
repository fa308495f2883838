"""Sample values of each short type, and arguments by the name of a parameter."""

from __future__ import annotations

import datetime
import io
import pathlib
import tempfile
from typing import Any, Callable

import numpy as np
import pandas as pd

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="oracle-"))


def frame() -> pd.DataFrame:
    return pd.DataFrame({"a": [3.0, 1.0, 2.0, 2.0], "b": [1, 2, 3, 4], "c": [0.5, np.nan, 1.5, 2.5]})


def mixed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "g": ["x", "y", "x", "y"],
            "v": [1.0, 2.0, np.nan, 4.0],
            "t": pd.date_range("2020-01-01", periods=4),
            "k": pd.Categorical(["p", "q", "p", "q"]),
        }
    )


def dated() -> pd.DataFrame:
    return pd.DataFrame({"a": np.arange(6.0), "b": np.arange(6)}, index=pd.date_range("2020-01-01", periods=6))


def floats() -> pd.Series:
    return pd.Series([3.0, 1.0, np.nan, 2.0], name="s")


def words() -> pd.Series:
    return pd.Series(["b 1", "a 2", "c 3", "a 2"], name="w")


def dates() -> pd.Series:
    return pd.Series(pd.date_range("2020-01-01", periods=4), name="d")


def category() -> pd.Series:
    return pd.Series(pd.Categorical(["p", "q", "p", "q"]), name="k")


def stamped() -> pd.Series:
    return pd.Series(np.arange(6.0), index=pd.date_range("2020-01-01", periods=6), name="s")


def features() -> np.ndarray:
    return np.random.RandomState(0).rand(30, 3)


def labels() -> np.ndarray:
    return np.array([0, 1, 1] * 10)


def matrix() -> np.ndarray:
    return np.array([[3.0, 1.0, 2.0], [1.0, 5.0, 0.5], [2.0, 0.5, 4.0]])


def vector() -> np.ndarray:
    return np.array([3.0, 1.0, 2.0])


def sparse() -> Any:
    from scipy import sparse as module

    return module.csr_matrix(matrix())


RECEIVERS: dict[str, list[Callable[[], Any]]] = {
    "DataFrame": [frame, mixed, dated],
    "column-or-frame": [frame, floats, mixed],
    "unknown-frame": [frame, floats, stamped],
    "Series": [floats, words, dates, category, stamped],
    "Index": [lambda: pd.Index([3, 1, 2]), lambda: pd.Index(list("cab")), lambda: pd.date_range("2020", periods=3),
              lambda: pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["i", "j"])],
    "GroupBy": [lambda: mixed().groupby("g"), lambda: frame().groupby("b")["a"], lambda: dated().resample("2D"),
                lambda: frame().rolling(2), lambda: frame().expanding(), lambda: frame().ewm(span=2)],
    "accessor": [lambda: words().str, lambda: dates().dt, lambda: category().cat],
    "Timestamp": [lambda: pd.Timestamp("2020-01-01 10:00"), lambda: pd.Timedelta("1h"), lambda: pd.Period("2020-01")],
    "Categorical": [lambda: pd.Categorical(["p", "q", "p"])],
    "ndarray": [matrix, vector, lambda: np.array([3, 1, 2]), lambda: np.array(["b", "a"]), lambda: np.arange(1.0)],
    "float-or-array": [matrix, vector, lambda: np.float64(1.5)],
    "sparse": [sparse],
    "RandomState": [lambda: np.random.RandomState(1), lambda: np.random.default_rng(1)],
    "list": [lambda: [3, 1, 2], lambda: [[1], [2]]],
    "dict": [lambda: {"a": 1, "b": 2}, lambda: {"a": [1]}],
    "set": [lambda: {1, 2, 3}],
    "tuple": [lambda: (1, 2, 1)],
    "str": [lambda: "a b c", lambda: "12"],
    "bytes": [lambda: b"ab"],
    "int": [lambda: 3],
    "float": [lambda: 1.5],
    "complex": [lambda: 1 + 2j],
    "range": [lambda: range(3)],
    "datetime": [lambda: datetime.datetime(2020, 1, 2, 3, 4), lambda: datetime.date(2020, 1, 2),
                 lambda: datetime.timedelta(hours=1)],
    "Path": [lambda: FOLDER / "some.txt"],
    "dtype": [lambda: np.dtype("float64")],
}


def estimators() -> list[tuple[str, type]]:
    from sklearn.utils import all_estimators

    return all_estimators()


#: What to try for a parameter, by its name; others get what is tried for everything.
BY_NAME: dict[str, list[Any]] = {
    "by": ["g", "b", "a"],
    "on": ["a", "g"],
    "subset": [["a"]],
    "columns": [["a"], {"a": "z"}, "a"],
    "labels": [["a"], [0]],
    "keys": ["a", ["a", "b"]],
    "n": [2],
    "periods": [1],
    "q": [0.5],
    "window": [2],
    "span": [2],
    "rule": ["2D"],
    "freq": ["2D"],
    "axis": [0, 1],
    "value": [0, {"a": 1}],
    "fill_value": [0],
    "to_replace": [1.0],
    "other": [],
    "right": [],
    "func": ["sum", np.sum, "mean", lambda x: x],
    "mapper": [{"a": "z"}],
    "index": [["z"], "a"],
    "values": [[1.0, 2.0], "a"],
    "level": [0],
    "dtype": ["float64", "object", "str"],
    "expr": ["a > 1", "z = a + b"],
    "like": ["a"],
    "cond": [],
    "path_or_buf": [str(FOLDER / "out.txt")],
    "path": [str(FOLDER / "out.bin")],
    "excel_writer": [str(FOLDER / "out.xlsx")],
    "fname": [str(FOLDER / "out.npy")],
    "file": [str(FOLDER / "out.npy")],
    "filename": [str(FOLDER / "out.joblib")],
    "buf": [None],
    "shape": [(2, 2), 3, (1, 3)],
    "newshape": [(-1,)],
    "new_shape": [(-1,)],
    "repeats": [2],
    "reps": [2],
    "indices": [[0, 1]],
    "indices_or_sections": [1, [1]],
    "v": [1.0],
    "a_min": [1.0], "a_max": [2.0],
    "bins": [2, [0.0, 1.0, 2.0, 5.0]],
    "num": [3],
    "start": [0], "stop": [5],
    "pat": ["a"],
    "repl": ["z"],
    "sep": [" "],
    "width": [5],
    "obj": [],
    "objs": [],
    "data": [],
    "size": [3],
    "seed": [1],
    "loc": [1],
    "column": ["n"],
    "allow_duplicates": [True],
    "random_state": [None],
    "X": [], "y": [],
    "where": [],
    "name": ["n"],
    "item": ["a"],
    "key": ["a", 0],
    "decimals": [1],
    "kth": [1],
    "start_time": ["00:00"], "end_time": ["12:00"], "time": ["00:00"],
    "offset": ["1D"],
    "before": [1],
    "closed": ["left"],
    "p": [2],
    "k": [1],
    "m": [2],
    "N": [3],
    "deg": [1],
}

Pool = list[Callable[[], Any]]

#: What is tried for a parameter whose name says nothing.
POOL: Pool = [
    lambda: 2,
    lambda: matrix(),
    lambda: vector(),
    lambda: frame(),
    lambda: floats(),
    lambda: "a",
    lambda: [1, 2],
    lambda: ["a", "b"],
    lambda: 0.5,
    lambda: (lambda *x: x[0]),
    lambda: {"a": 1},
    lambda: [vector(), vector()],
    lambda: [frame(), frame()],
    lambda: labels(),
    lambda: words(),
    lambda: dates(),
    lambda: io.StringIO("a,b\n1,2\n"),
    lambda: np.array([0, 1, 1]),
    lambda: 1,
    lambda: (2, 2),
]
