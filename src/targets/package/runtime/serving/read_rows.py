"""Reads raw rows from a file: CSV as the notebook reads it, JSON, or parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .column_values import Problem
from .door import InputError
from .errors import UsageError

if TYPE_CHECKING:
    from .input_schema import RawColumn
    from .kinds import AnyObject

Records = list[dict[str, object]]

# Options that choose rows or columns, or that return something else than a DataFrame.
_NOT_HERE = frozenset(
    (
        "chunksize",
        "index_col",
        "iterator",
        "nrows",
        "on_bad_lines",
        "error_bad_lines",
        "warn_bad_lines",
        "skipfooter",
        "usecols",
    )
)
_GAPS = ("na_values", "keep_default_na", "na_filter")
# What pandas, in one version or another, takes for no value.
_CANDIDATES = (
    *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND"),
    *("1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)


def read_rows(
    path: Path, columns: Sequence[RawColumn], reads: Mapping[str, object]
) -> pd.DataFrame | Records:
    """Read a file of raw rows; its ending says what it is.

    `columns` are those that an answer needs, `reads` the notebook's options for CSV.
    """
    if not path.is_file():
        raise UsageError(f"--input: there is no file {path}")
    kind = path.suffix.lower()
    try:
        if kind == ".json":
            return _records(json.loads(path.read_text("utf-8"), parse_constant=_no))
        if kind == ".parquet":
            return pd.read_parquet(path)
        if kind in (".csv", ".tsv", ".txt"):
            return _csv(path, columns, reads)
    except pd.errors.EmptyDataError:
        return []
    except (ValueError, TypeError, LookupError, RecursionError, ImportError) as error:
        raise InputError(
            [Problem(None, None, f"{path.name} cannot be read: {error}")]
        ) from error
    raise UsageError(f"--input {path.name}: expected a .csv, .json or .parquet file")


def _no(text: str) -> object:
    """Refuse what Python reads as a number and JSON does not have."""
    raise ValueError(f"{text} is no JSON; write null for a missing value")


def _records(content: object) -> Records:
    """Take a list of objects, or the body of a request that holds one."""
    if isinstance(content, dict):
        content = content.get("records")
    if not isinstance(content, list):
        raise ValueError('expected a list of objects, or {"records": [...]}')
    for row, record in enumerate(content):
        if not isinstance(record, dict):
            raise ValueError(f"row {row}: expected an object")
    return content


def _csv(
    path: Path, columns: Sequence[RawColumn], reads: Mapping[str, object]
) -> pd.DataFrame:
    """Read CSV with the notebook's options; what was text in training stays text."""
    unclear = [column.name for column in columns if column.kind == "mixed"]
    if unclear:
        raise InputError(
            [
                Problem(
                    None,
                    name,
                    "had values of several types in training, and CSV "
                    "does not say of which type a value is: use JSON or parquet",
                )
                for name in unclear
            ]
        )
    options: dict[str, AnyObject] = {
        name: value for name, value in reads.items() if name not in _NOT_HERE
    }
    first: AnyObject = {
        name: value
        for name, value in options.items()
        if name not in ("parse_dates", "dtype", "converters", "date_format")
    }
    header: AnyObject = pd.read_csv(path, **first, nrows=0)
    present = set(header.columns)
    dates = options.get("parse_dates")
    if isinstance(dates, list):
        options["parse_dates"] = [name for name in dates if name in present]
    given: AnyObject = options.get("dtype")
    own = given if isinstance(given, dict) else {}
    if given is None or own:
        texts = {
            column.label: str
            for column in columns
            if column.kind == "text" and column.label in present
        }
        options["dtype"] = {**texts, **own}
    frame: AnyObject = pd.read_csv(path, **options)
    # A row longer than the header makes pandas take the first values for labels.
    result: pd.DataFrame = frame.reset_index(drop=True)
    return result


def missing_texts(reads: Mapping[str, object]) -> frozenset[str]:
    """Find out which texts the notebook's reader takes for no value."""
    options: AnyObject = {name: reads[name] for name in _GAPS if name in reads}
    own: AnyObject = options.get("na_values", ())
    if isinstance(own, dict):
        # Texts that mean nothing in one column only are left to the reader of files.
        del options["na_values"]
        own = ()
    listed = [own] if isinstance(own, str | int | float) else list(own)
    candidates = list(dict.fromkeys([*_CANDIDATES, *map(str, listed)]))
    quoted = "\n".join('"' + text.replace('"', '""') + '"' for text in candidates)
    read: AnyObject = pd.read_csv(
        io.StringIO(f"value\n{quoted}\n"),
        **{"dtype": str, "skip_blank_lines": False, **options},
    )
    gone = read["value"].isna().tolist()
    return frozenset(
        text for text, is_gone in zip(candidates, gone, strict=True) if is_gone
    )
