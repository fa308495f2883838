"""Stands before the service: limits a request, counts it, traces it, logs it.

A request is read whole before anything looks at it, and no more of it is held than
the limit. What goes wrong inside becomes a plain answer; no word of an error leaves the
house.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass, field

from .service_watch import LOG, Figures, Tracer

Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# So many times the limit is read and thrown away: who still sends hears no answer.
_DRAINED = 8
_QUIET = ("/health/live", "/health/ready", "/metrics")


class _TooLargeError(Exception):
    """The body of a request is larger than the limit."""


class _GoneError(Exception):
    """The other side went away before its request was there."""


@dataclass
class Told:
    """What the service tells the log about one request."""

    facts: dict[str, object] = field(default_factory=dict)
    decision: str = field(default_factory=lambda: str(uuid.uuid4()))

    def decisions(self, count: int) -> list[str]:
        """Name the decision on each row; of several, each by its place."""
        if count == 1:
            return [self.decision]
        return [f"{self.decision}-{row}" for row in range(count)]


class Guard:
    """An ASGI application around another one."""

    def __init__(
        self,
        app: App,
        figures: Figures,
        tracer: Tracer,
        paths: Collection[str],
        limits: tuple[int, float],
    ) -> None:
        """Guard `app`; `limits` are the bytes of a body and the seconds to send it."""
        self._app = app
        self._figures = figures
        self._tracer = tracer
        self._paths = frozenset(paths)
        self._bytes, self._seconds = limits

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request; what is no request goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        method, path = str(scope["method"]), str(scope["path"])
        # Paths that nobody serves would make figures without end.
        path = path if path in self._paths else "other"
        told = scope["told"] = Told()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(str(message["status"]))
                message["headers"] = [*_pairs(message), *self._named(told)]
            await send(message)

        with self._tracer.span(method, path, _headers(scope)):
            try:
                body = await self._body(scope, receive)
                await self._app(scope, _replay(body, receive), sending)
            except _TooLargeError:
                await _refuse(sending, 413, f"at most {self._bytes} bytes are read")
            except TimeoutError:
                await _refuse(sending, 408, "the request took too long to come in")
            except _GoneError:
                return
            except Exception as error:  # nothing may end the service
                told.facts["error"] = type(error).__name__
                told.facts["at"] = _place()
                if not status:
                    await _refuse(sending, 500, "the service failed; see its log")
            self._tracer.note(status)
        seconds = time.perf_counter() - started
        self._figures.request(path, status, seconds)
        if path not in _QUIET or status >= 400:
            facts = {
                "method": method,
                "path": path,
                "status": status,
                "ms": round(seconds * 1000, 3),
                "decision_id": told.decision,
                **told.facts,
            }
            level = "error" if status >= 500 else "info"
            getattr(LOG, level)("request", extra={"facts": facts})

    def _named(self, told: Told) -> list[tuple[bytes, bytes]]:
        """Name the build and the decision in the headers of a response."""
        build = self._figures.build.encode()
        return [(b"build-id", build), (b"decision-id", told.decision.encode())]

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        """Read the body of a request, and hold no more of it than the limit."""
        length = _headers(scope).get("content-length", "")
        if length.isdigit() and int(length) > _DRAINED * self._bytes:
            raise _TooLargeError
        chunks: list[bytes] = []
        size = 0
        async with asyncio.timeout(self._seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _GoneError
                chunk = message.get("body", b"")
                if isinstance(chunk, bytes):
                    size += len(chunk)
                    chunks.append(chunk)
                if size > self._bytes:
                    chunks.clear()
                if size > _DRAINED * self._bytes:
                    raise _TooLargeError
                if not message.get("more_body"):
                    break
        if size > self._bytes:
            raise _TooLargeError
        return b"".join(chunks)


def _headers(scope: Message) -> dict[str, str]:
    """Read the headers of a request."""
    return {
        key.decode("latin-1"): value.decode("latin-1") for key, value in _pairs(scope)
    }


def _pairs(message: Message) -> list[tuple[bytes, bytes]]:
    """List the headers of a request or of the start of a response."""
    found = message.get("headers")
    return list(found) if isinstance(found, list | tuple) else []


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more, then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(send: Send, status: int, detail: str) -> None:
    """Answer with a refusal; the rest of the request is not read."""
    body = json.dumps({"detail": detail}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _place() -> str:
    """Say where the error that is handled came from: module and line, no data."""
    trace = sys.exc_info()[2]
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
