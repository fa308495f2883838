"""Where the time of a request goes: microseconds of each part, as JSON on stdout.

    python service_profile.py PACKAGE WORKDIR BODIES

BODIES is a file with one request of one row on each line. Every part is timed by
itself, in the process that this starts; the median of each counts.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def timed(part: Callable[[int], object], count: int) -> float:
    """Return the median microseconds of one call."""
    took = []
    for place in range(count):
        start = time.perf_counter()
        part(place)
        took.append((time.perf_counter() - start) * 1e6)
    return round(statistics.median(took), 1)


def main(package: str, workdir: str, bodies_file: str) -> None:
    """Time the parts on the bodies of a file."""
    serving = import_module(f"{package}.predictor").SERVING
    model = import_module(f"{package}.pipeline").MODEL
    models = import_module(f"{package}.service_models")
    load = import_module(f"{package}.fit_state").load
    predictor = load(serving, Path(workdir), model.version)
    answer = predictor.answers[0]
    columns = predictor.door.columns
    shape = models.request_model(predictor.door, predictor.example, 1000)
    bodies = Path(bodies_file).read_text("utf-8").splitlines()[:300]
    parsed = [shape.model_validate(json.loads(body)) for body in bodies]
    given = [models.records_of(body, columns) for body in parsed]
    rows = [predictor.door.values(*one) for one in given]
    frames = [next(iter(one.frames(False)))[1] for one in rows]
    found = [predictor.answer(one, [answer]) for one in rows]
    count = len(bodies)
    parts = {
        "JSON and pydantic": lambda i: models.records_of(
            shape.model_validate(json.loads(bodies[i])), columns
        ),
        "types of training, contract": lambda i: predictor.door.values(*given[i]),
        "DataFrame": lambda i: next(iter(rows[i].frames(False))),
        "the notebook's own code": lambda i: answer.function(
            frames[i].copy(), predictor._state
        ),
        "answer written": lambda i: json.dumps(found[i]).encode(),
    }
    print(json.dumps({name: timed(part, count) for name, part in parts.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
