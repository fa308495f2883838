"""numpy's values as plain JSON, or as arrays in an npz file beside it."""

from __future__ import annotations

import base64
import types
import zipfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from . import codec
from .codec import Encoded, Parts, UnfaithfulError, items, mapping, text, whole

np = import_module("numpy")

_PLAIN_KINDS = "biufcSUmM"


def encode(
    value: object, parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded | None:
    """Encode what numpy has; None for what has no plain form."""
    if isinstance(value, np.ma.MaskedArray) and type(value) is np.ma.MaskedArray:
        return _encode_masked(value, parts, path, above)
    if isinstance(value, np.ndarray):
        return encode_array(value, parts, path, above)
    if isinstance(value, np.generic):
        return _encode_scalar(value, parts, path, above)
    if isinstance(value, np.dtype):
        if value.hasobject and value.names is not None:
            return None
        plain, tree = codec.encode(_dtype_plain(value), parts, path, above)
        return plain, {"t": "numpy.dtype", "of": tree}
    if isinstance(value, np.random.Generator) and type(value) is np.random.Generator:
        state: object = value.bit_generator.state
        plain, tree = codec.encode(_inline(state), parts, path, above)
        return plain, {"t": "numpy.Generator", "of": tree}
    if isinstance(value, np.random.RandomState):
        state = value.get_state(legacy=False)
        plain, tree = codec.encode(_inline(state), parts, path, above)
        return plain, {"t": "numpy.RandomState", "of": tree}
    if isinstance(value, type | np.ufunc | types.FunctionType) or callable(value):
        from .codec_python import reference

        if isinstance(value, np.ufunc):
            return f"numpy:{value.__name__}", {"t": "name"}
        return reference(value, path), {"t": "name"}
    return None


def decode(name: str, plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back what `encode` encoded."""
    if name == "numpy.ndarray":
        return decode_array(plain, shape, parts)
    if name == "numpy.masked":
        held = mapping(plain)
        data = codec.decode(held["data"], shape["data"], parts)
        mask = codec.decode(held["mask"], shape["mask"], parts)
        fill = codec.decode(held["fill_value"], shape["fill_value"], parts)
        masked: object = np.ma.MaskedArray(data, mask=mask, fill_value=fill)
        return masked
    if name == "numpy.dtype":
        return _read_dtype(codec.decode(plain, shape.get("of"), parts))
    if name == "numpy.Generator":
        state = mapping(codec.decode(plain, shape.get("of"), parts))
        maker = getattr(np.random, text(state["bit_generator"]))
        bits = maker()
        bits.state = state
        return np.random.Generator(bits)
    if name == "numpy.RandomState":
        state = mapping(codec.decode(plain, shape.get("of"), parts))
        maker = getattr(np.random, text(state["bit_generator"]))
        generator = np.random.RandomState(maker())
        generator.set_state(state)
        return generator
    if name == "numpy.scalar":
        return _decode_scalar(plain, shape, parts)
    raise UnfaithfulError(f"the type {name!r} of an artifact is not known")


def _inline(state: object) -> object:
    """Return the state of a generator with its arrays as tuples of whole numbers."""
    if isinstance(state, np.ndarray):
        return state.tolist()
    if isinstance(state, dict):
        return {key: _inline(item) for key, item in state.items()}
    return state


# --- scalars -------------------------------------------------------------------------


def _encode_scalar(
    value: object, parts: Parts, path: str, above: tuple[int, ...]
) -> Encoded | None:
    """Encode one number, text or time of numpy."""
    if not isinstance(value, np.generic):
        return None
    kind = value.dtype.kind
    if kind not in _PLAIN_KINDS:
        return None
    tree: dict[str, object] = {"t": "numpy.scalar", "dtype": value.dtype.str}
    if kind == "M":
        return str(np.datetime_as_string(np.asarray(value))), tree
    if kind == "m":
        return int(np.asarray(value).view("i8")), tree
    if value.dtype.itemsize > (16 if kind == "c" else 8) and kind in "fc":
        return base64.b64encode(value.tobytes()).decode("ascii"), {**tree, "raw": True}
    plain, inner = codec.encode(value.item(), parts, path, above)
    return plain, tree if inner is None else {**tree, "of": inner}


def _decode_scalar(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back one number, text or time of numpy."""
    dtype = np.dtype(text(shape["dtype"]))
    if dtype.kind == "m":
        result: object = np.array(whole(plain), "i8").view(dtype)[()]
        return result
    if shape.get("raw"):
        raw: object = np.frombuffer(base64.b64decode(text(plain)), dtype)[0]
        return raw
    value = codec.decode(plain, shape.get("of"), parts)
    found: object = np.array(value, dtype=dtype)[()]
    return found


# --- types ---------------------------------------------------------------------------


def _dtype_plain(dtype: object) -> object:
    """Describe a dtype by text, or by its fields."""
    if not isinstance(dtype, np.dtype):
        raise UnfaithfulError("this is no dtype")
    return dtype.str if dtype.names is None else np.lib.format.dtype_to_descr(dtype)


def _read_dtype(described: object) -> object:
    """Give back a dtype."""
    if isinstance(described, str):
        return np.dtype(described)
    if isinstance(described, list):
        return np.dtype([tuple(items_of(field)) for field in described])
    raise UnfaithfulError("this describes no dtype")


def items_of(value: object) -> tuple[object, ...]:
    """Return the pieces of one field of a dtype."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


# --- arrays --------------------------------------------------------------------------


def encode_array(
    array: object,
    parts: Parts,
    path: str,
    above: tuple[int, ...] = (),
) -> Encoded | None:
    """Encode an array: into the npz file where there is one, else as nested lists."""
    if not isinstance(array, np.ndarray):
        return None
    kind = type(array)
    names = {np.ndarray: "ndarray", np.matrix: "matrix", np.recarray: "recarray"}
    if kind not in names:
        return None
    if not array.dtype.hasobject and not parts.inline:
        plain, tree = parts.put_array(np.asarray(array))
        return plain, {**mapping(tree), "class": names[kind]}
    if array.dtype.kind not in _PLAIN_KINDS + "O" or kind is np.recarray:
        return None
    own: dict[str, object] = {"t": "numpy.ndarray", "dtype": array.dtype.str}
    if kind is not np.ndarray:
        own["class"] = names[kind]
    if array.ndim != 1:
        own["shape"] = list(array.shape)
    if array.flags.f_contiguous and not array.flags.c_contiguous:
        own["order"] = "F"
    values = _plain_values(array)
    if values is None:
        return None
    plain, shape = codec.encode_items(values, parts, path, above)
    return plain, {**own, **shape}


def _plain_values(array: object) -> list[object] | None:
    """Return what an array holds as values of Python; None when they hold less."""
    flat = np.asarray(array).ravel(order="C")
    if flat.dtype.kind in "fc" and flat.dtype.itemsize > 16:
        return None
    if flat.dtype.kind == "M":
        return list(np.datetime_as_string(flat).tolist())
    if flat.dtype.kind == "m":
        return list(flat.view("i8").tolist())
    return list(flat.tolist())


def decode_array(plain: object, shape: dict[str, object], parts: Parts) -> object:
    """Give back an array that was encoded as a list."""
    dtype = np.dtype(text(shape["dtype"]))
    values = codec.decode_items(plain, shape, parts)
    if dtype.kind == "O":
        flat = np.empty(len(values), dtype=object)
        for place, value in enumerate(values):
            flat[place] = value
    elif dtype.kind == "m":
        flat = np.array(values, dtype="i8").view(dtype)
    else:
        flat = np.array(values, dtype=dtype)
    lengths = items(shape["shape"]) if "shape" in shape else [len(values)]
    order = "F" if shape.get("order") == "F" else "C"
    array = flat.reshape([whole(length) for length in lengths])
    return as_class(np.array(array, order=order), shape.get("class"))


def as_class(array: object, name: object) -> object:
    """Return an array as the class of numpy that it was."""
    if not isinstance(array, np.ndarray):
        raise UnfaithfulError("expected an array")
    if name == "matrix":
        return array.view(np.matrix)
    if name == "recarray":
        return array.view(np.recarray)
    return array


def _encode_masked(
    value: object,
    parts: Parts,
    path: str,
    above: tuple[int, ...],
) -> Encoded:
    """Encode a masked array by its three pieces."""
    if not isinstance(value, np.ma.MaskedArray):
        raise UnfaithfulError("expected a masked array")
    pieces: dict[str, object] = {
        "data": value.data,
        "mask": np.ma.getmaskarray(value),
        "fill_value": value.fill_value,
    }
    plain: dict[str, object] = {}
    tree: dict[str, object] = {"t": "numpy.masked"}
    for name, piece in pieces.items():
        plain[name], tree[name] = codec.encode(piece, parts, f"{path}.{name}", above)
    return plain, tree


def has_objects(array: object) -> bool:
    """Tell whether an array holds Python objects, which an npz file cannot."""
    return not isinstance(array, np.ndarray) or bool(array.dtype.hasobject)


# --- npz files -----------------------------------------------------------------------


def write_npz(path: Path, arrays: Mapping[str, object]) -> None:
    """Write arrays as `numpy.savez` does, with the same bytes on every day."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")
            with archive.open(entry, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


def read_npz(path: Path) -> dict[str, object]:
    """Read all arrays of an npz file; nothing in it is ever executed."""
    with np.load(path, allow_pickle=False) as stored:
        return {str(name): stored[name] for name in stored.files}
