"""What a running service tells of itself: log lines, figures, traces; never data."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .kinds import AnyObject

LOG = logging.getLogger("service")

FIGURES_TYPE = CONTENT_TYPE_LATEST
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
)


class Figures:
    """The Prometheus figures of one process; `read` gives those of all its workers."""

    def __init__(self, model: str, build: str) -> None:
        """Start counting for one build of a model."""
        self.build = build
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "service_requests",
            "Requests by path and status.",
            ("path", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "service_request_seconds",
            "Seconds from the first byte of a request to the last of its response.",
            ("path",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rows = Counter(
            "service_rows",
            "Rows that were answered or refused.",
            ("path", "outcome"),
            registry=self._registry,
        )
        build_info = Gauge(
            "service_build_info",
            "The build that answers.",
            ("model", "build"),
            registry=self._registry,
            multiprocess_mode="max",
        )
        build_info.labels(model, build).set(1)

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def rows(self, path: str, answered: int, refused: int) -> None:
        """Count rows."""
        if answered:
            self._rows.labels(path, "answered").inc(answered)
        if refused:
            self._rows.labels(path, "refused").inc(refused)

    def read(self) -> bytes:
        """Write the figures as Prometheus reads them."""
        registry = self._registry
        if os.environ.get(_SHARED):
            registry = CollectorRegistry()
            collect: AnyObject = MultiProcessCollector
            collect(registry)
        text: bytes = generate_latest(registry)
        return text


class JsonLines(logging.Formatter):
    """Writes each record as one line of JSON; of an error its type, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        facts: Mapping[str, object] = getattr(record, "facts", {})
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **facts,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def write_logs() -> None:
    """Send the lines of the service and of its server to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("service", "uvicorn.error", __package__ or "service"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False


class Tracer:
    """Traces requests with OpenTelemetry, where it is asked for and installed."""

    def __init__(self, provider: AnyObject = None) -> None:
        """Trace with a provider of OpenTelemetry, or nothing at all."""
        self._provider = provider
        self._tracer = None if provider is None else provider.get_tracer(__name__)

    def close(self) -> None:
        """Send what has been traced but not sent yet."""
        if self._provider is not None:
            self._provider.shutdown()

    def span(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> AbstractContextManager[object]:
        """Trace one request, as part of the trace that its headers name."""
        if self._tracer is None:
            return nullcontext()
        span: AbstractContextManager[object] = self._tracer.start_as_current_span(
            f"{method} {path}",
            context=import_module("opentelemetry.propagate").extract(headers),
            kind=import_module("opentelemetry.trace").SpanKind.SERVER,
            attributes={"http.request.method": method, "http.route": path},
        )
        return span

    def note(self, status: int) -> None:
        """Note the outcome of the request that is traced."""
        if self._tracer is not None:
            trace = import_module("opentelemetry.trace")
            trace.get_current_span().set_attribute("http.response.status_code", status)


def make_tracer(model: str) -> Tracer:
    """Trace where a variable OTEL_… is set; without its packages say so and go on."""
    asked = any(name.startswith("OTEL_") for name in os.environ)
    if not asked or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return Tracer()
    try:
        sdk = import_module("opentelemetry.sdk.trace")
        export = import_module("opentelemetry.sdk.trace.export")
        resources = import_module("opentelemetry.sdk.resources")
        exporter = _exporter(export)
    except ImportError as error:
        LOG.warning(
            "variables OTEL_… are set, but %s is not installed: "
            "install this package with its extra `traces`",
            error.name,
        )
        return Tracer()
    os.environ.setdefault("OTEL_SERVICE_NAME", model)
    provider = sdk.TracerProvider(resource=resources.Resource.create())
    if exporter is not None:
        provider.add_span_processor(export.BatchSpanProcessor(exporter))
    return Tracer(provider)


def _exporter(export: AnyObject) -> AnyObject:
    """Choose where traces go, by the variables that OpenTelemetry defines."""
    kind = os.environ.get("OTEL_TRACES_EXPORTER", "otlp")
    if kind == "none":
        return None
    if kind == "console":
        return export.ConsoleSpanExporter(out=sys.stderr)
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    way = "grpc" if protocol == "grpc" else "http"
    module = f"opentelemetry.exporter.otlp.proto.{way}.trace_exporter"
    return import_module(module).OTLPSpanExporter()
