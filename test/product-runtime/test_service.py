"""The HTTP service, as a client on the same machine sees it."""

from __future__ import annotations

import http.client
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import SERVING
from serving_data import applications, expected, write_root

for needed in ("fastapi", "uvicorn", "pydantic", "prometheus_client"):
    pytest.importorskip(needed)

from loan_serving import fit_state, pipeline, predictor, runner
from loan_serving.errors import UsageError
from loan_serving.self_check import close
from loan_serving.service import Limits, Place, create, run

GOOD = {"age": 30, "income": 50.5, "debt": 5.0, "home": "Rent", "city": "c1"}


@dataclass
class Reply:
    """What the service has answered."""

    status: int
    body: object
    text: str
    headers: dict[str, str]


@dataclass
class Server:
    """A service that runs in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(self, method: str, path: str, body: object = None) -> Reply:
        """Send one request; anything but bytes goes as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Content-Type": "application/json"}
            sent = None if body is None else data
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        kind = response.getheader("Content-Type") or ""
        content = json.loads(text) if "json" in kind else {}
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, content, text, headers)

    def predict(self, *records: object) -> Reply:
        """Ask for answers."""
        return self.ask("POST", "/v1/predict", {"records": records})

    def logged(self, identity: str) -> dict[str, object] | None:
        """Read the line of one request; it comes after its response."""
        for _ in range(50):
            lines = [json.loads(line) for line in self.log.read_text().splitlines()]
            for line in lines:
                if line.get("decision_id") == identity:
                    return line
            time.sleep(0.1)
        return None

    def requests(self, path: str) -> list[dict[str, object]]:
        """Read the log of requests; a line comes after its response."""
        for _ in range(50):
            lines = [json.loads(line) for line in self.log.read_text().splitlines()]
            asked = [line for line in lines if line["message"] == "request"]
            if asked and asked[-1]["path"] == path:
                break
            time.sleep(0.1)
        return asked


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(workdir: Path, *options: str, **variables: str) -> Iterator[Server]:
    """Start the service, wait until it is ready, and stop it in the end."""
    port = free_port()
    log = workdir.parent / f"serve-{port}.log"
    variables = {
        **{name: text for name, text in os.environ.items() if "OTEL" not in name},
        "PYTHONPATH": str(SERVING / "src"),
        **variables,
    }
    arguments = ["serve", "--workdir", str(workdir), "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "loan_serving", *arguments],
            env=variables,
            stdout=output,
            stderr=output,
        )
    server = Server(process, port, log)
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                if server.ask("GET", "/health/ready").status == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A work folder in which the model was trained."""
    home = tmp_path_factory.mktemp("served")
    root = write_root(home / "root")
    arguments = ["run", "--workdir", str(home / "W"), "--root", str(root)]
    assert runner.main(pipeline.MODEL, arguments) == 0
    return home / "W"


@pytest.fixture(scope="module")
def server(trained) -> Iterator[Server]:
    """A service that all tests of this file may ask."""
    with serving(trained, "--max-rows", "300") as running:
        yield running


def test_it_answers_what_the_notebook_computes(server, trained):
    raw = applications()
    records = json.loads(raw.drop(columns=["default"]).to_json(orient="records"))
    reply = server.predict(*records)
    assert reply.status == 200
    found = pd.DataFrame(reply.body["predictions"], index=raw.index)
    truth = expected(raw)
    held = found.loc[truth.index]
    assert np.allclose(held["p"], truth["p"], rtol=0, atol=1e-9)
    assert (held["decision"] == truth["decision"]).all()
    load = fit_state.load(predictor.SERVING, trained, pipeline.MODEL.version)
    assert close(load.predict(raw), reply.body["predictions"])
    single = [server.predict(record).body["predictions"][0] for record in records[:20]]
    assert close(single, reply.body["predictions"][:20])


def test_each_decision_has_an_id_and_names_the_build(server):
    reply = server.predict(GOOD, GOOD)
    assert reply.body["build"] == pipeline.MODEL.version
    assert len(set(reply.body["decision_ids"])) == 2
    assert server.predict().body["predictions"] == []
    server.ask("GET", "/nothing")
    (identity,) = server.predict(GOOD).body["decision_ids"]
    assert server.logged(identity)["rows"] == 1


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/v1/predict", {"records": [GOOD]}, 200),
        ("/v1/predict", {"records": [GOOD, GOOD]}, 200),
        ("/v1/predict", {"records": [{}]}, 422),
        ("/v1/predict", b"\xff", 400),
        ("/v1/predict", b"x" * (2 << 20), 413),
        ("/health/ready", None, 200),
        ("/nothing", None, 404),
    ],
)
def test_every_response_names_its_build_and_decision(path, content, status, server):
    reply = server.ask("GET" if content is None else "POST", path, content)
    assert reply.status == status
    assert reply.headers["build-id"] == pipeline.MODEL.version
    identity = reply.headers["decision-id"]
    ids = reply.body.get("decision_ids", [])
    assert all(item.startswith(identity) for item in ids)
    if path == "/v1/predict":
        assert server.logged(identity)["status"] == status


REFUSED = {
    "missing": ({"age": 30}, "income", "is missing"),
    "text": ({**GOOD, "income": "12"}, "income", "expected a number"),
    "truth": ({**GOOD, "age": True}, "age", "expected a number"),
    "list": ({**GOOD, "home": ["a"]}, "home", "expected text"),
    "null": ({**GOOD, "age": None}, "age", "is null, and may not be"),
    "large": ({**GOOD, "age": 10**30}, "age", "is out of range for int64"),
    "contract": ({**GOOD, "age": 5}, "age", "is not in [18 .. 120] (contract)"),
    "no object": (5, None, "expected an object"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_that_is_refused_is_named(name, server):
    record, column, message = REFUSED[name]
    reply = server.predict(GOOD, record)
    assert reply.status == 422
    first = reply.body["detail"][0]
    assert (first["row"], first["column"]) == (1, column)
    assert message in first["message"]


def body(text: str) -> bytes:
    """Write a row whose age is this text."""
    return json.dumps({"records": [GOOD]}).replace("30", text).encode()


HOSTILE = {
    "no JSON": (b"{", 422),
    "nothing": (b"", 422),
    "not a number": (body("NaN"), 422),
    "infinite": (body("1e999"), 422),
    "many digits": (body("9" * 5000), 400),
    "largest number": (body("1e308"), 422),
    "deep": (b"[" * 200_000, 400),
    "deep and whole": (
        b'{"records": [' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"]}",
        400,
    ),
    "a long text": (
        json.dumps({"records": [{**GOOD, "home": "x" * 900_000}]}).encode(),
        200,
    ),
    "a million rows": (b'{"records": [' + b"{}," * 10**6 + b"{}]}", 413),
    "a pickle": (pickle.dumps({"records": [GOOD]}), 400),
    "a place of a file": (
        json.dumps({"records": [{**GOOD, "age": "file:///etc/passwd"}]}).encode(),
        422,
    ),
    "a reference": (b'{"records": {"$ref": "file:///etc/passwd"}}', 422),
    "half a character": (
        json.dumps({"records": [{**GOOD, "home": "\ud800"}]}).encode(),
        200,
    ),
    "bytes": (b"\xff\xfe\x00", 400),
    "too large": (b"x" * (2 << 20), 413),
    "too many rows": (json.dumps({"records": [GOOD] * 301}).encode(), 422),
    "another key": (json.dumps({"records": [GOOD], "path": "/etc"}).encode(), 422),
    "list": (json.dumps([GOOD]).encode(), 422),
    "records no list": (json.dumps({"records": GOOD}).encode(), 422),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_and_nothing_breaks(name, server):
    content, status = HOSTILE[name]
    reply = server.ask("POST", "/v1/predict", content)
    assert reply.status == status, reply.text
    assert ("detail" in reply.body) == (status != 200)
    assert server.predict(GOOD).status == 200


def test_a_body_without_length_is_limited_too(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as peer:
        head = "POST /v1/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        peer.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with suppress(OSError):
            for _ in range(400):
                peer.sendall(chunk)
        assert b"413" in peer.recv(200)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as peer:
        peer.sendall(
            b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
        )
    assert server.predict(GOOD).status == 200


def test_nothing_of_a_row_is_in_the_log(server):
    server.predict({**GOOD, "home": "Hidden Street 7", "city": "Hidden City"})
    server.predict({**GOOD, "income": "Hidden Sum"})
    server.ask("GET", "/Hidden-Path?name=Hidden")
    last = server.requests("other")[-1]
    assert "Hidden" not in server.log.read_text()
    assert set(last) == {
        "time",
        "level",
        "message",
        "method",
        "path",
        "status",
        "decision_id",
        "ms",
    }


def test_the_document_describes_rows_with_an_example(server):
    document = server.ask("GET", "/openapi.json").body
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    (example,) = schemas["Row"]["examples"]
    assert set(example) == set(GOOD)
    assert server.predict(example).status == 200
    columns = schemas["Row"]["properties"]
    assert columns["age"]["minimum"] == 18
    assert columns["income"]["anyOf"] == [{"type": "number"}, {"type": "null"}]
    assert "mortgage" in columns["home"]["description"]
    assert set(schemas["Row"]["required"]) == set(GOOD)
    assert set(schemas["Prediction"]["properties"]) == {"p", "decision"}
    posted = document["paths"]["/v1/predict"]["post"]["responses"]
    assert set(posted) == {"200", "400", "408", "413", "422"}


def test_it_is_alive_and_ready_and_counts(server):
    assert server.ask("GET", "/health/live").body == {"status": "alive"}
    ready = server.ask("GET", "/health/ready").body
    assert ready == {"status": "ready", "build": pipeline.MODEL.version}
    before = server.ask("GET", "/metrics").text
    server.predict(GOOD, GOOD)
    after = server.ask("GET", "/metrics").text

    def rows(text: str) -> float:
        name = 'service_rows_total{outcome="answered",path="/v1/predict"} '
        return float(text.split(name)[1].split()[0])

    assert rows(after) - rows(before) == 2
    assert 'service_requests_total{path="/v1/predict",status="200"}' in after
    assert "service_request_seconds_bucket" in after
    assert f'build="{pipeline.MODEL.version}"' in after


def test_a_stop_waits_for_what_has_come_in(trained):
    with serving(trained) as running, ThreadPoolExecutor(8) as pool:
        records = [GOOD] * 900
        asked = [pool.submit(running.predict, *records) for _ in range(8)]
        while not any(future.running() for future in asked):
            time.sleep(0.01)
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        replies = [future.exception() or future.result() for future in asked]
        served = [reply for reply in replies if isinstance(reply, Reply)]
        assert served
        assert all(reply.status == 200 for reply in served)
        refused = [reply for reply in replies if not isinstance(reply, Reply)]
        assert all(isinstance(error, ConnectionRefusedError) for error in refused)
        running.process.wait(60)
    assert "shutdown complete" in running.log.read_text()


def test_several_workers_share_their_figures(trained):
    with serving(trained, "--workers", "2") as running:
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: running.predict(GOOD), range(20)))
        assert [reply.status for reply in replies] == [200] * 20
        ids = {reply.body["decision_ids"][0] for reply in replies}
        assert len(ids) == 20
        name = 'service_rows_total{outcome="answered",path="/v1/predict"} '
        for _ in range(4):
            text = running.ask("GET", "/metrics").text
            assert float(text.split(name)[1].split()[0]) == 20


def test_traces_need_their_packages_and_variables(trained):
    with serving(trained, OTEL_TRACES_EXPORTER="console") as running:
        trace = "0af7651916cd43dd8448eb211c80319c"
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        headers = {
            "Content-Type": "application/json",
            "traceparent": f"00-{trace}-b7ad6b7169203331-01",
        }
        body = json.dumps({"records": [GOOD]})
        connection.request("POST", "/v1/predict", body, headers)
        assert connection.getresponse().status == 200
        connection.close()
    log = running.log.read_text()
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        assert "variables OTEL_" in log
        return
    assert f"0x{trace}" in log
    assert "http.response.status_code" in log


def test_nothing_listens_without_a_state(tmp_path, capsys):
    arguments = ["serve", "--workdir", str(tmp_path), "--port", str(free_port())]
    assert runner.main(pipeline.MODEL, arguments) == 2
    assert "there is no fit state" in capsys.readouterr().err


def test_answers_that_look_at_their_batch_have_no_endpoint(trained):
    (answer,) = predictor.SERVING.answers
    whole = replace(predictor.SERVING, answers=(replace(answer, whole_batch=True),))
    with pytest.raises(UsageError, match="looks at the other rows of its batch"):
        run(pipeline.MODEL, whole, trained, Place("127.0.0.1", 0, 1), Limits())
    both = replace(whole, answers=(*whole.answers, replace(answer, name="alone")))
    app = create(pipeline.MODEL, both, trained, Limits())
    assert app is not None
