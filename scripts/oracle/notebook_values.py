"""Runs a notebook in a real kernel and keeps what every variable holds at the end.

    python notebook_values.py NOTEBOOK... --out FOLDER

executes the notebook in its own folder and writes FOLDER/values.json (a digest per variable) and FOLDER/values/<name>.pickle
(the value itself, where it can be pickled). Lines that install packages are left out: the environment is made from the pins.
Several notebooks are a chain that is linked by files: each runs in a kernel of its own, in order, and of a name that two of
them hold, the later one's value is kept. Source files of Databricks are read and run with a stand-in for `dbutils`.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
from pathlib import Path

INSTALL = re.compile(r"^\s*[!%]\s*(?:pip3?|conda|mamba|uv)\b.*$", re.MULTILINE)
HIDDEN = {"In", "Out", "exit", "quit", "open", "get_ipython", "dbutils"}


def keep(namespace, folder):
    """Runs inside the kernel: writes the values of a finished namespace."""
    import pickle
    import types

    target = Path(folder) / "values"
    target.mkdir(parents=True, exist_ok=True)
    written = Path(folder) / "values.json"
    report = json.loads(written.read_text()) if written.exists() else {}
    for name, value in list(namespace.items()):
        if name.startswith("_") or name in HIDDEN or isinstance(value, (types.ModuleType, types.FunctionType, type)):
            continue
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        try:
            data = pickle.dumps(value)
            again = pickle.loads(data)
            del again
        except Exception as error:
            report[name] = {"type": kind, "unpicklable": type(error).__name__}
            continue
        (target / f"{name}.pickle").write_bytes(data)
        report[name] = {"type": kind, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()[:16]}
        if isinstance(value, (bool, int, float, str)):
            report[name]["value"] = value
    written.write_text(json.dumps(report, indent=1, sort_keys=True, default=str))


def loaded(script):
    """Python that makes the module `_m` of a script beside this one."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), script)
    return (
        "import importlib.util as _u\n"
        f"_s = _u.spec_from_file_location('_oracle', {path!r}); _m = _u.module_from_spec(_s); _s.loader.exec_module(_m)\n"
    )


def read(path):
    """The notebook, its outputs left out, and what has to run before it."""
    import nbformat

    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        import databricks

        if not databricks.is_source(text):
            raise SystemExit(f"{path}: neither .ipynb nor a source file of Databricks")
        make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        notebook = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in databricks.cells(text)])
        setup = [loaded("databricks.py") + "dbutils = _m.stand_in(globals())"]
    else:
        notebook, setup = nbformat.reads(text, as_version=4), []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["source"] = INSTALL.sub("pass", cell["source"])
    return notebook, setup


def execute(path, out, timeout):
    """Runs one notebook and keeps its values; gives the number of its code cells."""
    import nbformat
    from jupyter_client.manager import KernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook, setup = read(path)
    own = len(notebook.cells)
    extra = [nbformat.v4.new_code_cell(text) for text in [*setup, loaded("notebook_values.py") + f"_m.keep(dict(globals()), {out!r})\n"]]
    notebook.cells.extend(extra)
    # A kernel that is started must be this Python, whatever kernels are installed for the user.
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    folder = str(path.resolve().parent)
    client = NotebookClient(notebook, km=manager, timeout=timeout, resources={"metadata": {"path": folder}})
    with client.setup_kernel():
        for at in range(own, len(notebook.cells) - 1):
            client.execute_cell(notebook.cells[at], at)
        try:
            for at in range(own):
                client.execute_cell(notebook.cells[at], at)
        except CellExecutionError as error:
            if error.ename != "NotebookExit":
                raise
        client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
    return sum(cell.cell_type == "code" for cell in notebook.cells[:own])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebooks", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--timeout", type=int, default=300)
    arguments = parser.parse_args()

    from nbclient.exceptions import CellExecutionError

    out = os.path.abspath(arguments.out)
    os.makedirs(out, exist_ok=True)
    # What an earlier run left is not this one's.
    Path(out, "values.json").unlink(missing_ok=True)
    # The plots of a notebook are drawn into memory, never on a screen.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    started = time.time()
    count = 0
    for notebook in arguments.notebooks:
        try:
            count += execute(notebook, out, arguments.timeout)
        except CellExecutionError as error:
            print(f"{notebook}: {error.ename}: {error.evalue}", file=sys.stderr)
            return 1
    print(json.dumps({"cells": count, "seconds": round(time.time() - started, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
