"""Values as plain JSON, with a small tree beside it that restores their exact types.

`encode` gives two things: data that any JSON reader can use (a tuple is a list,
numpy's 0.5 is 0.5, a date is ISO text), and a tree that says what the data was. The
tree is None where JSON alone gives the value back. What JSON cannot hold, such as
arrays, tables and estimators, is written beside it by `Parts`.
"""

from __future__ import annotations

import collections
import math
from collections.abc import Callable, Sequence
from typing import Protocol

_FLOATS = ("nan", "inf", "-inf")

Encoded = tuple[object, object]


class UnfaithfulError(Exception):
    """A value has no plain form that would give it back exactly."""


class Parts(Protocol):
    """Writes and reads what stands beside the JSON; `inline` has no such place."""

    inline: bool

    def put_array(self, array: object) -> Encoded:
        """Keep an array of numbers or text."""

    def put_other(self, value: object) -> Encoded | None:
        """Keep a table, a sparse matrix or an estimator; None for anything else."""

    def get(self, plain: object, tree: dict[str, object]) -> object:
        """Give back what was kept."""


class Inline:
    """A place for small values only: they go into the JSON itself."""

    inline = True

    def put_array(self, array: object) -> Encoded:
        """Refuse: there is no file beside this JSON."""
        raise UnfaithfulError(f"{type(array).__name__} cannot stand here")

    def put_other(self, value: object) -> Encoded | None:
        """Keep nothing."""
        return None

    def get(self, plain: object, tree: dict[str, object]) -> object:
        """Refuse: nothing was kept."""
        raise UnfaithfulError(f"the part {plain} of type {tree} was not kept")


INLINE = Inline()


def encode(
    value: object, parts: Parts, path: str = "", above: tuple[int, ...] = ()
) -> Encoded:
    """Return the plain form of a value and the tree of its types."""
    kind = type(value)
    if value is None or kind is bool or kind is int or kind is str:
        return value, None
    if isinstance(value, float) and kind is float:
        return (value, None) if math.isfinite(value) else (None, {"t": repr(value)})
    if id(value) in above:
        raise UnfaithfulError(f"{path or 'it'} contains itself")
    above = (*above, id(value))
    if kind in (list, tuple, collections.deque, set, frozenset):
        return _encode_sequence(value, parts, path, above)
    library = kind.__module__.split(".")[0]
    if isinstance(value, dict) and library != "scipy":
        return _encode_dict(value, parts, path, above)
    other = parts.put_other(value)
    if other is not None:
        return other
    if library == "numpy":
        from . import codec_numpy

        found = codec_numpy.encode(value, parts, path, above)
    elif library == "pandas":
        from . import codec_pandas

        found = codec_pandas.encode(value, parts, path, above)
    else:
        from . import codec_python

        found = codec_python.encode_object(value, parts, path, above)
    if found is None:
        raise UnfaithfulError(
            f"{path or 'it'} is a {kind.__module__}.{kind.__qualname__}"
        )
    return found


def decode(plain: object, tree: object, parts: Parts) -> object:
    """Give back the value that `encode` made this of."""
    if tree is None:
        return plain
    shape = mapping(tree)
    name = text(shape["t"])
    if name in _FLOATS:
        return float(name)
    if name in _SEQUENCES:
        return _decode_sequence(plain, shape, parts)
    if name in _MAPPINGS:
        return _decode_dict(plain, shape, parts)
    if name == "part":
        return parts.get(plain, shape)
    if name.startswith("numpy."):
        from . import codec_numpy

        return codec_numpy.decode(name, plain, shape, parts)
    if name.startswith("pandas."):
        from . import codec_pandas

        return codec_pandas.decode(name, plain, shape, parts)
    from . import codec_python

    return codec_python.decode_object(name, plain, shape, parts)


# --- reading plain JSON with types ---------------------------------------------------


def mapping(value: object) -> dict[str, object]:
    """Check that a piece of an artifact is a mapping."""
    if not isinstance(value, dict):
        raise UnfaithfulError(f"expected a mapping, found {type(value).__name__}")
    return value


def items(value: object) -> list[object]:
    """Check that a piece of an artifact is a list."""
    if not isinstance(value, list):
        raise UnfaithfulError(f"expected a list, found {type(value).__name__}")
    return value


def text(value: object) -> str:
    """Check that a piece of an artifact is text."""
    if not isinstance(value, str):
        raise UnfaithfulError(f"expected text, found {type(value).__name__}")
    return value


def whole(value: object) -> int:
    """Check that a piece of an artifact is a whole number."""
    if not isinstance(value, int):
        raise UnfaithfulError(f"expected a whole number, found {type(value).__name__}")
    return value


# --- lists, tuples, sets -------------------------------------------------------------

_SEQUENCES = ("list", "tuple", "deque", "set", "frozenset")
_PLAIN = frozenset((int, bool, str, type(None)))


def encode_items(
    values: Sequence[object], parts: Parts, path: str, above: tuple[int, ...]
) -> tuple[list[object], dict[str, object]]:
    """Encode many values; the tree names the common type once and the exceptions."""
    kinds = set(map(type, values))
    if kinds <= _PLAIN:
        return list(values), {}
    if kinds == {float} and all(map(math.isfinite, _floats(values))):
        return list(values), {}
    pairs = [
        encode(value, parts, f"{path}[{place}]", above)
        for place, value in enumerate(values)
    ]
    trees = [tree for _, tree in pairs]
    return [plain for plain, _ in pairs], pack(trees)


def _floats(values: Sequence[object]) -> list[float]:
    """Narrow values that are known to be numbers."""
    return [value for value in values if isinstance(value, float)]


def pack(trees: Sequence[object]) -> dict[str, object]:
    """Shorten a list of trees to the common one and the exceptions from it."""
    first = next((tree for tree in trees if tree is not None), None)
    if first is None:
        return {}
    often = sum(tree == first for tree in trees)
    common = first if 2 * often > len(trees) else None
    rest = {str(n): tree for n, tree in enumerate(trees) if tree != common}
    result: dict[str, object] = {}
    if common is not None:
        result["of"] = common
    if rest:
        result["except"] = rest
    return result


def unpack(shape: dict[str, object], length: int) -> list[object]:
    """Give back the list of trees that `pack` shortened."""
    trees: list[object] = [shape.get("of")] * length
    for place, tree in mapping(shape.get("except", {})).items():
        trees[int(place)] = tree
    return trees


def decode_items(plain: object, shape: dict[str, object], parts: Parts) -> list[object]:
    """Give back the values that `encode_items` made this of."""
    values = items(plain)
    if "of" not in shape and "except" not in shape:
        return values
    trees = unpack(shape, len(values))
    return [
        decode(value, tree, parts) for value, tree in zip(values, trees, strict=True)
    ]


def _encode_sequence(
    value: object, parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded:
    """Encode a list, tuple, deque or set."""
    name = type(value).__name__
    values: list[object] = []
    if isinstance(value, set | frozenset):
        # The order of a set is no fact about it; a fixed one keeps files comparable.
        values = sorted(value, key=lambda item: (type(item).__qualname__, repr(item)))
    elif isinstance(value, list | tuple | collections.deque):
        values = list(value)
    plain, shape = encode_items(values, parts, path, above)
    if name == "list" and not shape:
        return plain, None
    tree: dict[str, object] = {"t": name, **shape}
    if isinstance(value, collections.deque):
        tree["maxlen"] = value.maxlen
    return plain, tree


def _decode_sequence(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back a list, tuple, deque or set."""
    values = decode_items(plain, shape, parts)
    name = shape["t"]
    if name == "tuple":
        return tuple(values)
    if name == "set":
        return set(values)
    if name == "frozenset":
        return frozenset(values)
    if name == "deque":
        limit = shape.get("maxlen")
        return collections.deque(values, None if limit is None else whole(limit))
    return values


# --- mappings ------------------------------------------------------------------------

_MAPPINGS = ("dict", "OrderedDict", "Counter", "defaultdict", "Bunch")


def _encode_dict(
    value: dict[object, object], parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded:
    """Encode a dictionary; keys that are no text are named in the tree."""
    name = _mapping_name(value)
    if name is None:
        kind = type(value)
        raise UnfaithfulError(
            f"{path or 'it'} is a {kind.__module__}.{kind.__qualname__}"
        )
    pairs = [
        encode(item, parts, f"{path}[{key!r:.40}]", above)
        for key, item in value.items()
    ]
    shape = pack([tree for _, tree in pairs])
    keys = list(value)
    tree: dict[str, object] = {"t": name, **shape}
    labels = [str(key) for key in keys]
    if any(type(key) is not str for key in keys):
        plain_keys, key_shape = encode_items(
            keys, parts, f"a key of {path or 'it'}", above
        )
        tree["keys"] = {"plain": plain_keys, **key_shape}
    if isinstance(value, collections.defaultdict):
        from .codec_python import reference

        factory = value.default_factory
        tree["factory"] = None if factory is None else reference(factory, path)
    plain_items = [plain for plain, _ in pairs]
    if len(set(labels)) < len(labels):
        # Keys such as 1 and "1": their labels would meet, so a list holds the values.
        tree["listed"] = True
        return plain_items, tree
    plain = dict(zip(labels, plain_items, strict=True))
    return plain, (None if set(tree) == {"t"} and name == "dict" else tree)


def _mapping_name(value: dict[object, object]) -> str | None:
    """Name a mapping that can be given back; subclasses of one's own cannot."""
    kind = type(value)
    if kind is dict:
        return "dict"
    if kind in (collections.OrderedDict, collections.Counter, collections.defaultdict):
        return kind.__name__
    if kind.__name__ == "Bunch" and kind.__module__.startswith("sklearn."):
        return "Bunch"
    return None


def _decode_dict(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back a dictionary."""
    listed = bool(shape.get("listed"))
    values = items(plain) if listed else list(mapping(plain).values())
    keys: list[object] = [] if listed else list(mapping(plain))
    if "keys" in shape:
        key_shape = mapping(shape["keys"])
        keys = decode_items(key_shape["plain"], key_shape, parts)
    trees = unpack(shape, len(values))
    pairs = [
        (key, decode(value, tree, parts))
        for key, value, tree in zip(keys, values, trees, strict=True)
    ]
    name = shape["t"]
    if name == "OrderedDict":
        return collections.OrderedDict(pairs)
    if name == "Counter":
        counter: collections.Counter[object] = collections.Counter()
        for key, value in pairs:
            dict.__setitem__(counter, key, whole(value))
        return counter
    if name == "defaultdict":
        from .codec_python import resolve

        factory = shape.get("factory")
        made: Callable[[], object] | None = None
        if factory is not None:
            found = resolve(text(factory))
            made = found if callable(found) else None
        return collections.defaultdict(made, pairs)
    if name == "Bunch":
        from .codec_python import resolve

        bunch = resolve("sklearn.utils:Bunch")
        if callable(bunch):
            result: object = bunch(**{str(key): value for key, value in pairs})
            return result
    return dict(pairs)
