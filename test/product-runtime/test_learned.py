"""What training keeps of tables: keys that are unique, labels that lead back, no rows of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from loan_serving import learned
from loan_serving.errors import ArtifactError
from loan_serving.fit import Recorder, recording
from loan_serving.fit_state import StateError
from loan_serving.held_out import _by_label
from loan_serving.training import _refuse_rows


@pytest.fixture
def recorder(tmp_path):
    """A step that is followed."""
    found = Recorder(tmp_path, "step", "1")
    with recording(found):
        yield found


REGIONS = pd.DataFrame(
    {"branch": ["a", "b", "b"], "year": [1, 1, 2], "people": [5, 6, 7]}
)


@pytest.mark.parametrize(
    ("table", "keys", "unique"),
    [
        (REGIONS, {"keys": "branch"}, False),
        (REGIONS, {"keys": ["branch", "year"]}, True),
        (REGIONS, {"among": ["branch", "loan"]}, False),
        (REGIONS, {"among": ["branch", "year", "loan"]}, True),
        (REGIONS.set_index("branch"), {}, False),
        (REGIONS.iloc[:2].set_index("branch"), {}, True),
        (REGIONS.set_index("branch"), {"keys": "branch"}, False),
        (REGIONS.iloc[:2].set_index("branch")["people"], {}, True),
    ],
)
def test_a_row_finds_one_partner_at_most(table, keys, unique, recorder):
    if unique:
        assert learned.keep_lookup("regions", table, **keys) is table
    else:
        with pytest.raises(ArtifactError, match="several rows for 'b'"):
            learned.keep_lookup("regions", table, **keys)


def test_a_step_that_is_called_by_itself_checks_nothing():
    assert learned.keep_lookup("regions", REGIONS, keys="branch") is REGIONS


@pytest.mark.parametrize("how", ["inner", "left"])
def test_joined_rows_lead_back(how, recorder):
    loans = pd.DataFrame({"branch": ["b", "x", "a"]}, index=[7, 3, 5])
    regions = REGIONS.iloc[:2]
    found = learned.join_rows("loans", loans.merge, regions, on="branch", how=how)
    pd.testing.assert_frame_equal(found, loans.merge(regions, on="branch", how=how))
    assert list(recorder._tables["loans"]) == ([7, 5] if how == "inner" else [7, 3, 5])
    learned.join_rows(
        "again", pd.merge, loans, regions, on="branch", how=how, sort=True
    )
    assert list(recorder._tables["again"]) == ([5, 7] if how == "inner" else [5, 7, 3])


@pytest.mark.parametrize("inplace", [True, False])
def test_rows_with_another_index_lead_back_where_it_is_unique(inplace, recorder):
    frame = pd.DataFrame({"id": ["p", "q", "p", "r"]}, index=[4, 3, 2, 1])
    learned.index_rows("frame", frame.set_index, "id", inplace=inplace)
    labels, known = _by_label(pd.Index(["r", "p", "q"]), recorder._tables["frame"])
    assert (list(labels), list(known)) == ([1, 3], [True, False, True])


RAW = pd.DataFrame({"a": range(100)})


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        (RAW["a"] * 2, True),
        (RAW["a"].sample(frac=0.75, random_state=1), True),
        ({0: RAW["a"]}, True),
        (RAW.sample(frac=0.75, random_state=1), True),
        (list(range(100)), True),
        (RAW["a"].head(10), False),
        (RAW["a"].rename_axis("key"), False),
        (RAW.assign(b=1), False),
        (pd.Series(range(100), index=[f"k{i}" for i in range(100)]), False),
        (list(range(99)), False),
    ],
)
def test_no_field_holds_the_rows_of_training(value, refused):
    if not refused:
        _refuse_rows({"field": value}, RAW)
        return
    with pytest.raises(StateError, match="'field' has a value for each row"):
        _refuse_rows({"field": value}, RAW)


def test_parts_of_texts_are_as_many_as_training_found():
    texts = pd.Series(["a b c", float("nan"), "a", "a b"])
    parts = texts.str.split(" ", expand=True)
    for place in range(len(texts)):
        alone = texts.iloc[[place]].str.split(" ", expand=True)
        found = learned.with_parts(alone, list(parts.columns))
        pd.testing.assert_frame_equal(found, parts.iloc[[place]], check_dtype=False)
        assert all(dtype == object for dtype in found.dtypes)


@pytest.mark.parametrize(
    ("texts", "options", "found"),
    [
        (["2024-03-01", "2024-05-06"], {}, "%Y-%m-%d"),
        ([None, "13/02/2024", "01/02/2024"], {}, "%d/%m/%Y"),
        (["01/02/2024"], {"dayfirst": True}, "%d/%m/%Y"),
        (["1 March 2024 or so"], {"errors": "coerce"}, None),
        ([], {}, None),
    ],
)
def test_dates_are_read_alone_as_among_others(texts, options, found, recorder):
    values = pd.Series(texts, dtype=object)
    dates = learned.learn_dates("day", pd.to_datetime, values, **options)
    assert recorder._values["day"] == found
    for place in range(len(texts)):
        alone = pd.to_datetime(values.iloc[[place]], format=found, **options)
        assert alone.iloc[0] == dates.iloc[place] or pd.isna(dates.iloc[place])


def test_aligned_tables_keep_the_columns_of_both(recorder):
    left, right = pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [2], "a": [3]})
    first, second = learned.learn_align("c", left.align, right, join="left", axis=1)
    assert recorder._values["c"] == list(first.columns) == list(second.columns) == ["a"]


def test_a_column_stays_flat_and_one_row_a_row():
    for rows in (1, 3):
        values = np.arange(rows).reshape(rows, 1)
        assert learned.squeezed(values).shape == (rows,)
        assert learned.squeezed(values[:, 0]).shape == (rows,)
        assert learned.squeezed(np.ones((rows, 2))).shape == (rows, 2)
        assert learned.squeezed(pd.DataFrame({"a": range(rows)})).shape == (rows,)


LOANS = pd.DataFrame({"age": [30, 40], "city": ["a", "b"], "bad": [True, False]})
MORE = pd.DataFrame({"age": [50.0, np.nan], "city": ["c", None], "new": [1, 2]})


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("names", [["age", "city"], list(LOANS), []])
def test_one_of_two_tables_is_as_both_together(part, names, recorder):
    tables = [LOANS, MORE]
    both = learned.keep_table("types", pd.concat(tables))
    types = recorder._values["types"]
    one = tables[part]
    found = learned.as_table(one, types, list(one.columns))
    expected = both.iloc[2 * part : 2 * part + 2]
    pd.testing.assert_frame_equal(found, expected)
    # A column of its own that a request leaves out is not made up.
    fewer = one[[name for name in one.columns if name in names]]
    gone = set(one.columns) - set(fewer.columns)
    alone = learned.as_table(fewer, types, list(one.columns))
    assert list(alone.columns) == [c for c in both.columns if c not in gone]


def test_one_of_two_columns_has_the_type_of_both(recorder):
    for first, second in [([1, 2], [0.5]), (["a"], [1]), ([True], [2]), ([1], [2])]:
        parts = [pd.Series(first), pd.Series(second)]
        both = learned.keep_table("type", pd.concat(parts))
        for part in parts:
            found = learned.as_table(part, recorder._values["type"])
            assert found.dtype == both.dtype
            assert found.tolist() == part.tolist()


def test_a_gap_that_training_had_not_stays_one(recorder):
    learned.keep_table("types", pd.DataFrame({"a": [1], "b": [True]}))
    given = pd.DataFrame(
        {"a": [1.5, np.nan], "b": pd.Series([True, None], dtype=object)}
    )
    found = learned.as_table(given, recorder._values["types"], ["a", "b"])
    pd.testing.assert_frame_equal(found, given)


def test_rows_under_each_other_lead_back(recorder):
    first, second = LOANS.set_axis([7, 3]), MORE.set_axis([3, 9])
    options = {"ignore_index": True}
    found = learned.stack_rows("rows", pd.concat, [first, second], **options)
    pd.testing.assert_frame_equal(found, pd.concat([first, second], **options))
    labels = [recorder._tables[f"rows.{part}"] for part in (0, 1)]
    assert [table.to_dict() for table in labels] == [{0: 7, 1: 3}, {2: 3, 3: 9}]


def test_an_estimator_without_a_name_is_kept_fitted(recorder):
    from sklearn.preprocessing import StandardScaler

    found = learned.learn_fitted(
        "scaler", StandardScaler().fit_transform, LOANS[["age"]]
    )
    assert np.array_equal(found, recorder._values["scaler"].transform(LOANS[["age"]]))
