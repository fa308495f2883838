"""Lags of rows that are asked for, beside the rows of a declared history."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from loan_serving import lookback
from loan_serving.door import Door
from loan_serving.history import HistoryError, make_past, read_past, training_past
from loan_serving.input_schema import describe_columns
from loan_serving.prediction import MismatchError, Predictor
from loan_serving.serving import Answer, Serving

COLUMNS = ["branch", "opened", "id", "amount"]


def rows_of(count, seed):
    """Loans of a few branches: gaps, doubled rows, days with several loans."""
    generator = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "branch": generator.choice(["a", "b", "c", None], count),
            "opened": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(generator.integers(0, count // 3, count), unit="D"),
            "id": np.arange(count),
            "amount": np.where(generator.random(count) < 0.1, np.nan, generator.random(count)),
        }
    )
    doubled = table.sample(count // 10, random_state=seed)
    return pd.concat([table, doubled], ignore_index=True)


def notebook(df):
    """The notebook's own statements."""
    df = df.drop_duplicates("id").sort_values(["branch", "opened", "id"])
    df = df[df["id"] % 7 != 0]
    groups = df.groupby("branch")["amount"]
    df["before"] = groups.shift(1)
    df["mean"] = groups.transform(lambda s: s.shift(1).rolling(3, min_periods=1).mean())
    df["count"] = groups.cumcount()
    return df


def answer(frame, _state):
    """What the build makes of them."""
    rows = lookback.all_rows(frame)
    rows = lookback.distinct_rows(frame[["id"]], rows)
    rows = lookback.sorted_rows(frame[COLUMNS[:3]], rows, COLUMNS[:3])
    rows = lookback.kept_rows(rows, frame["id"] % 7 != 0)
    rows, frame = lookback.nearby_rows(rows, frame[["branch"]], frame)
    groups = lookback.seen_rows(frame, rows, ["branch"]).groupby("branch")["amount"]
    frame["before"] = lookback.for_each(frame, groups.shift(1))
    means = groups.transform(lambda s: s.shift(1).rolling(3, min_periods=1).mean())
    frame["mean"] = lookback.for_each(frame, means)
    frame["count"] = lookback.for_each(frame, groups.cumcount())
    frame = lookback.asked_rows(frame, rows)
    return {"before": frame["before"], "mean": frame["mean"], "count": frame["count"]}


ANSWER = Answer("lags", answer, ("before", "mean", "count"), looks_back=True)
SERVING = Serving("loans", dict, (ANSWER,), history=("loans",))


def predictor_of(raw, serving=SERVING):
    door = Door(tuple(describe_columns(raw)))
    past = make_past(serving, door, [raw]) if serving.history else None
    return Predictor(serving.answers, {}, door, "1", None, past)


def plain(value):
    return None if isinstance(value, float) and np.isnan(value) else value


@pytest.mark.parametrize("seed", range(4))
def test_rows_alone_together_and_shuffled_are_answered_as_in_the_notebook(seed):
    raw = rows_of(90, seed)
    expected = notebook(raw)
    wanted = [
        {name: plain(expected.loc[row, name]) for name in ANSWER.values}
        for row in expected.index
        if expected.loc[row, "branch"] is not None
    ]
    asked = raw.loc[[row for row in expected.index if expected.loc[row, "branch"] is not None]]
    predictor = predictor_of(raw)
    order = np.random.default_rng(seed).permutation(len(asked))
    for found, which in (
        (predictor.predict(asked), range(len(asked))),
        (predictor.predict(asked.iloc[order]), order),
        ([predictor.predict(asked.iloc[[at]])[0] for at in order], order),
    ):
        for given, at in zip(found, which, strict=True):
            assert given == pytest.approx(wanted[at], abs=1e-12)


def test_a_row_that_is_asked_for_twice_is_no_row_before_itself():
    raw = rows_of(60, 1)
    predictor = predictor_of(raw)
    new = raw.iloc[[5]].assign(id=1000, opened=pd.Timestamp("2030-01-01"))
    (alone,) = predictor.predict(new)
    assert predictor.predict(pd.concat([new, new, new])) == [alone] * 3
    later = new.assign(id=1001, opened=pd.Timestamp("2030-01-02"))
    both = predictor.predict(pd.concat([later, new]))
    assert both[1] == alone
    assert both[0]["before"] == plain(new["amount"].iloc[0])


def test_equal_rows_are_computed_once_and_all_answered(monkeypatch):
    raw = rows_of(60, 3)
    calls = []
    counted = replace(ANSWER, function=lambda *given: (calls.append(1), answer(*given))[1])
    predictor = predictor_of(raw[:50], replace(SERVING, answers=(counted,)))
    once = [plain_all(row) for row in predictor.predict(raw[50:])]
    few = len(calls)
    many = [plain_all(row) for row in predictor.predict(pd.concat([raw[50:]] * 40))]
    assert many == once * 40
    assert len(calls) == 2 * few


def plain_all(row):
    return {name: plain(value) for name, value in row.items()}


def test_without_a_history_nothing_is_answered_and_a_batch_looks_at_itself():
    raw = rows_of(60, 2)
    door = Door(tuple(describe_columns(raw)))
    with pytest.raises(MismatchError, match="no history"):
        Predictor((ANSWER,), {}, door, "1").predict(raw)
    batch = replace(ANSWER, looks_back=False, whole_batch=True)
    predictor = Predictor((batch,), {}, door, "1")
    # The build makes such a predictor only where no row is left out.
    raw = raw[raw["id"] % 7 != 0].drop_duplicates("id").reset_index(drop=True)
    found = predictor.predict(raw)
    expected = notebook(raw)
    for row in expected.index:
        if expected.loc[row, "branch"] is not None:
            assert found[row] == pytest.approx(
                {name: plain(expected.loc[row, name]) for name in batch.values}, abs=1e-12
            )
    assert "same batch alone" in predictor.warnings()[0]
    assert "rows of the history" in predictor_of(raw).warnings()[0]


def test_columns_that_no_lag_reads_need_not_be_in_the_history():
    raw = rows_of(60, 3)
    raw["score"] = np.arange(len(raw))
    part = raw[COLUMNS]
    door = Door(tuple(describe_columns(raw)))
    serving = replace(SERVING, looked_at=tuple(COLUMNS))
    predictor = Predictor(serving.answers, {}, door, "1", None, make_past(serving, door, [part]))
    assert predictor.predict(raw[:20]) == predictor_of(raw).predict(raw[:20])


def test_training_leaves_out_its_own_rows_by_their_labels():
    raw = rows_of(40, 4)
    door = Door(tuple(describe_columns(raw)))
    past = training_past(SERVING, door, [raw[:5], raw])
    assert len(past.frame) == 5 + len(raw)
    assert len(past.without(raw.index[3:6]).frame) == 5 + len(raw) - 3


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path, _: None, "is missing: there is no"),
        (lambda path, raw: path.write_text(raw.to_csv(index=False).rstrip()), "cut off"),
        (lambda path, raw: raw[:0].to_csv(path, index=False), "has no row"),
        (lambda path, raw: raw.drop(columns="amount").to_csv(path, index=False), "'amount'"),
        (lambda path, raw: raw.assign(amount="x").to_csv(path, index=False), "'amount'"),
        (lambda path, raw: path.write_bytes(b'"a\n\xff\n'), "cannot be read"),
    ],
)
def test_a_history_that_is_not_whole_is_refused_at_start(write, said, tmp_path, monkeypatch):
    raw = rows_of(40, 5)
    door = Door(tuple(describe_columns(raw)))
    path = tmp_path / "loans.csv"
    write(path, raw)
    serving = replace(SERVING, reads={"parse_dates": ["opened"]})
    monkeypatch.setenv("CROSSWALK_HISTORY", json.dumps({"loans": str(path)}))
    with pytest.raises(HistoryError, match=said):
        read_past(serving, door)
    raw.to_csv(path, index=False)
    past = read_past(serving, door)
    assert past is not None
    assert len(past.frame) == len(raw)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"loans": 3}'])
def test_where_the_history_is_must_be_said(text, monkeypatch):
    monkeypatch.setenv("CROSSWALK_HISTORY", text)
    with pytest.raises(HistoryError, match="CROSSWALK_HISTORY"):
        read_past(SERVING, Door(()))
    assert read_past(replace(SERVING, history=()), Door(())) is None
