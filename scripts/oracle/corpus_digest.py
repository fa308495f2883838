"""Digests of variables and their comparison, for a corpus that brings no digest of its own.

`namespace_digest(dict)` gives a tree of plain JSON per variable, `stable(a, b)` the names on which two runs of a notebook
agree, `compare(a, b, rtol, only)` what is equal. Numbers are kept as they are up to a size and as order-sensitive sums beyond.
"""

import hashlib
import math
import re
import types

WHOLE = 2_000
ITEMS = 500
SHOWN = ("matplotlib", "seaborn", "mpl_toolkits", "IPython", "ipywidgets", "altair", "plotly", "graphviz", "bokeh")
TIMES = ("refit_time_", "cv_results_")


def text(value):
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0xADDRESS", str(value))


def number(value):
    value = float(value)
    return value if math.isfinite(value) else repr(value)


def array(value):
    import numpy as np

    value = np.asarray(value)
    out = {"shape": list(value.shape), "dtype": str(value.dtype)}
    flat = value.ravel()
    if value.dtype.kind in "biuf":
        numbers = flat.astype("float64")
        if numbers.size <= WHOLE:
            return {**out, "numbers": [number(item) for item in numbers]}
        finite = np.where(np.isfinite(numbers), numbers, 0.0)
        weights = np.cos(np.arange(numbers.size) % 9973)
        sums = [finite.sum(), np.abs(finite).sum(), (finite * weights).sum(), finite.min(), finite.max()]
        scale = number(np.abs(finite).sum())
        return {**out, "odd": int((~np.isfinite(numbers)).sum()), "scale": scale, "sums": [number(item) for item in sums]}
    if value.dtype.kind == "c":
        return {**out, "real": array(value.real), "imag": array(value.imag)}
    if value.dtype.kind in "mM":
        return {**out, "ticks": array(value.astype("int64"))}
    items = [item if isinstance(item, (int, float)) else text(item) for item in flat[:20_000].tolist()]
    numbers = [item for item in items if isinstance(item, float)]
    words = "\0".join("." if isinstance(item, float) else str(item) for item in items)
    return {**out, "text": hashlib.sha256(words.encode("utf8", "replace")).hexdigest()[:16], "numbers": [number(item) for item in numbers[:WHOLE]]}


def tree(value, depth, seen):
    import numpy as np

    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    out = {"type": kind}
    module = kind.split(".")[0]
    if value is None or isinstance(value, (bool, int, str)):
        return {**out, "value": value if not isinstance(value, str) else text(value)}
    if isinstance(value, float):
        return {**out, "number": number(value)}
    if isinstance(value, (np.ndarray, np.generic)):
        return {**out, "array": array(value)}
    if module in SHOWN:
        return {**out, "display": True}
    if id(value) in seen or depth < 0:
        return {**out, "opaque": True}
    seen = seen | {id(value)}
    if module == "pandas" and hasattr(value, "columns") and hasattr(value, "iloc"):
        columns = {str(i): array(value.iloc[:, i].to_numpy()) for i in range(min(value.shape[1], ITEMS))}
        return {**out, "names": [str(name) for name in value.columns][:ITEMS], "index": array(value.index.to_numpy()), "columns": columns}
    if module == "pandas" and hasattr(value, "to_numpy"):
        index = {"index": array(value.index.to_numpy())} if hasattr(value, "index") else {}
        return {**out, **index, "array": array(value.to_numpy())}
    if module == "scipy" and hasattr(value, "tocoo"):
        return {**out, "shape": list(value.shape), "array": array(value.tocoo().data)}
    if isinstance(value, dict):
        return {**out, "length": len(value), "items": {text(key): tree(item, depth - 1, seen) for key, item in list(value.items())[:ITEMS]}}
    if isinstance(value, (list, tuple)):
        return {**out, "length": len(value), "items": [tree(item, depth - 1, seen) for item in value[:ITEMS]]}
    if isinstance(value, (set, frozenset)):
        return {**out, "members": sorted(text(repr(item)) for item in value)}
    members = {key: item for key, item in getattr(value, "__dict__", {}).items() if key not in TIMES and "time" not in key}
    if not members:
        return {**out, "opaque": True}
    return {**out, "members": {key: tree(item, depth - 1, seen) for key, item in sorted(members.items()) if not callable(item)}}


def namespace_digest(namespace):
    out = {}
    for name, value in list(namespace.items()):
        if name.startswith("_") or name in ("In", "Out", "exit", "quit", "get_ipython", "open"):
            continue
        if isinstance(value, (types.ModuleType, type)) or (callable(value) and not hasattr(value, "fit")):
            continue
        try:
            out[name] = tree(value, 4, frozenset())
        except Exception as error:
            out[name] = {"type": type(value).__name__, "digest_error": type(error).__name__}
    return {"vars": out}


def same(a, b, rtol, scale=0.0):
    if isinstance(a, dict) and isinstance(b, dict):
        inner = max(a.get("scale") or 0, b.get("scale") or 0) if "scale" in a and "scale" in b else 0.0
        return set(a) == set(b) and all(same(a[key], b[key], rtol, inner if key == "sums" else 0.0) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y, rtol, scale) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool) and not isinstance(b, bool):
        return abs(a - b) <= rtol * max(abs(a), abs(b), 1e-12, scale)
    return a == b


def stable(a, b, rtol=1e-9):
    return {name for name in a["vars"] if name in b["vars"] and same(a["vars"][name], b["vars"][name], rtol)}


def compare(a, b, rtol=1e-6, only=None):
    out = {"equal": [], "different": [], "missing": [], "not_comparable": []}
    for name, left in a["vars"].items():
        if only is not None and name not in only:
            continue
        if left.get("opaque") or left.get("display") or "digest_error" in left:
            out["not_comparable"].append(name)
        elif name not in b["vars"]:
            out["missing"].append(name)
        else:
            out["equal" if same(left, b["vars"][name], rtol) else "different"].append(name)
    return out
