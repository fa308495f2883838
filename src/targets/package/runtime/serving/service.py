"""The HTTP service: raw rows in, answers out; imported by the command `serve` only."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from .column_values import Problem
from .door import InputError
from .errors import UsageError
from .fit_state import load
from .prediction import Predictor
from .service_connection import Connection
from .service_guard import Guard, Told
from .service_models import (
    expectation,
    message_model,
    problem_model,
    records_of,
    request_model,
    response_model,
)
from .service_watch import FIGURES_TYPE, Figures, make_tracer, write_logs

if TYPE_CHECKING:
    from .kinds import AnyObject
    from .model import Model
    from .serving import Answer, Serving

P = TypeVar("P")
S = TypeVar("S")

# More rows than these are answered in a thread, so that the service stays awake.
_AT_ONCE = 16
_BODY_SECONDS = 30.0
_STOP_SECONDS = 30
_CONNECTIONS = 1000
_REFUSALS = {
    400: "The body is no JSON.",
    408: "The body did not come in time.",
    413: "The body is too large.",
}


@dataclass(frozen=True)
class Limits:
    """How much one request may bring."""

    body: int = 1 << 20
    rows: int = 1000


def create(
    model: Model[P], serving: Serving[S], workdir: Path, limits: Limits
) -> Guard:
    """Make the application, or refuse a fit state that is not of this build."""
    service = Service(model, load(serving, workdir, model.version), limits)
    _without_threads()
    return service.guarded()


def _without_threads() -> None:
    """Let numerical libraries compute in one thread: a row is too little to share.

    Threads that wait for each other cost more than they do, the more so beside others.
    """
    with contextlib.suppress(ModuleNotFoundError):
        import_module("threadpoolctl").threadpool_limits(1)


def application() -> Guard:
    """Make the application from variables of the environment, for servers of ASGI."""
    write_logs()
    model: Model[object] = import_module(".pipeline", __package__).MODEL
    serving: Serving[object] = import_module(".predictor", __package__).SERVING
    defaults = Limits()
    limits = Limits(
        int(os.environ.get("CROSSWALK_MAX_BODY", defaults.body)),
        int(os.environ.get("CROSSWALK_MAX_ROWS", defaults.rows)),
    )
    workdir = Path(os.environ.get("CROSSWALK_WORKDIR", "."))
    return create(model, serving, workdir, limits)


@dataclass(frozen=True)
class Place:
    """Where a service listens, and with how many processes it answers."""

    host: str
    port: int
    workers: int


def run(
    model: Model[P], serving: Serving[S], workdir: Path, place: Place, limits: Limits
) -> None:
    """Serve until a signal comes; requests that have come in are answered first."""
    if all(answer.whole_batch for answer in serving.answers):
        raise UsageError(
            "every answer of this model looks at the other rows of its batch: "
            "there is nothing to serve one by one; use `predict`"
        )
    # Whatever is wrong with the fit state is said here, before anything listens.
    load(serving, workdir, model.version)
    os.environ["CROSSWALK_WORKDIR"] = str(workdir)
    os.environ["CROSSWALK_MAX_BODY"] = str(limits.body)
    os.environ["CROSSWALK_MAX_ROWS"] = str(limits.rows)
    with tempfile.TemporaryDirectory(prefix="figures-") as folder:
        if place.workers > 1:
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        write_logs()
        uvicorn.run(
            f"{__package__}.service:application",
            factory=True,
            host=place.host,
            port=place.port,
            workers=place.workers,
            # What has come in is read before timers run: a stop depends on it.
            loop="asyncio",
            http=Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )


class Service(Generic[S]):
    """Answers requests with one predictor, one request at a time."""

    def __init__(
        self, model: Model[P], predictor: Predictor[S], limits: Limits
    ) -> None:
        """Serve every answer of the model that a row has by itself."""
        self._predictor = predictor
        self._limits = limits
        self._figures = Figures(model.name, predictor.build)
        self._tracer = make_tracer(model.name)
        self._lock = asyncio.Lock()
        self._columns = {column.name: column for column in predictor.door.columns}
        self.app = FastAPI(
            title=model.name,
            version=predictor.build,
            description="Answers raw rows as the notebook answers them.",
            lifespan=self._lifespan,
            docs_url=None,
            redoc_url=None,
        )
        self._add_routes()

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Run from start to stop; what was traced is sent in the end."""
        yield
        self._tracer.close()

    def guarded(self) -> Guard:
        """Return the application with its limits, figures and log around it."""
        paths = [getattr(route, "path", "") for route in self.app.routes]
        limits = (self._limits.body, _BODY_SECONDS)
        return Guard(self.app, self._figures, self._tracer, paths, limits)

    def _add_routes(self) -> None:
        """Add what can be asked."""
        body = request_model(
            self._predictor.door, self._predictor.example, self._limits.rows
        )
        responses: dict[int | str, dict[str, AnyObject]] = {
            status: {"model": message_model(), "description": text}
            for status, text in _REFUSALS.items()
        }
        responses[422] = {
            "model": problem_model(),
            "description": "Rows that are refused.",
        }
        for answer in self._predictor.answers:
            if answer.whole_batch:
                continue
            self.app.add_api_route(
                f"/v1/{answer.name}",
                self._endpoint(answer, body),
                methods=["POST"],
                response_model=response_model(answer.values, self._usual(answer)),
                responses=responses,
                summary=f"Answer rows: {', '.join(answer.values)}",
                description=answer.cite,
                operation_id=answer.name,
            )
        for path, endpoint, kind in (
            ("/health/live", self._live, JSONResponse),
            ("/health/ready", self._ready, JSONResponse),
            ("/metrics", self._metrics, PlainTextResponse),
        ):
            self.app.add_api_route(
                path,
                endpoint,
                methods=["GET"],
                response_class=kind,
                operation_id=path.rsplit("/", 1)[-1],
                summary=path,
            )
        self.app.add_exception_handler(RequestValidationError, self._malformed)

    def _usual(self, answer: Answer[S]) -> Mapping[str, object] | None:
        """Answer the example once; what the first request would wait for is done."""
        if self._predictor.example is None:
            return None
        rows = self._predictor.door.records([self._predictor.example])
        (found,) = self._predictor.answer(rows, [answer])
        return found

    def _endpoint(self, answer: Answer[S], body: AnyObject) -> AnyObject:
        """Make the function that answers one kind of request."""
        columns = self._predictor.door.columns
        path = f"/v1/{answer.name}"

        async def endpoint(request: Request, content: AnyObject) -> Response:
            count, given = records_of(content, columns)
            told: Told = request.scope["told"]
            told.facts["rows"] = count
            try:
                found = await self._answers(answer, count, given)
            except InputError as error:
                self._figures.rows(path, 0, count)
                return _refusal(error.problems, error.count)
            ids = told.decisions(count)
            self._figures.rows(path, count, 0)
            return _json(
                {
                    "predictions": found,
                    "build": self._predictor.build,
                    "decision_ids": ids,
                }
            )

        # FastAPI reads annotations; this one is known only now.
        endpoint.__annotations__["content"] = body
        endpoint.__annotations__["request"] = Request
        return endpoint

    async def _answers(
        self, answer: Answer[S], count: int, given: Mapping[str, list[object]]
    ) -> list[dict[str, object]]:
        """Answer rows; the code of the notebook runs for one request at a time."""
        if not count:
            return []
        rows = self._predictor.door.values(count, given)
        async with self._lock:
            if count > _AT_ONCE:
                return await asyncio.to_thread(self._predictor.answer, rows, [answer])
            found = self._predictor.answer(rows, [answer])
            # Requests that wait are answered in turns with what has come in meanwhile.
            await asyncio.sleep(0)
            return found

    async def _live(self) -> Response:
        """Say that the process runs."""
        return _json({"status": "alive"})

    async def _ready(self) -> Response:
        """Say that the model is loaded and answers."""
        return _json({"status": "ready", "build": self._predictor.build})

    async def _metrics(self) -> Response:
        """Give the figures of this service to Prometheus."""
        return Response(self._figures.read(), media_type=FIGURES_TYPE)

    async def _malformed(self, request: Request, error: Exception) -> Response:
        """Refuse a request whose form is wrong; name rows and columns, no value."""
        found: list[Mapping[str, AnyObject]] = (
            list(error.errors()) if isinstance(error, RequestValidationError) else []
        )
        problems = list(dict.fromkeys(map(self._problem, found)))
        self._figures.rows(request.url.path, 0, len({item.row for item in problems}))
        return _refusal(InputError(problems).problems, len(problems))

    def _problem(self, error: Mapping[str, AnyObject]) -> Problem:
        """Say in the words of this package what pydantic has found."""
        place = list(error["loc"])[1:]
        if len(place) < 2 or place[0] != "records" or error["type"] == "too_long":
            text = "records" if place[:1] == ["records"] else "the body"
            return Problem(None, None, f"{text}: {str(error['msg']).lower()}")
        row = int(place[1])
        column = self._columns.get(str(place[2])) if len(place) > 2 else None
        if column is None:
            return Problem(row, None, "expected an object")
        if error["type"] == "missing":
            return Problem(row, column.name, "is missing")
        if error["input"] is None:
            return Problem(row, column.name, "is null, and may not be")
        return Problem(row, column.name, expectation(column))


def _json(content: object) -> Response:
    """Answer with JSON that is plain already."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return Response(text.encode("utf-8", "replace"), media_type="application/json")


def _refusal(problems: Sequence[Problem], count: int) -> Response:
    """Answer with what is wrong, by row and column."""
    detail = [
        {"row": item.row, "column": item.column, "message": item.message}
        for item in problems
    ]
    response = _json({"detail": detail, "count": count})
    response.status_code = 422
    return response
