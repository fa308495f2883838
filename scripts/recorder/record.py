"""Runs a notebook statement by statement and writes down what each statement reads, binds, deletes and changes.

    python record.py JOBS.json

JOBS.json lists what to run: for each notebook chain its `program` (a file with the cells as Crosswalk resolved them, each with its
top-level statements), its `folder`, the seconds it may take (`limit`), and `out`, which gets one line for each statement that ran and
a last one with what could not be observed wholly. Several jobs run in turn, each in a fork of a process that has their common libraries loaded.
What notebooks print goes nowhere.
"""

import __future__

import ast
import builtins
import collections
import importlib
import json
import linecache
import os
import random
import signal
import sys
import time
import types
import zlib

from digest import Looker
from namespace import Namespace, watch_class_bodies

FUTURES = 0
for feature in __future__.all_feature_names:
    FUTURES |= getattr(__future__, feature).compiler_flag


class Main(types.ModuleType):
    """What `__main__` is to those who look classes and functions of the notebook up by name, as pickle does."""

    def __init__(self, names):
        super().__init__("__main__")
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name):
        try:
            return dict.__getitem__(object.__getattribute__(self, "_names"), name)
        except KeyError:
            raise AttributeError(name) from None


def prepare(names):
    """Names that a kernel gives a notebook."""
    dict.update(names, {"__name__": "__main__", "__builtins__": builtins, "__doc__": None})
    names.begin()
    sys.modules["__main__"] = Main(names)
    watch_class_bodies(names)
    os.environ.setdefault("MPLBACKEND", "agg")
    sys.path.insert(0, os.getcwd())

    def display(*objects, **_):
        for value in objects:
            show(value)

    def get_ipython():
        from IPython.core.interactiveshell import InteractiveShell

        return InteractiveShell.instance()

    builtins.display, builtins.get_ipython = display, get_ipython
    builtins.dbutils = databricks()


def databricks():
    """The stand-in for `dbutils` that the comparison of values has too; a restart of Python is not recorded."""
    sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
    try:
        return importlib.import_module("databricks").stand_in({})
    finally:
        sys.path.pop()


def show(value):
    """A kernel shows the value of a cell's last expression, which may run code of the notebook."""
    if value is None:
        return
    for way in ("_repr_html_", "__repr__"):
        shown = getattr(value, way, None)
        if callable(shown) and not isinstance(value, type):
            shown()


def hidden_state():
    """State of the process that statements share without a name."""
    state = {"random.python": hash(random.getstate())}
    generator = sys.modules.get("numpy.random.mtrand")
    if generator:
        kind, keys, *rest = generator._rand.get_state(legacy=True)
        state["random.numpy"] = hash((kind, zlib.crc32(keys), *rest))
    return state


def differ(before, after):
    """Whether an object is known to be another one than before: what could not be looked at tells nothing."""
    return before is not None and after is not None and before != after


class Recorder:
    def __init__(self, out):
        self.out = out
        self.names = Namespace()
        self.looker = Looker()
        self.flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        prepare(self.names)
        self.seen = self.look()
        self.hidden = hidden_state()
        self.looking = 0.0

    def look(self):
        values = [value for name, value in dict.items(self.names) if not name.startswith("__")]
        return self.looker.pass_over(values)

    def unit(self, unit, file):
        """Runs one statement; True when it came to its end."""
        self.names.begin()
        began = time.perf_counter()
        problem = None
        try:
            self.execute(unit, file)
        except BaseException as error:  # sys.exit too ends a statement, not the recording
            problem = f"{type(error).__name__}: {str(error)[:200]}"
            error.__traceback__ = None
        ran = time.perf_counter() - began
        reads, written, deleted = self.names.end()
        after, hidden = self.look(), hidden_state()
        changed = {key for key, (_, token, _) in self.seen.items() if key in after and differ(token, after[key][1])}
        line = {
            "unit": unit["id"],
            "reads": sorted(reads),
            "writes": sorted(name for name in written if not name.startswith("__")),
            "deletes": sorted(deleted),
            "mutates": sorted(self.reaching(after, changed)),
            "hidden": sorted(key for key, state in hidden.items() if self.hidden.get(key, state) != state),
            "seconds": round(ran, 3),
        }
        if problem:
            line["problem"] = problem
        self.write(line)
        self.looking += time.perf_counter() - began - ran
        self.seen, self.hidden = after, hidden
        return problem is None

    def execute(self, unit, file):
        text = "\n" * (unit["line"] - 1) + unit["text"]
        tree = compile(text, file, "exec", self.flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        shown = tree.body.pop() if unit["last"] and isinstance(tree.body[-1], ast.Expr) else None
        code = compile(tree, file, "exec", self.flags, dont_inherit=True)
        self.flags |= code.co_flags & FUTURES
        exec(code, self.names)
        if shown:
            show(eval(compile(ast.Expression(shown.value), file, "eval", self.flags, dont_inherit=True), self.names))

    def reaching(self, after, changed):
        """Names that reach a changed object."""
        if not changed:
            return
        for name, value in dict.items(self.names):
            todo, met = [id(value)], set()
            while todo:
                key = todo.pop()
                if key in met or key not in after:
                    continue
                if key in changed:
                    yield name
                    break
                met.add(key)
                todo.extend(after[key][2])

    def write(self, line):
        self.out.write(json.dumps(line) + "\n")
        self.out.flush()


def record(job):
    """Runs one chain in this process, which is of no other use afterwards."""
    with open(job["program"], encoding="utf-8") as file:
        program = json.load(file)
    os.chdir(job["folder"])
    # Only what is recorded leaves this process.
    sys.stdout.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    with open(job["out"] + ".part", "w", encoding="utf-8") as out:
        recorder = Recorder(out)
        stopped = run(recorder, program)
        ending = {"capped": recorder.looker.capped, "looking": round(recorder.looking, 3)}
        recorder.write(ending if stopped is None else {"stopped": stopped, **ending})


def run(recorder, program):
    """Runs the cells; gives the unit at which the notebook ended early."""
    for cell in program["cells"]:
        file = f"<cell {cell['index']} of {cell['notebook']}>"
        linecache.cache[file] = (len(cell["text"]), None, cell["text"].splitlines(True), file)
        for at, unit in enumerate(cell["units"]):
            if recorder.unit(unit, file):
                continue
            # A notebook ends at an error, unless what does not run leaves nothing behind.
            if not cell["mayFail"] and any(rest["binds"] for rest in cell["units"][at:]):
                return unit["id"]
            break
    return None


def load_common(jobs):
    """Imports what several jobs import, once for all."""
    wanted = collections.Counter()
    for job in jobs:
        with open(job["program"], encoding="utf-8") as file:
            program = json.load(file)
        modules = set()
        for cell in program["cells"]:
            for unit in cell["units"]:
                try:
                    tree = ast.parse(unit["text"])
                except (SyntaxError, ValueError):
                    continue
                for node in ast.walk(tree):
                    if isinstance(node, ast.Import):
                        modules.update(alias.name for alias in node.names)
                    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                        modules.add(node.module)
        wanted.update(modules)
    for module, count in wanted.items():
        if count < 3 or module.split(".")[0] in ("__future__", "antigravity", "this"):
            continue
        try:
            importlib.import_module(module)
        except Exception:
            continue


def fork(job):
    """Runs a job in a process of its own, for no longer than it may take."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            record(job)
            code = 0
        finally:
            os._exit(code)
    end = time.monotonic() + job["limit"]
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        time.sleep(0.005)
    finish(job)


def finish(job):
    """What was recorded stands in its place when there is no more to come."""
    if os.path.exists(job["out"] + ".part"):
        os.replace(job["out"] + ".part", job["out"])


def main():
    """One fork for each job, also for a single one: it may have to be ended."""
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    if not hasattr(os, "fork"):
        for job in jobs:
            record(job)
            finish(job)
        return
    sys.path.insert(0, "")
    load_common(jobs)
    for job in jobs:
        fork(job)


main()
