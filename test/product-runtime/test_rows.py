"""Raw rows through the door, what steps keep, and answers as plain values."""

from __future__ import annotations

import datetime
import decimal
import io
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from loan_serving import fit
from loan_serving.door import Door, InputError
from loan_serving.equality import same
from loan_serving.fit_state import FitDocument, state_files
from loan_serving.held_out import HeldOut, held_out
from loan_serving.input_schema import (
    RawColumn,
    describe_columns,
    masked,
    plain_value,
)
from loan_serving.kept import read_kept
from loan_serving.prediction import (
    AnswerError,
    MismatchError,
    Predictor,
    plain_values,
)
from loan_serving.read_rows import missing_texts, read_rows
from loan_serving.required_columns import overlooked, required_columns
from loan_serving.serving import Answer, Field, Serving

DAY = pd.Timestamp("2024-02-29")
COLUMNS = {
    "int": pd.Series([1, 2, 3]),
    "int8": pd.Series([1, 2, 3], dtype="int8"),
    "float": pd.Series([1.5, np.nan, 3.0]),
    "float32": pd.Series([1.5, np.nan, 3.0], dtype="float32"),
    "bool": pd.Series([True, False, True]),
    "bool with gaps": pd.Series([True, np.nan, False], dtype=object),
    "text": pd.Series(["a", "b", "29.85"]),
    "text with gaps": pd.Series(["a", np.nan, None]),
    "no text at all": pd.Series([np.nan, np.nan, np.nan], dtype=object),
    "None": pd.Series([None, None, "x"], dtype=object),
    "category": pd.Series(["a", "b", np.nan], dtype="category"),
    "category of numbers": pd.Series([3, 1, 3], dtype="category"),
    "ordered": pd.Series(
        pd.Categorical(["lo", "hi", "lo"], categories=["lo", "hi"], ordered=True)
    ),
    "date": pd.Series([DAY, pd.NaT, DAY]),
    "date with zone": pd.Series([DAY, DAY, pd.NaT]).dt.tz_localize("Europe/Vienna"),
    "length": pd.Series(pd.to_timedelta(["1D", None, "3h"])),
    "Int64": pd.Series([1, None, 3], dtype="Int64"),
    "boolean": pd.Series([True, None, False], dtype="boolean"),
    "string": pd.Series(["a", None, "b"], dtype="string"),
    "days": pd.Series([datetime.date(2024, 1, 1), datetime.date(2024, 1, 2), np.nan]),
    "decimal": pd.Series([decimal.Decimal("1.10"), decimal.Decimal("2"), np.nan]),
    "mixed": pd.Series([1, "a", 2.5], dtype=object),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_comes_back_from_json_as_it_was_read(name):
    frame = pd.DataFrame({name: COLUMNS[name]})
    (column,) = describe_columns(frame)
    column = RawColumn.from_json(column.to_json())
    door = Door((column,))
    values = [plain_value(value) for value in frame[name].tolist()]
    rows = door.records([{name: value} for value in values])
    ((_, whole),) = rows.frames(together=False)
    if name == "text with gaps":
        frame = frame.fillna(np.nan)
    assert same(whole[name].array, frame[name].array) or name == "mixed"
    for place, value in enumerate(values):
        ((_, alone),) = door.records([{name: value}]).frames(together=False)
        assert alone[name].dtype == frame[name].dtype
        assert same(alone[name].iloc[0], frame[name].iloc[place])
    ((_, given),) = door.frame(frame).frames(together=False)
    assert same(given[name].array, frame[name].array)
    assert given[name].array is not frame[name].array


def one(kind: str, *values: object, missing: tuple[str, ...] = ()) -> pd.DataFrame:
    """Let values through the door of one column, all in one DataFrame."""
    (column,) = describe_columns(pd.DataFrame({"c": COLUMNS[kind]}))
    rows = Door((column,), frozenset(missing)).records([{"c": v} for v in values])
    ((_, frame),) = rows.frames(together=True)
    return frame


def test_numbers_become_the_text_that_a_file_would_have():
    assert one("text", 29.85, 7, "x")["c"].tolist() == ["29.85", "7", "x"]
    assert one("category", "a", "zzz")["c"].isna().tolist() == [False, True]
    assert one("text", "NA", "", "x", missing=("NA", ""))["c"].isna().sum() == 2


def test_gaps_widen_a_column_as_the_reader_would():
    assert one("int", 1, None)["c"].dtype == "float64"
    assert one("int", 1.0, 2)["c"].dtype == "int64"
    assert one("int", 1, 2.5)["c"].tolist() == [1.0, 2.5]
    assert one("bool", True, None)["c"].dtype == object
    assert one("float", 1, 2)["c"].dtype == "float64"


def test_a_row_is_of_the_same_type_in_any_company():
    (column,) = describe_columns(pd.DataFrame({"c": COLUMNS["int"]}))
    large = 2**60 + 1
    rows = Door((column,)).records([{"c": large}, {"c": None}, {"c": 5}])
    parts = {
        tuple(range(3) if at is None else at.tolist()): frame
        for at, frame in rows.frames(together=False)
    }
    assert parts[(0, 2)]["c"].tolist() == [large, 5]
    assert parts[(0, 2)]["c"].dtype == "int64"
    assert parts[(1,)]["c"].dtype == "float64"
    ((at, frame),) = rows.take([2]).frames(together=False)
    assert at is None
    assert frame["c"].dtype == "int64"


REFUSED = {
    "int": ["much", True, math.inf, [1]],
    "int8": [300],
    "float": ["1.5", False, 10**400],
    "bool": [1, "yes"],
    "text": [True, ["a"], {}],
    "date": ["29.2.2024", "2024-02-30", 5, "2024-02-29T00:00:00Z", "9999-01-01"],
    "date with zone": ["2024-02-29"],
    "Int64": [2.5, "much"],
    "days": ["2024-13-01", 5],
    "decimal": ["much", True],
    "length": ["soon", 5],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind in REFUSED for value in REFUSED[kind]]
)
def test_what_cannot_be_read_without_a_guess_is_refused(kind, value):
    good = plain_value(COLUMNS[kind].dropna().iloc[0])
    with pytest.raises(InputError) as caught:
        one(kind, good, value)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (1, "c")
    assert isinstance(value, bool) or str(value) not in problem.message


def test_many_problems_are_counted_and_the_first_shown():
    with pytest.raises(InputError) as caught:
        one("int", *["x"] * 50)
    assert caught.value.count == 50
    assert len(caught.value.problems) == 20
    assert "and 30 more" in str(caught.value)


def test_extra_columns_are_dropped_and_twins_refused():
    columns = tuple(describe_columns(pd.DataFrame({"a": [1], "b": ["x"]})))
    given = pd.DataFrame([[1, "x", 9]], columns=["a", "b", "z"], index=[7])
    ((_, frame),) = Door(columns).frame(given).frames(together=False)
    assert list(frame.columns) == ["a", "b"]
    assert frame.index.equals(pd.RangeIndex(1))
    with pytest.raises(InputError, match="is there twice"):
        Door(columns).frame(given.set_axis(["a", "b", "b"], axis=1))
    with pytest.raises(InputError, match="column 'b': is missing"):
        Door(columns).frame(given[["a"]])


def test_categories_keep_their_codes():
    order = pd.CategoricalDtype(["b", "a"])
    (column,) = describe_columns(
        pd.DataFrame({"c": pd.Series(["a", "b"], dtype=order)})
    )
    given = pd.DataFrame({"c": pd.Series(["a", "b"], dtype="category")})
    ((_, frame),) = Door((column,)).frame(given).frames(together=False)
    assert frame["c"].cat.codes.tolist() == [1, 0]


def test_columns_of_several_types_are_not_read_from_csv(tmp_path):
    (column,) = describe_columns(pd.DataFrame({"c": COLUMNS["mixed"]}))
    (tmp_path / "rows.csv").write_text("c\n1\n")
    with pytest.raises(InputError, match="had values of several types"):
        read_rows(tmp_path / "rows.csv", [column], {})


def test_csv_is_read_with_the_options_of_the_notebook(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("x;zip;on;extra\n1,5;01234;2024-01-31;?\n2;1;2024-02-01;b\n")
    options = {"sep": ";", "decimal": ",", "parse_dates": ["on"], "na_values": "?"}
    raw = pd.read_csv(path, **options, dtype={"zip": str})
    columns = describe_columns(raw)
    asked = {
        **options,
        "nrows": 1,
        "usecols": ["x"],
        "index_col": 0,
        "parse_dates": ["on", "label_on"],
    }
    ((_, found),) = (
        Door(tuple(columns)).frame(read_rows(path, columns, asked)).frames(False)
    )
    pd.testing.assert_frame_equal(found, raw)


def test_columns_without_text_labels_are_called_by_text():
    columns = describe_columns(pd.DataFrame([[1.5, 2]]))
    assert [column.name for column in columns] == ["0", "1"]
    ((_, frame),) = Door(tuple(columns)).records([{"0": 1, "1": 2}]).frames(False)
    assert list(frame.columns) == [0, 1]


def test_the_description_shows_types_and_no_person():
    names = [f"Person Number-{place}" for place in range(100, 300)]
    frame = pd.DataFrame(
        {"name": names, "sex": ["f", "m"] * 100, "on": ["2024-01-05"] * 200, "x": 1.0}
    )
    frame.loc[0, "x"] = np.inf
    name, sex, on, x = describe_columns(frame)
    assert name.values is None
    assert name.example == "Xxxxxx Xxxxxx-111"
    assert sex.values == ("f", "m")
    assert on.example == "2024-01-05"
    assert (x.low, x.high) == (1.0, None)
    assert masked("Ñandú 12/B") == "Xxxxx 11/X"


def test_the_reader_says_which_texts_are_no_value():
    assert {"", "NA", "nan"} <= missing_texts({})
    assert missing_texts({"keep_default_na": False}) == frozenset()
    assert "?" in missing_texts({"na_values": "?"})
    assert missing_texts({"na_values": ["?"], "keep_default_na": False}) == {"?"}
    assert missing_texts({"na_filter": False}) == frozenset()
    text = 'c\n"NA"\nx\n'
    assert pd.read_csv(io.StringIO(text))["c"].isna().tolist() == [True, False]


# --- what steps keep -----------------------------------------------------------------


def test_without_a_runner_values_pass_through():
    value = [1]
    assert fit.keep("x", value) is value
    fit.keep_input(pd.DataFrame())
    fit.keep_labels("t", pd.RangeIndex(2))
    fit.keep_answers({}, None)


def recorded(tmp_path, step: str = "s"):
    """Start a recorder of one step."""
    return fit.Recorder(tmp_path, step, "v")


def test_values_are_kept_as_they_are_at_that_moment(tmp_path):
    recorder = recorded(tmp_path)
    with fit.recording(recorder):
        columns = ["a"]
        assert fit.keep("columns", columns) is columns
        columns.append("b")
        fit.keep("best", 1)
        fit.keep("best", 2)
        table = pd.DataFrame({"x": [1.0]})
        fit.keep("table", table)
        table["x"] = 9.0
        for place, name in enumerate(["a", "b"]):
            fit.keep("turns", np.array([place]), key=name)
        fit.keep("Best", 3)
    recorder.finish()
    (kept,) = read_kept(tmp_path, ["s"], "v")
    assert read_kept(tmp_path, ["s"], "other") == []
    paths = [entry.path for entry in kept.entries()]
    assert len({path.lower() for path in paths}) == len(paths)
    from loan_serving.artifacts import load

    found = {name: load(tmp_path, item.entry) for name, item in kept.fields.items()}
    turns = found.pop("turns")
    assert turns["b"].tolist() == [1]
    assert found.pop("table")["x"].tolist() == [1.0]
    assert found == {"columns": ["a"], "best": 2, "Best": 3}


def test_what_cannot_be_kept_is_named(tmp_path):
    from loan_serving.errors import ArtifactError

    recorder = recorded(tmp_path)
    with fit.recording(recorder), pytest.raises(ArtifactError, match="'rows'"):
        fit.keep("rows", (row for row in []))
    recorder = recorded(tmp_path)
    with fit.recording(recorder):
        fit.keep("maker", lambda: 1)
    with pytest.raises(ArtifactError, match="needed for serving: 'maker'"):
        recorder.finish()


def test_rows_are_followed_back_through_new_numbers(tmp_path):
    raw = pd.DataFrame({"x": range(10)}, index=[f"r{place}" for place in range(10)])
    first, second = recorded(tmp_path, "one"), recorded(tmp_path, "two")
    with fit.recording(first):
        fit.keep_labels("once", raw.index[::2])
        fit.keep_labels("twice", pd.Index([4, 3, 2]))
    with fit.recording(second):
        fit.keep_answers({"old": [0]}, pd.Index([0]), ("once",))
        values = pd.Series([30, 20], index=[1, 0])
        fit.keep_answers({"p": values}, pd.Index([1, 2]), ("twice", "once"))
        fit.keep_answers({"q": [1]}, ["r9"])
        fit.keep_answers({"lost": [1]}, None)
        fit.keep_answers({"short": [1, 2]}, ["r9"])
        fit.keep_answers({"strange": [1]}, ["r99"])
        fit.keep_answers({"far": [1]}, pd.Index([7]), ("twice",))
        fit.keep_answers({"old": [5]}, ["r1"])
        fit.keep_answers({"none": []}, [])
    first.finish()
    second.finish()
    found, reasons = held_out(read_kept(tmp_path, ["one", "two"], "v"), raw, tmp_path)
    values = {
        name: (held.rows.tolist(), held.values[name])
        for held in found
        for name in held.values
    }
    assert values == {"p": ([6, 4], [30, 20]), "q": ([9], [1]), "old": ([1], [5])}
    assert [reason.split(":")[0] for reason in reasons] == [
        "lost",
        "short",
        "strange",
        "far",
        "none",
    ]
    doubled = raw.set_axis(["same"] * 10)
    found, reasons = held_out(
        read_kept(tmp_path, ["one", "two"], "v"), doubled, tmp_path
    )
    assert found == []
    assert "rows with the same label" in reasons[0]


# --- answers -------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """What these tests keep."""

    seen: tuple[str, ...] = ("a", "b")


def answering(function, raw: pd.DataFrame, whole_batch: bool = False) -> Predictor:
    """Make a predictor of one function."""
    columns = tuple(describe_columns(raw))
    answer = Answer("predict", function, ("v",), "n.ipynb, cell 2", whole_batch)
    example = {column.name: column.example for column in columns}
    return Predictor([answer], State(), Door(columns), "build", example)


RAW = pd.DataFrame({"k": ["a", "b"] * 4, "x": [1.0] * 8, "n": range(8)})


def test_an_error_of_the_notebook_names_row_and_column():
    def strict(frame, state):
        for value in frame["k"]:
            if value not in state.seen:
                raise KeyError(value)
        return {"v": frame["x"]}

    predictor = answering(strict, RAW)
    assert predictor.predict(RAW) == [{"v": 1.0}] * 8
    records = RAW.to_dict("records")
    records[5]["k"] = "unseen"
    records[7]["k"] = "other"
    with pytest.raises(AnswerError) as caught:
        predictor.predict_records(records)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (5, "k")
    assert "cannot be answered (n.ipynb, cell 2): KeyError: 'unseen'" in str(
        caught.value
    )


def test_an_error_of_all_rows_together_names_none():
    def picky(frame, state):
        if len(frame) > 3:
            raise ValueError("too many")
        return {"v": frame["x"]}

    with pytest.raises(AnswerError, match="too many") as caught:
        answering(picky, RAW, whole_batch=True).predict(RAW)
    assert caught.value.problems[0].row is None


def test_answers_that_look_at_the_batch_say_so():
    def share(frame, state):
        return {"v": frame["n"] / frame["n"].sum()}

    predictor = answering(share, RAW, whole_batch=True)
    assert sum(row["v"] for row in predictor.predict(RAW)) == pytest.approx(1)
    assert "computed from the rows of the same batch" in predictor.warnings()[0]
    assert answering(share, RAW).warnings() == []


VALUES = {
    "floats": (np.array([0.5, np.nan, np.inf]), [0.5, None, "Infinity"]),
    "ints": (np.array([1, 2, 3]), [1, 2, 3]),
    "series": (pd.Series([1, 2, 3], index=[2, 0, 1]), [2, 3, 1]),
    "columns": (np.array([[0.1, 0.9]] * 3), [[0.1, 0.9]] * 3),
    "classes": (np.array(["a", "b", "c"]), ["a", "b", "c"]),
    "truths": ([np.bool_(True), False, None], [True, False, None]),
    "times": (pd.Series([DAY] * 3), ["2024-02-29T00:00:00"] * 3),
    "time array": (np.array([DAY] * 3, dtype="M8[ns]"), ["2024-02-29T00:00:00"] * 3),
    "objects": (pd.Series([{"a": np.int64(1)}] * 3), [{"a": 1}] * 3),
    "category": (pd.Categorical(["a", None, "b"]), ["a", None, "b"]),
    "nullable": (pd.Series([1, None, 2], dtype="Int64"), [1, None, 2]),
}


@pytest.mark.parametrize("name", VALUES)
def test_answers_are_plain_and_in_order(name):
    values, plain = VALUES[name]
    found = plain_values("v", values, 3)
    assert found == plain
    assert list(map(type, found)) == list(map(type, plain))


MISMATCHED = {
    "too few": pd.Series([1, 2]),
    "too many": [1, 2, 3, 4],
    "row gone": pd.Series([1, 2, 3], index=[0, 1, 3]),
    "row twice": pd.Series([1, 2, 3], index=[0, 1, 1]),
    "one for all": 0.5,
    "no array": np.float64(0.5),
}


@pytest.mark.parametrize("name", MISMATCHED)
def test_each_row_has_exactly_one_answer(name):
    with pytest.raises(MismatchError, match="'v'"):
        plain_values("v", MISMATCHED[name], 3)


# --- which columns are needed --------------------------------------------------------


def needed(function, raw: pd.DataFrame) -> tuple[tuple[str, ...], str]:
    """Find out the columns that a function needs."""
    columns = tuple(describe_columns(raw))
    names = tuple(column.name for column in columns)
    serving = Serving("raw", State, (Answer("predict", function, ("v",)),))
    document = FitDocument("m", "v", "raw", {}, columns, names, "")
    truth = raw["x"] + 2 * raw["n"]
    held = HeldOut(np.arange(len(raw)), list(raw.index), {"v": truth.tolist()})
    return required_columns(serving, document, {}, raw, [held])


TRIALS = {
    "named": (lambda f, s: {"v": f["x"] + 2 * f["n"]}, ("x", "n")),
    "filled with nothing": (
        lambda f, s: {"v": f.reindex(columns=["n", "y"], fill_value=0)["n"]},
        ("n",),
    ),
    "label in the way": (
        lambda f, s: {"v": f.drop(columns=["k"]).to_numpy() @ np.array([1.0, 2.0])},
        ("k", "x", "n"),
    ),
    "missing for some rows only": (
        lambda f, s: {"v": f.get("x", 0) * (f["n"] == 7)},
        ("x", "n"),
    ),
}


@pytest.mark.parametrize("name", TRIALS)
def test_needed_columns_are_found_by_trial(name):
    function, columns = TRIALS[name]
    raw = RAW.assign(x=np.arange(8) * 1.5, y=0)
    assert needed(function, raw) == (columns, "by trial")


def test_all_columns_are_needed_where_nothing_can_be_tried():
    def broken(frame, state):
        raise ValueError("never")

    assert needed(broken, RAW) == (("k", "x", "n"), "not found out: all")


@pytest.mark.parametrize(("named", "wrong"), [(("x", "n"), False), (("n",), True)])
def test_a_column_that_was_overlooked_is_found(named, wrong):
    def filled(frame, state):
        found = frame.reindex(columns=["x", "n"], fill_value=0)
        return {"v": found["x"] + found["n"]}

    raw = RAW.assign(x=np.arange(8) * 1.5)
    serving = Serving("raw", State, (Answer("predict", filled, ("v",)),))
    columns = tuple(describe_columns(raw))
    document = FitDocument("m", "v", "raw", {}, columns, named, "in the code")
    assert overlooked(serving, document, {}, raw, []) is wrong


def test_optional_fields_may_be_absent():
    files = state_files((Field("a", optional=True), Field("b", keyed=True)), [])
    assert [file.entry for file in files.values()] == [None, None]
