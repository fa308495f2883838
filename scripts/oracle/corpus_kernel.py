"""Runs a notebook top to bottom in a real kernel and digests every variable of its final namespace.

    python corpus_kernel.py NOTEBOOK --out OUT.json --digest DIGEST.py [--record RECORD.py] [--cwd FOLDER] [--timeout SECONDS]

DIGEST.py has `namespace_digest(dict)`. RECORD.py is a prelude: it is loaded in the kernel before the first cell, and its
`found(dict)` is asked after the last one. Lines that install packages are left out: the environment is made from the pins.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

INSTALL = re.compile(r"^([ \t]*)(?:[!%]\s*(?:pip3?|conda|mamba|uv)\b|!\s*python3? -m pip\b).*(?:\\\n.*)*$", re.MULTILINE)
PERCENT = re.compile(r"^# ?%%(.*)$", re.MULTILINE)
LOAD = "import importlib.util as _cw_u\n_cw_s = _cw_u.spec_from_file_location({name!r}, {path!r}); {name} = _cw_u.module_from_spec(_cw_s); _cw_s.loader.exec_module({name})\n"


def sources(path):
    """The code cells of an .ipynb, or of a .py in the percent format: (source, tags) each."""
    if path.suffix == ".ipynb":
        import nbformat

        cells = nbformat.read(path, as_version=4).cells
        return [(cell.source, cell.metadata.get("tags", [])) for cell in cells if cell.cell_type == "code"]
    text = path.read_text(encoding="utf-8")
    parts = PERCENT.split(text)
    headed = [("", parts[0]), *zip(parts[1::2], parts[2::2])]
    return [(body, []) for head, body in headed if body.strip() and "[markdown]" not in head and "[md]" not in head]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--digest", type=Path, required=True)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--cwd", type=Path)
    parser.add_argument("--timeout", type=int, default=600)
    arguments = parser.parse_args()

    import nbformat
    from jupyter_client.manager import KernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    new = nbformat.v4.new_code_cell
    answer = os.path.abspath(f"{arguments.out}.answer")
    ask = LOAD.format(name="_cw_digest", path=os.path.abspath(arguments.digest))
    ask += "_cw_answer = {'namespace': _cw_digest.namespace_digest(dict(globals()))}\n"
    prelude = []
    if arguments.record:
        prelude = [new(LOAD.format(name="_cw_record", path=os.path.abspath(arguments.record)))]
        ask += "_cw_answer['found'] = _cw_record.found(dict(globals()))\n"
    ask += f"with __import__('io').open({answer!r}, 'w') as _cw_file: __import__('json').dump(_cw_answer, _cw_file)\n"
    cells = []
    for source, tags in sources(arguments.notebook):
        cell = new(INSTALL.sub(r"\1pass", source))
        cell.metadata["tags"] = tags
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=[*prelude, *cells, new(ask)])

    # Plots are drawn into memory, and the kernel is this Python whatever kernels are installed for the user.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    manager = KernelManager(kernel_name="python3")
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    started = time.time()
    folder = arguments.cwd or arguments.notebook.resolve().parent
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=arguments.timeout,
        timeout_func=lambda cell: max(1, int(started + arguments.timeout - time.time())),
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
    )
    # nbclient's own bookkeeping of output widgets fails where the state of widgets is not stored, and nobody looks at it here.
    client.comm_open_handlers.clear()
    report = {"status": "ok", "why": ""}
    try:
        client.execute()
    except CellExecutionError as error:
        report = {"status": "error", "why": f"{error.ename}: {error.evalue}"[:300]}
    except CellTimeoutError:
        report = {"status": "timeout", "why": f"over {arguments.timeout} seconds"}
    except DeadKernelError:
        report = {"status": "dead", "why": "the kernel died"}
    report["seconds"] = round(time.time() - started, 2)
    if os.path.exists(answer):
        with open(answer, encoding="utf-8") as file:
            report.update(json.load(file))
        os.remove(answer)
    # Written in one piece: an interrupted run leaves nothing that looks finished.
    part = f"{arguments.out}.part"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(report, file)
    os.replace(part, arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
