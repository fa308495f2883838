"""Every value comes back exactly, or is refused by name."""

from __future__ import annotations

import datetime
import importlib.util
import json
import random
import sys
from pathlib import Path

import defined
import numpy as np
import pandas as pd
import pytest
from credit_sample import artifacts, nested
from credit_sample.equality import same
from credit_sample.errors import ArtifactError, MissingArtifactError
from credit_sample.randomness import random_state, restore_random_state
from scipy.stats import norm
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from wide_table import TABLE

X = np.random.default_rng(1).normal(size=(20, 2))
Y = (X[:, 0] > 0).astype(int)

BASELINE = Path(__file__).parents[3] / "shared" / "corpus" / "run_baseline.py"
NAMES = [name for name, _ in TABLE]


def digest(value: object) -> object:
    """Digest a value the way results are judged."""
    spec = importlib.util.spec_from_file_location("run_baseline", BASELINE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.namespace_digest({"value": value})


@pytest.mark.parametrize(("name", "value"), TABLE, ids=NAMES)
def test_value_comes_back_exactly(name, value, tmp_path):
    entry = artifacts.save(tmp_path, "step", name, value)
    # What is listed is what a later process reads: it must survive JSON itself.
    again = artifacts.Entry.from_json(json.loads(json.dumps(entry.to_json())))
    loaded = artifacts.load(tmp_path, again)
    assert type(loaded) is type(value)
    assert same(loaded, value)
    if BASELINE.is_file():
        assert digest(loaded) == digest(value)


TABLES = [
    (name, value) for name, value in TABLE if name.startswith(("frame", "series"))
]


@pytest.mark.parametrize(("name", "value"), TABLES, ids=[name for name, _ in TABLES])
def test_tables_come_back_exactly_without_pyarrow(name, value, tmp_path, monkeypatch):
    monkeypatch.setattr("credit_sample.tables.has_parquet", lambda: False)
    entry = artifacts.save(tmp_path, "step", name, value)
    assert entry.kind in ("json", "npz")
    assert same(artifacts.load(tmp_path, entry), value)


ESTIMATORS = {
    "plain": LogisticRegression(C=2.0),
    "fitted": LogisticRegression().fit(X, Y),
    "forest": RandomForestClassifier(3, random_state=np.random.RandomState(1)).fit(
        X, Y
    ),
    "boosting": GradientBoostingClassifier(n_estimators=2).fit(X, Y),
    "pipeline": make_pipeline(
        FunctionTransformer(defined.double), StandardScaler(), LogisticRegression()
    ).fit(X, Y),
    "search": GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2).fit(X, Y),
    "dict": {"a": LogisticRegression().fit(X, Y), "b": StandardScaler().fit(X)},
    "pairs": [("lr", LogisticRegression(), 0.5), ("sc", StandardScaler(), None)],
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_estimators_are_kept_with_joblib(name, tmp_path):
    value = ESTIMATORS[name]
    entry = artifacts.save(tmp_path, "step", name, value)
    loaded = artifacts.load(tmp_path, entry)
    assert entry.kind == "joblib"
    assert same(loaded, value, lenient=True)
    if BASELINE.is_file():
        assert digest(loaded) == digest(value)


def transformer(name: str, monkeypatch: pytest.MonkeyPatch) -> FunctionTransformer:
    monkeypatch.setattr(nested, "__name__", "defined.nested")
    return FunctionTransformer(defined.made_inside(3.0)[name])


@pytest.mark.parametrize(("name", "expected"), [("plain", 6), ("default", 10)])
def test_a_lambda_of_a_step_is_kept_by_its_place(name, expected, tmp_path, monkeypatch):
    value = make_pipeline(transformer(name, monkeypatch))
    entry = artifacts.save(tmp_path, "step", "value", value)
    assert entry.kind == "joblib"
    loaded = artifacts.load(tmp_path, entry)
    assert loaded.transform(np.array([[5]])).tolist() == [[expected]]
    again = artifacts.save(tmp_path, "later", "value", loaded)
    assert again.kind == "joblib"


def test_a_lambda_that_uses_variables_of_its_step_is_refused(tmp_path, monkeypatch):
    value = transformer("variable", monkeypatch)
    with pytest.raises(ArtifactError, match="must have a name"):
        artifacts.save(tmp_path, "step", "value", value)


def test_a_place_in_other_code_is_refused():
    with pytest.raises(LookupError, match="no such function inside"):
        nested.nested_function("defined", "made_inside", (("<lambda>", 9),), None, None)
    with pytest.raises(LookupError, match="has no function"):
        nested.nested_function("defined", "gone", (("<lambda>", 0),), None, None)


def test_objects_of_a_library_are_kept_with_joblib(tmp_path):
    value = norm(loc=1.5, scale=2.0)
    entry = artifacts.save(tmp_path, "step", "value", value)
    assert entry.kind == "joblib"
    loaded = artifacts.load(tmp_path, entry)
    assert type(loaded) is type(value)
    assert loaded.cdf(2.5) == value.cdf(2.5)


def test_an_object_that_holds_a_function_without_a_name_is_refused(tmp_path):
    value = norm(loc=1.5, scale=2.0)
    value.note = lambda row: row
    with pytest.raises(ArtifactError, match="cannot be stored"):
        artifacts.save(tmp_path, "step", "value", value)


def test_composite_of_estimator_and_data_is_kept_in_parts(tmp_path):
    value = {"model": LogisticRegression().fit(X, Y), "X": X, "f": pd.DataFrame(X)}
    entry = artifacts.save(tmp_path, "step", "value", value)
    assert entry.kind == "json"
    assert {Path(part).suffix for part in entry.parts} == {
        ".joblib",
        ".npz",
        ".parquet",
    }
    assert same(artifacts.load(tmp_path, entry), value, lenient=True)


def cyclic() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


REFUSED = {
    "object": (defined.Other(), "defined.Other"),
    "inside": ({"a": [1, defined.Other()]}, r"\['a'\]\[1\]"),
    "in-column": (pd.DataFrame({"a": [defined.Other()]}), "defined.Other"),
    "lambda": (lambda x: x, "no module defines"),
    "lambda-inside": (FunctionTransformer(lambda x: x), "must have a name"),
    "groupby": (pd.DataFrame({"a": [1]}).groupby("a"), "GroupBy"),
    "generator": ((x for x in (1,)), "generator"),
    "open-file": (sys.__stderr__, "TextIO"),
    "module": (sys, "module"),
    "cycle": (cyclic(), "contains itself"),
    "unstored": (type("Own", (dict,), {})(a=1), "Own"),
    "iterator": (iter([1]), "list_iterator"),
    "bound-method": ([1].append, "append"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_plain_is_refused_by_name(name, tmp_path):
    value, words = REFUSED[name]
    with pytest.raises(ArtifactError, match=words) as caught:
        artifacts.save(tmp_path, "step", "thing", value)
    assert "'thing'" in str(caught.value)
    assert "# cw: step" in str(caught.value)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_a_file_that_was_changed_is_refused(tmp_path):
    entry = artifacts.save(tmp_path, "step", "x", [1, 2])
    (tmp_path / entry.path).write_text("[1, 3]")
    with pytest.raises(ArtifactError, match="is not the file"):
        artifacts.load(tmp_path, entry)


def test_a_part_that_was_changed_is_refused(tmp_path):
    entry = artifacts.save(tmp_path, "step", "x", {"a": [np.eye(2)], 1: 2})
    (part,) = entry.parts
    (tmp_path / part).write_bytes(b"")
    with pytest.raises(ArtifactError, match="is not the file"):
        artifacts.load(tmp_path, entry)


def test_a_missing_file_says_which_step_to_run(tmp_path):
    entry = artifacts.save(tmp_path, "prepare", "x", [1, 2])
    (tmp_path / entry.path).unlink()
    with pytest.raises(MissingArtifactError, match="run the step 'prepare' again"):
        artifacts.load(tmp_path, entry)


PLAIN = {
    "tuple": ((1, 2), [1, 2]),
    "numpy": (np.float64(0.5), 0.5),
    "int-keys": ({1: "a"}, {"1": "a"}),
    "date": (datetime.date(2024, 1, 2), "2024-01-02"),
    "set": ({"b", "a"}, ["a", "b"]),
    "nan": ([1.0, float("nan")], [1.0, None]),
    "index": (pd.Index(["a", "b"]), ["a", "b"]),
    "days": (pd.to_datetime(["2024-01-02"]), ["2024-01-02T00:00:00.000000000"]),
}


@pytest.mark.parametrize("name", PLAIN)
def test_json_is_plain_for_any_reader(name, tmp_path):
    value, plain = PLAIN[name]
    entry = artifacts.save(tmp_path, "step", name, value)
    text = (tmp_path / entry.path).read_text()
    assert json.loads(text, parse_constant=pytest.fail) == plain


# Tables that pandas itself reads back exactly, without the description beside them.
READ_BY_PANDAS = (
    "frame-plain",
    "frame-times",
    "frame-category",
    "frame-nullable-int",
    "frame-index-named",
    "frame-index-multi",
    "frame-groupby",
)


@pytest.mark.parametrize("name", READ_BY_PANDAS)
def test_ordinary_tables_are_read_by_pandas_alone(name, tmp_path):
    value = dict(TABLE)[name]
    entry = artifacts.save(tmp_path, "step", name, value)
    assert entry.kind == "parquet"
    assert same(pd.read_parquet(tmp_path / entry.path), value)


def test_arrays_and_dictionaries_of_arrays_are_read_by_numpy_alone(tmp_path):
    one = artifacts.save(tmp_path, "step", "one", X)
    many = artifacts.save(tmp_path, "step", "many", {"x": X, "file": Y})
    assert np.array_equal(np.load(tmp_path / one.path)["arr_0"], X)
    stored = np.load(tmp_path / many.path)
    assert np.array_equal(stored["file"], Y)


def test_bytes_are_the_same_in_every_run(tmp_path):
    for name, value in TABLE:
        first = artifacts.save(tmp_path / "a", "step", name, value)
        second = artifacts.save(tmp_path / "b", "step", name, value)
        assert first == second, name


def test_random_state_goes_on(tmp_path):
    np.random.seed(3)
    random.seed(3)
    np.random.normal()
    entry = artifacts.save(tmp_path, "step", "random-state", random_state())
    expected = (
        np.random.normal(),
        np.random.rand(),
        random.random(),
        random.gauss(0, 1),
    )
    np.random.seed(99)
    random.seed(99)
    restore_random_state(artifacts.load(tmp_path, entry))
    again = (np.random.normal(), np.random.rand(), random.random(), random.gauss(0, 1))
    assert again == expected
