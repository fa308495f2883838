"""What a call does to its receiver, its arguments and the process: digests before and after."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd

written: list[str] = []
FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _audit(event: str, args: tuple) -> None:
    if event == "open" and isinstance(args[0], (str, bytes)) and isinstance(args[2], int) and args[2] & FLAGS:
        name = os.fsdecode(args[0])
        if not name.startswith(("/dev/", "/proc/")) and "__pycache__" not in name:
            written.append(name)


sys.addaudithook(_audit)


def digest(value: Any, depth: int = 0) -> str:
    """The same for values that no code could tell apart; caches and block layouts do not count."""
    return hashlib.sha256(repr(_form(value, depth)).encode()).hexdigest()[:16]


def _form(value: Any, depth: int) -> Any:
    if depth > 6:
        return "deep"
    if isinstance(value, pd.DataFrame):
        columns = [_form(value.iloc[:, i].array, depth + 1) for i in range(value.shape[1])]
        return "frame", _form(value.columns, depth + 1), _form(value.index, depth + 1), columns, dict(value.attrs)
    if isinstance(value, pd.Series):
        return "series", value.name, _form(value.index, depth + 1), _form(value.array, depth + 1)
    if isinstance(value, pd.Index):
        return type(value).__name__, list(map(repr, value.tolist())), list(value.names), str(value.dtype)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        extra = list(map(repr, value.categories)) if isinstance(value, pd.Categorical) else ""
        return str(value.dtype), list(map(repr, value)), extra
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes() if value.dtype != object else list(map(repr, value.ravel()))
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [_form(part, depth + 1) for part in value]
    if isinstance(value, (set, frozenset)):
        return "set", sorted(map(repr, value))
    if isinstance(value, dict):
        return "dict", [(repr(k), _form(v, depth + 1)) for k, v in value.items()]
    if isinstance(value, (str, bytes, int, float, complex, bool, type(None))):
        return repr(value)
    if hasattr(value, "bit_generator"):
        return repr(value.bit_generator.state)
    if isinstance(value, np.random.RandomState):
        return repr(value.get_state())
    if type(value).__module__.startswith("scipy.sparse"):
        return _form(value.toarray(), depth)
    if hasattr(value, "get_params") and hasattr(value, "__dict__"):
        return type(value).__name__, sorted((k, digest(v, depth + 1)) for k, v in vars(value).items())
    if hasattr(value, "obj") and type(value).__module__.startswith("pandas.core"):
        return "group", _form(value.obj, depth + 1)
    try:
        return pickle.dumps(value)
    except Exception:
        return type(value).__name__


def process() -> dict[str, str]:
    """Hidden state of the process that a call might change."""
    options = {name: repr(pd.get_option(name)) for name in ("mode.copy_on_write", "display.max_rows", "mode.use_inf_as_na")
               if name in pd._config.config._registered_options}
    return {
        "random": str(hash(random.getstate())),
        "numpy.random": str(hash((np.random.get_state()[1].tobytes(), np.random.get_state()[2:]))),
        "settings": repr((options, np.geterr(), np.get_printoptions(), os.getcwd(), len(os.environ))),
        "warnings": repr(len(warnings.filters)),
    }


def arrays(value: Any, depth: int = 0) -> list[np.ndarray]:
    """The arrays that hold the elements of a value."""
    if depth > 3:
        return []
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return [a for block in value._mgr.blocks for a in arrays(block.values, depth + 1)]
    if isinstance(value, pd.Categorical):
        return [value._codes]
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return [value._ndarray] if hasattr(value, "_ndarray") else []
    if isinstance(value, (list, tuple)):
        return [a for part in value for a in arrays(part, depth + 1)]
    if isinstance(value, dict):
        return [a for part in value.values() for a in arrays(part, depth + 1)]
    if type(value).__module__.startswith("scipy.sparse") and hasattr(value, "data"):
        return arrays(value.data, depth + 1)
    return []


def share(a: Any, b: Any) -> bool:
    """A change of the elements of one would be a change of the other's."""
    if a is b and not isinstance(a, (str, bytes, int, float, complex, bool, type(None), tuple, frozenset, pd.Index, type)):
        return not isinstance(a, (np.generic, np.dtype, pd.Timestamp, pd.Timedelta, pd.Period, range)) and not callable(a)
    return any(np.may_share_memory(x, y) and np.shares_memory(x, y, max_work=10000)
               for x in arrays(a) if x.size for y in arrays(b) if y.size and x.flags.writeable and y.flags.writeable)
