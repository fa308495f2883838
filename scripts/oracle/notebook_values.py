"""Runs a notebook in a real kernel and keeps what every variable holds at the end.

    python notebook_values.py NOTEBOOK --out FOLDER

executes the notebook in its own folder and writes FOLDER/values.json (a digest per variable) and FOLDER/values/<name>.pickle
(the value itself, where it can be pickled). Lines that install packages are left out: the environment is made from the pins.
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
HIDDEN = {"In", "Out", "exit", "quit", "open", "get_ipython"}


def keep(namespace, folder):
    """Runs inside the kernel: writes the values of a finished namespace."""
    import pickle
    import types

    target = Path(folder) / "values"
    target.mkdir(parents=True, exist_ok=True)
    report = {}
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
    (Path(folder) / "values.json").write_text(json.dumps(report, indent=1, sort_keys=True, default=str))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--timeout", type=int, default=300)
    arguments = parser.parse_args()

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(arguments.notebook, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["source"] = INSTALL.sub("pass", cell["source"])
    here = os.path.abspath(__file__)
    out = os.path.abspath(arguments.out)
    os.makedirs(out, exist_ok=True)
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "import importlib.util as _u\n"
            f"_s = _u.spec_from_file_location('_oracle', {here!r}); _m = _u.module_from_spec(_s); _s.loader.exec_module(_m)\n"
            f"_m.keep(dict(globals()), {out!r})\n"
        )
    )
    # The plots of a notebook are drawn into memory, never on a screen.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    # A kernel that is started must be this Python, whatever kernels are installed for the user.
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    started = time.time()
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=arguments.timeout,
        resources={"metadata": {"path": str(arguments.notebook.resolve().parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"{arguments.notebook}: {error.ename}: {error.evalue}", file=sys.stderr)
        return 1
    code = [cell for cell in notebook.cells[:-1] if cell.cell_type == "code"]
    print(json.dumps({"cells": len(code), "seconds": round(time.time() - started, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
