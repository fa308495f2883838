"""Python's own types as plain JSON: times, numbers, paths, names, data classes."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import decimal
import enum
import fractions
import importlib
import pathlib
import random
import re
import types
import uuid
from collections.abc import Callable

from .codec import (
    Encoded,
    Parts,
    UnfaithfulError,
    decode,
    decode_items,
    encode,
    encode_items,
    items,
    mapping,
    text,
    whole,
)


def _b64(value: object) -> str:
    """Return bytes as text."""
    data = value if isinstance(value, bytes | bytearray) else b""
    return base64.b64encode(data).decode("ascii")


SIMPLE: dict[type, tuple[Callable[[object], object], str]] = {
    bytes: (_b64, "bytes"),
    bytearray: (_b64, "bytearray"),
    decimal.Decimal: (str, "Decimal"),
    fractions.Fraction: (str, "Fraction"),
    uuid.UUID: (str, "UUID"),
    datetime.date: (str, "date"),
    pathlib.PosixPath: (str, "Path"),
    pathlib.WindowsPath: (str, "Path"),
    pathlib.PurePosixPath: (str, "PurePosixPath"),
    pathlib.PureWindowsPath: (str, "PureWindowsPath"),
    type(Ellipsis): (str, "Ellipsis"),
}

READ_SIMPLE: dict[str, Callable[[object], object]] = {
    "bytes": lambda plain: base64.b64decode(text(plain)),
    "bytearray": lambda plain: bytearray(base64.b64decode(text(plain))),
    "Decimal": lambda plain: decimal.Decimal(text(plain)),
    "Fraction": lambda plain: fractions.Fraction(text(plain)),
    "UUID": lambda plain: uuid.UUID(text(plain)),
    "date": lambda plain: datetime.date.fromisoformat(text(plain)),
    "Path": lambda plain: pathlib.Path(text(plain)),
    "PurePosixPath": lambda plain: pathlib.PurePosixPath(text(plain)),
    "PureWindowsPath": lambda plain: pathlib.PureWindowsPath(text(plain)),
    "Ellipsis": lambda _plain: Ellipsis,
}


def reference(value: object, path: str) -> str:
    """Name a class or function that a module defines, as `module:name`."""
    module = getattr(value, "__module__", None) or "builtins"
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if module == "__main__" or not isinstance(name, str) or "<" in name:
        raise UnfaithfulError(f"{path or 'it'} is {name!r}, which no module defines")
    try:
        found = resolve(f"{module}:{name}")
    except (ImportError, AttributeError):
        found = None
    if found is not value:
        raise UnfaithfulError(
            f"{path or 'it'} is {name!r}, which is not what {module}.{name} names"
        )
    return f"{module}:{name}"


def resolve(name: str) -> object:
    """Find what `reference` named."""
    module, _, qualified = name.partition(":")
    found: object = importlib.import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    return found


def encode_object(
    value: object, parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded | None:
    """Encode times, ranges, patterns, enumerations, named tuples and data classes."""
    simple = SIMPLE.get(type(value))
    if simple is not None:
        return simple[0](value), {"t": simple[1]}
    flat = _encode_flat(value)
    if flat is not None:
        return flat
    if isinstance(value, enum.Enum):
        return value.name, {"t": "enum", "class": reference(type(value), path)}
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return reference(value, path), {"t": "name"}
    if isinstance(value, re.Pattern):
        plain, tree = encode(value.pattern, parts, path, above)
        return plain, {"t": "pattern", "of": tree, "flags": value.flags}
    if isinstance(value, random.Random) and type(value) is random.Random:
        plain, tree = encode(value.getstate(), parts, path, above)
        return plain, {"t": "random.Random", "of": tree}
    pieces, facts = _pieces(value, path)
    if pieces is not None:
        plain_pieces, shape = encode_items(pieces, parts, path, above)
        return plain_pieces, {**facts, **shape}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _encode_dataclass(value, parts, path, above)
    return None


def _encode_flat(value: object) -> Encoded | None:
    """Encode points in time, spans of time, zones and ranges; None for the rest."""
    if isinstance(value, datetime.datetime) and type(value) is datetime.datetime:
        return value.replace(tzinfo=None).isoformat(), _stamp("datetime", value)
    if isinstance(value, datetime.time) and type(value) is datetime.time:
        return value.replace(tzinfo=None).isoformat(), _stamp("time", value)
    if isinstance(value, datetime.timedelta) and type(value) is datetime.timedelta:
        return [value.days, value.seconds, value.microseconds], {"t": "timedelta"}
    if isinstance(value, datetime.tzinfo):
        return None, {"t": "zone", "zone": encode_zone(value)}
    if isinstance(value, range):
        return [value.start, value.stop, value.step], {"t": "range"}
    return None


def _pieces(value: object, path: str) -> tuple[list[object] | None, dict[str, object]]:
    """Return what a value consists of when it is a short list by another name."""
    if isinstance(value, complex) and type(value) is complex:
        return [value.real, value.imag], {"t": "complex"}
    if isinstance(value, slice):
        return [value.start, value.stop, value.step], {"t": "slice"}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        kind = reference(type(value), path)
        return list(value), {"t": "namedtuple", "class": kind}
    return None, {}


def _encode_dataclass(
    value: object, parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded:
    """Encode what an instance of a data class holds, field by field."""
    kind = type(value)
    names = list(getattr(kind, "__dataclass_fields__", {}))
    extra = set(getattr(value, "__dict__", {})) - set(names)
    if extra:
        raise UnfaithfulError(f"{path or 'it'} has attributes beside its fields")
    plain, tree = encode(
        {name: getattr(value, name) for name in names}, parts, path, above
    )
    return plain, {"t": "dataclass", "class": reference(kind, path), "of": tree}


def _stamp(name: str, value: datetime.datetime | datetime.time) -> dict[str, object]:
    """Return the tree of a point in time, with its zone and fold where it has them."""
    tree: dict[str, object] = {"t": name}
    if value.tzinfo is not None:
        tree["zone"] = encode_zone(value.tzinfo)
    if value.fold:
        tree["fold"] = value.fold
    return tree


def encode_zone(zone: datetime.tzinfo) -> str:
    """Name a time zone in a way that gives back the same kind of object."""
    kind = type(zone)
    if kind is datetime.timezone:
        offset = zone.utcoffset(None)
        if offset is not None and zone == datetime.timezone(offset):
            return f"offset:{offset.total_seconds()!r}"
    for library, attribute in (("zoneinfo", "key"), ("pytz", "zone")):
        name = getattr(zone, attribute, None)
        if kind.__module__.split(".")[0] == library and name:
            return f"{library}:{name}"
    raise UnfaithfulError(f"the time zone {zone!r} has no name")


def decode_zone(name: str) -> datetime.tzinfo:
    """Find the time zone that `encode_zone` named."""
    kind, _, rest = name.partition(":")
    if kind == "offset":
        return datetime.timezone(datetime.timedelta(seconds=float(rest)))
    found: object = None
    if kind == "zoneinfo":
        import zoneinfo

        found = zoneinfo.ZoneInfo(rest)
    elif kind == "pytz":
        maker = resolve("pytz:timezone")
        found = maker(rest) if callable(maker) else None
    if isinstance(found, datetime.tzinfo):
        return found
    raise UnfaithfulError(f"the time zone {name!r} is not known here")


def decode_object(
    name: str, plain: object, shape: dict[str, object], parts: Parts
) -> object:
    """Give back what `encode_object` encoded."""
    simple = READ_SIMPLE.get(name)
    if simple is not None:
        return simple(plain)
    if name in ("datetime", "time", "timedelta", "zone", "range", "name"):
        return _decode_flat(name, plain, shape)
    if name == "complex":
        real, imag = decode_items(plain, shape, parts)
        if isinstance(real, float) and isinstance(imag, float):
            return complex(real, imag)
    if name == "slice":
        return slice(*decode_items(plain, shape, parts))
    if name == "pattern":
        pattern = decode(plain, shape.get("of"), parts)
        if isinstance(pattern, str | bytes):
            return re.compile(pattern, whole(shape["flags"]))
    if name == "random.Random":
        generator, state = random.Random(), decode(plain, shape.get("of"), parts)
        if isinstance(state, tuple):
            generator.setstate(state)
            return generator
    return _decode_defined(name, plain, shape, parts)


def _decode_flat(name: str, plain: object, shape: dict[str, object]) -> object:
    """Give back a value whose description holds no other value."""
    if name == "timedelta":
        days, seconds, micros = map(whole, items(plain))
        return datetime.timedelta(days, seconds, micros)
    if name == "zone":
        return decode_zone(text(shape["zone"]))
    if name == "range":
        return range(*map(whole, items(plain)))
    if name == "name":
        return resolve(text(plain))
    return _decode_stamp(name, text(plain), shape)


def _decode_stamp(name: str, iso: str, shape: dict[str, object]) -> object:
    """Give back a point in time."""
    zone = decode_zone(text(shape["zone"])) if "zone" in shape else None
    fold = whole(shape.get("fold", 0))
    if name == "time":
        return datetime.time.fromisoformat(iso).replace(tzinfo=zone, fold=fold)
    moment = datetime.datetime.fromisoformat(iso)
    localize: Callable[..., object] | None = getattr(zone, "localize", None)
    if localize is not None:
        # Zones of pytz must be asked: their offset changes with the season.
        return localize(moment, is_dst=not fold)
    return moment.replace(tzinfo=zone, fold=fold)


def _decode_defined(
    name: str, plain: object, shape: dict[str, object], parts: Parts
) -> object:
    """Give back an instance of a class that the code defines."""
    kind = resolve(text(shape["class"])) if "class" in shape else None
    if isinstance(kind, type):
        if name == "enum" and issubclass(kind, enum.Enum):
            return kind[text(plain)]
        if name == "namedtuple" and issubclass(kind, tuple):
            return tuple.__new__(kind, decode_items(plain, shape, parts))
        if name == "dataclass" and dataclasses.is_dataclass(kind):
            made = object.__new__(kind)
            for key, item in mapping(decode(plain, shape.get("of"), parts)).items():
                object.__setattr__(made, key, item)
            return made
    raise UnfaithfulError(f"the type {name!r} of an artifact is not known")
