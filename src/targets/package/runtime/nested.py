"""Functions that stand inside a step, such as a lambda handed to a transformer.

Pickle keeps a function by the name under which a module knows it; these have none. They
are kept by their place: the module, the function around them, and which one it is in
there. Nothing of their code is stored, so a file holds only what this package defines.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType

Place = tuple[tuple[str, int], ...]


def reduce_nested(value: object) -> object:
    """Tell pickle how to keep a function of a step; NotImplemented for all else.

    A function that uses variables of the one around it has no such place: the variables
    would be gone.
    """
    if type(value) is not FunctionType or "<" not in value.__qualname__:
        return NotImplemented
    if value.__closure__ or value.__module__.split(".")[0] != __name__.split(".")[0]:
        return NotImplemented
    outer = value.__qualname__.partition(".<locals>")[0]
    place = _search(_code(value.__module__, outer), value.__code__)
    if place is None:
        return NotImplemented
    defaults = (value.__defaults__, value.__kwdefaults__)
    return nested_function, (value.__module__, outer, place, *defaults)


def nested_function(
    module: str,
    outer: str,
    place: Sequence[tuple[str, int]],
    defaults: tuple[object, ...] | None,
    named_defaults: dict[str, object] | None,
) -> FunctionType:
    """Give back the function at a place; LookupError where the code is another."""
    code = _code(module, outer)
    if code is None:
        raise LookupError(f"{module} has no function {outer}")
    for name, number in place:
        found = [inner for inner in _inner(code) if inner.co_name == name]
        if number >= len(found):
            raise LookupError(f"{module}.{outer} has no such function inside")
        code = found[number]
    function = FunctionType(code, vars(sys.modules[module]), code.co_name, defaults)
    function.__kwdefaults__ = named_defaults
    return function


def _code(module: str, outer: str) -> CodeType | None:
    """Return the code of a function that a module names."""
    found: object = importlib.import_module(module)
    for part in outer.split("."):
        found = getattr(found, part, None)
    found = inspect.unwrap(found) if callable(found) else None
    return found.__code__ if isinstance(found, FunctionType) else None


def _inner(code: CodeType) -> Iterator[CodeType]:
    """List the functions right inside a function, in their order."""
    return (item for item in code.co_consts if isinstance(item, CodeType))


def _search(code: CodeType | None, wanted: CodeType) -> Place | None:
    """Find a function inside another: name and number on each level."""
    if code is None:
        return None
    numbers: dict[str, int] = {}
    for inner in _inner(code):
        number = numbers.get(inner.co_name, 0)
        numbers[inner.co_name] = number + 1
        rest: Place | None = () if inner is wanted else _search(inner, wanted)
        if rest is not None:
            return ((inner.co_name, number), *rest)
    return None
