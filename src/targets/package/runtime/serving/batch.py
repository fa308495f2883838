"""Answers the rows of a file: `predict --input FILE --output FILE`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .files import write_json
from .fit_state import load
from .read_rows import read_rows

if TYPE_CHECKING:
    from .model import Model
    from .serving import Serving

P = TypeVar("P")
S = TypeVar("S")


def predict_file(
    model: Model[P],
    serving: Serving[S],
    workdir: Path,
    files: tuple[Path, Path],
    tell: Callable[[str, str], None],
) -> None:
    """Write the answers for the rows of the first file, in their order, to the second.

    The file that is written holds all answers or is not there.
    """
    source, target = files
    predictor = load(serving, workdir, model.version)
    rows = read_rows(source, predictor.door.columns, serving.reads)
    if isinstance(rows, list):
        predictions = predictor.predict_records(rows)
    else:
        predictions = predictor.predict(rows)
    content: dict[str, object] = {"predictions": predictions}
    warnings = predictor.warnings()
    if warnings:
        content["warnings"] = warnings
    write_json(target, content, indent=None)
    for warning in warnings:
        tell("warning", warning)
    tell("info", f"{len(predictions)} rows answered")
