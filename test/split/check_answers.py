"""Train a product, and hold what it answers against what its notebook computed.

usage: check_answers.py [--http] FOLDER... ; each folder holds train.py (a percent notebook),
the tables that it reads, expect.json and product/src/m. Prints one line of JSON for each
folder: how many rows were compared and how many of them are dirty, or what went wrong first.

Nothing here trusts the product's own self-check. The notebook's cells are executed in
one namespace; the raw rows that it answered are taken from the text of the dataset, the
label is taken away, and the product answers them as CSV (all, and in another order), as
JSON, and one by one; with --http its own server on 127.0.0.1 too: all, in another order, and
each row alone.
"""

from __future__ import annotations

import csv
import json
import math
import os
import runpy
import shutil
import sys
import tempfile
import types
import warnings
from contextlib import ExitStack
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "soundness"))
sys.path.insert(0, str(Path(__file__).parent))

from compare import cells, in_a_fork  # noqa: E402  (also sets the variables of the libraries)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import sklearn.ensemble  # noqa: E402, F401  (loaded once, before every fork)
import sklearn.linear_model  # noqa: E402, F401
import sklearn.manifold  # noqa: E402, F401
import sklearn.model_selection  # noqa: E402
import sklearn.neighbors  # noqa: E402, F401
import sklearn.pipeline  # noqa: E402, F401
from served import Server  # noqa: E402

TOLERANCE = 1e-9
ALONE = 40
ALONE_OVER_HTTP = 200
LEAST = 200

Row = dict[str, object]


class Wrong(Exception):
    """The product does not answer what the notebook computed."""


def run_product(folder: Path, place: Path, *words: str) -> None:
    """Run a command of the product in this process."""
    os.chdir(place)
    sys.path.insert(0, str(folder / "product" / "src"))
    sys.argv = ["m", *words, "--workdir", str(place / "W")]
    runpy.run_module("m", run_name="__main__", alter_sys=True)


def answered(
    place: Path, expected: Mapping[str, object], served: Sequence[str]
) -> Mapping[str, object]:
    """Run the notebook; give the raw positions that it answered, and its values for them."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    names = main.__dict__
    names["display"] = lambda *_: None
    os.chdir(place)
    for number, cell in enumerate(cells(place / "train.py")):
        exec(compile(cell, f"cell {number}", "exec"), names)  # noqa: S102
    raw = pd.read_csv(place / str(expected.get("source", "data.csv")))
    first: dict[object, int] = {}
    for position, name in enumerate(raw["id"]):
        first.setdefault(name, position)
    helpers = {
        "np": np,
        "raw": raw,
        "positions": lambda ids: [first[name] for name in ids],
        "train_test_split": sklearn.model_selection.train_test_split,
    }
    scope = {**names, **helpers}
    rows = [int(row) for row in eval(str(expected.get("rows", "X_test.index")), scope)]  # noqa: S307
    given = expected.get("answers", {})
    assert isinstance(given, dict)
    values = {}
    for name in served:
        value = eval(str(given.get(name, name)), scope)  # noqa: S307
        values[name] = list(np.asarray(value).tolist())
    return {"rows": rows, "values": values}


def raw_rows(
    path: Path, rows: Sequence[int], gone: Sequence[str], texts: Sequence[str]
) -> tuple[list[list[str]], list[Row]]:
    """Take raw rows: as fields of CSV with a header, and as the records that a client sends.

    A client sends numbers as numbers. In a column of text that looks like numbers it
    does so in every second row, where no digit is lost by it.
    """
    with path.open(newline="", encoding="utf-8") as file:
        header, *lines = list(csv.reader(file))
    kinds = {name: dtype.kind for name, dtype in pd.read_csv(path).dtypes.items()}
    kinds.update(dict.fromkeys(texts, "O"))
    kept = [at for at, name in enumerate(header) if name not in gone]
    table = [[header[at] for at in kept]]
    records = []
    for count, row in enumerate(rows):
        line, loose = lines[row], count % 2 == 1
        table.append([line[at] for at in kept])
        records.append({header[at]: plain(line[at], kinds[header[at]], loose) for at in kept})
    return table, records


def plain(text: str, kind: str, loose: bool) -> object:
    """Turn the text of a field into what JSON has for it."""
    if text == "":
        return None
    if kind in "if":
        number = float(text)
        return int(number) if number.is_integer() and "e" not in text.lower() else number
    if text in ("True", "False"):
        return text == "True"
    if loose:
        for kind_of in (int, float):
            try:
                number = kind_of(text)
            except ValueError:
                continue
            if repr(number) == text:
                return number
    return text


def same(expected: object, found: object) -> bool:
    """Compare two values: numbers within the tolerance, all else exactly."""
    if isinstance(expected, float) and math.isnan(expected):
        return found is None
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected == found and isinstance(expected, bool) == isinstance(found, bool)
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(expected - found) <= TOLERANCE * max(1.0, abs(expected))
    return expected == found


def compare(
    how: str, rows: Sequence[int], wanted: Mapping[str, Sequence[object]], found: Sequence[Row]
) -> None:
    """Stop at the first answer that is not the notebook's."""
    if len(found) != len(rows):
        raise Wrong(f"{how}: {len(found)} answers for {len(rows)} rows")
    wrong = [
        (row, name, values[at], found[at].get(name))
        for name, values in wanted.items()
        for at, row in enumerate(rows)
        if name not in found[at] or not same(values[at], found[at][name])
    ]
    if wrong:
        row, name, value, other = wrong[0]
        raise Wrong(
            f"{how}: {len(wrong)} of {len(rows)} differ; row {row}: {name} is {other!r}, in the notebook {value!r}"
        )


def serve(
    folder: Path,
    place: Path,
    expected: Mapping[str, object],
    notebook: Mapping[str, object],
    *,
    http: bool,
) -> None:
    """Let the product answer the rows in every way."""
    rows, wanted = notebook["rows"], notebook["values"]
    assert isinstance(rows, list) and isinstance(wanted, dict)
    gone = expected.get("label", ["default", "loss"])
    texts = expected.get("text", [])
    assert isinstance(gone, list) and isinstance(texts, list)
    table, records = raw_rows(place / str(expected.get("source", "data.csv")), rows, gone, texts)
    order = np.random.default_rng(1).permutation(len(rows)).tolist()

    def ask(
        how: str, input_name: str, write: Callable[[Path], None], chosen: Sequence[int]
    ) -> None:
        write(place / input_name)
        output = place / "answers.json"
        try:
            run_product(
                folder,
                place,
                "predict",
                "--input",
                str(place / input_name),
                "--output",
                str(output),
            )
        except SystemExit as stop:
            if stop.code not in (0, None):
                raise Wrong(f"{how}: the product stopped with {stop.code}") from None
        found = json.loads(output.read_text(encoding="utf-8"))["predictions"]
        output.unlink()
        compare(
            how,
            [rows[at] for at in chosen],
            {n: [v[at] for at in chosen] for n, v in wanted.items()},
            found,
        )

    def as_csv(chosen: Sequence[int]) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([table[0], *(table[at + 1] for at in chosen)])

        return write

    everything = list(range(len(rows)))
    ask("CSV", "given.csv", as_csv(everything), everything)
    ask("CSV in another order", "given.csv", as_csv(order), order)
    ask(
        "JSON",
        "given.json",
        lambda path: path.write_text(json.dumps(records), encoding="utf-8") and None,
        everything,
    )
    from m.fit_state import load  # type: ignore[import-not-found]
    from m.pipeline import MODEL  # type: ignore[import-not-found]

    answers = MODEL.serving().answers
    predictor = load(MODEL.serving(), place / "W", MODEL.version)
    ways: list[tuple[str, Callable[[list[Row]], Sequence[Row]], int, Sequence[int]]] = [
        ("one row alone", predictor.predict_records, 1, order[:ALONE])
    ]
    with ExitStack() as stack:
        if http and any(not answer.whole_batch for answer in answers):
            server = stack.enter_context(Server(folder / "product" / "src", place))
            paths = {answer.name: answer.values for answer in answers if not answer.whole_batch}

            def request(chosen: list[Row]) -> Sequence[Row]:
                parts = [server.ask(path, chosen) for path in paths]
                return [
                    dict(pair for row in at for pair in row.items())
                    for at in zip(*parts, strict=True)
                ]

            ways += [
                ("HTTP", request, len(rows), everything),
                ("HTTP in another order", request, len(rows), order),
                ("HTTP, one row alone", request, 1, order[:ALONE_OVER_HTTP]),
            ]
        for how, answer, size, chosen in ways:
            for start in range(0, len(chosen), size):
                part = chosen[start : start + size]
                given = json.loads(json.dumps([records[at] for at in part]))
                compare(
                    how,
                    [rows[at] for at in part],
                    {n: [v[at] for at in part] for n, v in wanted.items()},
                    answer(given),
                )


def dirty(path: Path, rows: Sequence[int]) -> int:
    """Count rows with a gap in a column that is mostly filled, or with stray blanks."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    usual = raw.loc[:, (raw == "").mean() < 0.5].iloc[rows]
    stray = usual.apply(lambda column: column.eq("") | column.ne(column.str.strip()))
    return int(stray.any(axis=1).sum())


def judge(folder: Path, *, http: bool) -> dict[str, object]:
    """Train, run the notebook, compare; say what came of it."""
    expected = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        places = [Path(scratch) / name for name in ("notebook", "product")]
        for place in places:
            shutil.copytree(folder, place, ignore=shutil.ignore_patterns("product"))
        log, result = Path(scratch) / "log", Path(scratch) / "result.json"

        def tail() -> str:
            return log.read_text(errors="replace")[-3000:]

        if in_a_fork(lambda: run_product(folder, places[1], "run", "--root", "."), log) != 0:
            return {"failed": "training", "log": tail()}
        document = places[1] / "W" / "state" / "state.json"
        if not document.is_file():
            return {"failed": "the training run leaves no fit state", "log": tail()}
        check = json.loads(document.read_text(encoding="utf-8"))["self_check"]
        served = [name for step in _answers(folder, places[1], log) for name in step]
        missing = [name for name in expected.get("values", []) if name not in served]
        given = expected.get("answers", {})
        strange = [name for name in served if name not in given and not name[0].isalpha()]
        if strange:
            return {"failed": f"served under a name that nobody wrote: {', '.join(strange)}"}
        if missing:
            return {"failed": f"not served: {', '.join(missing)}; served: {', '.join(served)}"}

        def notebook() -> None:
            result.write_text(
                json.dumps(answered(places[0], expected, served), default=str), encoding="utf-8"
            )

        if in_a_fork(notebook, log) != 0:
            return {"failed": "notebook", "log": tail()}
        wanted = json.loads(result.read_text(encoding="utf-8"))
        if len(wanted["rows"]) < LEAST:
            return {"failed": f"the notebook answers {len(wanted['rows'])} rows only"}

        def product() -> None:
            try:
                serve(folder, places[1], expected, wanted, http=http)
            except Wrong as wrong:
                print(f"WRONG {wrong}")
                sys.exit(3)

        if in_a_fork(product, log) != 0:
            lines = tail().splitlines()
            said = [line for line in lines if line.startswith("WRONG ")]
            return {"failed": said[-1][6:] if said else "answering", "log": tail()}
        if check["outcome"] not in ("equal", expected.get("selfCheck")):
            return {"failed": f"self-check: {check['outcome']}: {'; '.join(check['reasons'])}"}
        return {
            "rows": len(wanted["rows"]),
            "dirty": dirty(places[1] / str(expected.get("source", "data.csv")), wanted["rows"]),
            "values": list(wanted["values"]),
            "self_check": check["outcome"],
        }


def _answers(folder: Path, place: Path, log: Path) -> list[list[str]]:
    """Ask the product which values it serves."""
    result = place / "served.json"

    def ask() -> None:
        sys.path.insert(0, str(folder / "product" / "src"))
        from m.pipeline import MODEL

        result.write_text(
            json.dumps([list(answer.values) for answer in MODEL.serving().answers]),
            encoding="utf-8",
        )

    in_a_fork(ask, log)
    found: list[list[str]] = json.loads(result.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    over_http = sys.argv[1:2] == ["--http"]
    for name in sys.argv[2 if over_http else 1 :]:
        found = judge(Path(name).resolve(), http=over_http)
        print(json.dumps({"folder": name, **found}), flush=True)
