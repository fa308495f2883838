"""pandas' values as plain JSON; big columns go into an npz file beside it."""

from __future__ import annotations

from importlib import import_module

from . import codec
from .codec import Encoded, Parts, UnfaithfulError, items, mapping, text, whole
from .codec_python import decode_zone, encode_zone, reference
from .equality import unwrap

np = import_module("numpy")
pd = import_module("pandas")
_Above = tuple[int, ...]


def encode(value: object, parts: Parts, path: str, above: _Above) -> Encoded | None:
    """Encode what pandas has; None for what has no plain form."""
    if value is pd.NaT:
        return None, {"t": "pandas.NaT"}
    if value is pd.NA:
        return None, {"t": "pandas.NA"}
    if isinstance(value, pd.DataFrame) and type(value) is pd.DataFrame:
        return _encode_frame(value, parts, path, above)
    if isinstance(value, pd.Series) and type(value) is pd.Series:
        return _encode_series(value, parts, path, above)
    if isinstance(value, pd.Index):
        # Labels are for reading: they stand in the JSON itself.
        return encode_index(value, codec.INLINE, path, above)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        plain, tree = encode_column(value, parts, path, above)
        return plain, {"t": "pandas.array", "of": tree}
    if isinstance(value, pd.api.extensions.ExtensionDtype):
        return _encode_dtype(value, parts, path, above)
    if isinstance(value, type) or type(value).__name__ == "function":
        return reference(value, path), {"t": "name"}
    return _encode_scalar(value, parts, path, above)


def decode(name: str, plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back what `encode` encoded."""
    if name == "pandas.NaT":
        return pd.NaT
    if name == "pandas.NA":
        return pd.NA
    if name == "pandas.DataFrame":
        return _decode_frame(plain, shape, parts)
    if name == "pandas.Series":
        return _decode_series(plain, shape, parts)
    if name in ("pandas.Index", "pandas.MultiIndex", "pandas.RangeIndex"):
        return decode_index(plain, shape, parts)
    if name == "pandas.array":
        return decode_column(plain, mapping(shape["of"]), parts)
    if name == "pandas.dtype":
        return _decode_dtype(plain, shape, parts)
    return _decode_scalar(name, plain, shape, parts)


# --- scalars -------------------------------------------------------------------------


def _encode_scalar(
    value: object, parts: Parts, path: str, above: _Above
) -> Encoded | None:
    """Encode one point in time, span, period, interval or frequency."""
    if isinstance(value, pd.Timestamp):
        tree: dict[str, object] = {"t": "pandas.Timestamp", "unit": value.unit}
        if value.tz is not None:
            tree["zone"] = encode_zone(value.tz)
            return value.tz_convert("UTC").tz_localize(None).isoformat(), tree
        return value.isoformat(), tree
    if isinstance(value, pd.Timedelta):
        count = int(value.asm8.view("i8"))
        return count, {"t": "pandas.Timedelta", "unit": value.unit}
    if isinstance(value, pd.Period):
        return [str(value), value.ordinal], {
            "t": "pandas.Period",
            "freq": value.freqstr,
        }
    if isinstance(value, pd.Interval):
        ends: list[object] = [value.left, value.right]
        plain, shape = codec.encode_items(ends, parts, path, above)
        return plain, {"t": "pandas.Interval", "closed": value.closed, **shape}
    if isinstance(value, pd.tseries.offsets.BaseOffset):
        return value.freqstr, {"t": "pandas.offset"}
    return None


def _decode_scalar(
    name: str, plain: object, shape: dict[str, object], parts: Parts
) -> object:
    """Give back what `_encode_scalar` encoded."""
    if name == "pandas.Timestamp":
        moment = pd.Timestamp(text(plain)).as_unit(text(shape["unit"]))
        if "zone" in shape:
            return moment.tz_localize("UTC").tz_convert(
                decode_zone(text(shape["zone"]))
            )
        return moment
    if name == "pandas.Timedelta":
        return pd.Timedelta(np.timedelta64(whole(plain), text(shape["unit"])))
    if name == "pandas.Period":
        _, ordinal = items(plain)
        return pd.Period(ordinal=whole(ordinal), freq=text(shape["freq"]))
    if name == "pandas.Interval":
        left, right = codec.decode_items(plain, shape, parts)
        return pd.Interval(left, right, closed=text(shape["closed"]))
    if name == "pandas.offset":
        return pd.tseries.frequencies.to_offset(text(plain))
    raise UnfaithfulError(f"the type {name!r} of an artifact is not known")


def _encode_dtype(
    value: object, parts: Parts, path: str, above: _Above
) -> Encoded | None:
    """Encode a column type of pandas by its name, a category by its values too."""
    if isinstance(value, pd.CategoricalDtype):
        tree: dict[str, object] = {"t": "pandas.dtype", "ordered": value.ordered}
        if value.categories is None:
            return "category", tree
        tree["plain"], tree["categories"] = codec.encode(
            value.categories, parts, path, above
        )
        return "category", tree
    return dtype_name(value), {"t": "pandas.dtype"}


def _decode_dtype(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back a column type of pandas."""
    if plain != "category":
        return pd.api.types.pandas_dtype(text(plain))
    categories = None
    if "categories" in shape:
        categories = codec.decode(shape["plain"], shape["categories"], parts)
    ordered = shape["ordered"]
    return pd.CategoricalDtype(categories, None if ordered is None else bool(ordered))


def dtype_name(dtype: object) -> str:
    """Name a column type so that the name gives back just that type."""
    if isinstance(dtype, pd.StringDtype):
        return f"string[{dtype.storage}]"
    return str(dtype)


# --- columns -------------------------------------------------------------------------


def encode_column(array: object, parts: Parts, path: str, above: _Above) -> Encoded:
    """Encode the values of one column by what its type consists of."""
    if isinstance(array, pd.Categorical):
        return _pieces(
            "category",
            {"codes": array.codes, "categories": array.categories},
            {"ordered": bool(array.ordered)},
            (parts, path, above),
        )
    array = unwrap(array)
    dtype = getattr(array, "dtype", None)
    name = dtype_name(dtype)
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = np.asarray(
            pd.DatetimeIndex(array).tz_convert("UTC").tz_localize(None)
        )
        facts: dict[str, object] = {"zone": encode_zone(dtype.tz), "unit": dtype.unit}
        return _pieces("zoned", {"utc": moments}, facts, (parts, path, above))
    if isinstance(dtype, pd.PeriodDtype):
        ordinals = np.asarray(pd.PeriodIndex(array).asi8)
        return _pieces(
            "period", {"ordinals": ordinals}, {"dtype": name}, (parts, path, above)
        )
    if isinstance(array, pd.arrays.IntervalArray):
        return _pieces(
            "interval",
            {"left": array.left, "right": array.right},
            {"closed": array.closed},
            (parts, path, above),
        )
    if isinstance(array, pd.arrays.SparseArray):
        return _pieces(
            "sparse",
            {"dense": np.asarray(array), "fill": array.fill_value},
            {},
            (parts, path, above),
        )
    if isinstance(dtype, np.dtype):
        plain, tree = codec.encode(np.asarray(array), parts, path, above)
        return plain, {"t": "numpy", "of": tree}
    values = list(np.asarray(array, dtype=object).tolist())
    plain, shape = codec.encode_items(values, parts, path, above)
    return plain, {"t": "values", "dtype": name, **shape}


def _pieces(
    name: str,
    pieces: dict[str, object],
    facts: dict[str, object],
    place: tuple[Parts, str, _Above],
) -> Encoded:
    """Encode a column that consists of several arrays."""
    parts, path, above = place
    plain: dict[str, object] = {}
    trees: dict[str, object] = {}
    for key, piece in pieces.items():
        plain[key], trees[key] = codec.encode(piece, parts, path, above)
    return plain, {"t": name, "pieces": trees, **facts}


def decode_column(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back the values of one column."""
    name = text(shape["t"])
    if name == "numpy":
        return codec.decode(plain, shape["of"], parts)
    if name == "values":
        values = codec.decode_items(plain, shape, parts)
        return pd.array(values, dtype=text(shape["dtype"]))
    held = mapping(plain)
    trees = mapping(shape["pieces"])
    pieces = {key: codec.decode(held[key], trees[key], parts) for key in trees}
    if name == "category":
        return pd.Categorical.from_codes(
            _array(pieces["codes"]),
            categories=_index(pieces["categories"]),
            ordered=bool(shape["ordered"]),
        )
    if name == "zoned":
        moments = pd.DatetimeIndex(_array(pieces["utc"])).tz_localize("UTC")
        return moments.tz_convert(decode_zone(text(shape["zone"]))).array
    if name == "period":
        dtype = pd.api.types.pandas_dtype(text(shape["dtype"]))
        return pd.arrays.PeriodArray(_array(pieces["ordinals"]), dtype=dtype)
    if name == "interval":
        return pd.arrays.IntervalArray.from_arrays(
            _index(pieces["left"]),
            _index(pieces["right"]),
            closed=text(shape["closed"]),
        )
    if name == "sparse":
        return pd.arrays.SparseArray(_array(pieces["dense"]), fill_value=pieces["fill"])
    raise UnfaithfulError(f"the column type {name!r} of an artifact is not known")


def _array(value: object) -> object:
    """Check that a piece is an array."""
    if isinstance(value, np.ndarray):
        return value
    raise UnfaithfulError("expected an array")


def _index(value: object) -> object:
    """Check that a piece is an index."""
    if isinstance(value, pd.Index):
        return value
    raise UnfaithfulError("expected an index")


# --- indexes -------------------------------------------------------------------------


def encode_index(index: object, parts: Parts, path: str, above: _Above) -> Encoded:
    """Encode an index: its values, names, and the frequency of times."""
    if not isinstance(index, pd.Index):
        raise UnfaithfulError(f"{path or 'it'} is no index")
    plain_names, names = codec.encode(list(index.names), parts, path, above)
    tree: dict[str, object] = {"t": "pandas.Index"}
    if any(name is not None for name in index.names):
        tree["names"] = {"plain": plain_names, "of": names}
    if isinstance(index, pd.RangeIndex):
        tree.update(t="pandas.RangeIndex")
        return [index.start, index.stop, index.step], tree
    if isinstance(index, pd.MultiIndex):
        tree.update(t="pandas.MultiIndex")
        levels = [
            encode_index(index.get_level_values(level).rename(None), parts, path, above)
            for level in range(index.nlevels)
        ]
        tree["levels"] = [level for _, level in levels]
        return [plain for plain, _ in levels], tree
    freq = getattr(index, "freqstr", None)
    if isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex) and freq is not None:
        tree["freq"] = freq
    plain, column = encode_column(index.array, parts, path, above)
    tree["of"] = column
    return plain, tree


def decode_index(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back an index."""
    names: list[object] = [None]
    if "names" in shape:
        held = mapping(shape["names"])
        names = items(codec.decode(held["plain"], held.get("of"), parts))
    if shape["t"] == "pandas.RangeIndex":
        return pd.RangeIndex(*map(whole, items(plain))).set_names(names)
    if shape["t"] == "pandas.MultiIndex":
        levels = [
            decode_index(level, mapping(tree), parts)
            for level, tree in zip(items(plain), items(shape["levels"]), strict=True)
        ]
        if "names" not in shape:
            names = [None] * len(levels)
        return pd.MultiIndex.from_arrays(levels, names=names)
    column = decode_column(plain, mapping(shape["of"]), parts)
    dtype = getattr(column, "dtype", None)
    index = pd.Index(column, dtype=dtype).set_names(names)
    if "freq" in shape:
        index.freq = pd.tseries.frequencies.to_offset(text(shape["freq"]))
    return index


# --- tables --------------------------------------------------------------------------


def _encode_frame(frame: object, parts: Parts, path: str, above: _Above) -> Encoded:
    """Encode a table column by column."""
    if not isinstance(frame, pd.DataFrame):
        raise UnfaithfulError(f"{path or 'it'} is no table")
    plain: dict[str, object] = {}
    tree: dict[str, object] = {"t": "pandas.DataFrame"}
    plain["columns"], tree["columns"] = encode_index(frame.columns, parts, path, above)
    plain["index"], tree["index"] = encode_index(frame.index, parts, path, above)
    columns = [
        encode_column(frame.iloc[:, place].array, parts, path, above)
        for place in range(frame.shape[1])
    ]
    plain["data"] = [column for column, _ in columns]
    tree["data"] = codec.pack([column for _, column in columns])
    plain["attrs"], tree["attrs"] = codec.encode(dict(frame.attrs), parts, path, above)
    return plain, tree


def _decode_frame(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back a table."""
    held = mapping(plain)
    columns = decode_index(held["columns"], mapping(shape["columns"]), parts)
    index = decode_index(held["index"], mapping(shape["index"]), parts)
    data = items(held["data"])
    trees = codec.unpack(mapping(shape["data"]), len(data))
    values = {
        place: decode_column(column, mapping(tree), parts)
        for place, (column, tree) in enumerate(zip(data, trees, strict=True))
    }
    frame = pd.DataFrame(values, index=index)
    frame.columns = columns
    frame.attrs = mapping(codec.decode(held["attrs"], shape["attrs"], parts))
    return frame


def _encode_series(value: object, parts: Parts, path: str, above: _Above) -> Encoded:
    """Encode a series: its values, its index and its name."""
    if not isinstance(value, pd.Series):
        raise UnfaithfulError(f"{path or 'it'} is no series")
    series = value
    plain: dict[str, object] = {}
    tree: dict[str, object] = {"t": "pandas.Series"}
    plain["name"], tree["name"] = codec.encode(series.name, parts, path, above)
    plain["index"], tree["index"] = encode_index(series.index, parts, path, above)
    plain["data"], tree["data"] = encode_column(series.array, parts, path, above)
    plain["attrs"], tree["attrs"] = codec.encode(dict(series.attrs), parts, path, above)
    return plain, tree


def _decode_series(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back a series."""
    held = mapping(plain)
    column = decode_column(held["data"], mapping(shape["data"]), parts)
    index = decode_index(held["index"], mapping(shape["index"]), parts)
    name = codec.decode(held["name"], shape["name"], parts)
    series = pd.Series(column, index=index, dtype=getattr(column, "dtype", None))
    series.attrs = mapping(codec.decode(held["attrs"], shape["attrs"], parts))
    return series.rename(name)
