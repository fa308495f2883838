"""What the notebook promises about its data and figures, checked in every run.

Messages name tables, columns, counts and row positions, never a value of the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .errors import ContractError, ExpectationError
from .values import OneOf, Range, parse_duration

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 5


@dataclass(frozen=True)
class Column:
    """What one column holds.

    `kind` is a type of the annotation language, or several joined by `|`. Text that
    reads as an ISO date, time or duration is taken for one: a CSV file has no other.
    """

    name: str
    kind: str
    rules: tuple[Range | OneOf, ...] = ()
    unique: bool = False
    nullable: bool = False
    key: bool = False
    target: bool = False
    pii: bool = False
    sensitive: bool = False
    protected: bool = False
    fresh: timedelta | None = None
    matches: str | None = None
    doc: str = ""


@dataclass(frozen=True)
class Rule:
    """A statement about a whole table: it gives one truth, or one for each row."""

    text: str
    check: Callable[[pd.DataFrame], object]
    reason: str = ""


@dataclass(frozen=True)
class Table:
    """The contract of one table, and the notebook cell that states it."""

    name: str
    columns: tuple[Column, ...] = ()
    rows: Range | OneOf | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    fresh: timedelta | None = None
    rules: tuple[Rule, ...] = ()
    cite: str = ""


@dataclass(frozen=True)
class Violation:
    """One broken promise; `rows` are the first positions at which it is broken."""

    table: str
    column: str
    problem: str
    count: int = 0
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Say it in one line, without any value of the data."""
        place = f"{self.table}.{self.column}" if self.column else self.table
        if not self.count:
            return f"{place}: {self.problem}"
        noun = "row" if self.count == 1 else "rows"
        shown = ", ".join(str(row) for row in self.rows)
        more = ", …" if self.count > len(self.rows) else ""
        return f"{place}: {self.problem} in {self.count} {noun} (at {shown}{more})"


@dataclass(frozen=True)
class Metric:
    """A figure that is recorded; with a bound it is a release gate."""

    name: str
    rule: Range | OneOf | None = None
    on: str = ""
    by: tuple[str, ...] = ()
    doc: str = ""
    cite: str = ""


@dataclass
class Figures:
    """The metrics that one step has recorded."""

    values: dict[str, float] = field(default_factory=dict)
    groups: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def expect(condition: object, message: str, cite: str = "") -> None:
    """Stop the run when a statement of the notebook does not hold."""
    try:
        holds = bool(condition)
    except ValueError:
        raise ExpectationError(
            f"expected {message}{_cell(cite)}: the condition gives many values, not "
            "one; end it with .all() or .any()"
        ) from None
    if not holds:
        raise ExpectationError(f"expected {message}{_cell(cite)}: it does not hold")


def _cell(cite: str) -> str:
    """Name the cell that a promise stands in."""
    return f" ({cite})" if cite else ""


def enforce(data: object, table: Table, now: datetime | None = None) -> None:
    """Stop the run when a table does not keep its contract."""
    violations = check_table(data, table, now)
    if violations:
        lines = "".join(f"\n  {violation}" for violation in violations)
        raise ContractError(
            f"{table.name} does not keep its contract{_cell(table.cite)}:{lines}"
        )


def check_table(
    data: object, table: Table, now: datetime | None = None
) -> list[Violation]:
    """Hold a DataFrame or Series against a contract and list what is broken."""
    frame = _frame(data, table)
    moment = now or datetime.now(UTC)
    found: list[Violation] = []
    if table.rows is not None and not table.rows.holds(len(frame)):
        problem = f"has {len(frame)} rows, the contract says {table.rows}"
        found.append(Violation(table.name, "", problem))
    for column in table.columns:
        data_of = _column(frame, column.name)
        if data_of is None:
            found.append(Violation(table.name, column.name, "the column is missing"))
        else:
            found += check_column(data_of, column, table.name, moment)
    keys = tuple(column.name for column in table.columns if column.key)
    composites = [*table.unique, *([keys] if keys else [])]
    for names in composites:
        found += _check_unique(frame, names, table.name)
    if table.fresh is not None:
        found += _check_table_fresh(frame, table, table.fresh, moment)
    for rule in table.rules:
        found += _check_rule(frame, rule, table.name)
    return found


def _frame(data: object, table: Table) -> pd.DataFrame:
    """Return the data as a table."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        name = data.name
        if name is None and len(table.columns) == 1:
            name = table.columns[0].name
        return data.to_frame(name=name)
    raise ContractError(
        f"{table.name} has a contract and must be a table{_cell(table.cite)}, "
        f"found {type(data).__name__}"
    )


@dataclass(frozen=True)
class Values:
    """One column as plain values, with what pandas knows about each of them."""

    values: list[object]
    missing: list[bool]
    repeated: list[bool]


def _column(frame: pd.DataFrame, name: str) -> Values | None:
    """Return a column, or the index level of that name; None when there is none."""
    places = [place for place, label in enumerate(frame.columns) if label == name]
    if len(places) == 1:
        series = frame.iloc[:, places[0]]
    elif not places and name in frame.index.names:
        series = frame.index.get_level_values(name).to_series()
    else:
        return None
    return Values(
        series.astype(object).tolist(),
        [bool(value) for value in series.isna()],
        [bool(value) for value in series.duplicated(keep=False)],
    )


def _violation(
    table: str, column: str, problem: str, bad: Sequence[bool]
) -> list[Violation]:
    """Make a violation from a truth per row; none when no row is bad."""
    rows = [position for position, is_bad in enumerate(bad) if is_bad]
    if not rows:
        return []
    first = tuple(rows[:ROWS_SHOWN])
    return [Violation(table, column, problem, len(rows), first)]


def check_column(
    data: Values, column: Column, table: str, now: datetime
) -> list[Violation]:
    """Hold one column against all its constraints."""
    kinds = _kinds(column.kind)
    found: list[Violation] = []
    if not column.nullable and "None" not in kinds:
        found += _violation(table, column.name, "a value is missing", data.missing)
    values = [
        _MISSING if gone else _read(value, kinds)
        for value, gone in zip(data.values, data.missing, strict=True)
    ]
    wrong = [value is _WRONG for value in values]
    found += _violation(table, column.name, f"is not {column.kind}", wrong)

    def judge(problem: str, good: Callable[[object], bool]) -> None:
        bad = [
            value is not _MISSING and value is not _WRONG and not good(value)
            for value in values
        ]
        found.extend(_violation(table, column.name, problem, bad))

    for rule in column.rules:
        judge(f"is not {_in(rule)}", rule.holds)
    if column.matches is not None:
        pattern = re.compile(column.matches)
        judge(
            f"does not match /{column.matches}/",
            lambda value: pattern.search(str(value)) is not None,
        )
    if column.unique:
        pairs = zip(data.repeated, data.missing, strict=True)
        bad = [twice and not gone for twice, gone in pairs]
        found += _violation(table, column.name, "is not unique", bad)
    if column.fresh is not None:
        found += _check_fresh(values, table, column.name, column.fresh, now)
    return found


def _in(rule: Range | OneOf) -> str:
    """Say a rule after the words `is not`."""
    return f"in {rule}"


class _Mark:
    """Stands in a column for what is no value of it."""


_MISSING = _Mark()
_WRONG = _Mark()


def _kinds(kind: str) -> tuple[str, ...]:
    """Split `float | None` into its names; what a list holds is not checked."""
    return tuple(
        part.strip().split("[")[0] for part in re.split(r"\|(?![^\[]*\])", kind)
    )


def _read(value: object, kinds: tuple[str, ...]) -> object:
    """Return a value as the first type that takes it, or `_WRONG`."""
    for kind in kinds:
        read = _READERS.get(kind, _never)(value)
        if read is not _WRONG:
            return read
    return _WRONG


def _never(_value: object) -> object:
    """Take nothing."""
    return _WRONG


def _read_int(value: object) -> object:
    """Take whole numbers; pandas holds them as fractions where some are missing."""
    import numbers

    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return _WRONG
    return value if float(value).is_integer() else _WRONG


def _read_float(value: object) -> object:
    """Take every real number."""
    import numbers

    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return value if is_number else _WRONG


def _read_decimal(value: object) -> object:
    """Take decimal numbers and every real number."""
    return value if isinstance(value, Decimal) else _read_float(value)


def _read_bool(value: object) -> object:
    """Take truths, pandas' and numpy's too."""
    is_bool = isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")
    return value if is_bool else _WRONG


def _read_str(value: object) -> object:
    """Take text."""
    return value if isinstance(value, str) else _WRONG


def _read_bytes(value: object) -> object:
    """Take bytes."""
    return value if isinstance(value, bytes) else _WRONG


def _read_category(value: object) -> object:
    """Take any single value."""
    return _WRONG if isinstance(value, list | dict | set | tuple) else value


def _read_datetime(value: object) -> object:
    """Take points in time, and text that is an ISO one."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return _WRONG
    return _WRONG


def _read_date(value: object) -> object:
    """Take days: points in time at midnight, and text that is one."""
    read = _read_datetime(value)
    if isinstance(read, datetime) and read.time() == time():
        return read
    return _WRONG


def _read_time(value: object) -> object:
    """Take times of day, and text that is an ISO one."""
    if isinstance(value, time):
        return value
    if isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            return _WRONG
    return _WRONG


def _read_duration(value: object) -> object:
    """Take spans of time, and text such as 24h."""
    try:
        return parse_duration(value)
    except ValueError:
        return _WRONG


def _read_list(value: object) -> object:
    """Take lists."""
    return value if isinstance(value, list | tuple) else _WRONG


def _read_dict(value: object) -> object:
    """Take mappings."""
    return value if isinstance(value, dict) else _WRONG


_READERS: Mapping[str, Callable[[object], object]] = {
    "int": _read_int,
    "float": _read_float,
    "decimal": _read_decimal,
    "bool": _read_bool,
    "str": _read_str,
    "bytes": _read_bytes,
    "category": _read_category,
    "datetime": _read_datetime,
    "date": _read_date,
    "time": _read_time,
    "duration": _read_duration,
    "list": _read_list,
    "dict": _read_dict,
}


def _check_fresh(
    values: Sequence[object], table: str, column: str, age: timedelta, now: datetime
) -> list[Violation]:
    """Check that the newest value is not older than `age`."""
    moments = [
        moment.replace(tzinfo=moment.tzinfo or UTC)
        for moment in map(_read_datetime, values)
        if isinstance(moment, datetime)
    ]
    if not moments:
        return [Violation(table, column, "has no date to tell how fresh it is")]
    if now - max(moments) > age:
        return [Violation(table, column, f"has nothing newer than {age} ago")]
    return []


def _check_table_fresh(
    frame: pd.DataFrame, table: Table, age: timedelta, now: datetime
) -> list[Violation]:
    """Check the newest point in time in any column that the contract calls a date."""
    values: list[object] = []
    for column in table.columns:
        data = _column(frame, column.name)
        if data is not None and {"date", "datetime"} & set(_kinds(column.kind)):
            values += data.values
    return _check_fresh(values, table.name, "", age, now)


def _check_unique(
    frame: pd.DataFrame, names: tuple[str, ...], table: str
) -> list[Violation]:
    """Check that no two rows agree in all the named columns."""
    import pandas as pd

    present = {}
    for name in names:
        data = _column(frame, name)
        if data is None:
            return [Violation(table, "", f"the key column {name} is missing")]
        present[name] = pd.Series(data.values, dtype=object)
    bad = [bool(value) for value in pd.DataFrame(present).duplicated(keep=False)]
    label = ", ".join(names)
    return _violation(table, "", f"({label}) is not unique", bad)


def _check_rule(frame: pd.DataFrame, rule: Rule, table: str) -> list[Violation]:
    """Evaluate one statement about the table."""
    import pandas as pd

    reason = f" ({rule.reason})" if rule.reason else ""
    problem = f"does not hold: {rule.text}{reason}"
    outcome = rule.check(frame)
    if isinstance(outcome, pd.Series):
        bad = [not bool(value) for value in outcome.fillna(False)]
        return _violation(table, "", problem, bad)
    return [] if bool(outcome) else [Violation(table, "", problem)]
