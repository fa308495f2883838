"""The command line: run the pipeline, run one step of it, or describe it."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Generic, TypeVar

from . import artifacts
from .contracts import Metric
from .datasets import check_datasets
from .datasets import place as place_of
from .errors import MetricError, ProductError, StepError, UsageError
from .model import Context, Model, Step
from .randomness import random_state, restore_random_state
from .records import (
    Record,
    clear_record,
    metric_problems,
    present_records,
    read_record,
    write_lists,
    write_record,
)
from .settings import (
    Settings,
    Sources,
    build_parameters,
    check_parameters,
    describe_parameters,
    nearest,
    parameter_types,
    plain,
    read_secret,
    read_settings,
    secret_values,
)

P = TypeVar("P")

OK, INTERRUPTED = 0, 130


@dataclass(frozen=True)
class _Run(Generic[P]):
    """One call of `run` or `step`: the model, its settings and its folders."""

    model: Model[P]
    parameters: P
    settings: Settings
    workdir: Path
    root: Path
    json_log: bool
    unserved: list[str] = field(default_factory=list)

    def tell(self, level: str, message: str, **facts: object) -> None:
        """Write one line to stderr: what happens and how long it took, never data."""
        _tell(self.json_log, level, message, **facts)


def main(model: Model[P], arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong call."""
    options = _parser(model).parse_args(arguments)
    if options.command == "describe":
        print(json.dumps(describe(model), indent=2, ensure_ascii=False))
        return OK
    json_log = options.log == "json"
    settings = Settings()
    lines = _Lines(json_log)
    logger = logging.getLogger(__package__)
    logger.addHandler(lines)
    try:
        if options.command in ("predict", "serve"):
            _answer(model, options)
            return OK
        settings = _settings(model, options)
        parameters = build_parameters(model.parameters, settings, options.param)
        check_parameters(parameters)
        root = options.root or os.environ.get("CROSSWALK_ROOT") or "."
        workdir = Path(options.workdir).resolve()
        run = _Run(model, parameters, settings, workdir, Path(root).resolve(), json_log)
        _quiet_plots()
        if options.command == "step":
            _run_one(run, _find(model, options.name))
        else:
            _run_all(run)
    except ProductError as error:
        message = str(error)
        for secret in secret_values(model.secrets, settings):
            message = message.replace(secret, "***")
        _tell(json_log, "error", message)
        return error.exit_code
    except OSError as error:
        _tell(json_log, "error", f"{error.filename}: {error.strerror}")
        return UsageError.exit_code
    except KeyboardInterrupt:
        _tell(json_log, "error", "interrupted")
        return INTERRUPTED
    finally:
        logger.removeHandler(lines)
    return OK


def _parser(model: Model[P]) -> argparse.ArgumentParser:
    """Build the command line."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {model.package}",
        description=f"The production pipeline of the model {model.name}.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("describe", help="print steps, parameters and data as JSON")
    run = commands.add_parser("run", help="run every step")
    step = commands.add_parser("step", help="run one step, for orchestrators")
    step.add_argument("name", help="the step to run")
    for command in (run, step):
        command.add_argument(
            "--workdir", required=True, help="folder for results; made if missing"
        )
        command.add_argument(
            "--param", action="append", default=[], metavar="NAME=VALUE"
        )
        _add_places(command)
        command.add_argument("--log", choices=("text", "json"), default="text")
    if model.serving is not None:
        _add_serving(commands)
    return parser


def _add_places(command: argparse.ArgumentParser) -> None:
    """Add what says where data are found."""
    command.add_argument(
        "--root", help="folder that the places of data are relative to"
    )
    command.add_argument("--data", action="append", default=[], metavar="NAME=PLACE")
    command.add_argument("--env", help="environment: reads params.<env>.yaml too")
    command.add_argument("--params", type=Path, help="one more settings file")


def _add_serving(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    """Add the commands of a model that answers new rows."""
    predict = commands.add_parser("predict", help="answer the rows of a file")
    predict.add_argument(
        "--input", required=True, type=Path, help="raw rows: .csv, .json or .parquet"
    )
    predict.add_argument(
        "--output", required=True, type=Path, help="file for the answers, as JSON"
    )
    serve = commands.add_parser("serve", help="answer requests over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen at")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=1, help="number of processes")
    serve.add_argument(
        "--max-body", type=int, default=1 << 20, help="most bytes of a request"
    )
    serve.add_argument(
        "--max-rows", type=int, default=1000, help="most rows of a request"
    )
    for command in (predict, serve):
        command.add_argument(
            "--workdir", required=True, help="folder in which the model was trained"
        )
        _add_places(command)
        command.add_argument("--log", choices=("text", "json"), default="text")


def _answer(model: Model[P], options: argparse.Namespace) -> None:
    """Answer new rows: those of a file, or those of requests."""
    if model.serving is None:
        raise UsageError("this model answers no new rows")
    workdir = Path(options.workdir).resolve()
    _find_history(model, options, workdir)
    if options.command == "serve":
        place = (options.host, options.port, options.workers)
        limits = (options.max_body, options.max_rows)
        model.serving().serve(model, workdir, place, limits)
        return
    as_json = options.log == "json"
    model.serving().predict(
        model,
        workdir,
        (options.input, options.output),
        lambda level, message: _tell(as_json, level, message),
    )


def _find_history(model: Model[P], options: argparse.Namespace, workdir: Path) -> None:
    """Say to all processes where the rows are found that answers look back at."""
    names = () if model.serving is None else model.serving().history
    if not names:
        return
    given = os.environ.get("CROSSWALK_HISTORY")
    if given and not options.data:
        return
    settings = _settings(model, options)
    root = Path(options.root or os.environ.get("CROSSWALK_ROOT") or ".").resolve()
    places = {
        dataset.name: str(place_of(dataset, settings, root, workdir))
        for dataset in model.datasets
        if dataset.name in names
    }
    os.environ["CROSSWALK_HISTORY"] = json.dumps(places)


def _settings(model: Model[P], options: argparse.Namespace) -> Settings:
    """Read the settings, and refuse those about things that the model has not."""
    package = Path(__file__).resolve().parent
    settings = read_settings(
        Sources(
            # In the product's own folder params.yaml stands beside src/; a wheel
            # carries it inside the package.
            folders=(package.parent.parent, package),
            environment=options.env or os.environ.get("CROSSWALK_ENV") or "",
            file=options.params,
            data=tuple(options.data),
        )
    )
    known = [dataset.name for dataset in model.datasets]
    for name, binding in settings.data.items():
        if name not in known:
            raise UsageError(
                f"{binding.origin}: no such dataset: {name!r}; {nearest(name, known)}"
            )
    secrets = [secret.name for secret in model.secrets]
    for name in settings.secrets:
        if name not in secrets:
            raise UsageError(f"no such secret: {name!r}; {nearest(name, secrets)}")
    return settings


def _find(model: Model[P], name: str) -> Step[P]:
    """Return a step by its name."""
    for step in model.steps:
        if step.name == name:
            return step
    known = nearest(name, [step.name for step in model.steps])
    raise UsageError(f"no such step: {name!r}; {known}")


def _quiet_plots() -> None:
    """Let plots draw into nothing: there is no screen in production."""
    if "MPLBACKEND" not in os.environ:
        os.environ["MPLBACKEND"] = "Agg"
        if "matplotlib" in sys.modules:
            backend = getattr(sys.modules["matplotlib"], "use", None)
            if backend is not None:
                backend("Agg", force=True)


def _run_all(run: _Run[P]) -> None:
    """Run every step in order; the lists of results are written when all are done."""
    started = time.monotonic()
    check_datasets(run.model.datasets, run.settings, run.root)
    for secret in run.model.secrets:
        read_secret(secret.name, run.model.secrets, run.settings)
    for name in ("artifacts.json", "metrics.json"):
        (run.workdir / name).unlink(missing_ok=True)
    for step in run.model.steps:
        _forget(run, step)
    for step in run.model.steps:
        _run_step(run, step)
    records = _finish(run)
    run.tell("info", "done", seconds=round(time.monotonic() - started, 3))
    _gate(run, records, run.model.metrics)
    _complete(run, records)


def _run_one(run: _Run[P], step: Step[P]) -> None:
    """Run one step on what earlier ones left, then bring the lists up to date."""
    _forget(run, step)
    _finish(run)
    _run_step(run, step)
    records = _finish(run)
    own = [record for record in records if record.step == step.name]
    recorded = {name for record in own for name in record.metrics}
    gates = [metric for metric in run.model.metrics if metric.name in recorded]
    _gate(run, own, gates)
    _complete(run, records)


def _forget(run: _Run[P], step: Step[P]) -> None:
    """Remove what a step has left in an earlier run."""
    clear_record(run.workdir, step.name)
    if run.model.serving is not None:
        run.model.serving().forget(run.workdir, step.name)


def _complete(run: _Run[P], records: Sequence[Record]) -> None:
    """Make what serving needs, once all steps are done and every gate is passed."""
    if run.model.serving is None or len(records) < len(run.model.steps):
        return
    _gate(run, records, run.model.metrics)
    if run.unserved:
        return
    try:
        run.model.serving().complete(run.model, run.workdir, run.tell)
    except Exception as error:
        if not run.model.serving_asked:
            _give_up_serving(run, error)
            return
        if isinstance(error, ProductError):
            raise
        _trace(run)
        raise StepError(
            f"making the fit state stopped: {type(error).__name__}: {error}"
        ) from error


def _give_up_serving(run: _Run[P], error: Exception) -> None:
    """Say why no new row can be answered, where nobody has asked that it could."""
    run.unserved.append(str(error))
    run.tell("warning", f"new rows cannot be answered after this run: {error}")


def _run_step(run: _Run[P], step: Step[P]) -> None:
    """Run one step, and record it only when it has come to its end."""
    run.tell("info", "start", step=step.name)
    started = time.monotonic()
    if run.model.serving is None or run.model.serving_asked:
        record = _attempt_step(run, step, _followed(run, step))
    else:
        record = _attempt_unasked(run, step)
    write_record(run.workdir, record)
    seconds = round(time.monotonic() - started, 3)
    run.tell("info", "done", step=step.name, seconds=seconds)


def _attempt_unasked(run: _Run[P], step: Step[P]) -> Record:
    """Run a step that nobody has asked to keep anything for serving.

    If it stops, it runs again and keeps nothing: what stops it then is its own error.
    """
    if run.unserved:
        return _attempt_step(run, step, contextlib.nullcontext())
    before = random_state()
    try:
        return _attempt_step(run, step, _followed(run, step))
    except ProductError as error:
        _forget(run, step)
        restore_random_state(before)
        record = _attempt_step(run, step, contextlib.nullcontext())
        _give_up_serving(run, error)
        return record


def _attempt_step(
    run: _Run[P], step: Step[P], following: contextlib.AbstractContextManager[None]
) -> Record:
    """Run one step and return what it has left behind."""
    record = Record(
        step.name,
        run.model.version,
        parameters={
            name: plain(getattr(run.parameters, name))
            for name in parameter_types(run.model.parameters)
        },
    )
    context = Context(
        run.model, run.parameters, run.settings, run.workdir, run.root, record
    )
    try:
        _restore_random(run, step)
        with following:
            step.run(context)
        if step.rng_out:
            record.random = artifacts.save(
                run.workdir, step.name, "random-state", random_state()
            )
    except ProductError as error:
        raise type(error)(f"step {step.name!r}: {error}") from error
    except (Exception, SystemExit) as error:
        cell = f" ({step.cite})" if step.cite else ""
        _trace(run)
        raise StepError(
            f"step {step.name!r}{cell} stopped: {type(error).__name__}: {error}"
        ) from error
    return record


def _followed(run: _Run[P], step: Step[P]) -> contextlib.AbstractContextManager[None]:
    """Let a step keep what serving needs, where the model serves."""
    if run.model.serving is None:
        return contextlib.nullcontext()
    return run.model.serving().follow(run.workdir, step.name, run.model.version)


def _restore_random(run: _Run[P], step: Step[P]) -> None:
    """Go on with the random numbers where the step before left off."""
    if step.rng_in is None:
        return
    kept = read_record(run.workdir, step.rng_in, run.model.version).random
    if kept is None:
        raise UsageError(f"the step {step.rng_in!r} kept no random state: run it again")
    restore_random_state(artifacts.load(run.workdir, kept))


def _trace(run: _Run[P]) -> None:
    """Show where a step stopped, without any secret."""
    text = traceback.format_exc()
    for secret in secret_values(run.model.secrets, run.settings):
        text = text.replace(secret, "***")
    if not run.json_log:
        sys.stderr.write(text)


def _finish(run: _Run[P]) -> list[Record]:
    """Write artifacts.json and metrics.json from what the steps have recorded."""
    names = [step.name for step in run.model.steps]
    write_lists(run.workdir, names, run.model.version, run.model.metrics)
    return present_records(run.workdir, names, run.model.version)


def _gate(run: _Run[P], records: Sequence[Record], metrics: Sequence[Metric]) -> None:
    """Fail when a figure with a bound is missing or out of it."""
    problems = []
    for metric in metrics:
        figures = [
            figure
            for record in records
            for figure in record.metrics.get(metric.name, [])
        ]
        problems += metric_problems(metric, figures)
    if problems:
        raise MetricError("a release gate failed: " + "; ".join(problems))


def describe(model: Model[P]) -> dict[str, object]:
    """Describe the model for people and orchestrators: no value of data or secret."""
    return {
        "model": model.name,
        "package": model.package,
        "version": model.version,
        "steps": [
            {
                "name": step.name,
                "cite": step.cite,
                "rng_in": step.rng_in,
                "rng_out": step.rng_out,
            }
            for step in model.steps
        ],
        "parameters": describe_parameters(model.parameters),
        "datasets": [
            {item.name: getattr(dataset, item.name) for item in fields(dataset)}
            for dataset in model.datasets
        ],
        "secrets": [
            {"name": secret.name, "env": secret.env or secret.name, "doc": secret.doc}
            for secret in model.secrets
        ],
        "contracts": [table.name for table in model.contracts],
        "metrics": [
            {"name": metric.name, "bound": str(metric.rule) if metric.rule else None}
            for metric in model.metrics
        ],
    }


class _Lines(logging.Handler):
    """Writes what the other modules of this package log as lines of the same log."""

    def __init__(self, as_json: bool) -> None:
        """Take warnings and errors."""
        super().__init__(logging.WARNING)
        self._as_json = as_json

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        _tell(self._as_json, record.levelname.lower(), record.getMessage())


def _tell(as_json: bool, level: str, message: str, **facts: object) -> None:
    """Write one line of the log."""
    if as_json:
        line = json.dumps({"level": level, "message": message, **facts})
    else:
        details = "".join(f" {name}={value}" for name, value in facts.items())
        line = f"{level}: {message}{details}"
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
