"""The forms in which a value can be kept: parquet, npz, joblib, and JSON with parts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pickle import PicklingError

from . import codec
from .codec import Encoded, UnfaithfulError, mapping, text
from .files import read_json, write_json, write_whole
from .nested import reduce_nested

Tree = dict[str, object]
Written = tuple[Tree, list[Path]]


@dataclass(frozen=True)
class Form:
    """One way to keep a value; `lenient` for objects that have no equality."""

    kind: str
    suffix: str
    write: Callable[[Path, object], Written]
    read: Callable[[Path, Mapping[str, object]], object]
    lenient: bool = False


def forms_of(value: object) -> Iterator[Form]:
    """Offer the forms that may keep a value, the plainest first."""
    kind = type(value)
    library = kind.__module__.split(".")[0]
    if library == "pandas" and kind.__name__ in ("DataFrame", "Series"):
        from .tables import has_parquet

        if has_parquet():
            yield FORMS["table"]
    if library == "numpy" and kind.__name__ in ("ndarray", "matrix", "recarray"):
        yield FORMS["array"]
    if _is_sparse(value):
        yield FORMS["sparse"]
        return
    if is_estimator(value) or (isinstance(value, list | tuple | dict) and _all(value)):
        yield FORMS["estimator"]
    if is_estimator(value):
        return
    if isinstance(value, list | tuple | dict) and _only_arrays(value):
        yield FORMS["arrays"]
    yield FORMS["json"]
    if _is_library_object(value):
        yield FORMS["object"]


# --- what kind of value it is --------------------------------------------------------


def is_estimator(value: object) -> bool:
    """Tell whether a value is an estimator: it can be fitted and has parameters."""
    return (
        not isinstance(value, type)
        and callable(getattr(value, "fit", None))
        and callable(getattr(value, "get_params", None))
    )


def _all(value: object) -> bool:
    """Tell whether a composite holds estimators and, beside them, only plain values."""
    found, plain = _count(value, ())
    return found > 0 and plain


def _count(value: object, above: tuple[int, ...]) -> tuple[int, bool]:
    """Count the estimators in a composite, and tell whether the rest is plain."""
    if id(value) in above:
        return 0, False
    if type(value) in (list, tuple, dict):
        inner: list[object] = []
        if isinstance(value, dict):
            inner = [*value, *value.values()]
        elif isinstance(value, list | tuple):
            inner = list(value)
        counts = [_count(item, (*above, id(value))) for item in inner]
        return sum(found for found, _ in counts), all(plain for _, plain in counts)
    if is_estimator(value):
        return 1, True
    plain = value is None or type(value) in (bool, int, float, str)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        plain = True
    return 0, plain


def _only_arrays(value: object) -> bool:
    """Tell whether a list, tuple or dictionary holds arrays and nothing else."""
    numpy = sys.modules.get("numpy")
    if numpy is None or type(value) not in (list, tuple, dict) or not value:
        return False
    held: list[object] = []
    if isinstance(value, dict):
        held = list(value.values())
        if not all(type(key) is str and key and "/" not in key for key in value):
            return False
    elif isinstance(value, list | tuple):
        held = list(value)
    return all(
        type(item) is numpy.ndarray
        and not getattr(getattr(item, "dtype", None), "hasobject", True)
        for item in held
    )


def _is_sparse(value: object) -> bool:
    """Tell whether a value is a sparse matrix or array of scipy."""
    return type(value).__module__.split(".")[0] == "scipy" and hasattr(value, "tocoo")


def _is_library_object(value: object) -> bool:
    """Tell whether a value is an instance of a class that a module defines.

    Such an object (the results of a regression, an instance of a class of the
    notebook) has no plain form. Joblib keeps it, by the name of its class, and what
    comes back is compared by its state. Figures are no results.
    """
    kind = type(value)
    library = kind.__module__.split(".")[0]
    if library == __name__.split(".")[0]:
        return "<" not in kind.__qualname__
    if library in _NO_OBJECTS or library in sys.stdlib_module_names:
        return False
    state = getattr(value, "__dict__", None)
    return bool(state) and not isinstance(value, type) and not callable(value)


_NO_OBJECTS = frozenset(
    (
        "__main__",
        "numpy",
        "pandas",
        "matplotlib",
        "seaborn",
        "plotly",
        "bokeh",
        "altair",
        "IPython",
        "ipywidgets",
    )
)


# --- tables --------------------------------------------------------------------------


def _write_table(path: Path, value: object) -> Written:
    """Write a DataFrame or Series as parquet."""
    from . import tables

    shapes: list[Tree] = []
    write_whole(path, lambda at: shapes.append(tables.write(value, at)))
    return {"form": "table", **shapes[0]}, []


def _read_table(path: Path, tree: Mapping[str, object]) -> object:
    """Read a DataFrame or Series from parquet."""
    from . import tables

    return tables.read(path, dict(tree))


# --- arrays --------------------------------------------------------------------------


def _write_array(path: Path, value: object) -> Written:
    """Write one array as npz, under the name that numpy gives to the first one."""
    from . import codec_numpy

    if codec_numpy.has_objects(value):
        raise UnfaithfulError("an npz file cannot hold objects")
    write_whole(path, lambda at: codec_numpy.write_npz(at, {"arr_0": value}))
    return {"form": "array", "class": type(value).__name__}, []


def _read_array(path: Path, tree: Mapping[str, object]) -> object:
    """Read one array from npz."""
    from . import codec_numpy

    return codec_numpy.as_class(codec_numpy.read_npz(path)["arr_0"], tree["class"])


def _write_arrays(path: Path, value: object) -> Written:
    """Write a list, tuple or dictionary of arrays as one npz file."""
    from . import codec_numpy

    arrays: dict[str, object] = {}
    if isinstance(value, dict):
        arrays = dict(value)
    elif isinstance(value, list | tuple):
        arrays = {f"arr_{place}": item for place, item in enumerate(value)}
    write_whole(path, lambda at: codec_numpy.write_npz(at, arrays))
    return {"form": "arrays", "t": type(value).__name__}, []


def _read_arrays(path: Path, tree: Mapping[str, object]) -> object:
    """Read a list, tuple or dictionary of arrays from one npz file."""
    from . import codec_numpy

    arrays = codec_numpy.read_npz(path)
    if tree["t"] == "dict":
        return arrays
    return tuple(arrays.values()) if tree["t"] == "tuple" else list(arrays.values())


def _write_sparse(path: Path, value: object) -> Written:
    """Write a sparse matrix as `scipy.sparse.save_npz` does."""
    sparse = import_module("scipy.sparse")
    layout = str(getattr(value, "format", ""))
    stored = value if layout in ("csr", "csc", "coo", "bsr", "dia") else None
    if stored is None:
        stored = getattr(value, "tocoo", lambda: None)()
    write_whole(path, lambda at: sparse.save_npz(at, stored, compressed=False))
    return {"form": "sparse", "layout": layout}, []


def _read_sparse(path: Path, tree: Mapping[str, object]) -> object:
    """Read a sparse matrix."""
    found: object = import_module("scipy.sparse").load_npz(path)
    if getattr(found, "format", None) != tree["layout"]:
        found = getattr(found, "asformat", lambda _: None)(tree["layout"])
    return found


# --- estimators ----------------------------------------------------------------------


def _write_estimator(path: Path, value: object) -> Written:
    """Write an estimator, or a composite of estimators, with joblib."""
    if type(value).__module__ == "__main__":
        raise UnfaithfulError("its class is defined by no module")
    joblib = import_module("joblib")

    def dump(temporary: Path) -> None:
        try:
            try:
                joblib.dump(value, os.fspath(temporary))
            except (AttributeError, PicklingError):  # a function has no name
                _dump_nested(temporary, value)
        except Exception as error:  # whatever an attribute of the estimator raises
            raise UnfaithfulError(
                f"it cannot be stored ({type(error).__name__}: {error}); a function "
                "inside an estimator must have a name or use no variables of its step"
            ) from None

    write_whole(path, dump)
    return {"form": "estimator", "t": type(value).__name__}, []


def _dump_nested(path: Path, value: object) -> None:
    """Write an estimator as joblib does, functions inside of steps by their place."""
    base = import_module("joblib.numpy_pickle").NumpyPickler
    body = {"reducer_override": lambda _self, item: reduce_nested(item)}
    with path.open("wb") as file:
        type("Pickler", (base,), body)(file).dump(value)


def _read_estimator(path: Path, _tree: Mapping[str, object]) -> object:
    """Read an estimator; only ever a file that this package has written."""
    found: object = import_module("joblib").load(os.fspath(path))
    return found


# --- JSON ----------------------------------------------------------------------------


class _Folder:
    """The parts of one JSON artifact, in a folder beside it."""

    inline = False

    def __init__(self, path: Path) -> None:
        """Keep the parts beside `path`, in a folder of the same name."""
        self.folder = path.with_suffix(".parts")
        self.files: list[Path] = []
        self._arrays: dict[str, object] = {}
        self._read: dict[str, object] = {}

    def put_array(self, array: object) -> Encoded:
        """Keep an array in the one npz file of the folder."""
        key = f"a{len(self._arrays)}"
        self._arrays[key] = array
        plain = {"part": f"{self.folder.name}/arrays.npz", "key": key}
        return plain, {"t": "part", "form": "array"}

    def put_other(self, value: object) -> Encoded | None:
        """Keep a table, sparse matrix or estimator in a file of its own."""
        form = next(
            (form for form in forms_of(value) if form.kind in ("parquet", "joblib")),
            FORMS["sparse"] if _is_sparse(value) else None,
        )
        if form is None or isinstance(value, list | tuple | dict):
            return None
        path = self.folder / f"{len(self.files)}{form.suffix}"
        try:
            tree, _ = form.write(path, value)
        except UnfaithfulError:
            if form.kind == "parquet":
                return None
            raise
        self.files.append(path)
        return {"part": f"{self.folder.name}/{path.name}"}, {**tree, **_part(tree)}

    def finish(self) -> None:
        """Write the arrays, when all are known."""
        if self._arrays:
            from .codec_numpy import write_npz

            path = self.folder / "arrays.npz"
            write_whole(path, lambda at: write_npz(at, self._arrays))
            self.files.append(path)

    def get(self, plain: object, tree: dict[str, object]) -> object:
        """Give back what was kept."""
        held = mapping(plain)
        path = self.folder / Path(text(held["part"])).name
        if tree["form"] != "array":
            inner = {**tree, "t": tree.get("kind")}
            return FORMS[text(tree["form"])].read(path, inner)
        from .codec_numpy import as_class, read_npz

        if not self._read:
            self._read.update(read_npz(path))
        return as_class(self._read[text(held["key"])], tree.get("class"))


def _part(tree: Tree) -> Tree:
    """Mark a description as that of a part; its own `t` moves aside."""
    return {"t": "part", "kind": tree.get("t")}


def _write_json(path: Path, value: object) -> Written:
    """Write a value as JSON, with a folder of parts where it needs one."""
    parts = _Folder(path)
    plain, tree = codec.encode(value, parts)
    parts.finish()
    write_json(path, plain, indent=None)
    name = "plain" if tree is None else mapping(tree)["t"]
    return {"form": "json", "t": name, "tree": tree}, parts.files


def _read_json(path: Path, tree: Mapping[str, object]) -> object:
    """Read a value from JSON and its parts."""
    return codec.decode(read_json(path), tree["tree"], _Folder(path))


FORMS: Mapping[str, Form] = {
    "table": Form("parquet", ".parquet", _write_table, _read_table),
    "array": Form("npz", ".npz", _write_array, _read_array),
    "arrays": Form("npz", ".npz", _write_arrays, _read_arrays),
    "sparse": Form("npz", ".npz", _write_sparse, _read_sparse),
    "estimator": Form(
        "joblib", ".joblib", _write_estimator, _read_estimator, lenient=True
    ),
    "object": Form(
        "joblib", ".joblib", _write_estimator, _read_estimator, lenient=True
    ),
    "json": Form("json", ".json", _write_json, _read_json),
}
