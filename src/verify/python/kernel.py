"""Runs inside the notebook's kernel: notes values as statements make them.

Loaded before the first cell, under a name of its own in `sys.modules`. It puts nothing
into the notebook's namespace; what it adds to a cell are calls behind statements, so that
line numbers, magics and outputs stay as they are.
"""

from __future__ import annotations

import ast
import json
import pickle
import random
import sys
import types
from pathlib import Path
from typing import Any

NAME = "crosswalk_verify_kernel"


class Watcher:
    """Follows the cells of one notebook and keeps values as files."""

    def __init__(self, job: dict[str, Any], shell: Any) -> None:
        """Watch the cells that the job lists, in their order."""
        self.folder = Path(job["values"])
        self.cells: list[dict[str, Any]] = job["cells"]
        self.notes: list[dict[str, Any]] = job["notes"]
        self.shell = shell
        self.next = 0
        self.current: dict[str, Any] | None = None
        self.left = 0
        self.report: dict[str, dict[str, Any]] = {}
        # Of a run that is followed statement by statement: how many bytes may be kept.
        self.budget = int(job.get("follow", 0))

    def begin(self, info: Any) -> None:
        """Note which cell runs now."""
        self.current = None
        if self.next < len(self.cells) and info.raw_cell == self.cells[self.next]["source"]:
            self.current = self.cells[self.next]
            self.next += 1
            # The body of a cell magic is read for itself, after the line of the magic.
            self.left = 2 if info.raw_cell.lstrip().startswith("%%") else 1

    def visit(self, tree: Any) -> Any:
        """Add a call behind each statement of which something is noted."""
        cell = self.current
        if cell is None or self.left == 0 or not isinstance(tree, ast.Module):
            return tree
        shift = 1 if cell["source"].lstrip().startswith("%%") and self.left == 1 else 0
        self.left -= 1
        if self.left == 1:
            return tree
        behind: dict[int, list[int]] = {}
        for number, note in enumerate(self.notes):
            if note["notebook"] != cell["notebook"] or note["cell"] != cell["cell"]:
                continue
            line = note["line"] - shift
            found = [
                at
                for at, statement in enumerate(tree.body)
                if first_line(statement) <= line <= (statement.end_lineno or line)
            ]
            if found:
                behind.setdefault(found[-1], []).append(number)
        body: list[ast.stmt] = []
        for at, statement in enumerate(tree.body):
            body.append(statement)
            calls = [f"note({number})" for number in behind.get(at, [])]
            if self.budget > 0:
                where = (cell["notebook"], cell["cell"], first_line(statement) + shift)
                calls.append(f"follow({where!r}, {sorted(mentioned(statement))!r})")
            for call in calls:
                text = f"__import__('sys').modules[{NAME!r}].watcher.{call}"
                made = ast.parse(text).body[0]
                for node in ast.walk(made):
                    ast.copy_location(node, statement)
                body.append(made)
        tree.body = body
        return ast.fix_missing_locations(tree)

    def note(self, number: int) -> None:
        """Keep what the expressions of a note give now, without any effect on the rest."""
        names = self.shell.user_ns
        for key, expression in self.notes[number]["values"].items():
            state = random.getstate(), numpy_state()
            try:
                value = eval(compile(expression, "<verify>", "eval"), names)
            except Exception as error:
                self.report[key] = {"problem": f"{type(error).__name__}: {error}"}
                continue
            finally:
                random.setstate(state[0])
                restore_numpy(state[1])
            self.keep(key, value)

    def follow(self, where: tuple[str, int, int], names: list[str]) -> None:
        """Keep what the names of a statement hold behind it."""
        place = "/".join(map(str, where))
        for name in names:
            value = self.shell.user_ns.get(name)
            if value is None or (callable(value) and not hasattr(value, "fit")):
                continue
            if isinstance(value, types.ModuleType) or self.budget <= 0:
                continue
            self.keep(f"behind/{place}/{name}", value)

    def keep(self, key: str, value: object) -> None:
        """Write a value to a file of its own."""
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        try:
            data = pickle.dumps(value, protocol=5)
        except Exception as error:
            self.report[key] = {"problem": f"a {kind} cannot be kept ({type(error).__name__})"}
            return
        self.budget -= len(data)
        file = f"{len(self.report)}.pickle"
        (self.folder / file).write_bytes(data)
        self.report[key] = {"file": file, "type": kind}

    def finish(self, wanted: list[str]) -> None:
        """Keep the variables with which the notebook ends, and say what was kept."""
        for name in wanted:
            if name in self.shell.user_ns:
                self.keep(f"end/{name}", self.shell.user_ns[name])
        text = json.dumps(self.report)
        (self.folder / "values.json").write_text(text, encoding="utf-8")


def mentioned(statement: ast.stmt) -> set[str]:
    """Name every variable that a statement reads or writes."""
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def first_line(statement: ast.stmt) -> int:
    """Return the first line of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def numpy_state() -> Any:
    """Return the state of numpy's global generator, where numpy is loaded."""
    numpy = sys.modules.get("numpy")
    return None if numpy is None else numpy.random.get_state()


def restore_numpy(state: Any) -> None:
    """Put numpy's global generator back."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and state is not None:
        numpy.random.set_state(state)


watcher: Watcher


def start(job_file: str) -> None:
    """Begin to watch the kernel in which this runs."""
    global watcher
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    watcher = Watcher(job, shell)
    shell.events.register("pre_run_cell", watcher.begin)
    shell.ast_transformers.append(watcher)
