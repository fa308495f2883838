"""Every value comes back exactly, or is refused by name."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from credit_sample import artifacts
from credit_sample.equality import same
from wide_table import TABLE

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


TABLES = [(name, value) for name, value in TABLE if name.startswith(("frame", "series"))]


@pytest.mark.parametrize(("name", "value"), TABLES, ids=[name for name, _ in TABLES])
def test_tables_come_back_exactly_without_pyarrow(name, value, tmp_path, monkeypatch):
    monkeypatch.setattr("credit_sample.tables.has_parquet", lambda: False)
    entry = artifacts.save(tmp_path, "step", name, value)
    assert entry.kind in ("json", "npz")
    assert same(artifacts.load(tmp_path, entry), value)


def test_tables_are_parquet_that_pandas_reads():
    pass
