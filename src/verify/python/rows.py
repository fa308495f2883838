"""Raw rows as they stand in the source: as fields of CSV, and as a client sends them."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .values import Incomparable

# Options of readers of text that say how the file is laid out, not what its values mean.
_LAYOUT = (
    "sep",
    "delimiter",
    "encoding",
    "quotechar",
    "skiprows",
    "comment",
    "header",
    "names",
    "nrows",
    "skipfooter",
    "engine",
    "compression",
    "decimal",
    "thousands",
)
_PLAIN = ("sep", "delimiter", "encoding", "quotechar")


class Source:
    """The raw dataset: every field as text where the file is text, and typed."""

    def __init__(self, path: Path, kind: str, options: dict[str, str]) -> None:
        """Read the dataset with the notebook's options, given as Python text by name."""
        self.options = _literals(options)
        self.text: pd.DataFrame | None = None
        if kind in ("csv", "tsv", "txt"):
            layout: dict[str, Any] = {k: v for k, v in self.options.items() if k in _LAYOUT}
            if kind == "tsv":
                layout.setdefault("sep", "\t")
            self.text = pd.read_csv(
                path, dtype=str, keep_default_na=False, na_filter=False, **layout
            )
            known = {
                k: v
                for k, v in self.options.items()
                if k not in ("index_col", "usecols", "parse_dates")
            }
            if kind == "tsv":
                known.setdefault("sep", "\t")
            self.typed: pd.DataFrame = pd.read_csv(path, **known)
        elif kind == "parquet":
            self.typed = pd.read_parquet(path)
        elif kind in ("xls", "xlsx", "excel"):
            self.typed = pd.read_excel(path, **self.options)
        elif kind == "json":
            self.typed = pd.read_json(path, **self.options)
        elif kind == "feather":
            self.typed = pd.read_feather(path)
        else:
            raise Incomparable(f"raw rows cannot be taken from a dataset of the format {kind!r}")
        self.kind = kind
        self.is_plain = self.text is not None and all(
            name in _PLAIN or name not in _LAYOUT for name in self.options
        )

    def write(self, path: Path, rows: Sequence[int], columns: Sequence[str] | None) -> None:
        """Write rows to a file as they stand in the source, for `predict`."""
        if self.text is not None:
            chosen = self.text.take(list(rows))
            if columns is not None:
                chosen = chosen[list(columns)]
            sep = self.options.get(
                "sep",
                self.options.get("delimiter", "\t" if self.kind == "tsv" else ","),
            )
            chosen.to_csv(
                path,
                index=False,
                sep=sep,
                encoding=self.options.get("encoding", "utf-8"),
            )
            return
        chosen = self.typed.take(list(rows))
        if columns is not None:
            chosen = chosen[list(columns)]
        chosen.to_parquet(path, index=False)

    def records(self, rows: Sequence[int], columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return rows as JSON objects: numbers as numbers, nothing as null."""
        found: list[dict[str, Any]] = [{} for _ in rows]
        for name in columns:
            column = self.typed[name].take(list(rows))
            texts = None if self.text is None else self.text[name].take(list(rows)).tolist()
            for place, value in enumerate(column.tolist()):
                text = None if texts is None else texts[place]
                found[place][name] = _plain(value, text, column.dtype)
        return found


def _literals(options: dict[str, str]) -> dict[str, Any]:
    """Read options that are literals; any other cannot be repeated here."""
    found = {}
    for name, text in options.items():
        try:
            found[name] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            raise Incomparable(f"the option {name}={text} of the reader is no literal") from None
    return found


def _plain(value: Any, text: str | None, dtype: Any) -> Any:
    """Return what a client sends for a value."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if dtype == "object" and text is not None:
        # In a column of mixed values a client has the text of the file, but for truth values.
        return value if isinstance(value, bool) else text
    if isinstance(value, np.generic):
        value = value.item()
    if (
        isinstance(value, float)
        and value.is_integer()
        and text is not None
        and "." not in text
        and "e" not in text.lower()
    ):
        return int(value)
    if isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    try:
        json.dumps(value)
    except TypeError:
        return str(value)
    return value
