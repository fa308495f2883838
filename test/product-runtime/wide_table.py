"""The wide table of values that must come back exactly."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import pathlib
import random
import re
import uuid
import zoneinfo

import defined
import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.utils import Bunch

NAN = float("nan")
RNG = np.random.default_rng(7)
DAYS = pd.date_range("2024-01-01", periods=6, freq="D")


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def indexed(index: object) -> pd.DataFrame:
    return pd.DataFrame({"v": range(len(index))}, index=index)


def labelled(columns: object) -> pd.DataFrame:
    return pd.DataFrame(np.arange(2.0 * len(columns)).reshape(2, -1), columns=columns)


def with_attrs() -> pd.DataFrame:
    f = frame(a=[1])
    f.attrs = {"source": "x", "n": (1, 2)}
    return f


def used_generator() -> np.random.Generator:
    g = np.random.default_rng(3)
    g.normal(size=3)
    g.integers(0, 9, dtype="int32")
    return g


def used_random() -> random.Random:
    r = random.Random(5)
    r.gauss(0, 1)
    return r


def used_state(seed: int) -> np.random.RandomState:
    r = np.random.RandomState(seed)
    r.normal()
    return r


SCALARS = {
    "none": None,
    "true": True,
    "int": 3,
    "int-big": 2**200,
    "float": 0.1 + 0.2,
    "float-tiny": 5e-324,
    "negative-zero": -0.0,
    "nan": NAN,
    "inf": float("inf"),
    "minus-inf": float("-inf"),
    "str": "Grüße \N{SNOWMAN} \n\t\0",
    "str-surrogate": "\ud800 half",
    "str-like-part": {"part": "x", "t": "list"},
    "bytes": b"\x00\xff",
    "bytearray": bytearray(b"ab"),
    "complex": complex(1, -0.0),
    "complex-nan": complex(NAN, float("inf")),
    "decimal": decimal.Decimal("1.10"),
    "decimal-nan": decimal.Decimal("NaN"),
    "fraction": fractions.Fraction(1, 3),
    "uuid": uuid.UUID(int=5),
    "date": dt.date(2024, 2, 29),
    "datetime": dt.datetime(2024, 2, 29, 1, 2, 3, 4),
    "datetime-utc": dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc),
    "datetime-offset": dt.datetime(
        2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30))
    ),
    "datetime-zone": dt.datetime(
        2024, 10, 27, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"), fold=1
    ),
    "time": dt.time(23, 59, 1),
    "timedelta": dt.timedelta(days=-1, microseconds=5),
    "path": pathlib.Path("data/a.csv"),
    "range": range(1, 10, 3),
    "slice": slice(None, 3, None),
    "ellipsis": ...,
    "pattern": re.compile(r"^a+$", re.I),
    "class": int,
    "numpy-class": np.float32,
    "function": defined.double,
    "builtin": len,
    "ufunc": np.log1p,
    "numpy-function": np.mean,
    "enum": defined.Grade.B,
    "int-enum": defined.Level.LOW,
    "np-float64": np.float64(0.1),
    "np-float64-nan": np.float64("nan"),
    "np-float32": np.float32(0.1),
    "np-float16": np.float16(0.1),
    "np-longdouble": np.longdouble(1) / 3,
    "np-int8": np.int8(-3),
    "np-uint64": np.uint64(2**64 - 1),
    "np-bool": np.bool_(True),
    "np-str": np.str_("x"),
    "np-bytes": np.bytes_(b"x"),
    "np-complex": np.complex64(1 + 2j),
    "np-datetime": np.datetime64("2024-01-01T00:00:00.000000001"),
    "np-datetime-day": np.datetime64("2024-01-01"),
    "np-nat": np.datetime64("NaT"),
    "np-timedelta": np.timedelta64(5, "ms"),
    "np-timedelta-nat": np.timedelta64("NaT"),
    "np-dtype": np.dtype("float32"),
    "np-dtype-fields": np.dtype([("a", "<i4"), ("b", "<f8", (2,))]),
    "timestamp": pd.Timestamp("2024-01-01 00:00:00.000000001"),
    "timestamp-seconds": pd.Timestamp("2024-01-01").as_unit("s"),
    "timestamp-zone": pd.Timestamp("2024-10-27 00:30", tz="UTC").tz_convert(
        "Europe/Berlin"
    ),
    "timestamp-utc": pd.Timestamp("2024-01-01", tz="UTC"),
    "nat": pd.NaT,
    "na": pd.NA,
    "timedelta-pandas": pd.Timedelta("1 day 3ns"),
    "period": pd.Period("2024-03", "M"),
    "period-week": pd.Period("2024-03-05", "W-SUN"),
    "interval": pd.Interval(0.5, 1.5, closed="left"),
    "interval-time": pd.Interval(pd.Timestamp("2024"), pd.Timestamp("2025")),
    "offset": pd.offsets.MonthEnd(2),
    "category-dtype": pd.CategoricalDtype(["b", "a"], ordered=True),
    "extension-dtype": pd.Int64Dtype(),
}

CONTAINERS = {
    "empty-list": [],
    "empty-dict": {},
    "empty-tuple": (),
    "empty-set": set(),
    "list": [1, 2.5, "x", None, True],
    "list-nan": [1.0, NAN, float("inf"), 2.0],
    "list-of-numpy": [np.float64(1), np.float64(NAN), 3, "a"],
    "tuple": (1, (2, [3, (4,)])),
    "set": {"b", "a", 3},
    "frozenset": frozenset({1.5, 2.5}),
    "deque": collections.deque([1, (2,)], maxlen=5),
    "dict": {"a": 1, "b": {"c": [1, 2]}},
    "dict-int-keys": {1: "a", 2: "b"},
    "dict-mixed-keys": {1: "a", "1": "b", None: "c", (1, 2): "d"},
    "dict-numpy-keys": {np.int64(1): 2, np.str_("k"): 3},
    "dict-bool-keys": {True: 1, False: 2},
    "dict-nan-key": {NAN: 1},
    "dict-time-keys": {pd.Timestamp("2024"): 1, dt.date(2024, 1, 1): 2},
    "dict-interval-keys": {pd.Interval(0, 1): "low", pd.Interval(1, 2): "high"},
    "dict-order": {"z": 1, "a": 2},
    "ordered-dict": collections.OrderedDict(b=1, a=2),
    "counter": collections.Counter("abca"),
    "defaultdict": collections.defaultdict(list, {"a": [1]}),
    "defaultdict-none": collections.defaultdict(None, {1: 2}),
    "bunch": Bunch(data=np.arange(3.0), names=["a"]),
    "dtypes": {"a": str, "b": np.float32, "c": "category"},
    "functions": {"mean": np.mean, "double": defined.double},
    "namedtuple": defined.Split(np.arange(3), [1, 2]),
    "dataclass": defined.Config("x", (1.0, NAN), {1: "a"}),
    "dataclass-slots": defined.Fixed((1, 2)),
    "enums": [defined.Grade.A, defined.Grade.B],
    "nested-frames": {"train": frame(a=[1, 2]), "test": frame(a=[NAN])},
    "list-of-frames": [frame(a=[1]), pd.Series([1, 2], name="s")],
    "tuple-of-arrays": (np.arange(3), np.eye(2)),
    "list-of-arrays": [np.arange(3)],
    "dict-of-arrays": {"x": np.arange(3), "file": np.eye(2), "arr_0": np.ones(1)},
    "dict-of-int-arrays": {1: np.arange(3), 2: np.arange(2)},
    "mixed-parts": {
        "x": np.eye(2),
        "f": frame(c=pd.Categorical(["a", None])),
        "s": pd.Series([1.5], name=("a", 1)),
        "m": sp.csr_matrix(np.eye(3)),
        "o": np.array([1, "a", None], dtype=object),
        "t": (pd.Index([1, 2]), {3: np.float64(1)}),
    },
    "records": [{"a": 1, "b": NAN}, {"a": 2, "b": 0.5}],
    "generator": used_generator(),
    "random": used_random(),
    "random-state": used_state(1),
    "history": {"loss": [np.float32(0.5), np.float32(0.25)]},
    "big-list": [float(i) / 3 for i in range(5000)],
}

ARRAYS = {
    "floats": RNG.normal(size=(4, 3)),
    "fortran": np.asfortranarray(RNG.normal(size=(4, 3))),
    "strided": RNG.normal(size=(8, 3))[::2, ::2],
    "nan": np.array([1.0, NAN, -0.0, np.inf]),
    "empty": np.empty((0, 3)),
    "scalar": np.array(3.5),
    "bool": np.array([True, False]),
    "int8": np.array([1, 2], dtype="int8"),
    "big-endian": np.array([1, 2], dtype=">i4"),
    "float16": np.array([0.1], dtype="float16"),
    "longdouble": np.array([1, 3], dtype="longdouble") / 3,
    "complex": np.array([1 + 2j, complex(NAN, 0)]),
    "text": np.array(["a", "longer", ""]),
    "bytes": np.array([b"a", b"bc"]),
    "times": np.array(["2024-01-01", "NaT"], dtype="M8[D]"),
    "spans": np.array([1, 2], dtype="m8[s]"),
    "fields": np.array([(1, 2.5), (3, NAN)], dtype=[("a", "i4"), ("b", "f8")]),
    "recarray": np.rec.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]),
    "matrix": np.matrix([[1, 2], [3, 4]]),
    "objects": np.array([1, "a", None, NAN, (1, 2)], dtype=object),
    "objects-2d": np.array([["a", 1], [None, 2.5]], dtype=object),
    "objects-of-text": np.array(["a", "b"], dtype=object),
    "objects-of-arrays": np.array([np.arange(2), np.arange(3), None], dtype=object),
    "masked": np.ma.MaskedArray([1, 2, 3], mask=[0, 1, 0], fill_value=9),
    "csr": sp.random(5, 4, 0.5, format="csr", random_state=1),
    "csc": sp.random(5, 4, 0.5, format="csc", random_state=1),
    "coo": sp.random(5, 4, 0.5, format="coo", random_state=1),
    "lil": sp.random(5, 4, 0.5, format="lil", random_state=1),
    "dok": sp.random(5, 4, 0.5, format="dok", random_state=1),
    "csr-array": sp.csr_array(np.eye(3)),
}

FRAMES = {
    "plain": frame(a=[1, 2], b=[1.5, NAN], c=["x", "y"]),
    "empty": pd.DataFrame(),
    "no-rows": frame(a=[1], b=["x"]).iloc[:0],
    "no-columns": pd.DataFrame(index=[1, 2, 3]),
    "text-none": frame(a=["x", None]),
    "text-nan": frame(a=["x", NAN]),
    "text-mixed-missing": frame(a=["x", None, NAN, pd.NaT, pd.NA]),
    "all-none": frame(a=[None, None]),
    "all-nan-object": frame(a=pd.Series([NAN, NAN], dtype=object)),
    "mixed-objects": frame(a=[1, "x", 2.5, None, (1, 2)]),
    "bool-nan": frame(a=pd.Series([True, NAN, False], dtype=object)),
    "bool-objects": frame(a=pd.Series([True, False], dtype=object)),
    "int-objects": frame(a=pd.Series([1, 2, 3], dtype=object)),
    "int-none-objects": frame(a=pd.Series([1, None], dtype=object)),
    "big-int-objects": frame(a=pd.Series([2**80, 1], dtype=object)),
    "lists": frame(a=[[1, 2], [], [3]]),
    "dicts": frame(a=[{"x": 1}, {"y": (1, 2)}]),
    "sets": frame(a=[{1, 2}, {3}]),
    "dates": frame(a=[dt.date(2024, 1, 1), dt.date(2023, 1, 1)]),
    "dates-missing": frame(a=[dt.date(2024, 1, 1), None]),
    "python-times": frame(a=[dt.time(1, 2), dt.time(3, 4)]),
    "decimals": frame(a=[decimal.Decimal("1.10"), decimal.Decimal("2")]),
    "bytes": frame(a=[b"a", b"\xff"]),
    "surrogate": frame(a=["\ud800"]),
    "timestamps-object": frame(
        a=pd.Series(
            [pd.Timestamp("2024"), pd.Timestamp("2025", tz="UTC")], dtype=object
        )
    ),
    "periods": frame(a=pd.period_range("2024-01", periods=3, freq="M")),
    "intervals": frame(a=pd.interval_range(0, 3)),
    "cut": frame(a=pd.cut(np.array([0.5, 1.5, NAN]), [0, 1, 2])),
    "qcut": frame(a=pd.qcut(RNG.normal(size=20), 4)),
    "cut-labels": frame(a=pd.cut([0.5, 1.5], [0, 1, 2], labels=["low", "high"])),
    "category": frame(a=pd.Categorical(["b", "a", None], categories=["b", "a", "c"])),
    "category-ordered": frame(a=pd.Categorical(["b"], ["b", "a"], ordered=True)),
    "category-int": frame(a=pd.Categorical([3, 1, 3])),
    "category-float": frame(a=pd.Categorical([0.5, 1.5])),
    "category-bool": frame(a=pd.Categorical([True, False])),
    "category-time": frame(a=pd.Categorical(pd.to_datetime(["2024", "2023"]))),
    "category-empty": frame(a=pd.Categorical([None, None])),
    "category-mixed": frame(a=pd.Categorical([1, "a"])),
    "times": frame(a=pd.to_datetime(["2024-01-01", None])),
    "times-seconds": frame(a=pd.to_datetime(["2024-01-01"]).as_unit("s")),
    "times-ms": frame(a=pd.to_datetime(["2024-01-01"]).as_unit("ms")),
    "times-zone": frame(a=pd.date_range("2024-10-26", periods=4, tz="Europe/Berlin")),
    "times-utc": frame(a=pd.date_range("2024", periods=2, tz="UTC")),
    "times-offset": frame(a=pd.to_datetime(["2024-01-01T00:00:00+05:30"])),
    "spans": frame(a=pd.to_timedelta(["1 day", None])),
    "spans-seconds": frame(a=pd.to_timedelta([1, 2], unit="s").as_unit("s")),
    "nullable-int": frame(a=pd.array([1, None], dtype="Int64")),
    "nullable-small": frame(a=pd.array([1, None], dtype="UInt8")),
    "nullable-float": frame(a=pd.array([1.5, None], dtype="Float64")),
    "nullable-bool": frame(a=pd.array([True, None], dtype="boolean")),
    "strings": frame(a=pd.array(["a", None], dtype="string")),
    "strings-arrow": frame(a=pd.array(["a", None], dtype="string[pyarrow]")),
    "arrow-int": frame(a=pd.array([1, None], dtype="int64[pyarrow]")),
    "sparse": frame(a=pd.arrays.SparseArray([0, 0, 1])),
    "sparse-float": frame(a=pd.arrays.SparseArray([NAN, 1.5])),
    "dummies": pd.get_dummies(frame(c=["a", "b"]), sparse=True),
    "complex": frame(a=[1 + 2j, complex(NAN, 0)]),
    "float16": frame(a=np.array([0.1], dtype="float16")),
    "float32": frame(a=np.array([0.1], dtype="float32")),
    "int8": frame(a=np.array([1], dtype="int8")),
    "uint64": frame(a=np.array([2**64 - 1], dtype="uint64")),
    "longdouble": frame(a=np.array([1], dtype="longdouble") / 3),
    "negative-zero": frame(a=[-0.0, 0.0]),
    "int-columns": labelled([0, 1]),
    "range-columns": labelled(pd.RangeIndex(3)),
    "mixed-columns": labelled(["a", 1, (2, 3), None]),
    "duplicate-columns": labelled(["a", "a", "b"]),
    "multi-columns": labelled(pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
    "named-columns": labelled(pd.Index(["a", "b"], name="feature")),
    "time-columns": labelled(DAYS[:2]),
    "period-columns": labelled(pd.period_range("2024", periods=2, freq="Y")),
    "interval-columns": labelled(pd.interval_range(0, 2)),
    "category-columns": labelled(pd.CategoricalIndex(["b", "a"])),
    "empty-name-column": labelled([""]),
    "index-int": indexed([5, 3, 3]),
    "index-text": indexed(["a", "b"]),
    "index-named": indexed(pd.Index(["a", "b"], name="id")),
    "index-int-name": indexed(pd.Index(["a", "b"], name=0)),
    "index-tuple-name": indexed(pd.Index(["a", "b"], name=("x", 1))),
    "index-name-as-column": indexed(pd.Index(["a", "b"], name="v")),
    "index-range-step": indexed(pd.RangeIndex(4, 10, 3, name="r")),
    "index-int-from-zero": indexed(pd.Index([0, 1, 2])),
    "index-days": indexed(DAYS),
    "index-days-no-freq": indexed(pd.DatetimeIndex(list(DAYS))),
    "index-months": indexed(pd.date_range("2024", periods=3, freq="MS", tz="UTC")),
    "index-spans": indexed(pd.timedelta_range("1h", periods=3, freq="h")),
    "index-periods": indexed(pd.period_range("2024", periods=3, freq="Q")),
    "index-intervals": indexed(pd.IntervalIndex.from_breaks([0, 1, 2])),
    "index-category": indexed(pd.CategoricalIndex(["b", "a"], ["b", "a"], name="c")),
    "index-cut": indexed(pd.CategoricalIndex(pd.cut([0.5, 1.5], [0, 1, 2]))),
    "index-mixed": indexed(pd.Index([1, "a", None], dtype=object)),
    "index-nan": indexed(pd.Index([1.0, NAN])),
    "index-duplicates": indexed(["a", "a"]),
    "index-multi": indexed(
        pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["k", None])
    ),
    "index-multi-times": indexed(
        pd.MultiIndex.from_arrays([DAYS[:2], pd.Categorical(["x", "y"])])
    ),
    "index-multi-nan": indexed(pd.MultiIndex.from_tuples([("a", NAN), (None, 1.0)])),
    "groupby": frame(k=["a", "b", "a"], v=[1, 2, 3]).groupby("k").agg(["mean", "sum"]),
    "describe": frame(a=[1, 2], b=["x", "y"]).describe(include="all"),
    "pivot": frame(r=[1, 2], c=["x", "y"], v=[1.5, 2.5]).pivot(
        index="r", columns="c", values="v"
    ),
    "resampled": indexed(DAYS).resample("2D").sum(),
    "crosstab": pd.crosstab(pd.Series(["a", "b"], name="p"), pd.Series([1, 2])),
    "transposed": frame(a=[1, 2], b=["x", "y"]).T,
    "attrs": with_attrs(),
    "dtypes": frame(a=[1], b=["x"], c=pd.Categorical(["a"])).dtypes.to_frame("t"),
    "everything": pd.DataFrame(
        {
            "n": pd.Series(["x", NAN, "z"]),
            0: pd.Categorical(["a", None, "b"]),
            ("t", 1): pd.to_datetime(["2024", "2025", None]),
        },
        index=pd.MultiIndex.from_tuples([(1, "a"), (2, "b"), (3, "c")], names=[0, "k"]),
    ),
}

SERIES = {
    "named": pd.Series([1.5, NAN], name="x"),
    "unnamed": pd.Series([1, 2]),
    "int-name": pd.Series([1, 2], name=0),
    "tuple-name": pd.Series([1, 2], name=("a", 1)),
    "time-name": pd.Series([1, 2], name=pd.Timestamp("2024")),
    "text": pd.Series(["a", NAN]),
    "empty": pd.Series([], dtype="float64"),
    "index": pd.Series([1, 2], index=["b", "a"], name="n"),
    "name-is-index-name": pd.Series(
        [1, 2], index=pd.Index(["b", "a"], name="n"), name="n"
    ),
    "value-counts": pd.Series(["a", "b", "a"], name="g").value_counts(),
    "value-counts-normalised": pd.Series([1, 2, 1]).value_counts(normalize=True),
    "group-means": frame(k=["a", "b"], v=[1, 2]).groupby("k")["v"].mean(),
    "dtypes": frame(a=[1], b=["x"]).dtypes,
    "cut": pd.Series(pd.cut([0.5, 1.5], [0, 1, 2])),
    "times": pd.Series(DAYS),
    "time-index": pd.Series(range(6), index=DAYS),
    "quantiles": pd.Series([1.0, 2.0, 3.0]).quantile([0.1, 0.9]),
    "multi": pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])),
    "mixed": frame(a=[1], b=["x"], c=[2.5]).iloc[0],
    "attrs": with_attrs()["a"],
}

INDEXES = {
    "columns": frame(a=[1], b=[2]).columns,
    "int": pd.Index([3, 1]),
    "float": pd.Index([0.5, NAN], name="f"),
    "bool": pd.Index([True, False]),
    "range": pd.RangeIndex(2, 8, 2, name="r"),
    "mixed": pd.Index([1, "a"], dtype=object),
    "days": DAYS,
    "zoned": pd.date_range("2024-10-26", periods=3, tz="Europe/Berlin"),
    "spans": pd.timedelta_range("1h", periods=3),
    "periods": pd.period_range("2024", periods=3, freq="M"),
    "intervals": pd.interval_range(0, 3, closed="left"),
    "category": pd.CategoricalIndex(["a", "b"], ordered=True),
    "multi": pd.MultiIndex.from_product([["a"], [1, 2]], names=["x", "y"]),
    "nullable": pd.Index([1, None], dtype="Int64"),
    "strings": pd.Index(["a", None], dtype="string"),
    "array-category": pd.Categorical(["a", None]),
    "array-nullable": pd.array([1, None], dtype="Int64"),
    "array-sparse": pd.arrays.SparseArray([0, 0, 1]),
    "array-intervals": pd.arrays.IntervalArray.from_breaks([0, 1, 2]),
}

TABLE = [
    (f"{group}-{name}", value)
    for group, values in (
        ("scalar", SCALARS),
        ("container", CONTAINERS),
        ("array", ARRAYS),
        ("frame", FRAMES),
        ("series", SERIES),
        ("index", INDEXES),
    )
    for name, value in values.items()
]
