"""Exact equality: same type, same values, same order, same dtype; NaN equals NaN."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from importlib import import_module

_BY_EQUALITY = ("datetime", "fractions", "uuid", "pathlib", "re", "enum")


def same(left: object, right: object, lenient: bool = False) -> bool:
    """Tell whether two values cannot be told apart by the code that uses them.

    `lenient` looks into objects that have no equality of their own, such as fitted
    estimators: parts that it cannot compare count as equal when their types agree.
    """
    return _same(left, right, lenient, set())


def _same(left: object, right: object, lenient: bool, seen: set[int]) -> bool:
    """Compare two values by their type."""
    if type(left) is not type(right):
        return False
    if left is right or id(left) in seen:
        return True
    simple = _same_simple(left, right)
    if simple is not None:
        return simple
    inside = _same_items(left, right, lenient, seen)
    if inside is not None:
        return inside
    library = type(left).__module__.split(".")[0]
    if library == "numpy":
        return _same_numpy(left, right, lenient, seen)
    if library == "pandas":
        return _same_pandas(left, right, lenient, seen)
    if library in _BY_EQUALITY or isinstance(left, type):
        return bool(left == right)
    return _same_state(left, right, lenient, seen)


def _same_simple(left: object, right: object) -> bool | None:
    """Compare two values of one type that have no members; None for any others."""
    if isinstance(left, float) and isinstance(right, float):
        return _same_float(left, right)
    if isinstance(left, complex) and isinstance(right, complex):
        return _same_float(left.real, right.real) and _same_float(left.imag, right.imag)
    if isinstance(left, str | int | bytes | bytearray):
        return left == right
    if type(left).__module__.split(".")[0] == "scipy" and hasattr(left, "tocoo"):
        # Before the mappings: some sparse matrices are dictionaries underneath.
        return _same_sparse(left, right)
    if isinstance(left, Decimal):
        return str(left) == str(right)
    return None


def _same_items(
    left: object, right: object, lenient: bool, seen: set[int]
) -> bool | None:
    """Compare two containers of Python, member by member; None for other values."""
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        quick = _same_plain(list(left), list(right))
        if quick is not None:
            return quick
    if isinstance(left, list | tuple | deque) and isinstance(
        right, list | tuple | deque
    ):
        return len(left) == len(right) and all(
            _same(a, b, lenient, seen | {id(left)})
            for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        seen = seen | {id(left)}
        return len(left) == len(right) and all(
            _same(a, b, lenient, seen) and _same(left[a], right[b], lenient, seen)
            for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, set | frozenset) and isinstance(right, set | frozenset):
        return _same_set(left, right)
    return None


def _same_float(left: float, right: float) -> bool:
    """Compare two numbers; NaN equals NaN, and zero has a sign."""
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return left == right and math.copysign(1, left) == math.copysign(1, right)


def _same_plain(left: list[object], right: list[object]) -> bool | None:
    """Compare two lists of plain values at once; None when they hold anything else."""
    kinds = list(map(type, left))
    if kinds != list(map(type, right)):
        return False
    if not set(kinds) <= {str, int, bool, type(None), float}:
        return None
    if float not in kinds:
        return left == right
    # NaN differs from itself, and as a None it does not; the types are known by now.
    whole = [
        [None if value != value else value for value in values]
        for values in (left, right)
    ]
    zeros = [
        [
            math.copysign(1, value)
            for value in values
            if isinstance(value, float) and value == 0
        ]
        for values in (left, right)
    ]
    return whole[0] == whole[1] and zeros[0] == zeros[1]


def _same_set(
    left: set[object] | frozenset[object], right: set[object] | frozenset[object]
) -> bool:
    """Compare two sets; 1, 1.0 and True are different members."""

    def key(item: object) -> tuple[str, str]:
        return (type(item).__qualname__, repr(item))

    return len(left) == len(right) and sorted(map(key, left)) == sorted(map(key, right))


def _same_state(left: object, right: object, lenient: bool, seen: set[int]) -> bool:
    """Compare objects by what they would be pickled as."""
    states: list[object] = []
    for value in (left, right):
        attributes = getattr(value, "__dict__", None)
        if attributes and type(value).__module__ == "patsy.eval":
            # A formula notes the compiler's flags of the module that made it.
            flags = attributes.get("flags", 0) & ~annotations.compiler_flag
            attributes = {**attributes, "flags": flags}
        # The order in which attributes were set is no fact about an object.
        state: object = dict(sorted(attributes.items())) if attributes else None
        if not attributes:
            try:
                state = value.__getstate__()
            except (TypeError, AttributeError):
                state = None
        states.append(state)
    if states[0] is None and states[1] is None:
        return lenient or bool(left == right)
    return _same(states[0], states[1], lenient, seen | {id(left)})


def _same_numpy(left: object, right: object, lenient: bool, seen: set[int]) -> bool:
    """Compare numpy's arrays, scalars, types and random generators."""
    np = import_module("numpy")

    if isinstance(left, np.ma.MaskedArray) and isinstance(right, np.ma.MaskedArray):
        return (
            same_arrays(left.data, right.data, lenient)
            and same_arrays(np.ma.getmaskarray(left), np.ma.getmaskarray(right))
            and _same(left.fill_value, right.fill_value, lenient, seen)
        )
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return same_arrays(left, right, lenient)
    if isinstance(left, np.generic) and isinstance(right, np.generic):
        return same_arrays(np.asarray(left), np.asarray(right), lenient)
    if isinstance(left, np.random.Generator) and isinstance(right, np.random.Generator):
        states = (left.bit_generator.state, right.bit_generator.state)
        return _same(states[0], states[1], lenient, seen)
    if isinstance(left, np.random.RandomState) and isinstance(
        right, np.random.RandomState
    ):
        before, after = left.get_state(legacy=False), right.get_state(legacy=False)
        return _same(before, after, lenient, seen)
    if isinstance(left, np.dtype):
        return bool(left == right)
    return _same_state(left, right, lenient, seen)


def same_arrays(left: object, right: object, lenient: bool = False) -> bool:
    """Compare two arrays: dtype, shape, layout and every value."""
    np = import_module("numpy")
    if not (isinstance(left, np.ndarray) and isinstance(right, np.ndarray)):
        return False
    if left.dtype != right.dtype or left.shape != right.shape:
        return False
    if _is_fortran(left) != _is_fortran(right):
        return False
    kind = left.dtype.kind
    if kind == "O":
        return same(left.ravel().tolist(), right.ravel().tolist(), lenient)
    if kind == "V":
        names = left.dtype.names
        if names is None:
            return bool(left.tobytes() == right.tobytes())
        return all(same_arrays(left[name], right[name], lenient) for name in names)
    if kind in "mM":
        before, after = np.ascontiguousarray(left), np.ascontiguousarray(right)
        return bool(np.array_equal(before.view("i8"), after.view("i8")))
    if kind == "c":
        return same_arrays(left.real, right.real) and same_arrays(left.imag, right.imag)
    if kind == "f":
        equal = (left == right) & (np.signbit(left) == np.signbit(right))
        return bool((equal | (np.isnan(left) & np.isnan(right))).all())
    return bool(np.array_equal(left, right))


def _is_fortran(array: object) -> bool:
    """Tell whether an array is laid out by columns: sums depend on it."""
    flags: dict[str, bool] = getattr(array, "flags", {})
    return flags["F_CONTIGUOUS"] and not flags["C_CONTIGUOUS"]


def _same_pandas(left: object, right: object, lenient: bool, seen: set[int]) -> bool:
    """Compare what pandas has."""
    pd = import_module("pandas")

    if isinstance(left, pd.DataFrame) and isinstance(right, pd.DataFrame):
        return (
            left.shape == right.shape
            and same_indexes(left.columns, right.columns)
            and same_indexes(left.index, right.index)
            and _same(left.attrs, right.attrs, lenient, seen)
            and all(
                same_pandas_arrays(
                    left.iloc[:, place].array, right.iloc[:, place].array
                )
                for place in range(left.shape[1])
            )
        )
    if isinstance(left, pd.Series) and isinstance(right, pd.Series):
        return (
            left.shape == right.shape
            and _same(left.name, right.name, lenient, seen)
            and same_indexes(left.index, right.index)
            and _same(left.attrs, right.attrs, lenient, seen)
            and same_pandas_arrays(left.array, right.array)
        )
    if isinstance(left, pd.Index) and isinstance(right, pd.Index):
        return same_indexes(left, right)
    if isinstance(left, pd.Timestamp) and isinstance(right, pd.Timestamp):
        facts = [
            (item.value, str(item.tz), item.unit, item.fold) for item in (left, right)
        ]
        return bool(facts[0] == facts[1])
    if isinstance(left, pd.Timedelta) and isinstance(right, pd.Timedelta):
        return bool(left.value == right.value and left.unit == right.unit)
    if isinstance(left, pd.Interval) and isinstance(right, pd.Interval):
        return (
            left.closed == right.closed
            and _same(left.left, right.left, lenient, seen)
            and _same(left.right, right.right, lenient, seen)
        )
    if isinstance(left, pd.api.extensions.ExtensionArray) and isinstance(
        right, pd.api.extensions.ExtensionArray
    ):
        return same_pandas_arrays(left, right)
    return bool(left == right) if _has_equality(left) else lenient


def _has_equality(value: object) -> bool:
    """Tell whether a type of pandas compares by value: periods, offsets, dtypes."""
    pd = import_module("pandas")

    return isinstance(
        value,
        pd.Period | pd.tseries.offsets.BaseOffset | pd.api.extensions.ExtensionDtype,
    )


def same_indexes(left: object, right: object) -> bool:
    """Compare two indexes: class, names, values, and the frequency of times."""
    pd = import_module("pandas")

    if type(left) is not type(right):
        return False
    if not (isinstance(left, pd.Index) and isinstance(right, pd.Index)):
        return False
    if len(left) != len(right) or not same(list(left.names), list(right.names)):
        return False
    if isinstance(left, pd.MultiIndex) and isinstance(right, pd.MultiIndex):
        return bool(left.nlevels == right.nlevels) and all(
            same_indexes(left.get_level_values(level), right.get_level_values(level))
            for level in range(left.nlevels)
        )
    if getattr(left, "freq", None) != getattr(right, "freq", None):
        return False
    return same_pandas_arrays(left.array, right.array)


def same_pandas_arrays(left: object, right: object) -> bool:
    """Compare two columns of pandas: dtype, missing values and every value."""
    np = import_module("numpy")
    pd = import_module("pandas")
    if type(left) is not type(right):
        return False
    left, right = unwrap(left), unwrap(right)

    left_type, right_type = getattr(left, "dtype", None), getattr(right, "dtype", None)
    if type(left_type) is not type(right_type) or left_type != right_type:
        return False
    if repr(left_type) != repr(right_type):
        return False
    if isinstance(left, pd.Categorical) and isinstance(right, pd.Categorical):
        return (
            left.ordered == right.ordered
            and same_indexes(left.categories, right.categories)
            and bool(np.array_equal(left.codes, right.codes))
        )
    if isinstance(left_type, np.dtype):
        # Columns of one frame share a block; its layout is no fact about a column.
        return same_arrays(
            np.ascontiguousarray(np.asarray(left)),
            np.ascontiguousarray(np.asarray(right)),
        )
    return same_arrays(np.asarray(left, dtype=object), np.asarray(right, dtype=object))


def unwrap(array: object) -> object:
    """Return the numpy array inside pandas' wrapper for one, else the array itself."""
    if type(array).__name__ in ("NumpyExtensionArray", "PandasArray"):
        found: object = import_module("numpy").asarray(array)
        return found
    return array


def _same_sparse(left: object, right: object) -> bool:
    """Compare two sparse matrices by the entries that they store, in their order."""
    np = import_module("numpy")

    facts: list[tuple[object, list[object]]] = []
    for matrix in (left, right):
        table = getattr(matrix, "tocoo", lambda: None)()
        arrays = [np.asarray(getattr(table, name)) for name in ("row", "col", "data")]
        facts.append((getattr(matrix, "shape", None), arrays))
    return facts[0][0] == facts[1][0] and all(
        same_arrays(a, b) for a, b in zip(facts[0][1], facts[1][1], strict=True)
    )
