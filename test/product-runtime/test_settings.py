"""Parameters are read strictly: what loses something is an error."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

import pytest
from credit_sample.errors import SettingsError
from credit_sample.files import parse_yaml
from credit_sample.settings import Settings, build_parameters, check_parameters
from credit_sample.values import OneOf, Range


@dataclass(frozen=True)
class Parameters:
    """One parameter of each type."""

    n: int = 1
    x: float = 0.5
    name: str = "a"
    on: bool = True
    maybe: float | None = None
    text: str | None = None
    day: dt.date = dt.date(2024, 1, 1)
    moment: dt.datetime = dt.datetime(2024, 1, 1)
    age: dt.timedelta = dt.timedelta(days=1)
    price: Decimal = Decimal("1.10")
    names: list[str] = field(default_factory=list)
    pair: tuple[int, str] = (1, "a")
    many: tuple[float, ...] = ()
    table: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, list[float]] = field(default_factory=dict)
    anything: object = None
    w: Annotated[float, Range(0, 1, low_open=True)] = 0.5
    grade: Annotated[str | None, OneOf("a", "b", None)] = "a"
    cut: Annotated[dt.date, Range(dt.date(2024, 1, 1))] = dt.date(2024, 6, 30)
    grades: Annotated[list[str], OneOf("a", "b")] = field(default_factory=list)


GOOD = [
    ("n=3", 3),
    ("n=-1_000", SettingsError),
    ("n=3.0", SettingsError),
    ("n=true", SettingsError),
    ("n=", SettingsError),
    ("n=007", 7),
    ("x=1", 1.0),
    ("x=1e-3", 0.001),
    ("x=.5", 0.5),
    ("x=abc", SettingsError),
    ("x=null", SettingsError),
    ("name=2024", "2024"),
    ("name=null", "null"),
    ("name=a #b", "a #b"),
    ("name=a: b", "a: b"),
    ("name=", ""),
    ("name='quoted'", "'quoted'"),
    ("name=a=b", "a=b"),
    ("on=false", False),
    ("on=yes", SettingsError),
    ("on=1", SettingsError),
    ("maybe=null", None),
    ("maybe=2", 2.0),
    ("text=null", None),
    ("text=12", "12"),
    ("day=2024-06-30", dt.date(2024, 6, 30)),
    ("day=30.6.2024", SettingsError),
    ("moment=2024-06-30T12:00", dt.datetime(2024, 6, 30, 12)),
    ("age=36h", dt.timedelta(hours=36)),
    ("age=soon", SettingsError),
    ("price=1.10", Decimal("1.1")),
    ("names=[a, b]", ["a", "b"]),
    ('names=["1"]', ["1"]),
    ("names=[1]", SettingsError),
    ("names=a", SettingsError),
    ("pair=[2, b]", (2, "b")),
    ("pair=[2]", SettingsError),
    ("many=[1, 2.5]", (1.0, 2.5)),
    ("table={a: 1}", {"a": 1}),
    ("table={a: x}", SettingsError),
    ('by_number={"1": [1]}', {1: [1.0]}),
    ("anything={a: [1]}", {"a": [1]}),
    ("w=0", SettingsError),
    ("w=1", 1.0),
    ("w=.nan", SettingsError),
    ("grade=b", "b"),
    ("grade=null", None),
    ("grade=c", SettingsError),
    ("cut=2023-01-01", SettingsError),
    ("cut=2025-01-01", dt.date(2025, 1, 1)),
    ("grades=[a, c]", SettingsError),
    ("grades=[a, b]", ["a", "b"]),
]


@pytest.mark.parametrize(("text", "expected"), GOOD, ids=[text for text, _ in GOOD])
def test_a_value_of_the_command_line(text, expected):
    name = text.partition("=")[0]
    if expected is SettingsError:
        with pytest.raises(SettingsError, match=f"--param {name}"):
            build_parameters(Parameters, Settings(), [text])
    else:
        value = getattr(build_parameters(Parameters, Settings(), [text]), name)
        assert value == expected
        assert type(value) is type(expected)


def test_a_number_in_a_file_is_no_text():
    settings = Settings(parameters={"name": (2024, "params.yaml: name")})
    with pytest.raises(
        SettingsError, match=r"params.yaml: name: expected str, found 2024"
    ):
        build_parameters(Parameters, settings)


def test_defaults_are_never_converted():
    assert build_parameters(Parameters, Settings()) == Parameters()


def test_defaults_outside_their_range_are_found():
    with pytest.raises(SettingsError, match="w: 7 is not in"):
        check_parameters(Parameters(w=7))


YAML = [
    ("yes", "yes"),
    ("off", "off"),
    ("2024-01-01", "2024-01-01"),
    ("12:30:45", "12:30:45"),
    ("1e3", 1000.0),
    ("010", 10),
    ("0x1f", 31),
    ("1_000", "1_000"),
    ("~", None),
    ("{a: [1, 'x', null]}", {"a": [1, "x", None]}),
    ('{"a": 1.5}', {"a": 1.5}),
]


@pytest.mark.parametrize(("text", "expected"), YAML, ids=[text for text, _ in YAML])
def test_yaml_is_read_by_the_rules_of_version_1_2(text, expected):
    assert parse_yaml(text, "test") == expected


@pytest.mark.parametrize("text", ["{a: 1, a: 2}", "[", "!!python/object:os.system x"])
def test_bad_yaml_is_an_error_with_its_place(text):
    with pytest.raises(SettingsError, match="place"):
        parse_yaml(text, "place")
