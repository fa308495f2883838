"""Runs notebooks from top to bottom in real kernels, and keeps what they compute."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from . import kernel

_LOAD = """
import importlib.util as _cw_u, sys as _cw_s
_cw_m = _cw_u.module_from_spec(_cw_u.spec_from_file_location({name!r}, {path!r}))
_cw_s.modules[{name!r}] = _cw_m
_cw_m.__spec__.loader.exec_module(_cw_m)
_cw_m.start({job!r})
del _cw_u, _cw_s, _cw_m
"""
_FINISH = "__import__('sys').modules[{name!r}].watcher.finish({wanted!r})"
_DATABRICKS = """
import types as _cw_t
class _CwLeave(Exception): pass
class _CwWidgets:
    def __init__(self): self._values = {}
    def text(self, name, defaultValue="", label=None):
        self._values.setdefault(name, str(defaultValue))
    def dropdown(self, name, defaultValue, choices, label=None):
        self.text(name, defaultValue)
    combobox = multiselect = dropdown
    def get(self, name): return self._values[name]
    def remove(self, name): del self._values[name]
    def removeAll(self): self._values.clear()
def _cw_leave(value=None): raise _CwLeave(value)
def _cw_secret(scope, key):
    name = key.upper().replace("-", "_")
    try: return __import__("os").environ[name]
    except KeyError: raise KeyError(f"set the variable {name}, a secret is read") from None
dbutils = _cw_t.SimpleNamespace(
    widgets=_CwWidgets(),
    library=_cw_t.SimpleNamespace(restartPython=lambda: None),
    notebook=_cw_t.SimpleNamespace(exit=_cw_leave),
    secrets=_cw_t.SimpleNamespace(get=_cw_secret),
)
"""


def run_notebooks(job: dict[str, Any]) -> dict[str, Any]:
    """Run the notebooks of a chain, each in a kernel of its own.

    Of a name that two of them hold the later one's value counts.
    """
    started = time.monotonic()
    out = Path(job["out"])
    values: dict[str, Any] = {}
    for number, notebook in enumerate(job["notebooks"]):
        folder = out / str(number)
        folder.mkdir(parents=True)
        problem = _run(notebook, job, folder)
        if problem is not None:
            return {"problem": problem}
        kept: dict[str, Any] = json.loads((folder / "values.json").read_text(encoding="utf-8"))
        for key, entry in kept.items():
            if "file" in entry:
                entry["file"] = f"{number}/{entry['file']}"
            values[key] = entry
    return {"values": values, "seconds": round(time.monotonic() - started, 3)}


def _run(notebook: dict[str, Any], job: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    """Run one notebook; say where it stops, if it does."""
    import nbformat
    from jupyter_client.manager import KernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import (
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    plan = folder / "job.json"
    plan.write_text(
        json.dumps(
            {
                "values": str(folder),
                "cells": notebook["cells"],
                "notes": job["notes"],
                "follow": job.get("follow", 0),
            }
        ),
        encoding="utf-8",
    )
    path = str(Path(kernel.__file__).resolve())
    setup = _LOAD.format(name=kernel.NAME, path=path, job=str(plan))
    finish = _FINISH.format(name=kernel.NAME, wanted=job["wanted"])
    extra = [_DATABRICKS] if notebook["databricks"] else []
    make: Any = nbformat.v4
    sources = [*extra, setup, *(cell["source"] for cell in notebook["cells"]), finish]
    cells = [make.new_code_cell(source) for source in sources]
    whole: Any = make.new_notebook(cells=cells)
    # The kernel is this Python, whatever kernels are installed for the user.
    manager: Any = KernelManager(kernel_name="python3")
    launch = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager.kernel_spec.argv = [sys.executable, *launch]
    client: Any = NotebookClient(
        whole,
        km=manager,
        timeout=None,
        resources={"metadata": {"path": notebook["folder"]}},
        store_widget_state=False,
    )
    # Nobody looks at widgets here, and keeping them without their state fails.
    client.comm_open_handlers.clear()
    environment = {**os.environ, **job["env"]}
    for name in job["unset"]:
        environment.pop(name, None)
    at = 0
    with client.setup_kernel(env=environment):
        for at in range(len(cells)):
            try:
                client.execute_cell(cells[at], at)
            except CellExecutionError as error:
                if error.ename != "_CwLeave":
                    where = _cell(notebook, at - len(extra) - 1)
                    said = f"{error.ename}: {error.evalue}"
                    return {**where, "message": said[:600], "line": _line(error)}
                client.execute_cell(cells[-1], len(cells) - 1)
                break
            except (CellTimeoutError, DeadKernelError) as error:
                where = _cell(notebook, at - len(extra) - 1)
                said = "the kernel died (out of memory, or a crash of a library)"
                if isinstance(error, CellTimeoutError):
                    said = "it took too long"
                return {**where, "message": said, "line": None}
    return None


def _cell(notebook: dict[str, Any], at: int) -> dict[str, Any]:
    """Name a cell of a notebook."""
    cells = notebook["cells"]
    if 0 <= at < len(cells):
        return {"notebook": cells[at]["notebook"], "cell": cells[at]["cell"]}
    return {"notebook": notebook["path"], "cell": None}


def _line(error: Any) -> int | None:
    """Find the line of the cell at which it stopped, in IPython's own report.

    Of errors that follow from each other the last one counts, of its frames the outermost.
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(getattr(error, "traceback", "")))
    last = re.split(r"The above exception was|During handling of the above", plain)[-1]
    found = re.search(r"(?:Cell In\s*\[\d+\], line|<cell line:) (\d+)", last)
    return int(found.group(1)) if found else None
