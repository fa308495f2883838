"""The model's data: what each dataset is called, where it is found, how it is read.

The place of a dataset is, in this order: `--data NAME=place`, the binding of the
environment, the binding in `params.yaml`, the place that the notebook opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DatasetError
from .files import write_whole
from .settings import Binding, Settings, connection_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_TABLE = re.compile(r"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){0,3}$")
WRITTEN = ("output", "intermediate")
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Dataset:
    """A named input or output of the model.

    `path` is the place that the notebook opens, relative to the root; `query` and
    `connection` stand for it where the notebook reads a database. `world` is the name
    by which others know the data, `cite` the notebook cell that opens it. An `optional`
    one is opened on some way through the notebook only, so it need not be there.
    """

    name: str
    path: str = ""
    format: str = ""
    role: str = "source"
    cite: str = ""
    world: str = ""
    query: str = ""
    connection: str = ""
    optional: bool = False


def bind(dataset: Dataset, settings: Settings) -> Binding:
    """Return where a dataset is found in this run."""
    bound = settings.data.get(dataset.name)
    if bound is not None:
        return bound
    return Binding(
        place=dataset.path,
        sql=dataset.query,
        connection=dataset.connection,
        origin="the notebook",
    )


def check_datasets(
    all_datasets: Sequence[Dataset], settings: Settings, root: Path
) -> None:
    """Fail before the first step when data that the whole run needs is not there."""
    for dataset in all_datasets:
        if dataset.role in WRITTEN:
            continue
        binding = bind(dataset, settings)
        if binding.sql or binding.table:
            if not binding.connection:
                problem = "is read by a query and has no connection"
                raise DatasetError(_how_to_bind(dataset, problem))
            connection_url(binding.connection, settings)
        else:
            _existing(dataset, binding, root)


def _existing(dataset: Dataset, binding: Binding, root: Path) -> str:
    """Return an address, or a file that exists."""
    if not binding.place:
        raise DatasetError(_how_to_bind(dataset, "has no place"))
    if is_address(binding.place):
        return binding.place
    path = Path(binding.place).expanduser()
    path = path if path.is_absolute() else root / path
    if dataset.role in WRITTEN:
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not dataset.optional and not path.exists() and not _GLOB.search(binding.place):
        raise DatasetError(_how_to_bind(dataset, f"is missing: there is no {path}"))
    return str(path)


def is_address(place: str) -> bool:
    """Tell whether a place is an address such as https://… or s3://…, not a file."""
    return "://" in place


def location(dataset: Dataset, settings: Settings, root: Path, workdir: Path) -> str:
    """Return the place of a dataset as text: an address, or a file that exists."""
    binding = bind(dataset, settings)
    if binding.sql or binding.table:
        return str(_export(dataset, binding, settings, workdir))
    return _existing(dataset, binding, root)


def place(dataset: Dataset, settings: Settings, root: Path, workdir: Path) -> Path:
    """Return the file or folder of a dataset."""
    found = location(dataset, settings, root, workdir)
    if is_address(found):
        raise DatasetError(
            f"the dataset {dataset.name!r} is bound to the address {found}, "
            "but the notebook opens it as a file: bind it to a file"
        )
    return Path(found)


def query(dataset: Dataset, settings: Settings) -> pd.DataFrame:
    """Read a dataset from the database that it is bound to."""
    binding = bind(dataset, settings)
    if not binding.connection:
        raise DatasetError(
            _how_to_bind(dataset, "is read by a query and has no connection")
        )
    return read_query(_statement(binding), connection_url(binding.connection, settings))


def read_query(statement: str, address: str) -> pd.DataFrame:
    """Run one query; needs SQLAlchemy, except for `sqlite:///file`."""
    import pandas as pd

    try:
        sqlalchemy = import_module("sqlalchemy")
    except ImportError:
        if not address.startswith("sqlite:///"):
            raise DatasetError(
                "reading from a database needs the package sqlalchemy and the driver "
                "of that database: install them beside this package"
            ) from None
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as plain:
            return pd.read_sql_query(statement, plain)
    engine = sqlalchemy.create_engine(address)
    try:
        with engine.connect() as connection:
            return pd.read_sql_query(statement, connection)
    finally:
        engine.dispose()


def _statement(binding: Binding) -> str:
    """Return the query of a binding; a table is read whole."""
    if binding.sql:
        return binding.sql
    if not _TABLE.match(binding.table):
        raise DatasetError(f"{binding.origin}: {binding.table!r} is no name of a table")
    return f"select * from {binding.table}"


def _export(
    dataset: Dataset, binding: Binding, settings: Settings, workdir: Path
) -> Path:
    """Write a table as the file that the notebook's own reader expects."""
    if dataset.role in WRITTEN:
        raise DatasetError(
            f"{binding.origin}: the output {dataset.name!r} is written as a file; "
            "bind it to a path"
        )
    kind = dataset.format or Path(dataset.path).suffix.lstrip(".")
    path = workdir / "data" / f"{dataset.name}.{kind}"
    if kind not in ("csv", "parquet", "json", "jsonl"):
        raise DatasetError(
            f"{binding.origin}: a table cannot stand in for the {kind or 'unknown'} "
            f"file that the notebook reads as {dataset.name!r}: bind it to a path"
        )
    frame = query(dataset, settings)

    def write(temporary: Path) -> None:
        if kind == "csv":
            frame.to_csv(temporary, index=False)
        elif kind == "parquet":
            frame.to_parquet(temporary, index=False)
        else:
            frame.to_json(temporary, orient="records", lines=kind == "jsonl")

    write_whole(path, write)
    return path


def _how_to_bind(dataset: Dataset, problem: str) -> str:
    """Say which dataset is not there, where it stands, and how to bind it."""
    cell = f" (opened in {dataset.cite})" if dataset.cite else ""
    return (
        f"the dataset {dataset.name!r}{cell} {problem}; bind it with "
        f"--data {dataset.name}=PLACE, or under `data: {dataset.name}:` in params.yaml"
    )
