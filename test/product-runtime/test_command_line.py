"""The product as an orchestrator sees it: commands, files, exit codes."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import numpy as np
import pandas as pd
import pytest
from conftest import PRODUCT
from credit_sample import artifacts, pipeline, runner
from credit_sample.contracts import expect
from credit_sample.equality import same
from credit_sample.values import Range

STEPS = ("load", "prepare", "fit")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with the data that the notebook opens."""
    generator = np.random.default_rng(0)
    income = generator.normal(50, 10, 200).round(2)
    frame = pd.DataFrame(
        {
            "id": [f"a{place}" for place in range(200)],
            "income": income,
            "debt": generator.normal(5, 1, 200),
            "default": (income < 48).astype(int),
        }
    )
    (tmp_path / "root" / "data").mkdir(parents=True)
    frame.to_csv(tmp_path / "root" / "data" / "applications.csv", index=False)
    return tmp_path / "root"


@dataclass
class Done:
    """What a command has printed."""

    stdout: str
    stderr: str


class Product(Protocol):
    """Runs the product and checks its exit code."""

    def __call__(
        self, *arguments: str, cwd: Path, code: int = 0, **variables: str
    ) -> Done: ...


@pytest.fixture
def product(monkeypatch, capsys) -> Product:
    """The command line, called in this process: importing scikit-learn takes long."""

    def call(*arguments: str, cwd: Path, code: int = 0, **variables: str) -> Done:
        for name in ("CROSSWALK_ENV", "CROSSWALK_ROOT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("API_KEY", "secret-of-the-bureau")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        try:
            found = runner.main(pipeline.MODEL, arguments)
        except SystemExit as stop:
            found = stop.code
        printed = capsys.readouterr()
        assert found == code, printed.err
        return Done(printed.out, printed.err)

    return call


def listed(workdir: Path) -> dict[str, dict[str, object]]:
    return json.loads((workdir / "artifacts.json").read_text())


def test_run_leaves_the_final_outputs_of_every_step(product, root):
    done = product("run", "--workdir", "W", cwd=root)
    assert done.stdout == ""
    assert "step=prepare seconds=" in done.stderr
    entries = listed(root / "W")
    assert set(entries) == {"raw", "X", "y", "cuts", "model", "accuracy"}
    kinds = {name: entry["kind"] for name, entry in entries.items()}
    assert kinds["raw"] == kinds["X"] == kinds["y"] == "parquet"
    assert (kinds["cuts"], kinds["model"]) == ("json", "joblib")
    for entry in entries.values():
        assert (root / "W" / str(entry["path"])).is_file()
    metrics = json.loads((root / "W" / "metrics.json").read_text())
    assert metrics["accuracy"]["passed"] is True
    assert metrics["accuracy"]["bound"] == ">= 0.5"
    assert (root / "out" / "scores.csv").is_file()


def test_steps_one_by_one_give_the_same_as_a_run(product, root):
    product("run", "--workdir", "W", cwd=root)
    for step in STEPS:
        product("step", step, "--workdir", "V", cwd=root)
    whole, single = artifacts.read(root / "W"), artifacts.read(root / "V")
    assert whole.keys() == single.keys()
    for name, value in whole.items():
        assert same(single[name], value, lenient=True), name


def test_random_numbers_go_on_from_step_to_step(product, root):
    product("run", "--workdir", "W", cwd=root)
    raw = pd.read_csv(root / "data" / "applications.csv")
    np.random.seed(42)
    noise = np.random.normal(size=len(raw))
    train = np.random.uniform(size=len(raw)) > 0.25
    record = json.loads((root / "W" / "steps" / "prepare.json").read_text())
    entry = artifacts.Entry.from_json(record["outputs"]["train"])
    assert (artifacts.load(root / "W", entry).to_numpy() == train).all()
    assert (artifacts.read(root / "W")["raw"]["noise"].to_numpy() == noise).all()


def test_the_root_may_be_elsewhere(product, root, tmp_path):
    product("run", "--workdir", "W", "--root", str(root), cwd=tmp_path)
    product("run", "--workdir", "W", cwd=tmp_path, CROSSWALK_ROOT=str(root))
    assert listed(tmp_path / "W")


def test_a_second_run_replaces_the_first(product, root):
    product("run", "--workdir", "W", cwd=root)
    first = listed(root / "W")
    product("run", "--workdir", "W", "--param", "test_size=0.4", cwd=root)
    second = listed(root / "W")
    assert first["raw"] == second["raw"]
    assert first["model"]["sha256"] != second["model"]["sha256"]


def test_parameters_come_in_a_fixed_order(product, root, tmp_path, monkeypatch):
    copy = tmp_path / "product"
    (copy / "src" / "credit_sample").mkdir(parents=True)
    monkeypatch.setattr(
        runner, "__file__", str(copy / "src" / "credit_sample" / "r.py")
    )
    (copy / "params.yaml").write_text("params: {seed: 1, test_size: 0.1}")
    (copy / "params.prod.yaml").write_text("params: {seed: 2, penalty: l2}")
    (root / "own.yaml").write_text("params: {seed: 3}")

    def parameters(*arguments: str, **variables: str) -> dict[str, object]:
        call = ("step", "load", "--workdir", "W", *arguments)
        product(*call, cwd=root, **variables)
        record = json.loads((root / "W" / "steps" / "load.json").read_text())
        return record["parameters"]

    assert parameters()["seed"] == 1
    assert parameters()["test_size"] == 0.1
    assert parameters("--env", "prod")["seed"] == 2
    assert parameters(CROSSWALK_ENV="prod")["seed"] == 2
    assert parameters("--env", "prod", "--params", "own.yaml")["seed"] == 3
    last = ("--env", "prod", "--params", "own.yaml", "--param", "seed=4")
    assert parameters(*last)["seed"] == 4


def test_data_can_be_bound_elsewhere(product, root, tmp_path):
    other = tmp_path / "other.csv"
    shutil.move(root / "data" / "applications.csv", other)
    product("run", "--workdir", "W", "--data", f"applications={other}", cwd=root)
    relative = ("--data", "applications=../other.csv", "--data", "scores=s.csv")
    product("run", "--workdir", "W", *relative, cwd=root)
    assert (root / "s.csv").is_file()
    (root / "own.yaml").write_text("data: {applications: {path: ../other.csv}}")
    product("run", "--workdir", "W", "--params", "own.yaml", cwd=root)


def test_a_table_may_stand_in_for_a_file(product, root):
    import sqlite3
    from contextlib import closing

    frame = pd.read_csv(root / "data" / "applications.csv")
    with closing(sqlite3.connect(root / "bank.db")) as connection:
        frame.to_sql("applications", connection, index=False)
    (root / "own.yaml").write_text(
        "data: {applications: {table: applications, connection: warehouse}}"
    )
    call = ("run", "--workdir", "W", "--params", "own.yaml")
    missing = product(*call, cwd=root, code=2)
    assert "WAREHOUSE_URL" in missing.stderr
    url = f"sqlite:///{root / 'bank.db'}"
    product(*call, cwd=root, WAREHOUSE_URL=url)
    product("run", "--workdir", "V", cwd=root)
    assert same(artifacts.read(root / "W")["raw"], artifacts.read(root / "V")["raw"])


USAGE = {
    "no-command": ((), "required"),
    "no-workdir": (("run",), "--workdir"),
    "unknown-step": (("step", "prepaer", "--workdir", "W"), "did you mean 'prepare'?"),
    "unknown-param": (("--param", "tets_size=1"), "did you mean 'test_size'?"),
    "wrong-type": (("--param", "seed=0.5"), "expected int, found 0.5"),
    "out-of-range": (("--param", "test_size=0.9"), "0.9 is not in [0.05 .. 0.5]"),
    "out-of-set": (("--param", "penalty=elastic"), "is not in {'l1', 'l2'}"),
    "no-value": (("--param", "seed"), "expected name=value"),
    "unknown-data": (("--data", "aplications=x"), "did you mean 'applications'?"),
    "missing-data": (("--data", "applications=no.csv"), "--data applications=PLACE"),
    "unknown-env": (("--env", "prd"), "did you mean 'prod'?"),
    "missing-file": (("--params", "no.yaml"), "does not exist"),
    "unknown-section": (("--params", "a.yaml"), "did you mean 'params'?"),
    "not-yaml": (("--params", "b.yaml"), "is not YAML"),
    "secret-in-file": (("--params", "c.yaml"), "never a value"),
    "twice": (("--params", "d.yaml"), "stands there twice"),
    "two-places": (("--params", "e.yaml"), "exactly one of path, sql and table"),
}


@pytest.mark.parametrize("name", USAGE)
def test_a_wrong_call_ends_with_2_and_says_what_to_do(product, name, root):
    (root / "a.yaml").write_text("parms: {seed: 1}")
    (root / "b.yaml").write_text("params: [")
    (root / "c.yaml").write_text("secrets: {API_KEY: abcdef}")
    (root / "d.yaml").write_text("params: {seed: 1, seed: 2}")
    (root / "e.yaml").write_text("data: {applications: {path: a, table: b}}")
    arguments, words = USAGE[name]
    if arguments and arguments[0].startswith("--"):
        arguments = ("run", "--workdir", "W", *arguments)
    done = product(*arguments, cwd=root, code=2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "abcdef" not in done.stderr


def test_a_missing_secret_stops_the_run_before_it_starts(product, root):
    done = product("run", "--workdir", "W", cwd=root, code=2, API_KEY="")
    assert "the secret API_KEY is missing" in done.stderr
    assert "environment variable API_KEY" in done.stderr
    prod = ("run", "--workdir", "W", "--env", "prod")
    done = product(*prod, cwd=root, code=2)
    assert "environment variable BUREAU_API_KEY" in done.stderr
    assert not (root / "W").exists()


def test_a_step_before_its_time_ends_with_2(product, root):
    done = product("step", "prepare", "--workdir", "W", cwd=root, code=2)
    assert "the step 'load' has not run" in done.stderr


def test_a_broken_contract_ends_with_1_and_shows_no_data(product, root):
    frame = pd.read_csv(root / "data" / "applications.csv")
    frame.loc[3, "income"] = -12345.678
    frame.loc[[4, 5], "id"] = "the-same"
    frame.to_csv(root / "data" / "applications.csv", index=False)
    done = product("run", "--workdir", "W", cwd=root, code=1)
    assert "applications.income: is not in >= 0 in 1 row (at 3)" in done.stderr
    assert "(id) is not unique in 2 rows (at 4, 5)" in done.stderr
    assert "12345" not in done.stderr
    assert "the-same" not in done.stderr
    assert "train.ipynb, cell 3" in done.stderr
    assert not (root / "W" / "artifacts.json").exists()


def test_a_failed_gate_ends_with_1_after_everything_is_written(
    product, root, monkeypatch
):
    strict = dataclasses.replace(pipeline.ACCURACY, rule=Range(low=0.9))
    model = dataclasses.replace(pipeline.MODEL, metrics=(strict,))
    monkeypatch.setattr(pipeline, "MODEL", model)
    frame = pd.read_csv(root / "data" / "applications.csv")
    frame["default"] = np.arange(len(frame)) % 2
    frame.to_csv(root / "data" / "applications.csv", index=False)
    done = product("run", "--workdir", "W", cwd=root, code=1)
    assert "accuracy is 0." in done.stderr
    assert "expected >= 0.9 (train.ipynb, cell 8)" in done.stderr
    metrics = json.loads((root / "W" / "metrics.json").read_text())
    assert metrics["accuracy"]["passed"] is False
    assert "model" in listed(root / "W")


class Unpicklable:
    """Neither plain nor an estimator."""


def stop(error: BaseException) -> object:
    """Stop as a step of a notebook may."""
    raise error


def kept(value: object) -> SimpleNamespace:
    """Return outputs of which the first is this value."""
    return SimpleNamespace(X=value, y=1, cuts=2, train=3)


FAILURES = {
    "error": (lambda raw: stop(ValueError("nothing left")), "ValueError: nothing left"),
    "exit": (lambda raw: stop(SystemExit(0)), "SystemExit"),
    "key": (lambda raw: raw["gone"], "KeyError: 'gone'"),
    "expectation": (
        lambda raw: expect(len(raw) < 5, "few rows", "c 5"),
        "expected few rows (c 5): it does not hold",
    ),
    "artifact": (
        lambda raw: kept(Unpicklable()),
        "'X' (test_command_line.Unpicklable)",
    ),
    "disk": (lambda raw: stop(OSError(28, "No space left")), "No space left"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_step_ends_with_1_and_is_named(name, product, root, monkeypatch):
    step, words = FAILURES[name]
    product("run", "--workdir", "W", cwd=root)
    monkeypatch.setattr(pipeline, "prepare", lambda raw, **_: step(raw))
    done = product("run", "--workdir", "W", cwd=root, code=1)
    last = done.stderr.strip().splitlines()[-1]
    assert words in last
    assert "'prepare'" in last
    assert not (root / "W" / "artifacts.json").exists()
    assert not (root / "W" / "steps" / "prepare.json").exists()
    assert (root / "W" / "steps" / "load.json").exists()


def test_secrets_stay_out_of_every_message(product, root, monkeypatch):
    def leak(**_: object) -> object:
        raise ValueError("no access with " + os.environ["API_KEY"])

    monkeypatch.setattr(pipeline, "prepare", leak)
    done = product("run", "--workdir", "W", cwd=root, code=1)
    assert "no access with ***" in done.stderr
    assert "Traceback" in done.stderr
    assert "secret-of-the-bureau" not in done.stderr


def test_results_of_another_version_are_not_built_on(product, root, monkeypatch):
    product("step", "load", "--workdir", "W", cwd=root)
    newer = dataclasses.replace(pipeline.MODEL, version="sha256:1111")
    monkeypatch.setattr(pipeline, "MODEL", newer)
    done = product("step", "prepare", "--workdir", "W", cwd=root, code=2)
    assert "another version" in done.stderr


def test_a_damaged_record_says_which_step_to_run_again(product, root):
    product("step", "load", "--workdir", "W", cwd=root)
    (root / "W" / "steps" / "load.json").write_text("{")
    done = product("step", "prepare", "--workdir", "W", cwd=root, code=1)
    assert "run 'load' again" in done.stderr


def test_describe_shows_steps_parameters_and_data(product, tmp_path):
    done = product("describe", cwd=tmp_path, API_KEY="")
    content = json.loads(done.stdout)
    assert [step["name"] for step in content["steps"]] == list(STEPS)
    assert content["parameters"][0] == {
        "name": "test_size",
        "type": "float",
        "default": 0.25,
        "allowed": "[0.05 .. 0.5]",
        "doc": "share held out",
        "cite": "train.ipynb, cell 5",
    }
    assert content["datasets"][0]["world"] == "risk.applications"
    assert content["secrets"] == [{"name": "API_KEY", "env": "API_KEY", "doc": ""}]


def test_the_log_can_be_json(product, root):
    done = product("run", "--workdir", "W", "--log", "json", cwd=root)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["level"] for line in lines} == {"info"}
    assert [line["step"] for line in lines if line["message"] == "start"] == list(STEPS)


def test_warnings_of_the_package_are_lines_of_its_log(product, root, monkeypatch):
    def warn(**inputs: object) -> object:
        logging.getLogger("credit_sample.model").warning("left out: %s", "x")
        return prepare(**inputs)

    prepare = pipeline.prepare
    monkeypatch.setattr(pipeline, "prepare", warn)
    done = product("run", "--workdir", "W", "--log", "json", cwd=root)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"level": "warning", "message": "left out: x"} in lines


def test_no_foreign_file_is_removed(product, root):
    (root / "W" / "artifacts" / "load").mkdir(parents=True)
    (root / "W" / "artifacts" / "load" / "mine.txt").write_text("keep")
    product("run", "--workdir", "W", cwd=root)
    product("run", "--workdir", "W", cwd=root)
    assert (root / "W" / "artifacts" / "load" / "mine.txt").read_text() == "keep"


def test_it_runs_as_a_module(root):
    environment = {**os.environ, "PYTHONPATH": str(PRODUCT / "src"), "API_KEY": "key"}
    environment.pop("CROSSWALK_ENV", None)
    for arguments, code in (("run --workdir W", 0), ("step no --workdir W", 2)):
        done = subprocess.run(
            [sys.executable, "-m", "credit_sample", *arguments.split()],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
    assert "model" in listed(root / "W")
