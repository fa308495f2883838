"""What a value may be: ranges, sets, and reading settings into annotated types."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from .errors import SettingsError

# Stands for a variable that one run of a notebook never assigned.
UNBOUND: Final[Any] = object()

Bound = int | float | Decimal | date | datetime | timedelta

_DURATION = re.compile(r"^\s*([-+]?[0-9]+(?:\.[0-9]+)?)\s*(ms|s|min|h|d|w|mo|y)\s*$")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}


@dataclass(frozen=True)
class Range:
    """The values from `low` to `high`; an end that is None is open to infinity."""

    low: Bound | None = None
    high: Bound | None = None
    low_open: bool = False
    high_open: bool = False

    def __str__(self) -> str:
        """Show the range as a scientist would write it."""
        if self.low is None and self.high is None:
            return "any value"
        if self.high is None:
            return f"{'>' if self.low_open else '>='} {self.low}"
        if self.low is None:
            return f"{'<' if self.high_open else '<='} {self.high}"
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{left}{self.low} .. {self.high}{right}"

    def holds(self, value: object) -> bool:
        """Tell whether one value lies within the range; NaN never does."""
        return _above(value, self.low, self.low_open) and _below(
            value, self.high, self.high_open
        )


@dataclass(frozen=True, init=False)
class OneOf:
    """One of the listed values and nothing else."""

    values: tuple[object, ...]

    def __init__(self, *values: object) -> None:
        """Take the permitted values one by one."""
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """Show the set as a scientist would write it."""
        return "{" + ", ".join(repr(value) for value in self.values) + "}"

    def holds(self, value: object) -> bool:
        """Tell whether a value, and not merely one that is equal, is in the set."""
        return any(
            isinstance(value, bool) == isinstance(item, bool) and value == item
            for item in self.values
        )


@dataclass(frozen=True)
class Note:
    """What a parameter means and the notebook cell that it comes from."""

    text: str = ""
    cite: str = ""


def _above(value: object, low: Bound | None, is_open: bool) -> bool:
    """Compare with a lower bound; values that cannot be compared are not above."""
    if low is None:
        return _comparable(value)
    greater = _compare(value, low)
    return greater is not None and (greater > 0 or (greater == 0 and not is_open))


def _below(value: object, high: Bound | None, is_open: bool) -> bool:
    """Compare with an upper bound; values that cannot be compared are not below."""
    if high is None:
        return _comparable(value)
    greater = _compare(value, high)
    return greater is not None and (greater < 0 or (greater == 0 and not is_open))


def _comparable(value: object) -> bool:
    """Tell whether a value has an order at all: NaN and text without bounds do not."""
    return value is not None and bool(value == value)


def _compare(value: object, bound: Bound) -> int | None:
    """Return -1, 0 or 1, or None where the two have no order."""
    if isinstance(bound, timedelta | Decimal | int | float):
        limit: object = bound
    elif isinstance(value, datetime):
        at = bound if isinstance(bound, datetime) else datetime(*bound.timetuple()[:3])
        limit = (
            at.replace(tzinfo=value.tzinfo)
            if at.tzinfo is None and value.tzinfo is not None
            else at
        )
    else:
        limit = bound
    if isinstance(value, Decimal) and isinstance(limit, float):
        limit = Decimal(repr(limit))
    less: Callable[[object], object] | None = getattr(value, "__lt__", None)
    more: Callable[[object], object] | None = getattr(value, "__gt__", None)
    if less is None or more is None:
        return None
    below, above = less(limit), more(limit)
    if below is NotImplemented or above is NotImplemented:
        other_less: Callable[[object], object] | None = getattr(limit, "__lt__", None)
        other_more: Callable[[object], object] | None = getattr(limit, "__gt__", None)
        if other_less is None or other_more is None:
            return None
        above, below = other_less(value), other_more(value)
        if below is NotImplemented or above is NotImplemented:
            return None
    if below:
        return -1
    if above:
        return 1
    return 0 if bool(value == limit) else None


def parse_duration(value: object) -> timedelta:
    """Read a duration such as `24h`, `30d` or `15min`."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("expected a duration such as 24h, 30d or 15min")
    return _UNITS[found[2]] * float(found[1])


def convert(value: object, annotation: object, where: str) -> object:
    """Read a value from a settings file into the type that a parameter declares.

    Only what loses nothing is converted: a whole number where a fraction is asked
    for, text where a date is. Everything else is an error.
    """
    if get_origin(annotation) is Annotated:
        inner, *rules = get_args(annotation)
        result = convert(value, inner, where)
        check_rules(result, rules, where)
        return result
    origin = get_origin(annotation)
    if origin is Union or origin is types.UnionType:
        return _one_of_types(value, get_args(annotation), annotation, where)
    if origin is Literal:
        if OneOf(*get_args(annotation)).holds(value):
            return value
        raise _wrong(value, annotation, where)
    if origin is not None:
        return _collection(value, origin, get_args(annotation), annotation, where)
    return _scalar(value, annotation, where)


def check_rules(value: object, rules: list[object], where: str) -> None:
    """Hold a value against the ranges and sets of its annotation."""
    for rule in rules:
        allowed = isinstance(rule, Range | OneOf)
        if allowed and value is not None and not _holds(rule, value):
            raise SettingsError(f"{where}: {value!r} is not in {rule}")


def _holds(rule: object, value: object) -> bool:
    """Apply a rule to a value, or to each item of a list."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(_holds(rule, item) for item in value)
    return isinstance(rule, Range | OneOf) and rule.holds(value)


def _one_of_types(
    value: object, members: tuple[object, ...], annotation: object, where: str
) -> object:
    """Read a value by the first member of a union that takes it, exact ones first."""
    for member in members:
        if type(value) is member or (value is None and member in (None, type(None))):
            return value
    for member in members:
        try:
            return convert(value, member, where)
        except SettingsError:
            continue
    raise _wrong(value, annotation, where)


def _collection(
    value: object,
    origin: object,
    arguments: tuple[object, ...],
    annotation: object,
    where: str,
) -> object:
    """Read a list, tuple, set or mapping, item by item."""
    if origin is dict or origin is Mapping:
        if not isinstance(value, dict):
            raise _wrong(value, annotation, where)
        key_type, item_type = arguments
        return {
            _key(key, key_type, where): convert(item, item_type, f"{where}.{key}")
            for key, item in value.items()
        }
    if not isinstance(value, list | tuple):
        raise _wrong(value, annotation, where)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        if len(arguments) != len(value):
            raise _wrong(value, annotation, where)
        pairs = zip(value, arguments, strict=True)
        return tuple(
            convert(item, kind, f"{where}[{position}]")
            for position, (item, kind) in enumerate(pairs)
        )
    items = [
        convert(item, arguments[0], f"{where}[{position}]")
        for position, item in enumerate(value)
    ]
    if origin is tuple:
        return tuple(items)
    if origin is set:
        return set(items)
    if origin is frozenset:
        return frozenset(items)
    return items


def _key(key: object, annotation: object, where: str) -> object:
    """Read a key: JSON and YAML may hold a number as text."""
    if isinstance(key, str) and annotation is int and re.fullmatch(r"-?\d+", key):
        return int(key)
    return convert(key, annotation, f"{where}: key {key!r}")


def _scalar(value: object, annotation: object, where: str) -> object:
    """Read one plain value."""
    if annotation is object:
        return value
    if annotation is None or annotation is type(None):
        if value is None:
            return None
        raise _wrong(value, annotation, where)
    if not isinstance(annotation, type):
        raise SettingsError(f"{where}: a parameter cannot have the type {annotation}")
    if type(value) is annotation:
        return value
    if annotation is float and type(value) is int:
        return float(value)
    if annotation in (tuple, set, frozenset) and isinstance(value, list):
        return tuple(value) if annotation is tuple else annotation(value)
    try:
        return _from_plain(value, annotation, where)
    except (ValueError, InvalidOperation) as error:
        raise SettingsError(f"{where}: {value!r}: {error}") from None


def _from_plain(value: object, annotation: type, where: str) -> object:
    """Read what a file holds as a number or as text."""
    if annotation is timedelta:
        return parse_duration(value)
    if annotation is Decimal and type(value) in (int, float, str):
        return Decimal(str(value))
    if isinstance(value, str):
        return _from_text(value, annotation, where)
    raise _wrong(value, annotation, where)


def _from_text(text: str, annotation: type, where: str) -> object:
    """Read what YAML and JSON can only hold as text."""
    if annotation is date:
        return date.fromisoformat(text)
    if annotation is datetime:
        return datetime.fromisoformat(text)
    if annotation is time:
        return time.fromisoformat(text)
    if annotation is bytes:
        return text.encode()
    raise _wrong(text, annotation, where)


def _wrong(value: object, annotation: object, where: str) -> SettingsError:
    """Say what was expected and what was found."""
    return SettingsError(
        f"{where}: expected {type_name(annotation)}, "
        f"found {value!r} ({type(value).__name__})"
    )


def type_name(annotation: object) -> str:
    """Name a type as its annotation is written."""
    if get_origin(annotation) is Annotated:
        return type_name(get_args(annotation)[0])
    if annotation is type(None):
        return "None"
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation.__name__
    return str(annotation).replace("typing.", "")


def admits_text(annotation: object) -> bool:
    """Tell whether a parameter of this type may be any text."""
    if get_origin(annotation) is Annotated:
        return admits_text(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return any(admits_text(member) for member in get_args(annotation))
    return annotation is str
