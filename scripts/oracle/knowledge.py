"""
Is what Crosswalk knows of libraries true? Calls every listed method and function that it can make arguments for, on the
libraries that are installed, and compares receiver, arguments, result and hidden state with the claim.

    python scripts/oracle/knowledge.py [--only WORD]

A line for each contradiction: `unsound` where a claim hides a change, an alias, a draw or a file; `type` where the result
is of another type than claimed. Exit code 1 when anything is unsound.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import importlib
import inspect
import io
import numbers
import os
import random
import signal
import sys
import warnings
from collections import Counter
from typing import Any, Callable, Iterator

import numpy as np
import pandas as pd
import samples
import watch
from claims import Claim, Entry, load, lookup

warnings.simplefilter("ignore")
MODULES, TYPES = load()
FOUND: list[dict[str, str]] = []
SEEN: set[tuple[str, str]] = set()
TRIED: Counter[str] = Counter()
NEVER = {"display", "help", "breakpoint", "input", "exit", "quit", "sleep", "print", "open", "memmap", "test", "rmtree", "remove", "unlink",
         "rename", "move", "chdir", "show_versions", "to_clipboard", "read_clipboard", "to_gbq", "removedirs", "rmdir", "replace_file", "catch_warnings",
         "set_string_function", "seterrcall", "setbufsize", "seterr", "set_printoptions", "chdir", "setlocale", "setrecursionlimit",
         "exit", "kill", "abort", "fork", "system"}
SCALARS = (numbers.Number, np.generic, str, bytes, type(None), pd.Timestamp, pd.Timedelta, pd.Period, type(pd.NaT), type(pd.NA))


def is_table(value: Any) -> bool:
    return isinstance(value, (pd.DataFrame, pd.Series, np.ndarray, pd.Index, pd.api.extensions.ExtensionArray))


def group(value: Any) -> bool:
    return type(value).__module__.startswith(("pandas.core.groupby", "pandas.core.window", "pandas.core.resample"))


#: Is a value of the short type?
IS: dict[str, Callable[[Any], bool]] = {
    "DataFrame": lambda v: isinstance(v, pd.DataFrame),
    "Series": lambda v: isinstance(v, pd.Series),
    "Index": lambda v: isinstance(v, pd.Index),
    "GroupBy": group,
    "column-or-frame": lambda v: isinstance(v, (pd.DataFrame, pd.Series)),
    "unknown-frame": lambda v: isinstance(v, (pd.DataFrame, pd.Series)),
    # A number or a table that is taken for an array has storage of its own all the same.
    "ndarray": lambda v: is_table(v) or isinstance(v, SCALARS),
    "float-or-array": lambda v: is_table(v) or isinstance(v, SCALARS),
    "int": lambda v: isinstance(v, (int, np.integer)),
    "float": lambda v: isinstance(v, (float, int, np.floating, np.integer)),
    "bool": lambda v: isinstance(v, (bool, np.bool_)),
    "str": lambda v: isinstance(v, str),
    "bytes": lambda v: isinstance(v, bytes),
    "list": lambda v: isinstance(v, list),
    "dict": lambda v: isinstance(v, dict),
    "set": lambda v: isinstance(v, (set, frozenset)),
    "tuple": lambda v: isinstance(v, tuple),
    "None": lambda v: v is None,
    "unknown-scalar": lambda v: not is_table(v) and not isinstance(v, (list, dict, set)),
    "unknown": lambda v: True,
    "same": lambda v: True,
    "elementwise": lambda v: True,
    "unknown-pure": lambda v: True,
}


def copied(value: Any) -> Any:
    return value if callable(value) else copy.deepcopy(value)


def parameters(function: Any) -> list[inspect.Parameter] | None:
    try:
        return [p for p in inspect.signature(function).parameters.values() if p.name not in ("self", "cls")]
    except (TypeError, ValueError):
        return None


def candidates(function: Any, receiver: Any) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Arguments worth trying, best first."""
    known = parameters(function)
    like = [] if receiver is None else [lambda: copied(receiver)]
    pool = [*like, *samples.POOL]
    if known is None:
        yield [], {}
        for one in pool:
            yield [one()], {}
        for one, two in zip(pool, [*pool[1:], *pool[:1]]):
            yield [one(), two()], {}
            yield [one(), one()], {}
        return
    needed = [p for p in known if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    choices = [[(lambda v=v: copied(v)) for v in samples.BY_NAME.get(p.name, [])] or pool for p in needed]
    if not needed:
        yield [], {}
    for at in range(max((len(c) for c in choices), default=0)):
        yield [c[at % len(c)]() for c in choices], {}
    if len(choices) >= 2:
        for first in choices[0][:6]:
            for second in choices[1][:12]:
                yield [first(), second(), *(c[0]() for c in choices[2:])], {}
    if not needed:
        for at in range(2):
            for p in known[:2]:
                values = samples.BY_NAME.get(p.name, [])
                if at < len(values):
                    yield [], {p.name: copied(values[at])}
        if known and known[0].kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_OR_KEYWORD):
            for one in pool[:8]:
                yield [one()], {}


def report(kind: str, claim: Claim, name: str, what: str) -> None:
    row = {"kind": kind, "claim": " ".join(sorted(claim.words)) + " -> " + claim.returns, "name": name, "what": what}
    # One example of each kind of contradiction is enough.
    key = name, what.rpartition(")")[2]
    if key not in SEEN:
        SEEN.add(key)
        FOUND.append(row)
        print(f"{kind:8} {what}   [{row['claim']}]", flush=True)


class TooLong(Exception):
    pass


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def judge(name: str, claim: Claim, function: Callable[[Any], Any], make: Callable[[], Any] | None, limit: int = 8) -> None:
    """Calls one method or function with made-up arguments until it has worked some times, and compares with its claim."""
    worked = tried = 0
    first = make() if make else None
    try:
        target = function(first)
    except Exception:
        return
    for args, named in candidates(target, first):
        tried += 1
        if worked >= limit or tried > 70:
            break
        receiver = make() if make else None
        try:
            bound = function(receiver)
        except Exception:
            return
        before = watch.digest(receiver), [watch.digest(a) for a in [*args, *named.values()]]
        random.seed(1)
        np.random.seed(1)
        state = watch.process()
        watch.written.clear()
        try:
            with quiet():
                result = bound(*args, **named)
                if inspect.isgenerator(result) or isinstance(result, (map, filter, zip)):
                    result = list(result)
        except TooLong:
            return
        except BaseException:
            continue
        worked += 1
        after = watch.digest(receiver), [watch.digest(a) for a in [*args, *named.values()]]
        said = f"{name}({', '.join([*map(short, args), *(f'{k}={short(v)}' for k, v in named.items())])})"
        if before[0] != after[0] and not claim.mutates:
            report("unsound", claim, name, f"{said} changes its receiver")
        if before[1] != after[1] and not claim.changes_arguments and not any(callable(a) or isinstance(a, io.StringIO) for a in args):
            report("unsound", claim, name, f"{said} changes an argument")
        now = watch.process()
        for key in state:
            if state[key] != now[key] and not (claim.draws if "random" in key else "settings" in claim.words):
                report("unsound", claim, name, f"{said} changes hidden state: {key}")
        if watch.written and not claim.opens and "display" not in claim.words:
            report("unsound", claim, name, f"{said} writes {watch.written[0]}")
        if not claim.shares and not claim.mutates and "display" not in claim.words:
            if (make and watch.share(result, receiver)) or any(watch.share(result, a) for a in [*args, *named.values()]):
                report("unsound", claim, name, f"{said} shares storage with what it was given")
        check_type(name, claim, result, said)
    if worked:
        TRIED[name.split(".")[0]] += 1


def check_type(name: str, claim: Claim, result: Any, said: str) -> None:
    test = IS.get(claim.returns)
    if test is None or test(result) or (result is None and "inplace" in claim.words):
        return
    if "display" in claim.words or ("text" in claim.words and isinstance(result, (str, bytes))):
        return
    entry = TYPES.get(claim.returns)
    immutable = entry is not None and entry.info.get("immutable")
    hides = immutable and (is_table(result) or isinstance(result, (list, dict, set))) and not isinstance(result, pd.Index)
    report("unsound" if hides else "type", claim, name, f"{said} gives {type(result).__name__}")


def short(value: Any) -> str:
    text = repr(value) if isinstance(value, (str, int, float, list, tuple, dict)) else type(value).__name__
    return text if len(text) < 30 else type(value).__name__


def methods_of(kind: str, entry: Entry, only: str) -> None:
    for make in samples.RECEIVERS.get(kind, []):
        sample = make()
        names = {name for name in dir(sample) if not name.startswith("_")}
        for name in sorted(names - NEVER):
            full = f"{kind}.{name}"
            if only and only not in full:
                continue
            with contextlib.suppress(Exception):
                member = inspect.getattr_static(type(sample), name, None)
                is_method = callable(getattr(sample, name)) and not isinstance(member, property)
                claim = lookup(TYPES, kind, name, "methods" if is_method else "attributes")
                if claim is None:
                    continue
                if is_method:
                    judge(full, claim, lambda value, name=name: getattr(value, name), make)
                else:
                    attribute(full, claim, name, make)


def attribute(name: str, claim: Claim, part: str, make: Callable[[], Any]) -> None:
    receiver = make()
    before = watch.digest(receiver)
    with contextlib.suppress(Exception):
        result = getattr(receiver, part)
        TRIED[name.split(".")[0]] += 1
        if watch.digest(receiver) != before:
            report("unsound", claim, name, f"reading {name} changes its owner")
        if not claim.shares and watch.share(result, receiver):
            report("unsound", claim, name, f"{name} shares storage with its owner")
        check_type(name, claim, result, name)


def functions_of(module: str, claims: dict[str, Claim], only: str) -> None:
    try:
        loaded = importlib.import_module(module)
    except ImportError:
        owner, _, last = module.rpartition(".")
        try:
            loaded = getattr(importlib.import_module(owner), last)
        except (ImportError, AttributeError, ValueError):
            return
    whole = claims.get("*")
    public = [n for n in getattr(loaded, "__all__", dir(loaded)) if not n.startswith("_")] if whole else []
    for name in sorted({*claims, *public} - NEVER):
        full = f"{module}.{name}" if module != "builtins" else name
        claim = claims.get(name, whole)
        if claim is None or "*" in name or (only and only not in full) or f"{module}.{name}" in MODULES:
            continue
        target = getattr(loaded, name, None)
        if target is None or inspect.ismodule(target):
            continue
        if not callable(target):
            check_type(full, claim, target, full)
            continue
        if name not in claims and inspect.isclass(target) and issubclass(target, BaseException):
            continue
        judge(full, claim, lambda _, target=target: target, None)


def estimators(only: str) -> None:
    """Every scikit-learn class: does `fit` draw, do its methods change what they are given or hand it on?"""
    for name, cls in samples.estimators():
        module = ".".join(part for part in cls.__module__.split(".") if not part.startswith("_"))
        full = f"{module}.{name}"
        claim = MODULES.get(module, {}).get(name)
        if only and only not in full:
            continue
        deterministic = claim is not None and any(w.startswith("deterministic") for w in claim.words)
        try:
            model = cls()
        except TypeError:
            continue
        X, y = np.abs(samples.features()), samples.labels()
        for method, args in (("fit", (X, y)), ("predict", (X,)), ("predict_proba", (X,)), ("transform", (X,)), ("score", (X, y)),
                             ("decision_function", (X,)), ("fit_transform", (X, y)), ("fit_predict", (X,))):
            if not hasattr(model, method):
                continue
            said = lookup(TYPES, "estimator", method)
            before = [watch.digest(a) for a in args], watch.digest(model)
            np.random.seed(1)
            random.seed(1)
            state = watch.process()
            try:
                with quiet():
                    result = getattr(model, method)(*args)
            except BaseException:
                continue
            TRIED["estimator"] += 1
            if [watch.digest(a) for a in args] != before[0]:
                report("unsound", said, full, f"{name}.{method} changes its argument")
            if not said.mutates and watch.digest(model) != before[1]:
                report("unsound", said, full, f"{name}.{method} changes the estimator")
            if watch.process() != state and (deterministic or not said.draws):
                report("unsound", claim or said, full, f"{name}.{method} draws")
            if not said.shares and any(watch.share(result, a) for a in args):
                report("unsound", said, full, f"{name}.{method} hands on its argument")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--only", default="", help="only names that contain this")
    given = options.parse_args()
    import matplotlib

    # What a method writes when it is handed some text goes there.
    os.chdir(samples.FOLDER)

    matplotlib.use("Agg")
    for kind, entry in TYPES.items():
        methods_of(kind, entry, given.only)
    for module, claims in MODULES.items():
        functions_of(module, claims, given.only)
    with contextlib.suppress(ImportError):
        estimators(given.only)
    unsound = [row for row in FOUND if row["kind"] == "unsound"]
    print(f"{TRIED.total()} names called, {len(unsound)} claims unsound, {len(FOUND) - len(unsound)} of another type")
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main())
