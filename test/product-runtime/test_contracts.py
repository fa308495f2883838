"""Contracts: every constraint holds on good data and is broken by its bad twin."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from credit_sample.contracts import (
    Column,
    Metric,
    Rule,
    Table,
    check_table,
    enforce,
    expect,
)
from credit_sample.errors import ContractError, ExpectationError
from credit_sample.records import metric_problems
from credit_sample.values import OneOf, Range

NOW = dt.datetime(2024, 6, 30, 12, tzinfo=dt.timezone.utc)
NAN = float("nan")
DAY = dt.timedelta(days=1)

# (column, good values, bad values)
COLUMNS = {
    "int": (Column("c", "int"), [1, 2], [1.5, 2.0]),
    "int-with-gaps": (Column("c", "int", nullable=True), [1, NAN], [1.5, NAN]),
    "int-bool": (Column("c", "int"), [1], [True]),
    "int-text": (Column("c", "int"), [1], ["1"]),
    "float": (Column("c", "float"), [1, 2], ["1.5", "x"]),
    "float-none": (Column("c", "float | None"), [1.0, None], ["x"]),
    "not-null": (Column("c", "float"), [1.0], [1.0, NAN]),
    "str": (Column("c", "str"), ["a"], ["a", 1]),
    "bool": (Column("c", "bool"), [True, False], [0, 1]),
    "union": (Column("c", "int | str"), [1, "a"], [1.5]),
    "category": (Column("c", "category"), ["a", 1], [[1]]),
    "date": (Column("c", "date"), [dt.date(2024, 1, 1)], ["2024-01-01 10:00"]),
    "date-text": (Column("c", "date"), ["2024-01-01"], ["1.1.2024"]),
    "datetime": (Column("c", "datetime"), [pd.Timestamp("2024")], [2024]),
    "time": (Column("c", "time"), [dt.time(1)], ["x"]),
    "duration": (Column("c", "duration"), [pd.Timedelta("1d")], ["x"]),
    "decimal": (Column("c", "decimal"), [Decimal("1")], ["1"]),
    "bytes": (Column("c", "bytes"), [b"a"], ["a"]),
    "list": (Column("c", "list[int | str]"), [[1]], [1]),
    "dict": (Column("c", "dict[str, int]"), [{"a": 1}], [1]),
    "at-least": (Column("c", "int", (Range(18),)), [18, 19], [17]),
    "above": (Column("c", "int", (Range(18, low_open=True),)), [19], [18]),
    "at-most": (Column("c", "int", (Range(high=5),)), [5], [6]),
    "below": (Column("c", "int", (Range(high=5, high_open=True),)), [4], [5]),
    "between": (Column("c", "float", (Range(0, 1),)), [0, 1], [1.01]),
    "inside": (Column("c", "float", (Range(0, 1, True, True),)), [0.5], [0.0]),
    "inf": (Column("c", "float", (Range(0),)), [np.inf], [-np.inf]),
    "date-range": (
        Column("c", "datetime", (Range(dt.date(2024, 1, 1)),)),
        [pd.Timestamp("2024-01-01")],
        [pd.Timestamp("2023-12-31")],
    ),
    "date-range-zone": (
        Column("c", "datetime", (Range(dt.date(2024, 1, 1)),)),
        [pd.Timestamp("2024-01-01", tz="UTC")],
        [pd.Timestamp("2023-12-31", tz="UTC")],
    ),
    "date-range-text": (
        Column("c", "date", (Range(high=dt.date(2024, 1, 1)),)),
        ["2024-01-01"],
        ["2024-01-02"],
    ),
    "duration-range": (
        Column("c", "duration", (Range(high=DAY),)),
        [pd.Timedelta("1h")],
        [pd.Timedelta("2d")],
    ),
    "decimal-range": (
        Column("c", "decimal", (Range(0.5),)),
        [Decimal("0.5")],
        [Decimal("0.4")],
    ),
    "set": (Column("c", "str", (OneOf("a", "b"),)), ["a", "b"], ["c"]),
    "set-numbers": (Column("c", "int", (OneOf(0, 1),)), [0, 1], [2]),
    "two-rules": (Column("c", "int", (Range(0), OneOf(1, -1))), [1], [-1]),
    "unique": (Column("c", "int", unique=True), [1, 2], [1, 1]),
    "unique-null": (
        Column("c", "str", unique=True, nullable=True),
        ["a", None, None],
        ["a", "a"],
    ),
    "key": (Column("c", "int", key=True), [1, 2], [1, 1]),
    "key-null": (Column("c", "str", key=True), ["a"], ["a", None]),
    "matches": (Column("c", "str", matches="^[0-9]{4,5}$"), ["1234"], ["12"]),
    "fresh": (Column("c", "datetime", fresh=DAY), ["2024-06-30"], ["2024-06-28"]),
    "fresh-empty": (
        Column("c", "datetime", fresh=DAY, nullable=True),
        [pd.Timestamp("2024-06-30"), pd.NaT],
        [pd.NaT],
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_keeps_or_breaks_its_contract(name):
    column, good, bad = COLUMNS[name]
    table = Table("t", (column,))
    assert check_table(pd.DataFrame({"c": good}), table, NOW) == []
    assert check_table(pd.DataFrame({"c": bad}), table, NOW) != []


FRAME = pd.DataFrame({"a": [1, 1, 2], "b": ["x", "y", "x"], "d": ["2024-06-29"] * 3})
TABLES = {
    "rows": (Table("t", rows=Range(3)), Table("t", rows=Range(4))),
    "rows-range": (Table("t", rows=Range(1, 1e6)), Table("t", rows=Range(0, 2))),
    "unique": (Table("t", unique=(("a", "b"),)), Table("t", unique=(("a",),))),
    "unique-gone": (Table("t", unique=(("a", "b"),)), Table("t", unique=(("a", "z"),))),
    "keys": (
        Table("t", (Column("a", "int", key=True), Column("b", "str", key=True))),
        Table("t", (Column("a", "int", key=True), Column("d", "str", key=True))),
    ),
    "missing": (Table("t", (Column("a", "int"),)), Table("t", (Column("z", "int"),))),
    "fresh": (
        Table("t", (Column("d", "date"),), fresh=2 * DAY),
        Table("t", (Column("d", "date"),), fresh=DAY / 2),
    ),
    "rule": (
        Table("t", rules=(Rule("a >= 1", lambda f: f["a"] >= 1),)),
        Table("t", rules=(Rule("a >= 2", lambda f: f["a"] >= 2),)),
    ),
    "rule-once": (
        Table("t", rules=(Rule("len == 3", lambda f: len(f) == 3),)),
        Table("t", rules=(Rule("len == 4", lambda f: np.bool_(len(f) == 4)),)),
    ),
    "rule-null": (
        Table("t", rules=(Rule("a", lambda f: f["a"].astype("Int64") > 0),)),
        Table(
            "t",
            rules=(Rule("a", lambda f: f["a"].astype("Int64").mask(f["a"] > 1) > 0),),
        ),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_keeps_or_breaks_its_contract(name):
    good, bad = TABLES[name]
    assert check_table(FRAME, good, NOW) == []
    assert check_table(FRAME, bad, NOW) != []


def test_violations_name_rows_and_never_values():
    table = Table(
        "t", (Column("c", "str", (OneOf("a"),), pii=True),), cite="n.ipynb, cell 2"
    )
    frame = pd.DataFrame({"c": ["a", *["secret"] * 7]}, index=range(100, 108))
    (violation,) = check_table(frame, table)
    assert (violation.count, violation.rows) == (7, (1, 2, 3, 4, 5))
    with pytest.raises(ContractError) as caught:
        enforce(frame, table)
    assert "t.c: is not in {'a'} in 7 rows (at 1, 2, 3, 4, 5, …)" in str(caught.value)
    assert "n.ipynb, cell 2" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_series_and_an_index_level_can_have_a_contract():
    column = Column("y", "int", (OneOf(0, 1),))
    assert check_table(pd.Series([0, 1], name="y"), Table("y", (column,))) == []
    assert check_table(pd.Series([0, 1]), Table("y", (column,))) == []
    assert check_table(pd.Series([0, 2], name="y"), Table("y", (column,))) != []
    indexed = pd.DataFrame({"v": [1, 2]}, index=pd.Index([0, 1], name="y"))
    assert check_table(indexed, Table("t", (column,))) == []
    with pytest.raises(ContractError, match="must be a table"):
        check_table([1], Table("t"))


def test_expectations():
    expect(True, "fine")
    expect(np.bool_(True), "fine")
    with pytest.raises(
        ExpectationError, match=r"expected x \(cell 3\): it does not hold"
    ):
        expect(0, "x", "cell 3")
    with pytest.raises(ExpectationError, match=r"end it with \.all\(\)"):
        expect(pd.Series([True, False]), "x")


def test_gates():
    metric = Metric("auc", Range(0.6), cite="cell 9")
    assert metric_problems(Metric("auc"), []) == []
    assert metric_problems(metric, [{"value": 0.6}]) == []
    assert metric_problems(metric, []) == ["auc (cell 9) was not computed"]
    assert metric_problems(metric, [{"value": "nan"}]) != []
    group = {"value": 0.5, "by": {"sex": "f"}}
    (problem,) = metric_problems(metric, [{"value": 0.7}, group])
    assert "for {'sex': 'f'}" in problem
