"""A model that serves: what training keeps, what is checked, what `predict` answers."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pytest
from loan_serving import fit as keeping
from loan_serving import fit_state, pipeline, predictor, runner
from loan_serving.door import InputError
from loan_serving.self_check import close
from loan_serving.serving import Field
from loan_serving.steps import fit as fit_step
from loan_serving.values import Range
from serving_data import NEEDED, applications, expected, write_root

STEPS = ("load", "prepare", "fit")


class Product(Protocol):
    """Runs the product and checks its exit code; returns what it said."""

    def __call__(self, *arguments: object, code: int = 0) -> str: ...


@pytest.fixture
def product(monkeypatch, capsys, tmp_path) -> Product:
    """The command line, called in this process in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, code: int = 0) -> str:
        capsys.readouterr()
        try:
            found = runner.main(pipeline.MODEL, [str(item) for item in arguments])
        except SystemExit as stop:
            found = stop.code
        said = capsys.readouterr().err
        assert found == code, said
        return said

    return call


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A work folder in which the model was trained; not to be changed."""
    home = tmp_path_factory.mktemp("trained")
    root = write_root(home / "root")
    arguments = ["run", "--workdir", str(home / "W"), "--root", str(root)]
    assert runner.main(pipeline.MODEL, arguments) == 0
    return home / "W"


@pytest.fixture
def workdir(trained, tmp_path) -> Path:
    """A copy of a work folder of a model that was trained."""
    return Path(shutil.copytree(trained, tmp_path / "W"))


def load(workdir: Path, contract: bool = True):
    """Load the predictor, and leave the contract out where types are the question."""
    serving = predictor.SERVING
    if not contract:
        serving = dataclasses.replace(serving, contract=None)
    return fit_state.load(serving, workdir, pipeline.MODEL.version)


def stated(workdir: Path) -> dict[str, object]:
    return json.loads((workdir / "state" / "state.json").read_text())


def test_training_leaves_the_fit_state_and_says_that_it_was_checked(workdir):
    state = stated(workdir)
    assert state["build"] == pipeline.MODEL.version
    assert state["self_check"]["outcome"] == "equal"
    assert state["self_check"]["rows"] == len(expected(applications()))
    assert state["input"]["required"] == NEEDED
    assert state["input"]["found"] == "by trial"
    kinds = {name: item["file"]["kind"] for name, item in state["fields"].items()}
    assert kinds == {
        "median": "json",
        "city_codes": "json",
        "columns": "json",
        "scaler": "joblib",
        "model": "joblib",
        "threshold": "json",
    }
    assert state["fields"]["median"]["cite"] == "loans.ipynb, cell 3"
    assert state["libraries"]["pandas"] == pd.__version__


def test_no_raw_row_travels_with_the_fit_state(workdir):
    for path in (workdir / "state").rglob("*"):
        if path.is_file() and path.suffix == ".json":
            assert "a17" not in path.read_text(), path


def test_it_answers_what_the_notebook_computes(workdir):
    raw = applications()
    truth = expected(raw)
    found = pd.DataFrame(load(workdir).predict(raw), index=raw.index)
    held = found.loc[truth.index]
    assert np.allclose(held["p"], truth["p"], rtol=0, atol=1e-9)
    assert (held["decision"] == truth["decision"]).all()
    assert len(found) == len(raw)


def test_one_by_one_all_at_once_and_shuffled_are_answered_alike(workdir):
    raw = applications()
    # Whole numbers that are missing make their column one of fractions.
    raw["age"] = raw["age"].astype(object)
    raw.loc[3, "age"] = None
    raw.loc[4, "age"] = 40.5
    raw.loc[3:4, "income"] = np.nan
    answerer = load(workdir, contract=False)
    records = json.loads(raw.to_json(orient="records"))
    with pytest.raises(InputError, match="row 3, column 'age': cannot be answered"):
        answerer.predict_records(records)
    records[3]["age"] = 30
    whole = answerer.predict_records(records)
    single = [answerer.predict_records([record])[0] for record in records]
    order = np.random.default_rng(1).permutation(len(records))
    mixed = answerer.predict_records([records[place] for place in order])
    assert close(whole, single)
    assert close([whole[place] for place in order], mixed)
    frame = raw.assign(age=[record["age"] for record in records])
    before = frame.copy()
    assert close(answerer.predict(frame), whole)
    pd.testing.assert_frame_equal(frame, before)


def test_steps_one_by_one_give_the_same_state_as_a_run(product, workdir, tmp_path):
    root = write_root(tmp_path / "root")
    for step in STEPS:
        assert not (tmp_path / "V" / "state" / "state.json").exists()
        product("step", step, "--workdir", "V", "--root", root)
    assert stated(tmp_path / "V") == stated(workdir)
    # A step that runs again takes the state with it until it is done.
    monkey = json.loads((tmp_path / "V" / "steps" / "fit.json").read_text())
    assert monkey["step"] == "fit"
    product("step", "prepare", "--workdir", "V", "--root", root)
    assert stated(tmp_path / "V") == stated(workdir)


def test_an_older_state_is_gone_when_training_fails(product, tmp_path, monkeypatch):
    root = write_root(tmp_path / "root")
    product("run", "--workdir", "W", "--root", root)
    (tmp_path / "W" / "state" / "mine.txt").write_text("keep")
    monkeypatch.setattr(pipeline, "prepare", lambda loans: loans["gone"])
    product("run", "--workdir", "W", "--root", root, code=1)
    left = [path.name for path in (tmp_path / "W" / "state").rglob("*.json")]
    assert left == ["kept.json"]
    assert (tmp_path / "W" / "state" / "mine.txt").exists()
    said = product("predict", *paths(tmp_path, root), code=2)
    assert "there is no fit state" in said


def paths(folder: Path, root: Path) -> tuple[object, ...]:
    """Name the files of `predict`."""
    rows = root / "data" / "applications.csv"
    return ("--workdir", folder / "W", "--input", rows, "--output", folder / "o.json")


WRONG = {
    "other statistic": lambda frame, state: dataclasses.replace(
        state, median={"income": 40.0, "debt": 5.0}
    ),
    "statistic of the batch": lambda frame, state: dataclasses.replace(
        state, median={"income": frame["income"].median(), "debt": 5.0}
    ),
    "order of columns": lambda frame, state: dataclasses.replace(
        state, columns=state.columns[::-1]
    ),
    "threshold": lambda frame, state: dataclasses.replace(state, threshold=0.9),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_predictor_that_answers_otherwise_leaves_no_state(
    name, product, tmp_path, monkeypatch
):
    root = write_root(tmp_path / "root")
    answer = predictor.SERVING.answers[0]

    def wrong(frame, state):
        return predictor.predict(frame, WRONG[name](frame, state))

    answers = (dataclasses.replace(answer, function=wrong),)
    broken = dataclasses.replace(predictor.SERVING, answers=answers)
    monkeypatch.setattr(predictor, "SERVING", broken)
    said = product("run", "--workdir", "W", "--root", root, code=1)
    assert "error: self-check, " in said
    assert not (tmp_path / "W" / "state" / "state.json").exists()


@pytest.mark.parametrize("how", ["all at once", "in another order", "one row alone"])
def test_each_part_of_the_self_check_finds_what_the_others_do_not(
    how, product, tmp_path, monkeypatch
):
    root = write_root(tmp_path / "root")
    answer = predictor.SERVING.answers[0]
    ages: list[object] = []

    def wrong(frame, state):
        age = frame["age"].tolist()
        answers = predictor.predict(frame, state)
        if len(age) > 1:
            ages.append(age)
        first = len(age) > 1 and age == ages[0]
        kind = "all at once" if first else "in another order"
        if (kind if len(age) > 1 else "one row alone") == how:
            answers["p"] = np.asarray(answers["p"]) + 1e-6
        return answers

    answers = (dataclasses.replace(answer, function=wrong),)
    broken = dataclasses.replace(
        predictor.SERVING, answers=answers, required=tuple(NEEDED)
    )
    monkeypatch.setattr(predictor, "SERVING", broken)
    ages.append(expected_ages())
    said = product("run", "--workdir", "W", "--root", root, code=1)
    assert f"error: self-check, {how}" in said
    assert "'p' is 0." in said
    assert "but training computed 0." in said
    assert not (tmp_path / "W" / "state" / "state.json").exists()


def expected_ages() -> list[object]:
    """List the ages of the rows held out, in their order."""
    raw = applications()
    return raw.loc[expected(raw).index, "age"].tolist()


def test_rows_that_cannot_be_followed_are_said_and_served(
    product, tmp_path, monkeypatch
):
    root = write_root(tmp_path / "root")
    monkeypatch.setattr(
        fit_step, "keep_answers", lambda values, *_: keeping.keep_answers(values, None)
    )
    said = product("run", "--workdir", "W", "--root", root)
    assert "warning: self-check: not comparable: p, decision: the rows cannot" in said
    check = stated(tmp_path / "W")["self_check"]
    assert check["outcome"] == "not comparable"
    product("predict", *paths(tmp_path, root))


def test_training_that_answers_no_rows_is_not_comparable(
    product, tmp_path, monkeypatch
):
    root = write_root(tmp_path / "root")
    monkeypatch.setattr(fit_step, "keep_answers", lambda *_: None)
    said = product("run", "--workdir", "W", "--root", root)
    assert "p: training computed it for no rows that it held out" in said


def test_a_model_that_fails_its_gate_is_not_served(product, tmp_path, monkeypatch):
    root = write_root(tmp_path / "root")
    strict = dataclasses.replace(pipeline.ACCURACY, rule=Range(low=0.999))
    model = dataclasses.replace(pipeline.MODEL, metrics=(strict,))
    monkeypatch.setattr(pipeline, "MODEL", model)
    product("run", "--workdir", "W", "--root", root, code=1)
    assert not (tmp_path / "W" / "state" / "state.json").exists()


def test_a_field_that_no_step_computes_stops_training(product, tmp_path, monkeypatch):
    root = write_root(tmp_path / "root")
    fields = (*predictor.SERVING.fields, Field("lost", cite="loans.ipynb, cell 9"))
    broken = dataclasses.replace(predictor.SERVING, fields=fields)
    monkeypatch.setattr(predictor, "SERVING", broken)
    said = product("run", "--workdir", "W", "--root", root, code=2)
    assert "'lost' (loans.ipynb, cell 9) is needed for serving" in said


def test_a_column_that_the_dataset_has_not_stops_training(
    product, tmp_path, monkeypatch
):
    root = write_root(tmp_path / "root")
    broken = dataclasses.replace(predictor.SERVING, required=("age", "incom"))
    monkeypatch.setattr(predictor, "SERVING", broken)
    said = product("run", "--workdir", "W", "--root", root, code=2)
    assert "the notebook reads the column 'incom'" in said
    assert "did you mean 'income'?" in said


# --- loading -------------------------------------------------------------------------


def spoil(workdir: Path, name: str) -> None:
    """Do to a fit state what must not go unseen."""
    state = workdir / "state"
    if name == "missing":
        (state / "state.json").unlink()
    elif name == "truncated":
        text = (state / "state.json").read_text()
        (state / "state.json").write_text(text[: len(text) // 2])
    elif name == "changed":
        text = (state / "state.json").read_text()
        (state / "state.json").write_text(text.replace('"debt"', '"dept"', 1))
    elif name == "file missing":
        (state / "fit" / "scaler.joblib").unlink()
    elif name == "file truncated":
        content = (state / "fit" / "model.joblib").read_bytes()
        (state / "fit" / "model.joblib").write_bytes(content[:-10])
    elif name == "file swapped":
        shutil.copy(state / "fit" / "scaler.joblib", state / "fit" / "model.joblib")
    elif name == "value changed":
        (state / "fit" / "threshold.json").write_text("0.9\n")


SPOILT = {
    "missing": "there is no fit state",
    "truncated": "cannot be used",
    "changed": "it was changed or cut off",
    "file missing": "state/fit/scaler.joblib is missing",
    "file truncated": "is not the file that the step 'fit' has written",
    "file swapped": "is not the file that the step 'fit' has written",
    "value changed": "is not the file that the step 'fit' has written",
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_state_is_refused_at_start(name, workdir, product, tmp_path):
    spoil(workdir, name)
    (tmp_path / "rows.json").write_text("[]")
    said = product(*answer(workdir, tmp_path / "rows.json"), code=2)
    assert SPOILT[name] in said
    assert "run the training" in said or "run that step again" in said or "run" in said
    assert not (tmp_path / "o.json").exists()


def test_the_state_of_another_build_is_refused(workdir, product, tmp_path, monkeypatch):
    newer = dataclasses.replace(pipeline.MODEL, version="sha256:1111")
    monkeypatch.setattr(pipeline, "MODEL", newer)
    (tmp_path / "rows.json").write_text("[]")
    said = product(*answer(workdir, tmp_path / "rows.json"), code=2)
    assert "made by the build sha256:0000" in said


def test_other_versions_of_libraries_are_said(workdir, monkeypatch, caplog):
    monkeypatch.setattr(pd, "__version__", "9.9.9")
    load(workdir)
    assert "served with 9.9.9" in caplog.text


# --- predict -------------------------------------------------------------------------


def answer(workdir: Path, rows: Path) -> tuple[object, ...]:
    """Call `predict` on a file."""
    output = rows.parent / "o.json"
    return ("predict", "--workdir", workdir, "--input", rows, "--output", output)


def test_all_kinds_of_files_are_answered_alike(workdir, product, tmp_path):
    raw = applications()[["city", *NEEDED[:4], "id"]]
    raw.to_csv(tmp_path / "rows.csv", sep=";", index=False)
    raw.to_parquet(tmp_path / "rows.parquet")
    records = json.loads(raw.to_json(orient="records"))
    (tmp_path / "rows.json").write_text(json.dumps(records))
    (tmp_path / "body.json").write_text(json.dumps({"records": records}))
    found = []
    for name in ("rows.csv", "rows.parquet", "rows.json", "body.json"):
        product(*answer(workdir, tmp_path / name))
        found.append(json.loads((tmp_path / "o.json").read_text()))
        (tmp_path / "o.json").unlink()
    truth = load(workdir).predict(raw)
    assert found[0] == {"predictions": truth}
    assert all(close(truth, other["predictions"]) for other in found)


def test_no_row_gives_no_answer(workdir, product, tmp_path):
    for name, text in {"a.csv": "", "b.csv": "age;income\n", "c.json": "[]"}.items():
        (tmp_path / name).write_text(text)
        product(*answer(workdir, tmp_path / name))
        assert json.loads((tmp_path / "o.json").read_text()) == {"predictions": []}


GOOD = {"age": 30, "income": 50.5, "debt": 5.0, "home": "Rent", "city": "c1"}
BAD = {
    "column missing": ([GOOD, {"age": 30}], "row 1, column 'income': is missing"),
    "text for a number": (
        [{**GOOD, "income": "much"}],
        "row 0, column 'income': expected a number, found text",
    ),
    "number too large": (
        [{**GOOD, "age": 10**30}],
        "row 0, column 'age': is out of range for int64",
    ),
    "truth for text": (
        [{**GOOD, "home": True}],
        "row 0, column 'home': expected text, found true or false",
    ),
    "object for text": (
        [GOOD, GOOD, {**GOOD, "home": {"a": 1}}],
        "row 2, column 'home': expected text, found a value of type dict",
    ),
    "no object": ([1], "row 0: expected an object"),
    "no list": ("x", "expected a list of objects"),
    "missing where none may be": (
        [GOOD, {**GOOD, "age": None}],
        "row 1, column 'age': a value is missing (contract)",
    ),
    "out of the contract": (
        [GOOD, {**GOOD, "age": 12}],
        "row 1, column 'age': is not in [18 .. 120] (contract)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_rows_that_cannot_be_answered_are_named(name, workdir, product, tmp_path):
    rows, words = BAD[name]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    said = product(*answer(workdir, tmp_path / "rows.json"), code=1)
    assert words in said
    assert not (tmp_path / "o.json").exists()
    assert "much" not in said


def test_bad_files_are_named(workdir, product, tmp_path):
    (tmp_path / "rows.json").write_text('[{"age": NaN}]')
    said = product(*answer(workdir, tmp_path / "rows.json"), code=1)
    assert "NaN is no JSON" in said
    (tmp_path / "rows.csv").write_text("age;income;debt;home;city\n30;no;5;Rent;c1\n")
    said = product(*answer(workdir, tmp_path / "rows.csv"), code=1)
    assert "row 0, column 'income': expected a number, found text" in said
    (tmp_path / "rows.xlsx").write_text("")
    assert "expected a .csv" in product(
        *answer(workdir, tmp_path / "rows.xlsx"), code=2
    )
    assert "there is no file" in product(*answer(workdir, tmp_path / "no.csv"), code=2)


def test_unseen_values_are_answered_as_the_notebook_does(workdir):
    new = {**GOOD, "home": "boat", "city": "elsewhere"}
    gone = {**GOOD, "home": None, "city": None}
    assert load(workdir).predict_records([new]) == load(workdir).predict_records([gone])


def test_what_the_reader_takes_for_no_value_is_none(workdir):
    answerer = load(workdir)
    for text in ("", "NA", "NULL"):
        found = answerer.predict_records([{**GOOD, "city": text}])
        assert found == answerer.predict_records([{**GOOD, "city": None}])


def test_training_and_describe_need_no_serving_module(product):
    product("describe")
    said = product("predict", code=2)
    assert "--input" in said
