"""What differs in any way that code could see is not the same."""

from __future__ import annotations, division

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from credit_sample.equality import same
from sklearn.linear_model import LogisticRegression
from wide_table import TABLE

DAYS = pd.date_range("2024-01-01", periods=3)
X = np.eye(4)
DIFFERENT = [
    (1, 1.0),
    (1, True),
    (0.0, -0.0),
    (1.0, np.float64(1.0)),
    ([1], (1,)),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({1: "a"}, {"1": "a"}),
    ({1}, {1.0}),
    ([float("nan")], [None]),
    (dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)),
    (np.zeros(2), np.zeros(2, dtype="float32")),
    (np.zeros(2), np.array([0.0, -0.0])),
    (np.zeros((2, 2)), np.zeros((2, 2), order="F")),
    (np.zeros(2), np.zeros((2, 1))),
    (np.array([1, None], dtype=object), np.array([1, np.nan], dtype=object)),
    (np.matrix([[1]]), np.array([[1]])),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]})),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}, index=[1])),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]}, index=pd.Index([0]))),
    (
        pd.DataFrame({"a": [None]}),
        pd.DataFrame({"a": pd.Series([np.nan], dtype=object)}),
    ),
    (pd.DataFrame({0: [1]}), pd.DataFrame({"0": [1]})),
    (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"b": [2], "a": [1]})),
    (pd.Series([1], name="a"), pd.Series([1], name="b")),
    (pd.Series([1], name=0), pd.Series([1], name="0")),
    (pd.Series([1], index=pd.Index(["a"], name="i")), pd.Series([1], index=["a"])),
    (pd.Categorical(["a"], ["a", "b"]), pd.Categorical(["a"], ["b", "a"])),
    (pd.Categorical(["a"], ordered=True), pd.Categorical(["a"])),
    (DAYS, pd.DatetimeIndex(list(DAYS))),
    (DAYS, DAYS.as_unit("s")),
    (DAYS, DAYS.tz_localize("UTC")),
    (pd.array([1], dtype="Int64"), pd.array([1], dtype="Int32")),
    (pd.Timestamp("2024"), pd.Timestamp("2024").as_unit("ns")),
    (pd.Interval(0, 1), pd.Interval(0, 1, closed="left")),
    (sp.csr_matrix(X), sp.csc_matrix(X)),
    (sp.csr_matrix(X), sp.csr_matrix(2 * X)),
    (np.random.default_rng(1), np.random.default_rng(2)),
    (LogisticRegression(), LogisticRegression(C=2)),
    (
        LogisticRegression().fit(X, [0, 1, 0, 1]),
        LogisticRegression().fit(X, [1, 1, 0, 0]),
    ),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_different_values_are_told_apart(left, right):
    assert not same(left, right, lenient=True)
    assert not same([left], [right])
    assert not same({"a": left}, {"a": right})


def test_values_of_the_wide_table_differ_from_each_other():
    frames = [value for name, value in TABLE if name.startswith(("frame", "array"))]
    for place, left in enumerate(frames):
        alike = [n for n, right in enumerate(frames) if same(left, right)]
        assert alike == [place]


class EvalEnvironment:
    """What a formula of patsy notes of the module that made it."""

    __module__ = "patsy.eval"

    def __init__(self, flags, names):
        self._namespaces = [names]
        self.flags = flags


def test_a_formula_does_not_care_how_its_module_writes_annotations():
    plain = EvalEnvironment(0, {})
    assert same(plain, EvalEnvironment(annotations.compiler_flag, {}), lenient=True)
    assert not same(plain, EvalEnvironment(division.compiler_flag, {}), lenient=True)
    assert not same(plain, EvalEnvironment(0, {"a": 1}), lenient=True)
