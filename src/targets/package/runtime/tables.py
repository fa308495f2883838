"""Tables as parquet files that give back exactly the same table.

A table is written as it is wherever parquet and pandas give it back unchanged. Where
they do not, only what is lost is changed (a label, an index, one column), and a small
description says how to restore it. Every choice is tried before it is taken.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from . import codec
from .codec import INLINE, UnfaithfulError, items, mapping, text, whole
from .codec_pandas import dtype_name
from .equality import same, same_indexes, same_pandas_arrays

pd = import_module("pandas")
np = import_module("numpy")

_Flat = tuple[object, dict[str, object]]


def has_parquet() -> bool:
    """Tell whether parquet can be written here."""
    try:
        import_module("pyarrow.parquet")
    except (ImportError, AttributeError):
        return False
    return True


def write(value: object, path: Path) -> dict[str, object]:
    """Write a DataFrame or Series and return the description that `read` needs."""
    if isinstance(value, pd.Series) and type(value) is pd.Series:
        # The label of the only column reads like the series' name, whatever that is.
        frame = value.to_frame(name=str(value.name))
        frame.attrs = {}
        shape: dict[str, object] = {"t": "pandas.Series"}
        if type(value.name) is not str:
            shape["name"] = _inline(value.name)
        if value.attrs:
            shape["attrs"] = _inline(dict(value.attrs))
        return {**shape, **_write_frame(frame, path)}
    if isinstance(value, pd.DataFrame) and type(value) is pd.DataFrame:
        return {"t": "pandas.DataFrame", **_write_frame(value, path)}
    raise UnfaithfulError("only a DataFrame or a Series is a table")


def read(path: Path, shape: dict[str, object]) -> object:
    """Give back the DataFrame or Series that was written."""
    frame: object = pd.read_parquet(path, engine="pyarrow")
    if set(shape) & {"columns", "index", "fields", "frame_attrs"}:
        frame = _restore(frame, shape)
    if shape["t"] == "pandas.DataFrame":
        return frame
    if not isinstance(frame, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    series = frame.iloc[:, 0]
    if "name" in shape:
        series = series.rename(_outline(shape["name"]))
    if "attrs" in shape:
        series.attrs = mapping(_outline(shape["attrs"]))
    return series


def _inline(value: object) -> dict[str, object]:
    """Encode a small value into the description."""
    plain, tree = codec.encode(value, INLINE)
    return {"plain": plain, "of": tree}


def _outline(held: object) -> object:
    """Decode a value that stands in a description."""
    content = mapping(held)
    return codec.decode(content["plain"], content.get("of"), INLINE)


def _write_frame(frame: object, path: Path) -> dict[str, object]:
    """Write a table as it is, or changed as little as possible."""
    if not isinstance(frame, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    # What parquet refuses, and with which exception, depends on its version.
    with contextlib.suppress(Exception):
        frame.to_parquet(path, engine="pyarrow")
        if same(pd.read_parquet(path, engine="pyarrow"), frame):
            return {}
    flat, shape = _flatten(frame)
    if not isinstance(flat, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    try:
        flat.to_parquet(path, engine="pyarrow")
    except Exception as error:
        raise UnfaithfulError(f"parquet refuses it: {error}") from None
    return shape


# --- the parts of a table that parquet loses -----------------------------------------


def _survivor(frame: object) -> object:
    """Return a small table as it comes back from parquet, None when it does not."""
    if not isinstance(frame, pd.DataFrame):
        return None
    buffer = io.BytesIO()
    with contextlib.suppress(Exception):
        frame.to_parquet(buffer, engine="pyarrow")
        buffer.seek(0)
        found: object = pd.read_parquet(buffer, engine="pyarrow")
        return found
    return None


def _flatten(table: object) -> tuple[object, dict[str, object]]:
    """Return a table that parquet keeps, and how to make the first one of it."""
    if not isinstance(table, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    shape: dict[str, object] = {}
    fields: dict[str, object] = {}
    index_columns, index = _flatten_index(table.index)
    if index:
        shape["index"] = index
    columns: dict[int, object] = dict(enumerate(index_columns))
    for place in range(table.shape[1]):
        series = table.iloc[:, place].reset_index(drop=True)
        flat, field = _flatten_column(series)
        columns[len(columns)] = flat
        if field:
            fields[str(place)] = field
    if fields:
        shape["fields"] = fields
    labels = list(table.columns)
    blank = pd.DataFrame(np.zeros((1, len(labels))), columns=table.columns)
    found = _survivor(blank)
    if not same_indexes(getattr(found, "columns", None), table.columns):
        shape["columns"] = _inline(table.columns)
        labels = _text_labels(labels)
    if table.attrs:
        shape["frame_attrs"] = _inline(dict(table.attrs))
    flat_table = pd.DataFrame(columns, index=pd.RangeIndex(len(table)))
    names = [f"__index_{level}__" for level in range(len(index_columns))]
    flat_table.columns = [*names, *labels] if names else labels
    if "columns" not in shape and not names:
        flat_table.columns = table.columns
    if "kept" in index or not index:
        flat_table.index = table.index
    return flat_table, shape


def _text_labels(labels: list[object]) -> list[str]:
    """Name columns by text, each once."""
    result: list[str] = []
    taken: set[str] = set()
    for label in labels:
        name, number = str(label), 1
        while name in taken:
            number += 1
            name = f"{label}~{number}"
        taken.add(name)
        result.append(name)
    return result


def _flatten_index(index: object) -> tuple[list[object], dict[str, object]]:
    """Return the columns that stand for an index, and how to make it of them."""
    if not isinstance(index, pd.Index):
        raise UnfaithfulError("this is no index")
    found = _survivor(pd.DataFrame({"x": np.zeros(len(index))}, index=index))
    if isinstance(found, pd.DataFrame):
        if same_indexes(found.index, index):
            return [], {}
        if _with_frequency(found.index, index):
            return [], {"kept": True, "freq": index.freqstr}
    shape: dict[str, object] = {"names": _inline(list(index.names))}
    if isinstance(index, pd.RangeIndex):
        return [], {**shape, "range": [index.start, index.stop, index.step]}
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    pairs = [_flatten_column(pd.Series(level.array)) for level in levels]
    shape["levels"] = [field for _, field in pairs]
    shape["multi"] = isinstance(index, pd.MultiIndex)
    if getattr(index, "freqstr", None) and not isinstance(index, pd.PeriodIndex):
        shape["freq"] = index.freqstr
    return [flat for flat, _ in pairs], shape


def _with_frequency(found: object, index: object) -> bool:
    """Tell whether only the frequency of an index of times was lost."""
    times = (pd.DatetimeIndex, pd.TimedeltaIndex)
    if not (isinstance(found, times) and isinstance(index, times)):
        return False
    if index.freqstr is None:
        return False
    with contextlib.suppress(ValueError):
        return same_indexes(_set_frequency(found, index.freqstr), index)
    return False


def _set_frequency(index: object, frequency: str) -> object:
    """Return an index of times with its frequency."""
    if not isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex):
        raise UnfaithfulError("only times have a frequency")
    result = index.copy()
    result.freq = pd.tseries.frequencies.to_offset(frequency)
    return result


# --- columns -------------------------------------------------------------------------


def _flatten_column(series: object) -> tuple[object, dict[str, object]]:
    """Return a column that parquet keeps, and how to make the first one of it."""
    if not isinstance(series, pd.Series):
        raise UnfaithfulError("this is no column")
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        if series.dtype.itemsize > 8:
            raise UnfaithfulError(f"parquet has no {series.dtype}")
        if series.dtype != np.float16:
            return series, {}
    for candidate in _candidates(series):
        with contextlib.suppress(Exception):
            flat, field = candidate()
            found = _survivor(pd.DataFrame({"x": flat}))
            if not isinstance(found, pd.DataFrame):
                continue
            restored = _restore_column(found["x"], field)
            if same_pandas_arrays(getattr(restored, "array", None), series.array):
                return flat, field
    raise UnfaithfulError(f"a column of type {series.dtype} cannot be kept")


def _candidates(column: object) -> Iterator[Callable[[], _Flat]]:
    """Offer the ways to keep a column, the plainest first."""
    if not isinstance(column, pd.Series):
        return
    series, dtype = column, column.dtype
    yield lambda: (series, {})
    if dtype.kind == "O" and isinstance(dtype, np.dtype):
        for name, gone in _MISSING.items():
            yield partial(_without, series, name, gone)
    if isinstance(dtype, pd.CategoricalDtype):
        yield lambda: (
            pd.Series(series.cat.codes.to_numpy()),
            {
                "categories": _inline(series.cat.categories),
                "ordered": series.cat.ordered,
            },
        )
    if isinstance(dtype, pd.SparseDtype):
        yield lambda: (pd.Series(np.asarray(series)), {"dtype": dtype_name(dtype)})
    if dtype == np.float16:
        yield lambda: (series.astype("float32"), {"dtype": "float16"})
    yield lambda: (series, {"dtype": dtype_name(dtype)})
    yield lambda: _as_json(series)


_MISSING = {"nan": float("nan"), "NaT": pd.NaT, "NA": pd.NA}


def _without(series: object, name: str, gone: object) -> _Flat:
    """Write one kind of missing value as null."""
    if not isinstance(series, pd.Series):
        raise UnfaithfulError("this is no column")
    if not any(_is_gone(value, gone) for value in series):
        raise UnfaithfulError("nothing is missing")
    values = [None if _is_gone(value, gone) else value for value in series]
    return pd.Series(values, dtype=object), {"missing": name}


def _is_gone(value: object, gone: object) -> bool:
    """Tell whether a value is this one kind of missing value."""
    if isinstance(gone, float):
        return type(value) is float and value != value
    return value is gone


def _as_json(series: object) -> _Flat:
    """Write each value as JSON text: the last resort, and still plain."""
    if not isinstance(series, pd.Series):
        raise UnfaithfulError("this is no column")
    values = list(series.astype(object))
    plain, shape = codec.encode_items(values, INLINE, "the column", ())
    texts = [json.dumps(value, ensure_ascii=True) for value in plain]
    field: dict[str, object] = {"json": shape, "dtype": dtype_name(series.dtype)}
    return pd.Series(texts, dtype=object), field


def _restore_column(flat: object, field: dict[str, object]) -> object:
    """Make a column of what parquet has kept."""
    if not isinstance(flat, pd.Series):
        raise UnfaithfulError("this is no column")
    found: object = flat
    if "missing" in field:
        gone = _MISSING[text(field["missing"])]
        values = np.array([None, *flat.astype(object)], dtype=object)[1:]
        values[np.asarray(flat.isna())] = gone
        found = pd.Series(values, index=flat.index, dtype=object)
    elif "categories" in field:
        categories = _outline(field["categories"])
        column = pd.Categorical.from_codes(
            flat.to_numpy(), categories=categories, ordered=bool(field["ordered"])
        )
        found = pd.Series(column, index=flat.index)
    elif "json" in field:
        plain = [json.loads(value) for value in flat]
        held = codec.decode_items(plain, mapping(field["json"]), INLINE)
        name = text(field["dtype"])
        if name == "object":
            values = np.empty(len(held), dtype=object)
            values[:] = held
            found = pd.Series(values, index=flat.index, dtype=object)
        else:
            found = pd.Series(held, index=flat.index, dtype=name)
    elif "dtype" in field:
        found = flat.astype(text(field["dtype"]))
    return found


# --- the way back --------------------------------------------------------------------


def _restore(table: object, shape: dict[str, object]) -> object:
    """Make a table of the flat one that parquet has kept."""
    if not isinstance(table, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    index_shape = mapping(shape.get("index", {}))
    levels = items(index_shape.get("levels", []))
    index = _restore_index(table, index_shape, levels)
    fields = mapping(shape.get("fields", {}))
    body = table.iloc[:, len(levels) :]
    if fields:
        columns = {
            place: _restore_column(
                body.iloc[:, place], mapping(fields.get(str(place), {}))
            )
            for place in range(body.shape[1])
        }
        labels = body.columns
        body = pd.DataFrame(columns, index=body.index)
        body.columns = labels
    else:
        body = body.copy()
    if "columns" in shape:
        body.columns = _outline(shape["columns"])
    body.index = index
    body.attrs = (
        mapping(_outline(shape["frame_attrs"])) if "frame_attrs" in shape else {}
    )
    result: object = body
    return result


def _restore_index(
    table: object, shape: dict[str, object], levels: list[object]
) -> object:
    """Make an index of the columns that stand for it."""
    if not isinstance(table, pd.DataFrame):
        raise UnfaithfulError("this is no table")
    index: object = table.index
    if "range" in shape:
        start, stop, step = map(whole, items(shape["range"]))
        index = pd.RangeIndex(start, stop, step)
    elif levels:
        arrays = []
        for place, field in enumerate(levels):
            column = _restore_column(table.iloc[:, place], mapping(field))
            array = getattr(column, "array", None)
            arrays.append(pd.Index(array, dtype=getattr(column, "dtype", None)))
        index = pd.MultiIndex.from_arrays(arrays) if shape["multi"] else arrays[0]
    if "freq" in shape:
        index = _set_frequency(index, text(shape["freq"]))
    if "names" in shape and isinstance(index, pd.Index):
        index = index.set_names(items(_outline(shape["names"])))
    return index
