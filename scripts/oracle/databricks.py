"""Databricks notebooks outside Databricks: reads their source files, and stands in for the few things a runtime there brings along.

Only what needs no cluster: `dbutils.widgets`, `dbutils.secrets`, `dbutils.library.restartPython`, `dbutils.notebook.exit`, and `display`,
which IPython has itself. `spark` and `dbutils.fs` are not there: a notebook that uses them ends with a NameError or an AttributeError.
"""

import re
import types

HEADER = "# Databricks notebook source"
SEPARATOR = re.compile(r"^# COMMAND -{10}\s*$", re.MULTILINE)
MAGIC = re.compile(r"^# MAGIC ?", re.MULTILINE)
TITLE = re.compile(r"^# DBTITLE \d+,.*\n", re.MULTILINE)


def is_source(text):
    return text.split("\n", 1)[0].strip() == HEADER


def cells(text):
    """(kind, source) of each cell, as the workspace shows them."""
    out = []
    for part in SEPARATOR.split(text.split("\n", 1)[1]):
        source = TITLE.sub("", part.strip("\n"))
        if not source.strip():
            continue
        if MAGIC.match(source):
            source = MAGIC.sub("", source)
        head = re.match(r"%(md|md-sandbox)\b", source)
        if head:
            out.append(("markdown", source[head.end() :].strip()))
        elif re.match(r"%(sql|scala|r|sh|fs)\b", source):
            raise SystemExit(f"a cell in another language: {source.splitlines()[0]}")
        else:
            out.append(("code", re.sub(r"^%python\s*\n", "", source)))
    return out


class NotebookExit(Exception):
    """`dbutils.notebook.exit(value)`: the notebook ends here, and well."""


class Widgets:
    def __init__(self):
        self._values = {}

    def text(self, name, defaultValue, label=None):
        self._values.setdefault(name, str(defaultValue))

    def dropdown(self, name, defaultValue, choices, label=None):
        if defaultValue not in choices:
            raise ValueError(f"the default {defaultValue!r} of the widget {name!r} is none of its choices")
        self.text(name, defaultValue)

    def combobox(self, name, defaultValue, choices, label=None):
        self.text(name, defaultValue)

    multiselect = dropdown

    def get(self, name):
        if name not in self._values:
            raise KeyError(f"no input widget named {name} is defined")
        return self._values[name]

    def remove(self, name):
        del self._values[name]

    def removeAll(self):
        self._values.clear()


def stand_in(namespace):
    """The `dbutils` for a kernel whose variables are `namespace`."""
    before = set(namespace)

    def restart():
        for name in [n for n in namespace if n not in before and n != "dbutils" and not n.startswith("_")]:
            del namespace[name]

    def leave(value):
        raise NotebookExit(value)

    return types.SimpleNamespace(
        widgets=Widgets(),
        library=types.SimpleNamespace(restartPython=restart),
        notebook=types.SimpleNamespace(exit=leave),
        secrets=types.SimpleNamespace(get=lambda scope, key: f"secret-of-{scope}-{key}"),
    )
