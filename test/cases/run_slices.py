"""Run programs and their slices, and say whether a slice still makes its artifact.

Reads a JSON list of {id, program, slice, variable} from standard input and prints a JSON
list of {id, differs}; "differs" is empty where program and slice end with the same value.
A row without a variable is about what the code does: it must run, and its databases must
hold the same rows. What the programs import and is not there gets a stand-in.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import sqlite3
import sys
import tempfile
import types
from typing import Any


class StandIn(types.ModuleType):
    """A module of which every function can be called and gives another stand-in."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(name)

    def __call__(self, *args: object, **kwargs: object) -> StandIn:
        return StandIn("result")

    def __iter__(self) -> Any:
        return iter(())


def stand_in(name: str) -> None:
    """Let `import name` succeed where no such library is installed."""
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        sys.modules[name] = StandIn(name)


def described(value: object, seen: tuple[int, ...] = ()) -> object:
    """Describe a value so that two runs can be compared."""
    if id(value) in seen:
        return "..."
    inner = (*seen, id(value))
    if isinstance(value, dict):
        return {repr(described(k, inner)): described(v, inner) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [type(value).__name__, *(described(v, inner) for v in value)]
    if hasattr(value, "to_dict") and hasattr(value, "dtypes"):
        return value.to_dict()
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "__dict__") and not isinstance(value, type):
        return [type(value).__name__, described(vars(value), inner)]
    return [type(value).__name__, repr(value)]


def outcome(code: str, variable: str | None) -> str:
    """Run a program in a namespace of its own and describe what is left of it."""
    names: dict[str, Any] = {"__name__": "program"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<program>", "exec"), names)  # noqa: S102
    if variable is not None:
        return repr(described(names[variable]))
    tables = [
        [name, connection.execute(f"select * from {name}").fetchall()]  # noqa: S608
        for connection in names.values()
        if isinstance(connection, sqlite3.Connection)
        for (name,) in connection.execute("select name from sqlite_master order by name")
    ]
    return repr(tables)


def main() -> None:
    rows = json.load(sys.stdin)
    for name in ("lineapy", "pandas", "numpy", "sklearn", "sklearn.dummy"):
        with contextlib.suppress(ModuleNotFoundError):
            stand_in(name)
    out = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for row in rows:
            try:
                whole = outcome(row["program"], row["variable"])
                part = outcome(row["slice"], row["variable"])
                differs = "" if whole == part else f"{part} is not {whole}"
            except Exception as error:  # noqa: BLE001
                differs = f"{type(error).__name__}: {error}"
            out.append({"id": row["id"], "differs": differs})
        os.chdir("/")
    json.dump(out, sys.stdout)


main()
